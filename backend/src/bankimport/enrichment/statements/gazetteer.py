"""The names of towns, so that the place of a purchase does not become part of its merchant; pure.

Source: GeoNames (https://www.geonames.org), CC BY 4.0; see docs/decisions/0030-towns-from-geonames.md.
"""

import functools
from collections.abc import Sequence

from bankimport.enrichment.statements.phrases import table

_MOST_WORDS = 4


def words_of_town(words: Sequence[str]) -> int:
    """How many words at the end name a town; 0 if none, and never all words."""
    towns = _towns()
    for count in range(min(_MOST_WORDS, len(words) - 1), 0, -1):
        if (words[-1] if count == 1 else " ".join(words[-count:])) in towns:
            return count
    return 0


@functools.cache
def _towns() -> frozenset[str]:
    return frozenset(row["town"] for row in table("towns.tsv"))
