"""The key under which a merchant is remembered: what stays the same from purchase to purchase; pure."""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

MOST_KEY_LENGTH = 60
_MOST_WORDS = 4
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S*?([a-z0-9-]+)\.[a-z.]{2,}\S*"
    r"|\b([a-z0-9-]+)\.(?:com|co\.uk|ie|org|net|eu|de|fr|io)\b\S*"
)
_WORDS_BEFORE = (
    r"card payment to|card purchase|contactless payment|contactless|visa purchase|visa debit|visa|pos|vdp"
    r"|vdc|vda|deb|direct debit payment to|direct debit|dd|sepa dd|standing order|s/o|sto"
    r"|faster payments to|faster payments from|faster payment to|faster payment from|faster payments"
    r"|faster payment|fpo|fpi|bgc|bacs|bill payment to|bill payment via|payment to|apple pay|google pay"
    r"|gpay|paypal|pp|sumup|sq|zettle|izettle|iz|dojo|stripe|tst|crv|lnk|ach|purchase|transfer to"
    r"|transfer from|mobile"
)
_PREFIX = re.compile(rf"^(?:(?:{_WORDS_BEFORE})\s*[\s*:-]\s*)+")
_DATE = re.compile(
    r"\b(?:on )?\d{1,2}[ /.-]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[ /.-]?\d{2,4})?\b"
    r"|\b\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?\b"
)
_WITH_DIGITS = re.compile(r"\b[a-z]*\d[a-z0-9]*\b")
_BRAND_WITH_DIGITS = re.compile(
    r"(?:a1|g4s|h3g|o2|q8)\b"
    r"|(?!(?:auth|card|inv|invoice|pos|ref|shop|store|term|till|trn|txn)\d)[a-z]{3,}\d{1,3}(?:[a-z]{3,})?\b"
)
"""Names such as jet2 at the beginning; anywhere else digits are numbers of shops and purchases."""

_FORMS = r"eur|gbp|usd|ltd|limited|plc|llp|inc|gmbh|sarl|bv|dac|ref|reference|mandate|no|at|on|cd|ctls|the"
_HEAD = re.compile(_FORMS)
_TAIL = re.compile(rf"{_FORMS}|gbr?|uk|ie|irl|eu|de|fr|nl|lu|london|dublin")
_NAMED_FOR_A_PLACE = frozenset({"for", "of", "royal"})
"""A place behind one of them belongs to the name: Transport for London, Royal London."""


class Direction(StrEnum):
    """Whether money came or went; part of every key, since a refund is no purchase."""

    IN = "in"
    OUT = "out"


def direction_of(amount: Decimal) -> Direction:
    """Zero counts as out."""
    return Direction.IN if amount > 0 else Direction.OUT


def merchant_key(description: str) -> str:
    """Lower-case words without dates, numbers, card schemes, places and company forms; at most four of them.

    A description of which nothing is left keeps its own letters, digits masked as `#`; an empty one has an empty key.
    A place at the beginning, or one that a name is made with, stays. The same text always gives the same key.
    """
    plain = unicodedata.normalize("NFKD", description)
    folded = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
    words = " ".join(folded.replace("*", " * ").split())
    words = _ADDRESS.sub(lambda match: f" {match[1] or match[2]} ", words)
    words = _DATE.sub(" ", words)
    words = _PREFIX.sub("", " ".join(words.split()))
    brand = _BRAND_WITH_DIGITS.match(words)
    start = brand.end() if brand else 0
    words = words[:start] + _WITH_DIGITS.sub(" ", words[start:])
    kept = [word for word in re.sub(r"[^\w&' ]|_", " ", words).replace("'", "").split() if word != "&"]
    while len(kept) > 1 and _TAIL.fullmatch(kept[-1]) and kept[-2] not in _NAMED_FOR_A_PLACE:
        kept.pop()
    while len(kept) > 1 and _HEAD.fullmatch(kept[0]):
        kept.pop(0)
    if not kept:
        kept = re.sub(r"\d+", "#", folded).split()
    return " ".join(kept[:_MOST_WORDS])[:MOST_KEY_LENGTH].strip()
