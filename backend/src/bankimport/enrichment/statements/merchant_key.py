"""The key that identifies a merchant: the part that stays the same from purchase to purchase; pure."""

import functools
import hashlib
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files

from bankimport.enrichment.statements.statement_formats import read_statement

_VERSION = 2
"""Increase it when the code makes different keys from the same lists."""

_LISTS = ("known_merchants.tsv", "rails.tsv", "statement_words.tsv", "towns.tsv")


class Direction(StrEnum):
    """Whether money came in or went out; part of every key, because a refund is not a purchase."""

    IN = "in"
    OUT = "out"


def direction_of(amount: Decimal) -> Direction:
    """The direction of an amount; zero counts as out."""
    return Direction.IN if amount > 0 else Direction.OUT


def merchant_key(description: str) -> str:
    """One key for one merchant: the listed merchant's own, or up to four words of the payee.

    It excludes rails, references, dates, numbers, company forms and the town at the end. If nothing else is left, the
    key is empty; nothing is cached for an empty key, and no model is asked about it. The same text always gives the
    same key.
    """
    return read_statement(description).key


@functools.cache
def key_version() -> str:
    """The version of the code and the lists that make keys. Stored keys of another version are rewritten."""
    made = hashlib.sha256(str(_VERSION).encode())
    for name in _LISTS:
        made.update((files("bankimport.enrichment.statements") / name).read_bytes())
    return made.hexdigest()[:16]
