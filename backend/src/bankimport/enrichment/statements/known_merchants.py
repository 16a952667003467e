"""Well-known merchants of Europe and the United States, by the words that statements name them with; for money out."""

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
"""How sure a broad entry is: a supermarket also sells fuel and phones. TrueLayer's two words are surer."""

NARROW_CONFIDENCE = 0.93
"""How sure an entry is that sells one kind of thing, such as a fuel brand. It is surer than TrueLayer's two words."""


class Match(StrEnum):
    """Where a phrase counts: anywhere in the payee, only at its front, or only when it is the whole payee."""

    ANYWHERE = "anywhere"
    FRONT = "front"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class KnownMerchant:
    """A merchant and its usual category, empty where it has none, as a bank.

    `key` is one for all phrases of the merchant and category.
    """

    phrase: str
    match: Match
    is_narrow: bool
    merchant: str
    category: str
    key: str

    @property
    def confidence(self) -> float:
        """How sure the entry is, 0 to 1."""
        return NARROW_CONFIDENCE if self.is_narrow else BROAD_CONFIDENCE


def known_in(words: Sequence[str], *, is_payee: bool = True) -> KnownMerchant | None:
    """The merchant that the words name: the first named, by its longest phrase.

    With `is_payee` false the words are a whole text, in which only phrases that count anywhere are looked for.
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
    """How many words from a place on name a merchant, if the payee begins there; 0 for none."""
    for count, known in _phrases().at(words, place):
        if known.match is not Match.EXACT or place + count == len(words):
            return count
    return 0


def spellings_of(key: str) -> tuple[str, ...]:
    """The phrases of which this is the one key; none when the list has no such key."""
    return _spellings().get(key, ())


@functools.cache
def known_merchants() -> Mapping[str, KnownMerchant]:
    """The whole list by phrase, read when it is first asked for."""
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
    """The phrase that is the merchant's own name, or else the shortest that is not a mere abbreviation."""
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
    """The words with digits that merchants' names are made of."""
    return _phrases().words_with_digits()
