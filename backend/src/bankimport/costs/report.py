"""Build the cost report: totals, enrichment, groups, the month, and the accuracy of estimates."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bankimport.connections import repository as connections
from bankimport.costs.facts import ImportFact, bank_names, facts_of
from bankimport.costs.grouping import Group, GroupBy, grouped, merged, shortened
from bankimport.costs.model_facts import ModelFact, SavedFact, saved_of
from bankimport.costs.month import month_read
from bankimport.costs.schemas import (
    ActualRead,
    CallsRead,
    CostsRead,
    EnrichmentCostsRead,
    EstimateRead,
    GroupRead,
    ImportsRead,
    ModelRead,
    PricesRead,
    RestRead,
    SavedRead,
)
from bankimport.costs.spent import cost_of_facts, rows_path, spent_read
from bankimport.days import Days
from bankimport.errors import DatesReversed, InvalidRequest
from bankimport.imports.models import ImportJob
from bankimport.imports.plan import past_imports
from bankimport.imports.plan.calibration import mean_error
from bankimport.imports.plan.plan import LEARN_FROM
from bankimport.imports.plan.spending import cost_of
from bankimport.pricing.cost import enrichment_parts, total
from bankimport.pricing.prices import Prices, prices
from bankimport.pricing.schemas import CostRead, PlannedRead
from bankimport.settings import get_settings

MOST_DAYS = 3660
MOST_GROUPS = 200


def checked_span(first: date | None, last: date | None, today: date) -> Days:
    """The days of a report; by default from the first of this month to today.

    Raises:
        DatesReversed, InvalidRequest: the days are reversed, or too many.
    """
    span = Days(first or (last or today).replace(day=1), last or max(today, first or today))
    if span.first > span.last:
        raise DatesReversed(f"from {span.first} is after to {span.last}; swap them")
    if (span.last - span.first).days > MOST_DAYS:
        raise InvalidRequest(f"a report covers at most {MOST_DAYS} days; request fewer days")
    return span


def costs_read(session: Session, user_id: int, span: Days, by: GroupBy, now: datetime) -> CostsRead:
    """What the user's imports cost in the span."""
    facts = facts_of(session, user_id, span)
    known = prices(get_settings())
    names = bank_names(session, user_id)
    listed, rest = shortened(grouped(facts, by), MOST_GROUPS)
    return CostsRead(
        date_range=span,
        group_by=by,
        prices=PricesRead(connection_month=known.connection_month, call=known.call),
        calls=CallsRead(
            total=sum(fact.calls for fact in facts.calls),
            outside_imports=sum(fact.calls for fact in facts.calls if fact.job_id is None),
            rows=rows_path("calls", span),
            outside_imports_rows=rows_path("calls", span, job_id=0),
        ),
        imports=ImportsRead(
            count=len(facts.imports),
            planned=planned_sum(facts.imports),
            actual=actual_sum(facts.imports),
            rows=rows_path("imports", span),
        ),
        cost=spent_read(cost_of_facts(facts, known), span),
        enrichment=EnrichmentCostsRead(
            models=_models(facts.asked, span), saved=_saved(saved_of(session, user_id, span), span)
        ),
        groups=[_group(group, by, span, known, names) for group in listed],
        rest=_rest(rest, by, span, known),
        month=month_read(session, user_id, known, now),
        estimates=_estimates(session, user_id, now),
    )


def planned_sum(imports: Sequence[ImportFact]) -> PlannedRead:
    """The sum of what these imports planned."""
    return PlannedRead(
        api_calls=sum(item.planned.api_calls for item in imports),
        transactions=sum(item.planned.transactions for item in imports),
        duration_seconds=sum(item.planned.duration_seconds for item in imports),
    )


def actual_sum(imports: Sequence[ImportFact]) -> ActualRead:
    """The sum of their actual results."""
    return ActualRead(
        api_calls=sum(item.calls for item in imports),
        transactions=sum(item.rows_brought for item in imports),
        imported=sum(item.rows_imported for item in imports),
        duration_seconds=sum(item.duration_s or 0 for item in imports),
    )


def _models(calls: Sequence[ModelFact], span: Days) -> list[ModelRead]:
    found = []
    for model in sorted({fact.model for fact in calls}):
        same = [fact for fact in calls if fact.model == model]
        found.append(
            ModelRead(
                model=model,
                calls=sum(fact.priced.calls for fact in same),
                failed=sum(fact.failed for fact in same),
                merchants=sum(fact.merchants for fact in same),
                input_tokens=sum(fact.input_tokens for fact in same),
                output_tokens=sum(fact.output_tokens for fact in same),
                cached_tokens=sum(fact.cached_tokens for fact in same),
                cost=CostRead.of(total(enrichment_parts([fact.priced for fact in same]))),
                rows=rows_path("llm-calls", span, model=model),
                failed_rows=rows_path("llm-calls", span, model=model, failed="true"),
            )
        )
    return found


