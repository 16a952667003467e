"""Costs and plans over HTTP, with the actual results."""

from decimal import Decimal

from pydantic import BaseModel

from bankimport.money import Money
from bankimport.pricing.cost import Cost, CostKind, CostPart


class CostRead(BaseModel):
    """A cost as a sum of parts. A missing price is shown as unknown, never as zero.

    `amount` null: a part is unknown (`unknown` names it), or there are several currencies. `amounts` are the sums of
    the known parts.
    """

    amount: Decimal | None
    currency: str | None
    amounts: list[Money] = []
    unknown: list[CostKind] = []
    parts: list[CostPart] = []

    @classmethod
    def of(cls, cost: Cost) -> "CostRead":
        """The cost as shown to its user."""
        return cls(
            amount=cost.amount, currency=cost.currency, amounts=cost.amounts, unknown=cost.unknown, parts=cost.parts
        )


class PlannedRead(BaseModel):
    """The plan's estimate, to compare with the result. Rows are all rows of the windows, including those stored
    already."""

    api_calls: int
    transactions: int
    duration_seconds: int
