"""Costs over HTTP: the report, and the rows behind each of its figures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from bankimport.auth import CurrentUser
from bankimport.clock import utc_now, utc_today
from bankimport.costs import report, rows
from bankimport.costs.charges import charge_rows
from bankimport.costs.grouping import GroupBy
from bankimport.costs.rows import RowsFilter
from bankimport.costs.schemas import (
    CallRows,
    ChargeRows,
    ConnectionMonthRows,
    CostsRead,
    EnrichmentRows,
    ImportRows,
    LlmCallRows,
)
from bankimport.days import Day
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.paging import Cursor

router = APIRouter(prefix="/api/truelayer/analytics/costs", tags=["costs"])

From = Annotated[Day | None, Query(alias="from", description="first day, UTC; default: the first of this month")]
To = Annotated[Day | None, Query(description="last day, inclusive; default: today")]


def filter_of_rows(
    first: From = None,
    to: To = None,
    connection_id: Annotated[
        Id | None, Query(description="only of this connection; 0: of no particular connection")
    ] = None,
    job_id: Annotated[Id | None, Query(description="only of this import; 0: outside any import")] = None,
    connection_below: Annotated[Id | None, Query(description="only of connections with smaller ids")] = None,
    job_below: Annotated[Id | None, Query(description="only of imports with smaller ids")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Cursor = None,
) -> RowsFilter:
    """The query's filter for the rows behind a figure.

    Raises:
        InvalidRequest: the days are invalid.
    """
    span = report.checked_span(first, to, utc_today())
    return RowsFilter(
        span,
        connection_id=connection_id,
        job_id=job_id,
        connection_below=connection_below,
        job_below=job_below,
        limit=limit,
        cursor=cursor,
    )


FilterOfRows = Annotated[RowsFilter, Depends(filter_of_rows)]


@router.get("")
def read_costs(
    session: SessionDep,
    user: CurrentUser,
    first: From = None,
    to: To = None,
    group_by: GroupBy = GroupBy.IMPORT,
) -> CostsRead:
    """Calls, imports, models and money, planned against actual; each figure has the path of the rows behind it."""
    span = report.checked_span(first, to, utc_today())
    return report.costs_read(session, user.id, span, group_by, utc_now())


@router.get("/calls")
def read_calls(session: SessionDep, user: CurrentUser, filters: FilterOfRows) -> CallRows:
    """The bank calls behind a figure, newest first."""
    return rows.call_rows(session, user.id, filters)


@router.get("/charges")
def read_charges(session: SessionDep, user: CurrentUser, filters: FilterOfRows) -> ChargeRows:
    """Everything that was paid for, newest first: connection months, bank calls with a price, model calls."""
    return charge_rows(session, user.id, filters)


@router.get("/connection-months")
def read_connection_months(session: SessionDep, user: CurrentUser, filters: FilterOfRows) -> ConnectionMonthRows:
    """The connection months behind a figure, newest first."""
    return rows.connection_month_rows(session, user.id, filters)


@router.get("/imports")
def read_imports(
    session: SessionDep,
    user: CurrentUser,
    filters: FilterOfRows,
    completed: Annotated[
        bool, Query(description="only imports that succeeded in these days, which estimates are based on")
    ] = False,
) -> ImportRows:
    """The imports behind a figure, newest first."""
    return rows.import_rows(session, user.id, filters, only_completed=completed)


@router.get("/llm-calls")
def read_llm_calls(
    session: SessionDep,
    user: CurrentUser,
    filters: FilterOfRows,
    model: Annotated[str | None, Query(max_length=200)] = None,
    currency: Annotated[
        str | None, Query(pattern="^([A-Z]{3}|unknown)$", description="paid in this currency; `unknown`: unknown price")
    ] = None,
    failed: Annotated[bool, Query(description="only requests without a usable answer")] = False,
) -> LlmCallRows:
    """The model requests behind a figure, newest first."""
    return rows.llm_call_rows(session, user.id, filters, model=model, currency=currency, only_failed=failed)


@router.get("/enrichments")
def read_enrichments(session: SessionDep, user: CurrentUser, filters: FilterOfRows) -> EnrichmentRows:
    """The enrichments that found answers in the cache, newest first."""
    return rows.enrichment_rows(session, user.id, filters)
