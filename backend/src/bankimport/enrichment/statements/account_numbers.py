"""Find numbers in a text that identify an account, card, taxpayer, car, address or booking; pure.

Source: ISO 13616 for the lengths and checksum of IBANs.
"""

import re

MARK = "[removed]"

_IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
_IBAN_START = re.compile(r"(?<![A-Z0-9])([A-Z]{2})\d{2}(?=[ -]?[A-Z0-9])", re.IGNORECASE)
_GROUPED_DIGITS = re.compile(r"\d(?:[ .\-/xX*•]{0,3}\d){4,}")
_MASKED = re.compile(r"[xX*•]{2,}[ -]?\d{2,}|\d{2,}[xX*•]{2,}")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b", re.IGNORECASE)
_PLATE = re.compile(
    r"\b(?:[A-Z]{2}\d{2} [A-Z]{3}|[A-Z]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?|[A-Z]{2}[ -]\d{3}[ -][A-Z]{2}"
    r"|\d{4} [BCDFGHJ-NPR-TV-Z]{3}|[A-Z]{2,3} \d[A-Z0-9]{4}|[A-Z]{3} \d{2}[A-Z0-9]|\d{1,2}-[A-Z]{2,3}-\d{1,2}"
    r"|[A-Z]{2}-\d{2}-[A-Z]{2}|[A-Z]{1,2}-\d{3}-[A-Z]{1,2}|[A-Z]{3} \d{3})\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\w+(?:[-/.]\w+)*")


def without_account_numbers(text: str, names: frozenset[str]) -> str:
    """The text with each such number replaced by `MARK`; words in `kept` (lower case) are names and stay."""
    text = _without_ibans(text)
    for pattern in (_PLATE, _POSTCODE, _MASKED):
        text = pattern.sub(MARK, text)
    text = _TOKEN.sub(lambda match: _without_codes(match[0], names), text)
    return _GROUPED_DIGITS.sub(MARK, text)


def _without_ibans(text: str) -> str:
    found: list[str] = []
    end_of_last = 0
    for match in _IBAN_START.finditer(text):
        end = _end_of_iban(text, match.start(), _IBAN_LENGTHS.get(match[1].upper()))
        if end is not None and match.start() >= end_of_last:
            found += [text[end_of_last : match.start()], MARK]
            end_of_last = end
    return "".join([*found, text[end_of_last:]])


def _end_of_iban(text: str, start: int, length: int | None) -> int | None:
    """The end of the IBAN that begins here; None without the right length for its country or a valid checksum."""
    if length is None:
        return None
    chars = ""
    place = start
    while place < len(text) and len(chars) < length:
        char = text[place]
        if char.isascii() and char.isalnum():
            chars += char.upper()
        elif char not in " -":
            return None
        place += 1
    if len(chars) < length or (place < len(text) and text[place].isalnum()):
        return None
    number = "".join(str(int(char, 36)) for char in chars[4:] + chars[:4])
    return place if int(number) % 97 == 1 else None


def _without_codes(token: str, names: frozenset[str]) -> str:
    """A token without its parts that are codes: four or more digits, or mixed letters and digits.

    A token of short parts, such as A-1B2C, is removed as a whole.
    """
    digits = sum(char.isdigit() for char in token)
    if not digits or token.casefold() in names:
        return token
    parts = re.split(r"([-/.])", token)
    is_code = [_is_code(part, names) for part in parts]
    if digits >= 4 and all(code or len(part) < 4 for part, code in zip(parts, is_code, strict=True)):
        return MARK
    return "".join(MARK if code else part for part, code in zip(parts, is_code, strict=True))


def _is_code(part: str, names: frozenset[str]) -> bool:
    digits = sum(char.isdigit() for char in part)
    is_mixed = digits >= 2 and len(part) - digits >= 2 and len(part) >= 5
    return (digits >= 4 or is_mixed) and part.casefold() not in names
