"""Know the words by which banks name how money moved: card, direct debit, transfer, person to person; pure."""

import functools
from enum import StrEnum

from bankimport.enrichment.statements.phrases import Phrases, table


class Rail(StrEnum):
    """How money moved. An intermediary took it for a merchant; noise words say nothing of either."""

    PERSON = "person"
    TRANSFER = "transfer"
    ORDER = "order"
    DEBIT = "debit"
    CARD = "card"
    INTERMEDIARY = "intermediary"
    NOISE = "noise"


STRENGTH = {rail: place for place, rail in enumerate(reversed(Rail))}
"""Where a text names several rails, the one of most strength is meant."""


@functools.cache
def rails() -> Phrases[Rail]:
    """The words of rails, read when they are first asked for."""
    return Phrases({row["phrase"]: Rail(row["rail"]) for row in table("rails.tsv")})
