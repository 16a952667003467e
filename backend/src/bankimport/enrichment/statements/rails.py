"""The words that banks use for how money moved: card, direct debit, transfer, person to person; pure."""

import functools
from enum import StrEnum

from bankimport.enrichment.statements.phrases import Phrases, table


class Rail(StrEnum):
    """How money moved. An intermediary collects it for a merchant; noise words mean nothing."""

    PERSON = "person"
    TRANSFER = "transfer"
    ORDER = "order"
    DEBIT = "debit"
    CARD = "card"
    INTERMEDIARY = "intermediary"
    NOISE = "noise"


STRENGTH = {rail: place for place, rail in enumerate(reversed(Rail))}
"""If a text names several rails, the strongest one counts."""


@functools.cache
def rails() -> Phrases[Rail]:
    """The words of rails, read at first use."""
    return Phrases({row["phrase"]: Rail(row["rail"]) for row in table("rails.tsv")})
