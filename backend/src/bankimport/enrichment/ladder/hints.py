"""What a statement's words say about its merchant and category, without rules, cache or a model; pure."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bankimport.enrichment.categories.taxonomy import TRANSFERS
from bankimport.enrichment.ladder import money_words
from bankimport.enrichment.statements import trade_words
from bankimport.enrichment.statements.known_merchants import KnownMerchant
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.enrichment.statements.phrases import Meaning
from bankimport.enrichment.statements.rails import Rail
from bankimport.enrichment.statements.statement_formats import Statement

_REMEMBERED = 20_000
_PERSON_CONFIDENCE = 0.9
_REFUND_CONFIDENCE = 0.85


@dataclass(frozen=True, slots=True)
class Hint:
    """A value, its confidence, 0 to 1, and the words it was derived from."""

    kind: Literal["money", "merchant", "trade"]
    value: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Hints:
    """What the words say. `is_private`: the other side is a person, so no model is asked."""

    merchant: Hint | None
    categories: tuple[Hint, ...]
    names_shop: bool
    may_be_person: bool
    is_private: bool

    @property
    def is_complete(self) -> bool:
        """Whether `or_else` gives these hints, whatever the other ones are."""
        return bool(self.categories) and (self.is_private or self.names_shop)

    def or_else(self, other: "Hints") -> "Hints":
        """These hints, completed with the other ones."""
        return replace(
            self,
            categories=self.categories or other.categories,
            is_private=self.is_private or (other.is_private and not self.names_shop),
        )


@functools.lru_cache(maxsize=_REMEMBERED)
def hints_of(statement: Statement, direction: Direction) -> Hints:
    """Everything that a statement's words say about money in this direction."""
    known = statement.known
    is_private = _is_private(statement)
    names_shop = known is not None and known.category not in ("", TRANSFERS)
    merchant = None
    if known is not None and direction is Direction.OUT:
        merchant = Hint("merchant", known.merchant, known.confidence, known.phrase)
    return Hints(
        merchant=merchant,
        categories=tuple(_categories(statement, direction, is_private=is_private)),
        names_shop=names_shop,
        may_be_person=statement.is_person,
        is_private=is_private,
    )


def _is_private(statement: Statement) -> bool:
    """A payment between people: by a rail that only people use, or a transfer to or from a named person."""
    if statement.known is not None:
        return False
    if statement.rail is Rail.PERSON:
        return statement.is_person or statement.trade is None
    return statement.rail in (Rail.TRANSFER, Rail.ORDER) and statement.is_person


def _categories(statement: Statement, direction: Direction, *, is_private: bool) -> Iterator[Hint]:
    money = money_words.money_word_in(statement.words, direction)
    known, trade = statement.known, statement.trade
    if money is not None and _is_part_of_name(money.phrase, known, trade):
        money = None
    if money is not None and _counts(money, known, direction):
        yield Hint("money", money.category, money_words.CONFIDENCE, money.phrase)
        return
    if is_private:
        yield Hint("money", TRANSFERS, _PERSON_CONFIDENCE, statement.rail_words)
        return
    if direction is Direction.IN:
        if statement.rail is Rail.CARD and known is not None and known.category:
            yield Hint("money", "Refunds", _REFUND_CONFIDENCE, statement.rail_words)
        return
    if known is not None and known.category:
        yield Hint("merchant", known.category, known.confidence, known.phrase)
    elif known is None and trade is not None:
        yield Hint("trade", trade.category, trade_words.CONFIDENCE, trade.phrase)


def _is_part_of_name(phrase: str, known: KnownMerchant | None, trade: Meaning | None) -> bool:
    """Whether a money word is only part of a longer name: ATM MILANO is a tram operator."""
    names = [item.phrase for item in (known, trade) if item is not None]
    return any(name != phrase and f" {phrase} " in f" {name} " for name in names)


def _counts(money: Meaning, known: KnownMerchant | None, direction: Direction) -> bool:
    """Whether a money word counts next to a listed merchant of another category."""
    if direction is Direction.IN or known is None:
        return True
    return money.category in money_words.OVER_MERCHANTS or known.category in ("", TRANSFERS)
