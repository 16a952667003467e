"""The key under which a merchant is remembered: what stays the same from purchase to purchase; pure."""

import functools
import hashlib
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files

from bankimport.enrichment.statements.statement_formats import read_statement

_WAY = 2
"""Raise it when the code makes other keys from the same lists."""

_LISTS = ("known_merchants.tsv", "rails.tsv", "statement_words.tsv", "towns.tsv")


class Direction(StrEnum):
    """Whether money came or went; part of every key, since a refund is no purchase."""

    IN = "in"
    OUT = "out"


def direction_of(amount: Decimal) -> Direction:
    """Zero counts as out."""
    return Direction.IN if amount > 0 else Direction.OUT


def merchant_key(description: str) -> str:
    """One key for one merchant: the listed merchant's own, or at most four words of the payee.

    Rails, references, dates, numbers, company forms and the town at the end are no part of it. It is empty where
    nothing else is left: nothing is remembered by an empty key, and no model is asked by it.
    The same text always gives the same key.
    """
    return read_statement(description).key


@functools.cache
def key_version() -> str:
    """Names the way in which keys are made: the code's and the lists' own. Stored keys of another one are rewritten."""
    made = hashlib.sha256(str(_WAY).encode())
    for name in _LISTS:
        made.update((files("bankimport.enrichment.statements") / name).read_bytes())
    return made.hexdigest()[:16]
