"""Know the words by which banks say what money is: wages, benefits, refunds, cash, fees, rent, transfers; pure."""

import functools
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.enrichment.statements.phrases import Meaning, Phrases, table

CONFIDENCE = 0.92
"""How sure a money word is: banks write it, not merchants."""

OVER_MERCHANTS = frozenset({"Cash", "Rent and mortgage"})
"""What is said of money over a merchant that stands beside it: cash from the machine in a shop is no shopping."""


def money_word_in(words: Sequence[str], direction: Direction) -> Meaning | None:
    """What the text says of its money, by its longest phrase; the first of several that are as long."""
    found = _phrases()[direction].all_in(words)
    if not found:
        return None
    _, _, said = max(found, key=lambda item: (item[1], len(item[2].phrase) > 3, -item[0]))
    return said


@functools.cache
def _phrases() -> Mapping[Direction, Phrases[Meaning]]:
    rows = table("money_words.tsv")
    return MappingProxyType(
        {
            way: Phrases(
                {row["phrase"]: Meaning(row["phrase"], row["category"]) for row in rows if row["direction"] == way}
            )
            for way in Direction
        }
    )
