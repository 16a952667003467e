"""What costs and plans look like over HTTP, beside what came of them."""

from decimal import Decimal

from pydantic import BaseModel

from bankimport.money import Money
from bankimport.pricing.cost import Cost, CostKind, CostPart


class CostRead(BaseModel):
    """What something costs, as a sum of parts; never zero for want of a price.

    `amount` null: a part is unknown (`unknown` names it), or there are several currencies. `amounts` are the
    sums of what is known.
    """

    amount: Decimal | None
    currency: str | None
    amounts: list[Money] = []
    unknown: list[CostKind] = []
    parts: list[CostPart] = []

    @classmethod
    def of(cls, cost: Cost) -> "CostRead":
        """The cost as its user sees it."""
        return cls(
            amount=cost.amount, currency=cost.currency, amounts=cost.amounts, unknown=cost.unknown, parts=cost.parts
        )


class PlannedRead(BaseModel):
    """What the plan said, to hold against what came. Rows are all that the windows bring, those held already too."""

    api_calls: int
    transactions: int
    duration_seconds: int
