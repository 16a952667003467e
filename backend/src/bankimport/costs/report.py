"""Put together what a user sees of costs: totals, groups, the month, and how good estimates are."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from bankimport.connections import repository as connections
from bankimport.connections.models import ConnectionStatus
from bankimport.connections.prices import Prices, month_start, next_month_start, prices
from bankimport.costs.facts import Facts, ImportFact, Span, bank_names, facts_of
from bankimport.costs.grouping import Group, GroupBy, grouped
from bankimport.costs.projection import projected
from bankimport.costs.schemas import (
    ActualRead,
    CallsRead,
    CostsRead,
    EstimateRead,
    GroupRead,
    ImportsRead,
    MonthRead,
    PricesRead,
    SpentPart,
    SpentRead,
)
from bankimport.errors import InvalidRequest
from bankimport.imports import outcomes
from bankimport.imports.cost import Cost, CostKind, calls_part, connection_months_part, total
from bankimport.imports.cost_schemas import CostRead, PlannedRead
from bankimport.imports.days import Days
from bankimport.imports.learning import MOST_EVIDENCE, mean_error
from bankimport.imports.models import ImportJob
from bankimport.imports.plan import LEARN_FROM
from bankimport.imports.schemas import DateRange
from bankimport.money import parse_money
from bankimport.schedules import repository as schedules
from bankimport.settings import get_settings

PATH = "/api/truelayer/analytics/costs"
MOST_DAYS = 3660
_ROWS_OF = {CostKind.CONNECTION_MONTH: "connection-months", CostKind.CALLS: "calls"}


def checked_span(first: date | None, last: date | None, today: date) -> Span:
    """The days of a report: from the first of this month to today unless they are given.

    Raises:
        InvalidRequest: they are the wrong way round, or very many.
    """
    span = Span(first or (last or today).replace(day=1), last or max(today, first or today))
    if span.first > span.last:
        raise InvalidRequest(f"from {span.first} lies after to {span.last}; swap them")
    if (span.last - span.first).days > MOST_DAYS:
        raise InvalidRequest(f"a report covers at most {MOST_DAYS} days; ask for fewer")
    return span


def costs_read(session: Session, user_id: int, span: Span, by: GroupBy, now: datetime) -> CostsRead:
    """What the user's imports cost in the span."""
    facts = facts_of(session, user_id, span)
    known = prices(get_settings())
    names = bank_names(session, user_id)
    return CostsRead(
        date_range=DateRange.of(Days(span.first, span.last)),
        group_by=by,
        prices=PricesRead(connection_month=known.connection_month, call=known.call),
        calls=CallsRead(
            total=sum(fact.calls for fact in facts.calls),
            outside_imports=sum(fact.calls for fact in facts.calls if fact.job_id is None),
            rows=rows_path("calls", span),
        ),
        imports=ImportsRead(
            count=len(facts.imports),
            planned=planned_sum(facts.imports),
            actual=actual_sum(facts.imports),
            rows=rows_path("imports", span),
        ),
        cost=_spent(_cost(facts, known), span),
        groups=[_group(group, by, span, known, names) for group in grouped(facts, by)],
        month=_month(session, user_id, known, now),
        estimates=_estimates(session, user_id, now),
    )


def rows_path(what: str, span: Span, **narrowed: object) -> str:
    """The path of the rows behind a figure."""
    query = {"from": span.first.isoformat(), "to": span.last.isoformat(), **narrowed}
    return f"{PATH}/{what}?{urlencode(query)}"


def planned_sum(imports: Sequence[ImportFact]) -> PlannedRead:
    """What the plans of these imports said, together."""
    return PlannedRead(
        api_calls=sum(item.planned_calls for item in imports),
        transactions=sum(item.planned_rows for item in imports),
        duration_seconds=sum(item.planned_s for item in imports),
    )


def actual_sum(imports: Sequence[ImportFact]) -> ActualRead:
    """What came of them, together."""
    return ActualRead(
        api_calls=sum(item.calls for item in imports),
        transactions=sum(item.rows_brought for item in imports),
        imported=sum(item.rows_imported for item in imports),
        duration_seconds=sum(item.duration_s or 0 for item in imports),
    )


def _cost(facts: Facts, known: Prices) -> Cost:
    return total(
        [
            connection_months_part(len(facts.charges), known),
            calls_part(sum(fact.calls for fact in facts.calls), known),
        ]
    )


