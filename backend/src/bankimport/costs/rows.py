"""The rows behind the figures, page by page, newest first; what they add up to is what the report says."""

from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bankimport.connections.models import BankApiCall
from bankimport.connections.prices import prices
from bankimport.costs.facts import Span, bank_names, imports_of
from bankimport.costs.report import actual_sum, planned_sum
from bankimport.costs.schemas import (
    CallRow,
    CallRows,
    ConnectionMonthRow,
    ConnectionMonthRows,
    ImportRow,
    ImportRows,
)
from bankimport.errors import InvalidRequest
from bankimport.imports.cost import connection_months_part
from bankimport.imports.cost_schemas import CostRead
from bankimport.imports.models import ImportJob
from bankimport.imports.spending import cost_of_jobs, first_reads
from bankimport.settings import get_settings

NO_IMPORT = 0
"""As `job_id`: what no import did."""


def call_rows(
    session: Session,
    user_id: int,
    span: Span,
    *,
    connection_id: int | None,
    job_id: int | None,
    limit: int,
    cursor: str | None,
) -> CallRows:
    """The calls of the ledger in the span.

    Raises:
        InvalidRequest: the cursor is not one of ours.
    """
    statement = select(BankApiCall).where(*_calls_wanted(user_id, span, connection_id, job_id))
    if cursor is not None:
        statement = statement.where(BankApiCall.id < _before(cursor))
    rows = list(session.scalars(statement.order_by(BankApiCall.id.desc()).limit(limit + 1)))
    names = bank_names(session, user_id)
    return CallRows(
        calls=[
            CallRow(
                id=row.id,
                called_at=row.called_at,
                connection_id=row.connection_id,
                bank=names[row.connection_id],
                account_id=str(row.account_id) if row.account_id is not None else None,
                job_id=row.job_id,
                endpoint=row.endpoint,
                attended=row.attended,
                status=row.status,
                error_code=row.error_code,
                elapsed_ms=row.elapsed_ms,
            )
            for row in rows[:limit]
        ],
        next_cursor=str(rows[limit - 1].id) if len(rows) > limit else None,
    )


def connection_month_rows(
    session: Session, user_id: int, span: Span, *, connection_id: int | None, job_id: int | None
) -> ConnectionMonthRows:
    """The months of connections that were begun in the span."""
    statement = first_reads().where(*_calls_wanted(user_id, span, connection_id, job_id))
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
            for call in session.scalars(statement.order_by(BankApiCall.called_at.desc(), BankApiCall.id.desc()))
        ]
    )


def import_rows(
    session: Session,
    user_id: int,
    span: Span,
    *,
    connection_id: int | None,
    job_id: int | None,
    limit: int,
    cursor: str | None,
) -> ImportRows:
    """The imports that were started in the span.

    Raises:
        InvalidRequest: the cursor is not one of ours.
    """
    statement = select(ImportJob).where(
        ImportJob.user_id == user_id,
        ImportJob.started_at >= span.since,
        ImportJob.started_at < span.until,
        *_same(ImportJob.connection_id, connection_id),
        *_same(ImportJob.id, job_id),
    )
    if cursor is not None:
        statement = statement.where(ImportJob.id < _before(cursor))
    jobs = list(session.scalars(statement.order_by(ImportJob.id.desc()).limit(limit + 1)))
    page = imports_of(session, jobs[:limit])
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
                planned=planned_sum([item]),
                actual=actual_sum([item]),
                planned_cost=CostRead.model_validate(item.planned_cost) if item.planned_cost is not None else None,
                cost=CostRead.of(costs[item.job_id]),
            )
            for item in page
        ],
        next_cursor=str(jobs[limit - 1].id) if len(jobs) > limit else None,
    )


def _calls_wanted(user_id: int, span: Span, connection_id: int | None, job_id: int | None) -> list[ColumnElement[bool]]:
    wanted = [
        BankApiCall.user_id == user_id,
        BankApiCall.called_at >= span.since,
        BankApiCall.called_at < span.until,
        *_same(BankApiCall.connection_id, connection_id),
    ]
    if job_id == NO_IMPORT:
        return [*wanted, BankApiCall.job_id.is_(None)]
    return [*wanted, *_same(BankApiCall.job_id, job_id)]


def _same(column: InstrumentedAttribute[Any], value: int | None) -> list[ColumnElement[bool]]:
    return [] if value is None else [column == value]


def _before(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise InvalidRequest("cursor is not one that an earlier page gave")
    return int(cursor)
