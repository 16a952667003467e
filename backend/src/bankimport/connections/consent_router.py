"""The consent clock over HTTP: how long consents last, and the calendar of their ends."""

from fastapi import APIRouter, Response

from bankimport.auth import CurrentUser
from bankimport.clock import utc_now
from bankimport.connections.consent import feed
from bankimport.connections.overview import consents_read
from bankimport.connections.schemas import CalendarRead, ConsentList
from bankimport.db.acting import for_everyone
from bankimport.db.request import SessionDep

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])
feed_router = APIRouter(prefix="/api/calendar", tags=["connections"])


@router.get("/consents")
def list_consents(session: SessionDep, user: CurrentUser) -> ConsentList:
    """How long each consent lasts, the one that ends first at the top, and the warnings sent."""
    return consents_read(session, user.id, utc_now())


@router.get("/calendar")
def read_calendar(session: SessionDep, user: CurrentUser) -> CalendarRead:
    """The secret address of the user's calendar of consents."""
    address = feed.feed_address(session, user.id)
    return CalendarRead(url=address.url, created_at=address.created_at)


@router.post("/calendar/renew")
def renew_calendar(session: SessionDep, user: CurrentUser) -> CalendarRead:
    """Replace the address; the old one stops working at once."""
    address = feed.feed_address(session, user.id, renew=True)
    return CalendarRead(url=address.url, created_at=address.created_at)


@feed_router.get("/{token}.ics", include_in_schema=False)
def read_feed(token: str, session: SessionDep) -> Response:
    """The calendar. Calendar programs cannot sign in, so the address itself is the secret."""
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="bank-consents.ics"'}
    with for_everyone():
        calendar = feed.feed_bytes(session, token)
    return Response(calendar, media_type="text/calendar; charset=utf-8", headers=headers)
