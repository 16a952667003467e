"""Reduce a bank's text to plain words: limited length, one spelling per letter, no numbers; pure."""

import functools
import re
import unicodedata

from bankimport.enrichment.statements.phrases import words_of_role

MOST_TEXT = 500
"""A longer text is cut here before any pattern reads it; real descriptions are shorter."""

_REMEMBERED = 10_000

_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "đ": "d", "Đ": "d", "ð": "d", "þ": "th"}
    | {"ß": "ss", "ẞ": "ss", "œ": "oe", "Œ": "oe", "ı": "i"}
)
_MARKS = str.maketrans(dict.fromkeys("'`´\u2018\u2019", ""))
_GAPS = str.maketrans(dict.fromkeys('*,;()#_|"\\:+=<>[]{}!?~^@&', " "))
_PARTS = re.compile(r"[^\W_]+")
_DOMAIN = re.compile(
    r"(?:https?//)?(?:[a-z0-9-]{1,40}\.){0,3}(?!(?:co|com|gov|org|ac)\.)([a-z0-9-]{2,40})"
    r"\.((?:(?:co|com|gov|org|ac)\.)?(?:com|net|org|gov|eu|io|app|fm|tv|me|uk|ie|de|at|ch|fr|be|lu|nl|es|pt|it|pl|se|no|dk|fi|us))(?:/\S*)?"
)
_MASK = re.compile(r"x{3,}")
_BRAND_WITH_DIGITS = re.compile(
    r"(?!(?:auth|card|inv|invoice|pos|ref|shop|store|term|till|trn|txn)\d)[a-z]{3,}\d{1,3}(?:[a-z]{3,})?"
)
_MONTHS = words_of_role("month")


def plain(text: str) -> str:
    """Lower case, NFKC, without format characters, accents and special letters, cut at `MOST_TEXT` characters."""
    text = text[:MOST_TEXT]
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cc") or char.isspace())
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS).casefold())
    return "".join([char for char in text if char.isascii() or not unicodedata.combining(char)])


def words_of(text: str, digit_words: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words of a text, in order.

    Numbers, dates, references and masked cards are left out, except words in `digit_words` and a brand with digits at
    the beginning, such as jet2. A web address gives its name and its ending, unless the name already occurred.
    """
    return words_of_plain(plain(text), digit_words)


def words_of_plain(text: str, digit_words: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """As `words_of`, for a text that is already plain."""
    tokens = text.translate(_MARKS).translate(_GAPS).split()
    found: list[str] = []
    last = len(tokens) - 1
    for place, token in enumerate(tokens):
        if token.isalpha():
            if token in _MONTHS and (
                (place and tokens[place - 1][-1].isdigit()) or (place < last and tokens[place + 1][0].isdigit())
            ):
                continue
            if token[0] != "x" or not _MASK.fullmatch(token):
                found.append(token)
        elif token.isdigit():
            if token in digit_words:
                found.append(token)
        elif "." in token and (domain := _DOMAIN.fullmatch(token)):
            if domain[1] not in found:
                found += _parts(domain[1], digit_words, not found)
                found += domain[2].split(".")
        else:
            found += _parts(token, digit_words, not found)
    return tuple(found)


@functools.lru_cache(maxsize=_REMEMBERED)
def _parts(token: str, digit_words: frozenset[str], is_first: bool) -> tuple[str, ...]:
    parts = _PARTS.findall(token)
    if len(parts) == 1:
        return tuple(part for part in parts if part.isalpha() or _is_name(part, digit_words, is_first=is_first))
    if not any(char.isdigit() for char in token):
        return tuple(part for part in parts if not _MASK.fullmatch(part))
    # Next to numbers, one or two letters belong to a reference; longer words are names.
    return tuple(
        part
        for place, part in enumerate(parts)
        if (part.isalpha() and len(part) > 2 and not _MASK.fullmatch(part) and part not in _MONTHS)
        or (not part.isalpha() and not part.isdigit() and _is_name(part, digit_words, is_first=is_first and not place))
    )


def _is_name(part: str, digit_words: frozenset[str], *, is_first: bool) -> bool:
    return part in digit_words or (is_first and _BRAND_WITH_DIGITS.fullmatch(part) is not None)
