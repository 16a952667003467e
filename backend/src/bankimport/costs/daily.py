"""Read what was called and charged on each day of a span; makes no decisions.

The days' sums are the sums of `facts` over the same span: both count calls, connection months and model calls by the
moment of the call (UTC).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from decimal import Decimal

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from bankimport.connections.models import BankApiCall
from bankimport.costs.facts import bank_calls_in, charges_of
from bankimport.costs.model_facts import called_in
from bankimport.days import Days
from bankimport.enrichment.model.ledger import PRICED
from bankimport.enrichment.models import LlmCall
from bankimport.imports.plan.spending import cost_of
from bankimport.pricing.cost import Cost
from bankimport.pricing.prices import Prices
from bankimport.pricing.tokens import PricedCalls


@dataclass(slots=True)
class DayFacts:
    """What cost money on one day (UTC): bank calls, the connections whose months began, and model calls by currency."""

    day: date
    calls: int = 0
    connections: list[int] = field(default_factory=list)
    asked: list[PricedCalls] = field(default_factory=list)

    def cost(self, known: Prices) -> Cost:
        """The day's cost."""
        return cost_of(self.calls, len(self.connections), self.asked, known)


def days_of(session: Session, user_id: int, span: Days) -> list[DayFacts]:
    """One user's facts of every day in the span, ascending; days without any too."""
    days = {day: DayFacts(day) for day in (span.first + timedelta(days=offset) for offset in range(span.length))}
    called_on = cast(func.timezone("UTC", BankApiCall.called_at), Date)
    counted = select(called_on, func.count()).where(*bank_calls_in(user_id, span)).group_by(called_on)
    for day, calls in session.execute(counted):
        days[day].calls = calls
    for charge in charges_of(session, user_id, span.since, span.until):
        days[charge.began_at.astimezone(UTC).date()].connections.append(charge.connection_id)
    asked_on = cast(func.timezone("UTC", LlmCall.called_at), Date)
    asked = select(asked_on, *PRICED).where(*called_in(user_id, span)).group_by(asked_on, LlmCall.currency)
    for day, calls, reserved, amount, currency in session.execute(asked):
        days[day].asked.append(PricedCalls(calls, reserved, amount, currency))
    return list(days.values())


def together(days: Sequence[DayFacts]) -> list[PricedCalls]:
    """All model calls of the days, one item per currency."""
    found: dict[str | None, PricedCalls] = {}
    for item in (priced for day in days for priced in day.asked):
        so_far = found.get(item.currency, PricedCalls(0, 0, None, item.currency))
        amount = None if item.amount is None else item.amount + (so_far.amount or Decimal(0))
        found[item.currency] = PricedCalls(
            so_far.calls + item.calls, so_far.reserved + item.reserved, amount, item.currency
        )
    return list(found.values())
