"""The overview over HTTP."""

from fastapi import APIRouter

from bankimport.auth import CurrentUser
from bankimport.clock import utc_now
from bankimport.db.request import SessionDep
from bankimport.overview import overview
from bankimport.overview.schemas import OverviewCounts, OverviewRead

router = APIRouter(prefix="/api/overview", tags=["overview"])


@router.get("")
def read_overview(session: SessionDep, user: CurrentUser) -> OverviewRead:
    """What is up to date, what needs the user, what runs, and what it costs."""
    return overview.overview_read(session, user.id, utc_now())


@router.get("/counts")
def read_counts(session: SessionDep, user: CurrentUser) -> OverviewCounts:
    """What waits for the user."""
    return overview.counts_read(session, user.id, utc_now())
