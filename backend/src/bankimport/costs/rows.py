"""The rows behind the figures, page by page, newest first; their sums are the figures of the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, undefer

from bankimport.connections.models import BankApiCall
from bankimport.costs.facts import bank_names, imports_of
from bankimport.costs.model_facts import CALLS_WITH_IMPORTS, IS_FAILED, called_in, started_in
from bankimport.costs.report import actual_sum
from bankimport.costs.schemas import (
    CallRow,
    CallRows,
    ConnectionMonthRow,
    ConnectionMonthRows,
    EnrichmentRow,
    EnrichmentRows,
    ImportRow,
    ImportRows,
    LlmCallRow,
    LlmCallRows,
)
from bankimport.costs.spent import UNKNOWN
from bankimport.days import Days
from bankimport.enrichment.model.ledger import priced_calls_by_job
from bankimport.enrichment.models import EnrichmentJob, LlmCall
from bankimport.enrichment.views import call_fields
from bankimport.imports.models import ImportJob
from bankimport.imports.plan.past_imports import completed_jobs
from bankimport.imports.plan.spending import cost_of_jobs, first_reads
from bankimport.paging import id_before
from bankimport.pricing.cost import connection_months_part, enrichment_parts, total
from bankimport.pricing.prices import prices
from bankimport.pricing.schemas import CostRead
from bankimport.settings import get_settings

NONE = 0
"""As `job_id` or `connection_id`: what happened outside any import, or belongs to no connection."""


@dataclass(frozen=True, slots=True)
class RowsFilter:
    """Which rows, and which page of them; a filter that is None selects all.

    `connection_below` and `job_below` select the groups that a report merges: those with smaller ids.
    """

    span: Days
    connection_id: int | None = None
    job_id: int | None = None
    connection_below: int | None = None
    job_below: int | None = None
    limit: int = 100
    cursor: str | None = None


def call_rows(session: Session, user_id: int, filters: RowsFilter) -> CallRows:
    """The calls of the ledger in the span.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    statement = select(BankApiCall).where(
        *bank_call_conditions(user_id, filters), *_below(BankApiCall.id, filters.cursor)
    )
    rows = list(session.scalars(statement.order_by(BankApiCall.id.desc()).limit(filters.limit + 1)))
    names = bank_names(session, user_id)
    return CallRows(
        calls=[
            CallRow(
                id=row.id,
                called_at=row.called_at,
                connection_id=row.connection_id,
                bank=names[row.connection_id],
                account_id=row.account_id,
                job_id=row.job_id,
                endpoint=row.endpoint,
                attended=row.attended,
                in_consent_window=row.in_consent_window,
                status=row.status,
                error_code=row.error_code,
                elapsed_ms=row.elapsed_ms,
            )
            for row in rows[: filters.limit]
        ],
        next_cursor=_next_cursor([row.id for row in rows], filters),
    )


def connection_month_rows(session: Session, user_id: int, filters: RowsFilter) -> ConnectionMonthRows:
    """The connection months that began in the span.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    statement = first_reads(*bank_call_conditions(user_id, filters), *_below(BankApiCall.id, filters.cursor))
    calls = list(session.scalars(statement.order_by(BankApiCall.id.desc()).limit(filters.limit + 1)))
    names = bank_names(session, user_id)
    one = connection_months_part(1, prices(get_settings()))
    return ConnectionMonthRows(
        connection_months=[
            ConnectionMonthRow(
                connection_id=call.connection_id,
                bank=names[call.connection_id],
                month=f"{call.called_at.astimezone(UTC):%Y-%m}",
                begun_at=call.called_at,
                call_id=call.id,
                job_id=call.job_id,
                amount=one.amount,
                currency=one.currency,
            )
            for call in calls[: filters.limit]
        ],
        next_cursor=_next_cursor([call.id for call in calls], filters),
    )


def import_rows(session: Session, user_id: int, filters: RowsFilter, *, only_completed: bool = False) -> ImportRows:
    """The imports that started in the span; or those that succeeded in it, which estimates are based on.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    statement = completed_jobs().order_by(None) if only_completed else select(ImportJob)
    moment = ImportJob.completed_at if only_completed else ImportJob.started_at
    statement = statement.where(
        ImportJob.user_id == user_id,
        moment >= filters.span.since,
        moment < filters.span.until,
        *_of_groups(ImportJob.connection_id, ImportJob.id, filters),
        *_below(ImportJob.id, filters.cursor),
    )
    statement = statement.order_by(ImportJob.id.desc()).limit(filters.limit + 1).options(undefer(ImportJob.plan))
    jobs = list(session.scalars(statement))
    page = imports_of(session, jobs[: filters.limit])
    costs = cost_of_jobs(session, [item.job_id for item in page])
    names = bank_names(session, user_id)
    return ImportRows(
        imports=[
            ImportRow(
                job_id=item.job_id,
                connection_id=item.connection_id,
                bank=names[item.connection_id],
                status=item.status,
                started_at=item.started_at,
                planned=item.planned,
                actual=actual_sum([item]),
                planned_cost=item.planned_cost,
                cost=CostRead.of(costs[item.job_id]),
            )
            for item in page
        ],
        next_cursor=_next_cursor([job.id for job in jobs], filters),
    )


