"""Take out of a description what must not be sent: numbers of accounts and cards, codes, the user's names; pure."""

import re
import unicodedata
from collections.abc import Iterable

from bankimport.enrichment.statements.account_numbers import MARK, without_account_numbers
from bankimport.enrichment.statements.known_merchants import words_with_digits
from bankimport.enrichment.statements.name_spellings import NameFinder
from bankimport.enrichment.statements.plain_text import MOST_TEXT

_MARKS = re.compile(re.escape(MARK) + r"(?:[\s.,/*-]*" + re.escape(MARK) + ")+")


def redacted(text: str, names: Iterable[str]) -> str:
    """The text, at most `MOST_TEXT` characters of it, with everything that points to a person or an account replaced.

    Runs of four digits go, also masked or with spaces and dashes between them, and so do codes of letters and digits,
    number plates, postcodes and IBANs. A name goes in every spelling that banks make of it: as a whole, by each of its
    parts of three letters or more, joined, without apostrophe or hyphen, and cut at the end of the text.
    """
    return Redactor(names).redacted(text)


class Redactor:
    """Redacts many texts by the same names, which are prepared once."""

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
