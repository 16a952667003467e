"""The words and rows that the stages of enrichment share; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bankimport.enrichment.statements.merchant_key import Direction, direction_of
from bankimport.enrichment.statements.statement_formats import Statement, read_statement


class Source(StrEnum):
    """The source of a value, as in `merchant_source` and `category_source`."""

    USER = "user"
    BANK = "bank"
    RULE = "rule"
    TRANSFER = "transfer"
    CORRECTION = "correction"
    MODEL = "model"
    TRUELAYER = "truelayer"
    KNOWN_MERCHANT = "known_merchant"
    MONEY_WORD = "money_word"
    TRADE_WORD = "trade_word"


class RuleMatch(StrEnum):
    """How a rule's pattern is compared; case is ignored and spaces are normalised."""

    CONTAINS = "contains"
    PREFIX = "prefix"
    EXACT = "exact"
    KEY = "key"


class RuleOrigin(StrEnum):
    """Written by the user, or learned from a correction; the user's own rules come first."""

    USER = "user"
    CORRECTION = "correction"


@dataclass(slots=True)
class RowToEnrich:
    """The fields of a stored row that the ladder needs; nobody changes one.

    `key` is its merchant key; the bank's own merchant name is preferred to its description. `statement` is the parsed
    name or description. `direction` is in or out.
    """

    id: int
    description: str
    amount: Decimal
    merchant: str | None
    classification: Sequence[str] = ()
    transaction_category: str | None = None
    statement: Statement = field(init=False)
    key: str = field(init=False)
    direction: Direction = field(init=False)

    def __post_init__(self) -> None:
        """Read the statement once, because every rung needs it."""
        self.statement = read_statement(self.merchant or self.description)
        self.key = self.statement.key
        self.direction = direction_of(self.amount)


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A model's earlier answer about a merchant, with its model and prompt version."""

    merchant: str | None
    category: str
    confidence: float
    model: str
    prompt_version: str
