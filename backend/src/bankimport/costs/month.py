"""Report this month's spending so far, its forecast, and how much of its cap is used."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bankimport.connections import repository as connections
from bankimport.connections.models import ConnectionStatus
from bankimport.costs.daily import DayFacts, days_of, together
from bankimport.costs.facts import Facts, calls_of, charges_of
from bankimport.costs.grouping import Group, GroupBy, grouped
from bankimport.costs.model_facts import model_facts_of
from bankimport.costs.projection import projected, projected_calls
from bankimport.costs.schemas import CapRead, DayCostRead, MonthCostRead, MonthRead
from bankimport.costs.spent import rows_path, spent_read
from bankimport.days import Days
from bankimport.enrichment.model.month_cap import month_cap
from bankimport.imports.plan.spending import cost_of
from bankimport.pricing.cost import calls_part, connection_months_part, enrichment_parts, total
from bankimport.pricing.prices import Prices, month_start, next_month_start
from bankimport.pricing.schemas import CostRead
from bankimport.schedules import repository as schedules


def month_read(session: Session, user_id: int, known: Prices, now: datetime) -> MonthRead:
    """One user's calendar month of this moment."""
    span = Days(month_start(now).date(), now.date())
    days = days_of(session, user_id, span)
    calls, asked = sum(day.calls for day in days), together(days)
    read = [connection_id for day in days for connection_id in day.connections]
    to_come = _connections_to_be_read(session, user_id, set(read), now)
    expected = total(
        [
            connection_months_part(len(read) + to_come, known),
            calls_part(projected(calls, now), known),
            *enrichment_parts([projected_calls(priced, now) for priced in asked]),
        ]
    )
    return MonthRead(
        month=f"{span.first:%Y-%m}",
        spent=spent_read(cost_of(calls, len(read), asked, known), span),
        projected=CostRead.of(expected),
        how=(
            f"connections read this month: {len(read)}, and {to_come} more that schedules will read; calls to "
            "banks and models continue at the present rate"
        ),
        cap=_cap(session, user_id, span, now),
        days=[_day_read(day, known) for day in days],
    )


def _day_read(facts: DayFacts, known: Prices) -> DayCostRead:
    return DayCostRead(
        day=facts.day,
        calls=facts.calls,
        connection_months=len(facts.connections),
        llm_calls=sum(priced.calls for priced in facts.asked),
        cost=CostRead.of(facts.cost(known)),
        rows=rows_path("charges", Days(facts.day, facts.day)),
    )


def months_read(session: Session, user_id: int, known: Prices, now: datetime, months: int) -> list[MonthCostRead]:
    """What each of the last calendar months cost one user, this month last; months without costs too."""
    firsts = [month_start(now).date()]
    while len(firsts) < months:
        firsts.insert(0, (firsts[0] - timedelta(days=1)).replace(day=1))
    span = Days(firsts[0], now.date())
    facts = Facts(
        calls=calls_of(session, user_id, span),
        charges=charges_of(session, user_id, span.since, span.until),
        imports=[],
        asked=model_facts_of(session, user_id, span),
    )
    groups = {group.key: group for group in grouped(facts, GroupBy.MONTH)}
    found = []
    for first in firsts:
        group = groups.get(f"{first:%Y-%m}", Group(f"{first:%Y-%m}"))
        cost = cost_of(group.calls, group.charges, [fact.priced for fact in group.asked], known)
        found.append(MonthCostRead(month=f"{first:%Y-%m}", calls=group.calls, cost=CostRead.of(cost)))
    return found


def _cap(session: Session, user_id: int, month: Days, now: datetime) -> CapRead | None:
    cap = month_cap(session, user_id, now)
    if cap is None:
        return None
    return CapRead(
        amount=cap.most.amount,
        currency=cap.most.currency,
        is_shared=cap.is_shared,
        state=cap.state,
        yours=cap.yours,
        yours_percent=round(float(cap.yours / cap.most.amount) * 100, 1) if cap.most.amount else 100.0,
        rows=rows_path("llm-calls", month, currency=cap.most.currency),
    )


def _connections_to_be_read(session: Session, user_id: int, read: set[int], now: datetime) -> int:
    """How many live connections were not read this month and have a schedule that runs before its end."""
    live = {row.id for row in connections.connections_of(session, user_id) if row.status is ConnectionStatus.ACTIVE}
    end = next_month_start(now)
    scheduled = {
        row.connection_id
        for row in schedules.schedules_of(session, user_id)
        if row.fires_at is not None and row.fires_at < end
    }
    return len((live & scheduled) - read)