def _spent(cost: Cost, span: Span) -> SpentRead:
    return SpentRead(
        amount=cost.amount,
        currency=cost.currency,
        amounts=cost.amounts,
        unknown=cost.unknown,
        parts=[
            SpentPart(
                what=part.what,
                quantity=part.quantity,
                amount=part.amount,
                currency=part.currency,
                note=part.note,
                rows=rows_path(_ROWS_OF[part.what], span),
            )
            for part in cost.parts
        ],
    )


def _group(group: Group, by: GroupBy, span: Span, known: Prices, names: dict[int, str]) -> GroupRead:
    narrowed = _narrowed(group, by, span)
    rows_span, query = narrowed
    return GroupRead(
        key=str(group.key) if group.key is not None else None,
        label=_label(group, by, names),
        calls=group.calls,
        imports=len(group.imports),
        planned=planned_sum(group.imports),
        actual=actual_sum(group.imports),
        cost=CostRead.of(total([connection_months_part(group.charges, known), calls_part(group.calls, known)])),
        calls_rows=rows_path("calls", rows_span, **query),
        imports_rows=rows_path("imports", rows_span, **query) if group.key is not None else None,
        connection_months_rows=rows_path("connection-months", rows_span, **query),
    )


def _narrowed(group: Group, by: GroupBy, span: Span) -> tuple[Span, dict[str, object]]:
    """The days and the filter that give exactly the rows of a group."""
    if by is GroupBy.MONTH:
        first = date.fromisoformat(f"{group.key}-01")
        after = (first + timedelta(days=32)).replace(day=1)
        return Span(max(span.first, first), min(span.last, after - timedelta(days=1))), {}
    if by is GroupBy.CONNECTION:
        return span, {"connection_id": group.key}
    return span, {"job_id": group.key if group.key is not None else 0}


def _label(group: Group, by: GroupBy, names: dict[int, str]) -> str:
    match by:
        case GroupBy.MONTH:
            return f"{date.fromisoformat(f'{group.key}-01'):%B %Y}"
        case GroupBy.CONNECTION:
            return names.get(int(str(group.key)), f"connection {group.key}")
        case GroupBy.IMPORT:
            return f"Import {group.key}" if group.key is not None else "Without an import"


def _month(session: Session, user_id: int, known: Prices, now: datetime) -> MonthRead:
    span = Span(month_start(now).date(), now.date())
    facts = facts_of(session, user_id, span)
    calls = sum(fact.calls for fact in facts.calls)
    to_come = _connections_to_be_read(session, user_id, {fact.connection_id for fact in facts.charges}, now)
    cap = get_settings().llm_monthly_cap
    expected = total(
        [
            connection_months_part(len(facts.charges) + to_come, known),
            calls_part(projected(calls, now), known),
        ]
    )
    return MonthRead(
        month=f"{span.first:%Y-%m}",
        spent=_spent(_cost(facts, known), span),
        projected=CostRead.of(expected),
        how=(
            f"connections read this month: {len(facts.charges)}, and {to_come} more that schedules will read; calls go "
            "on at the pace so far"
        ),
        cap=parse_money(cap) if cap else None,
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


def _estimates(session: Session, user_id: int, now: datetime) -> list[EstimateRead]:
    found = []
    since = now - LEARN_FROM
    mine = connections.connections_of(session, user_id)
    for bank_id, bank in {row.bank_id: row.bank_name for row in mine}.items():
        ids = [row.id for row in mine if row.bank_id == bank_id]
        statement = outcomes.completed_jobs().where(
            ImportJob.user_id == user_id, ImportJob.connection_id.in_(ids), ImportJob.completed_at >= since
        )
        jobs = list(session.scalars(statement.limit(MOST_EVIDENCE)))
        seen = outcomes.outcomes_of(session, jobs)
        lessons = outcomes.lessons_of_bank(session, bank_id, since)
        found.append(
            EstimateRead(
                bank_id=bank_id,
                bank=bank,
                imports=len(jobs),
                calls_off_percent=_percent(mean_error(seen.api_calls)),
                transactions_off_percent=_percent(mean_error(seen.transactions)),
                duration_off_percent=_percent(mean_error(seen.duration_s)),
                learns_from=lessons.api_calls.imports if lessons.api_calls is not None else 0,
                rows=rows_path("imports", Span(since.date(), now.date()), connection_id=ids[0]),
            )
        )
    return found


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)
