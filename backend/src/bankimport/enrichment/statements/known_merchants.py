"""Well-known merchants of the United Kingdom, Ireland and other countries of Europe, by merchant key; for money out."""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

CONFIDENCE = 0.85
"""How sure the list is: a name may be another's, and a shop may sell more than what it is known for."""


@dataclass(frozen=True, slots=True)
class KnownMerchant:
    """A merchant and its usual category; `needs_whole_key`: only the key alone is it, no words may follow."""

    merchant: str
    category: str
    needs_whole_key: bool


def known_merchant(key: str) -> KnownMerchant | None:
    """The merchant whose words the key begins with, the one of most words; None when the list has none."""
    known = known_merchants()
    words = key.split(" ")
    for count in range(len(words), 0, -1):
        found = known.get(" ".join(words[:count]))
        if found is not None and (count == len(words) or not found.needs_whole_key):
            return found
    return None


@functools.cache
def known_merchants() -> Mapping[str, KnownMerchant]:
    """The whole list by key, read when it is first asked for."""
    text = (files("bankimport.enrichment.statements") / "known_merchants.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return MappingProxyType(
        {row["key"]: KnownMerchant(row["merchant"], row["category"], row["match"] == "exact") for row in rows}
    )