def _saved(fact: SavedFact, span: Days) -> SavedRead:
    return SavedRead(
        transactions=fact.rows,
        enrichments=fact.enrichments,
        amount=fact.amount.amount if fact.amount else None,
        currency=fact.amount.currency if fact.amount else None,
        rows=rows_path("enrichments", span),
    )


def _group(group: Group, by: GroupBy, span: Days, known: Prices, names: dict[int, str]) -> GroupRead:
    days, narrowed = _narrowed(group, by, span)
    return GroupRead(
        key=str(group.key) if group.key is not None else None,
        label=_label(group, by, names),
        **_share(group, known, days, narrowed, has_imports=group.key is not None),
    )


def _rest(groups: Sequence[Group], by: GroupBy, span: Days, known: Prices) -> RestRead | None:
    if not groups:
        return None
    days, narrowed = _narrowed_to_rest(groups, by, span)
    return RestRead(groups=len(groups), **_share(merged(groups), known, days, narrowed, has_imports=True))


def _share(
    group: Group, known: Prices, span: Days, narrowed: dict[str, object], *, has_imports: bool
) -> dict[str, Any]:
    """The fields of a `ShareRead`."""
    cost = cost_of(group.calls, group.charges, [fact.priced for fact in group.asked], known)
    return {
        "calls": group.calls,
        "calls_rows": rows_path("calls", span, **narrowed),
        "imports": len(group.imports),
        "planned": planned_sum(group.imports),
        "actual": actual_sum(group.imports),
        "imports_rows": rows_path("imports", span, **narrowed) if has_imports else None,
        "connection_months": group.charges,
        "connection_months_rows": rows_path("connection-months", span, **narrowed),
        "llm_calls": sum(fact.priced.calls for fact in group.asked),
        "llm_calls_rows": rows_path("llm-calls", span, **narrowed),
        "cost": CostRead.of(cost),
        "cost_rows": rows_path("charges", span, **narrowed),
    }


def _narrowed(group: Group, by: GroupBy, span: Days) -> tuple[Days, dict[str, object]]:
    """The days and the filter that select exactly the rows of a group."""
    if by is GroupBy.MONTH:
        first = date.fromisoformat(f"{group.key}-01")
        after = (first + timedelta(days=32)).replace(day=1)
        return Days(max(span.first, first), min(span.last, after - timedelta(days=1))), {}
    if by is GroupBy.CONNECTION:
        return span, {"connection_id": group.key or 0}
    return span, {"job_id": group.key or 0}


def _narrowed_to_rest(groups: Sequence[Group], by: GroupBy, span: Days) -> tuple[Days, dict[str, object]]:
    """The days and the filter that select exactly the rows of the unlisted groups, which are the oldest."""
    newest = groups[0]
    if by is GroupBy.MONTH:
        return Days(span.first, _narrowed(newest, by, span)[0].last), {}
    below = int(str(newest.key)) + 1
    return span, {"connection_below": below} if by is GroupBy.CONNECTION else {"job_below": below}


def _label(group: Group, by: GroupBy, names: dict[int, str]) -> str:
    match by:
        case GroupBy.MONTH:
            return f"{date.fromisoformat(f'{group.key}-01'):%B %Y}"
        case GroupBy.CONNECTION:
            return "No particular bank" if group.key is None else names[int(str(group.key))]
        case GroupBy.IMPORT:
            return f"Import {group.key}" if group.key is not None else "Without an import"


def _estimates(session: Session, user_id: int, now: datetime) -> list[EstimateRead]:
    found = []
    span = Days((now - LEARN_FROM).date(), now.date())
    mine = connections.connections_of(session, user_id)
    for bank_id, bank in {row.bank_id: row.bank_name for row in mine}.items():
        ids = [row.id for row in mine if row.bank_id == bank_id]
        statement = past_imports.completed_jobs().where(
            ImportJob.user_id == user_id, ImportJob.connection_id.in_(ids), ImportJob.completed_at >= span.since
        )
        jobs = list(session.scalars(statement))
        outcomes = past_imports.outcomes_of(session, jobs)
        lessons = past_imports.lessons_of_bank(session, bank_id, span.since)
        found.append(
            EstimateRead(
                bank_id=bank_id,
                bank=bank,
                imports=len(jobs),
                calls_off_percent=_percent(mean_error(outcomes.api_calls)),
                transactions_off_percent=_percent(mean_error(outcomes.transactions)),
                duration_off_percent=_percent(mean_error(outcomes.duration_s)),
                learns_from=lessons.api_calls.imports if lessons.api_calls is not None else 0,
                rows=rows_path("imports", span, connection_id=ids[0], completed="true"),
            )
        )
    return found


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)
