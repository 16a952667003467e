"""The words that banks use for kinds of money: wages, benefits, refunds, cash, fees, rent, transfers; pure."""

import functools
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.enrichment.statements.phrases import Meaning, Phrases, table

CONFIDENCE = 0.92
"""The confidence of a money word: banks write it, not merchants."""

OVER_MERCHANTS = frozenset({"Cash", "Rent and mortgage"})
"""Categories that win over a merchant next to them: cash from a machine in a shop is not shopping."""


def money_word_in(words: Sequence[str], direction: Direction) -> Meaning | None:
    """The meaning of the text's longest money phrase; the first of equally long ones."""
    found = _phrases()[direction].all_in(words)
    if not found:
        return None
    _, _, meaning = max(found, key=lambda item: (item[1], len(item[2].phrase) > 3, -item[0]))
    return meaning


@functools.cache
def _phrases() -> Mapping[Direction, Phrases[Meaning]]:
    rows = table("money_words.tsv")
    return MappingProxyType(
        {
            direction: Phrases(
                {
                    row["phrase"]: Meaning(row["phrase"], row["category"])
                    for row in rows
                    if row["direction"] == direction
                }
            )
            for direction in Direction
        }
    )
