"""Take out of a description what must not leave: numbers of accounts and cards, long digits, the user's names; pure."""

import re
import unicodedata
from collections.abc import Iterable

_MARK = "[removed]"
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b", re.IGNORECASE)
_SORT_CODE = re.compile(r"\b\d{2}[- ]\d{2}[- ]\d{2}\b")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_DIGITS = re.compile(r"\d(?:[ .\-/xX*]*\d){4,}")
_MASKED = re.compile(r"[xX*•]{2,}[ -]?\d{2,}")


def redacted(text: str, names: Iterable[str]) -> str:
    """The text with everything that points to a person or an account replaced.

    Runs of five digits or more go, also when spaces, dashes or dots stand between them. A name goes as a whole and by
    each of its parts of three letters or more, with and without accents; a part of two letters only as a whole name.
    """
    for pattern in (_IBAN, _EMAIL, _SORT_CODE, _MASKED, _DIGITS):
        text = pattern.sub(_MARK, text)
    parts = {part for name in names for part in re.split(r"[\s.@_+-]+", name) if len(part) >= 3}
    wholes = {name for name in names if len(name) >= 2}
    text = unicodedata.normalize("NFD", text)
    for part in sorted(parts | wholes, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){_with_any_accents(part)}(?!\w)", _MARK, text, flags=re.IGNORECASE)
    return unicodedata.normalize("NFC", text)


def _with_any_accents(name: str) -> str:
    """A pattern for the name as banks spell it: spaces of any width, accents or none."""
    plain = "".join(char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char))
    return "".join(r"\s+" if char.isspace() else f"{re.escape(char)}[\u0300-\u036f]*" for char in plain)
