"""The cost of an import, as a sum of parts. Each part is known or marked as unknown; a zero is never a guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bankimport.money import Money, summed
from bankimport.pricing.prices import Prices
from bankimport.pricing.tokens import PricedCalls


class CostKind(StrEnum):
    """What the user pays for."""

    CONNECTION_MONTH = "connection_month"
    CALLS = "calls"
    ENRICHMENT = "enrichment"


@dataclass(frozen=True, slots=True)
class CostPart:
    """A quantity and its price. `amount` None: unknown. Something free has an amount of 0."""

    what: CostKind
    quantity: int
    amount: Decimal | None
    currency: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Cost:
    """The parts and their sum. `amount` is None if a part is unknown or there are several currencies. `amounts` are the
    sums of the known parts by currency.
    """

    amount: Decimal | None
    currency: str | None
    amounts: list[Money]
    unknown: list[CostKind]
    parts: list[CostPart]


def total(parts: Sequence[CostPart]) -> Cost:
    """Add the parts; one unknown part makes the sum unknown."""
    unknown = [part.what for part in parts if part.amount is None]
    amounts = summed([Money(part.amount, part.currency) for part in parts if part.amount and part.currency])
    currency = next((part.currency for part in parts if part.currency), None)
    if unknown or len(amounts) > 1:
        return Cost(None, None, amounts, unknown, list(parts))
    if amounts:
        return Cost(amounts[0].amount, amounts[0].currency, amounts, [], list(parts))
    return Cost(Decimal(0), currency, [], [], list(parts))


def connection_months_part(count: int, prices: Prices) -> CostPart:
    """The given number of paid connection months."""
    price = prices.connection_month
    if not count:
        currency = price.currency if price is not None else None
        return CostPart(CostKind.CONNECTION_MONTH, 0, Decimal(0), currency, "the connection's month is already paid")
    if price is None:
        return CostPart(
            CostKind.CONNECTION_MONTH, count, None, None, "set BANKIMPORT_PRICE_CONNECTION_MONTH to what you pay"
        )
    cost = price.times(count)
    note = "TrueLayer charges once a month for each connection that is read"
    return CostPart(CostKind.CONNECTION_MONTH, count, cost.amount, cost.currency, note)


def calls_part(count: int, prices: Prices) -> CostPart:
    """The given number of calls. They are free unless a price per call is set."""
    if prices.call is None:
        return CostPart(CostKind.CALLS, count, Decimal(0), None, "TrueLayer does not charge for calls")
    cost = prices.call.times(count)
    return CostPart(CostKind.CALLS, count, cost.amount, cost.currency, "your price per call")


def enrichment_parts(priced: Sequence[PricedCalls]) -> list[CostPart]:
    """The cost of model calls: one part per currency, and one for calls of unknown price."""
    parts = []
    for currency in sorted({item.currency for item in priced if item.currency is not None}):
        same = [item for item in priced if item.currency == currency]
        amount = sum((item.amount or Decimal(0) for item in same), Decimal(0))
        reserved = sum(item.reserved for item in same)
        note = f"{reserved} of them counted at their maximum cost until they are answered" if reserved else ""
        parts.append(CostPart(CostKind.ENRICHMENT, sum(item.calls for item in same), amount, currency, note))
    unknown = sum(item.calls for item in priced if item.amount is None)
    if unknown:
        note = "the model's price is unknown; set BANKIMPORT_LLM_INPUT_PRICE and BANKIMPORT_LLM_OUTPUT_PRICE"
        parts.append(CostPart(CostKind.ENRICHMENT, unknown, None, None, note))
    return parts or [CostPart(CostKind.ENRICHMENT, 0, Decimal(0), None, "no model was called")]


def planned_enrichment_part(*, is_wanted: bool, model: str | None) -> CostPart:
    """The cost of the enrichment after an import, before it is known which rows need a model."""
    if not is_wanted:
        return CostPart(CostKind.ENRICHMENT, 0, Decimal(0), None, "nothing is enriched")
    if model is None:
        return CostPart(CostKind.ENRICHMENT, 0, Decimal(0), None, "no model is set; rules and cache are free")
    note = f"only new merchants are sent to {model}; their number is known after the import"
    return CostPart(CostKind.ENRICHMENT, 0, None, None, note)
