"""Take out of a description what must not leave: numbers of accounts and cards, long digits, the user's names; pure."""

import re
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
    each of its parts of three letters or more.
    """
    for pattern in (_IBAN, _EMAIL, _SORT_CODE, _MASKED, _DIGITS):
        text = pattern.sub(_MARK, text)
    parts = {part for name in names for part in (name, *re.split(r"[\s.@_+-]+", name)) if len(part) >= 3}
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", _MARK, text, flags=re.IGNORECASE)
    return text