def llm_call_rows(
    session: Session,
    user_id: int,
    filters: RowsFilter,
    *,
    model: str | None,
    currency: str | None,
    only_failed: bool = False,
) -> LlmCallRows:
    """The model requests in the span; `currency` may be `UNKNOWN`.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    price = [LlmCall.currency.is_(None)] if currency == UNKNOWN else _same(LlmCall.currency, currency)
    statement = model_call_statement(user_id, filters).where(
        *_same(LlmCall.model, model),
        *price,
        *([IS_FAILED] if only_failed else []),
        *_below(LlmCall.id, filters.cursor),
    )
    found = session.execute(statement.order_by(LlmCall.id.desc()).limit(filters.limit + 1)).all()
    return LlmCallRows(
        llm_calls=[
            LlmCallRow(**call_fields(call), job_id=import_job_id) for call, import_job_id in found[: filters.limit]
        ],
        next_cursor=_next_cursor([call.id for call, _ in found], filters),
    )


def enrichment_rows(session: Session, user_id: int, filters: RowsFilter) -> EnrichmentRows:
    """The enrichments that started in the span and found rows in the cache.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    statement = (
        select(EnrichmentJob)
        .outerjoin(ImportJob, ImportJob.id == EnrichmentJob.import_job_id)
        .where(
            *started_in(user_id, filters.span),
            EnrichmentJob.cached_hits > 0,
            *_of_groups(ImportJob.connection_id, EnrichmentJob.import_job_id, filters),
            *_below(EnrichmentJob.id, filters.cursor),
        )
    )
    jobs = list(session.scalars(statement.order_by(EnrichmentJob.id.desc()).limit(filters.limit + 1)))
    calls_by_job = priced_calls_by_job(session, [job.id for job in jobs])
    return EnrichmentRows(
        enrichments=[
            EnrichmentRow(
                enrichment_job_id=job.id,
                job_id=job.import_job_id,
                started_at=job.started_at,
                status=job.job_status,
                transactions=job.processed,
                successful=job.successful,
                from_memory=job.cached_hits,
                llm_calls=sum(item.calls for item in calls_by_job.get(job.id, [])),
                cost=CostRead.of(total(enrichment_parts(calls_by_job.get(job.id, [])))),
            )
            for job in jobs[: filters.limit]
            if job.started_at is not None
        ],
        next_cursor=_next_cursor([job.id for job in jobs], filters),
    )


def model_call_statement(user_id: int, filters: RowsFilter) -> Select[LlmCall, int | None]:
    """The selected model requests, each with the import whose rows it was about; unordered."""
    return (
        select(LlmCall, EnrichmentJob.import_job_id)
        .select_from(CALLS_WITH_IMPORTS)
        .where(
            *called_in(user_id, filters.span),
            *_of_groups(ImportJob.connection_id, EnrichmentJob.import_job_id, filters),
        )
    )


def bank_call_conditions(user_id: int, filters: RowsFilter) -> list[ColumnElement[bool]]:
    """The conditions that select the bank calls."""
    return [
        BankApiCall.user_id == user_id,
        BankApiCall.called_at >= filters.span.since,
        BankApiCall.called_at < filters.span.until,
        *_of_groups(BankApiCall.connection_id, BankApiCall.job_id, filters),
    ]


def _of_groups(
    connection_id: InstrumentedAttribute[Any], job_id: InstrumentedAttribute[Any], filters: RowsFilter
) -> list[ColumnElement[bool]]:
    """The conditions that select rows of the given connections and imports."""
    return [
        *_same_or_none(connection_id, filters.connection_id),
        *_same_or_none(job_id, filters.job_id),
        *([] if filters.connection_below is None else [connection_id < filters.connection_below]),
        *([] if filters.job_below is None else [job_id < filters.job_below]),
    ]


def _same(column: InstrumentedAttribute[Any], value: Any) -> list[ColumnElement[bool]]:
    return [] if value is None else [column == value]


def _same_or_none(column: InstrumentedAttribute[Any], value: int | None) -> list[ColumnElement[bool]]:
    return [column.is_(None)] if value == NONE else _same(column, value)


def _below(column: InstrumentedAttribute[int], cursor: str | None) -> list[ColumnElement[bool]]:
    before = id_before(cursor)
    return [] if before is None else [column < before]


def _next_cursor(ids: Sequence[int], filters: RowsFilter) -> str | None:
    return str(ids[filters.limit - 1]) if len(ids) > filters.limit else None
