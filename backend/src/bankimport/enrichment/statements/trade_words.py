"""The words that small shops use for their trade: bakery, farmacia, kapsalon, tandläge; pure."""

import functools
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bankimport.enrichment.statements.phrases import Meaning, Phrases, table

CONFIDENCE = 0.8
"""The confidence of a trade word: below a listed merchant, above TrueLayer's broad category alone."""


_LEAST_CUT = 5
_LEAST_IN_COMPOUND = 6
_LEAST_COMPOUND = 9


def trade_word_in(words: Sequence[str]) -> Meaning | None:
    """The trade that the payee names.

    Phrases come before single words. Among several, the first counts if the name begins with it, as in Romance
    languages (`BAR CENTRALE`), otherwise the last, as in Germanic ones (`CASTLE VETS`). Without any, a trade inside a
    compound (`STADTBÄCKEREI`) counts, or one that the bank cut off at the end (`ORIENTAL TAKEAW`).
    """
    found = _phrases().all_in(words)
    if not found:
        return _in_compounds(words) or _cut(words)
    longest = max(count for _, count, _ in found)
    best = [item for item in found if item[1] == longest]
    return best[0][2] if best[0][0] == 0 else best[-1][2]


def _in_compounds(words: Sequence[str]) -> Meaning | None:
    """The trade that a long word ends with, or else begins with."""
    single = _single_words()
    for word in words:
        if len(word) < _LEAST_COMPOUND:
            continue
        lengths = range(len(word) - 2, _LEAST_IN_COMPOUND - 1, -1)
        for part in (*(word[-length:] for length in lengths), *(word[:length] for length in lengths)):
            if part in single:
                return Meaning(word, single[part])
    return None


def _cut(words: Sequence[str]) -> Meaning | None:
    """The trade that the last of several words abbreviates, if all trade words with that beginning mean the same
    one."""
    if len(words) < 2 or len(words[-1]) < _LEAST_CUT:
        return None
    category = _beginnings().get(words[-1])
    return Meaning(words[-1], category) if category else None


@functools.cache
def _single_words() -> Mapping[str, str]:
    return MappingProxyType(
        {row["phrase"]: row["category"] for row in table("trade_words.tsv") if row["phrase"].isalpha()}
    )


@functools.cache
def _beginnings() -> Mapping[str, str]:
    """The meanings of trade words' beginnings; empty if they have several."""
    found: dict[str, str] = {}
    for word, category in _single_words().items():
        for length in range(_LEAST_CUT, len(word)):
            beginning = word[:length]
            found[beginning] = category if found.get(beginning, category) == category else ""
    return MappingProxyType(found)


@functools.cache
def _phrases() -> Phrases[Meaning]:
    return Phrases({row["phrase"]: Meaning(row["phrase"], row["category"]) for row in table("trade_words.tsv")})
