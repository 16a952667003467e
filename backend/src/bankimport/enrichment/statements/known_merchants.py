"""Well-known merchants of Europe and the United States, by the words used on statements; for outgoing money."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bankimport.enrichment.statements.phrases import Phrases, table
from bankimport.enrichment.statements.plain_text import plain

_WORD = re.compile(r"[^\W_]+")

BROAD_CONFIDENCE = 0.85
"""The confidence of a broad entry: a supermarket also sells fuel and phones. TrueLayer's two-part categories beat
it."""

NARROW_CONFIDENCE = 0.93
"""The confidence of an entry that sells one kind of thing, such as fuel. It beats TrueLayer's two-part categories."""


class Match(StrEnum):
    """Where a phrase counts: anywhere in the payee, only at its start, or only if it is the whole payee."""

    ANYWHERE = "anywhere"
    FRONT = "front"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class KnownMerchant:
    """A merchant and its usual category, which is empty for some, such as banks.

    All phrases of the merchant and category share one `key`.
    """

    phrase: str
    match: Match
    is_narrow: bool
    merchant: str
    category: str
    key: str

    @property
    def confidence(self) -> float:
        """The confidence of the entry, 0 to 1."""
        return NARROW_CONFIDENCE if self.is_narrow else BROAD_CONFIDENCE


def known_in(words: Sequence[str], *, is_payee: bool = True) -> KnownMerchant | None:
    """The merchant that the words name: the first one, by its longest phrase.

    With `is_payee` false the words are a whole text; then only phrases that count anywhere are considered.
    """
    found = _phrases()
    for place in range(len(words)):
        for count, known in found.at(words, place):
            if known.match is Match.ANYWHERE or (
                is_payee and not place and (known.match is Match.FRONT or count == len(words))
            ):
                return known
    return None


def known_at_front(words: Sequence[str], place: int) -> int:
    """How many words from this place on name a merchant, if the payee begins there; 0 if none."""
    for count, known in _phrases().at(words, place):
        if known.match is not Match.EXACT or place + count == len(words):
            return count
    return 0


def spellings_of(key: str) -> tuple[str, ...]:
    """The phrases that share this key; none if the list has no such key."""
    return _spellings().get(key, ())


@functools.cache
def known_merchants() -> Mapping[str, KnownMerchant]:
    """The whole list by phrase, read at first use."""
    rows = table("known_merchants.tsv")
    of_merchant: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        of_merchant.setdefault((row["merchant"], row["category"]), []).append(row["key"])
    keys = {pair: _key_of(pair[0], phrases) for pair, phrases in of_merchant.items()}
    return MappingProxyType(
        {
            row["key"]: KnownMerchant(
                row["key"],
                Match(row["match"]),
                row["breadth"] == "narrow",
                row["merchant"],
                row["category"],
                keys[row["merchant"], row["category"]],
            )
            for row in rows
        }
    )


def _key_of(merchant: str, phrases: Sequence[str]) -> str:
    """The phrase that is the merchant's own name, or else the shortest that is more than an abbreviation."""
    name = " ".join(_WORD.findall(plain(merchant).replace("'", "")))
    return name if name in phrases else min(phrases, key=lambda phrase: (len(phrase) < 4, len(phrase), phrase))


@functools.cache
def _phrases() -> Phrases[KnownMerchant]:
    return Phrases(known_merchants())


@functools.cache
def _spellings() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for phrase, known in known_merchants().items():
        found.setdefault(known.key, []).append(phrase)
    return {key: tuple(phrases) for key, phrases in found.items()}


@functools.cache
def words_with_digits() -> frozenset[str]:
    """Words with digits that occur in merchants' names."""
    return _phrases().words_with_digits()
