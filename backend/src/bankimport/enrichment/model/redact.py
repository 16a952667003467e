"""Remove from a description what must not be sent: account and card numbers, codes, the user's names; pure."""

import re
import unicodedata
from collections.abc import Iterable

from bankimport.enrichment.statements.account_numbers import MARK, without_account_numbers
from bankimport.enrichment.statements.known_merchants import words_with_digits
from bankimport.enrichment.statements.name_spellings import NameFinder
from bankimport.enrichment.statements.plain_text import MOST_TEXT

_MARKS = re.compile(re.escape(MARK) + r"(?:[\s.,/*-]*" + re.escape(MARK) + ")+")


def redacted(text: str, names: Iterable[str]) -> str:
    """The text, cut at `MOST_TEXT` characters, with everything that identifies a person or an account replaced.

    It replaces runs of four or more digits, even masked or with spaces and dashes between them, codes of letters and
    digits, number plates, postcodes and IBANs. It replaces a name in every spelling that banks use: whole, each part of
    three or more letters, joined, without apostrophe or hyphen, and cut off at the end of the text.
    """
    return Redactor(names).redacted(text)


class Redactor:
    """Redacts many texts with the same names, which are prepared once."""

    def __init__(self, names: Iterable[str]) -> None:
        """Prepare the names."""
        self._names = NameFinder(names)

    def redacted(self, text: str) -> str:
        """As `redacted`."""
        text = unicodedata.normalize("NFKC", text[:MOST_TEXT])
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
        text = " ".join(MARK if _is_address(word) else word for word in text.split())
        text = self._names.replaced(text, MARK)
        return _MARKS.sub(MARK, without_account_numbers(text, words_with_digits()))


def _is_address(word: str) -> bool:
    """Whether it is an e-mail address."""
    name, at, host = word.partition("@")
    return bool(at and name and "." in host.strip("."))
