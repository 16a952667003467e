"""Costs over HTTP: the report, and the rows behind every figure of it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from bankimport.auth import CurrentUser
from bankimport.clock import utc_now, utc_today
from bankimport.costs import report, rows
from bankimport.costs.grouping import GroupBy
from bankimport.costs.schemas import CallRows, ConnectionMonthRows, CostsRead, ImportRows
from bankimport.db.session import SessionDep

router = APIRouter(prefix="/api/truelayer/analytics/costs", tags=["costs"])

From = Annotated[date | None, Query(alias="from", description="first day, UTC; the first of the month when left out")]
To = Annotated[date | None, Query(description="last day, inclusive; today when left out")]
Connection = Annotated[int | None, Query(description="of this connection only")]
Job = Annotated[int | None, Query(ge=0, description="of this import only; 0: what no import did")]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("")
def read_costs(
    session: SessionDep,
    user: CurrentUser,
    first: From = None,
    to: To = None,
    group_by: GroupBy = GroupBy.IMPORT,
) -> CostsRead:
    """Calls, imports and money, planned against actual; each figure names the path of the rows behind it."""
    span = report.checked_span(first, to, utc_today())
    return report.costs_read(session, user.id, span, group_by, utc_now())


@router.get("/calls")
def read_calls(
    session: SessionDep,
    user: CurrentUser,
    first: From = None,
    to: To = None,
    connection_id: Connection = None,
    job_id: Job = None,
    limit: Limit = 100,
    cursor: str | None = None,
) -> CallRows:
    """The calls behind a figure, newest first."""
    span = report.checked_span(first, to, utc_today())
    return rows.call_rows(
        session, user.id, span, connection_id=connection_id, job_id=job_id, limit=limit, cursor=cursor
    )


@router.get("/connection-months")
def read_connection_months(
    session: SessionDep,
    user: CurrentUser,
    first: From = None,
    to: To = None,
    connection_id: Connection = None,
    job_id: Job = None,
) -> ConnectionMonthRows:
    """The months of connections behind a figure, newest first."""
    span = report.checked_span(first, to, utc_today())
    return rows.connection_month_rows(session, user.id, span, connection_id=connection_id, job_id=job_id)


@router.get("/imports")
def read_imports(
    session: SessionDep,
    user: CurrentUser,
    first: From = None,
    to: To = None,
    connection_id: Connection = None,
    job_id: Job = None,
    limit: Limit = 100,
    cursor: str | None = None,
) -> ImportRows:
    """The imports behind a figure, newest first."""
    span = report.checked_span(first, to, utc_today())
    return rows.import_rows(
        session, user.id, span, connection_id=connection_id, job_id=job_id, limit=limit, cursor=cursor
    )
