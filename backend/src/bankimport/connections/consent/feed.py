"""A calendar of a user's consents for their calendar program, at a secret address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections import repository
from bankimport.connections.consent.clock import WARN_DAYS, clock_of
from bankimport.connections.errors import FeedNotFound
from bankimport.connections.models import BankConnection
from bankimport.secrets import decrypt, encrypt, new_token, token_hash
from bankimport.settings import get_settings
from bankimport.users.record import record

READ_AGAIN_AFTER = timedelta(hours=12)
LAST_YEAR = 9000
"""Later dates mean "no end", and calendar programs cannot handle them."""


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """The feed's address, and since when it has been valid."""

    url: str
    created_at: datetime


def feed_address(session: Session, user_id: int, *, renew: bool = False) -> FeedAddress:
    """The address of the user's feed, created if there is none yet; `renew` replaces it with a new one.

    The address is a secret: anyone who knows it can read when each consent ends.
    """
    feed = repository.feed_of_user(session, user_id)
    if feed is None or renew:
        token = new_token("feed")
        feed = repository.put_feed(session, user_id, token_hash(token), encrypt(token), utc_now())
        record(session, user_id, "calendar.renewed" if renew else "calendar.made")
    token = decrypt(feed.token_encrypted)
    return FeedAddress(f"{get_settings().browser_url}/api/calendar/{token}.ics", feed.created_at)


def feed_bytes(session: Session, token: str) -> bytes:
    """The calendar at an address. It contains names of banks and days, and no token, number or amount.

    Raises:
        FeedNotFound: no such address, or it was replaced.
    """
    feed = repository.feed_by_hash(session, token_hash(token))
    if feed is None:
        raise FeedNotFound("there is no such calendar; its address may have been replaced")
    return calendar_of(repository.connections_of(session, feed.user_id), get_settings().browser_url, utc_now())


def calendar_of(connections: list[BankConnection], page_url: str, now: datetime) -> bytes:
    """The ends of these consents as events with alarms, in RFC 5545's format; unknown ends are only counted."""
    calendar = Calendar()
    calendar.add("prodid", "-//bankimport//consents//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Bank consents")
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"value": "DURATION"})
    unknown = 0
    for connection in connections:
        ends_at = clock_of(connection, now).ends_at
        if ends_at is None or ends_at.year > LAST_YEAR:
            unknown += 1
        else:
            calendar.add_component(_event(connection, ends_at, page_url, now))
    if unknown:
        counted = "1 consent is" if unknown == 1 else f"{unknown} consents are"
        calendar.add("x-wr-caldesc", f"{counted} left out: the bank does not report when it ends.")
    content: bytes = calendar.to_ical()
    return content


def _event(connection: BankConnection, ends_at: datetime, page_url: str, now: datetime) -> Event:
    verb = "probably ends" if connection.consent_end_assumed else "ends"
    summary = f"Consent to {connection.bank_name} {verb}"
    event = Event()
    event.add("uid", f"consent-{connection.id}@bankimport")
    event.add("dtstamp", now)
    event.add("last-modified", connection.authorised_at)
    event.add("dtstart", ends_at)
    event.add("dtend", ends_at + timedelta(minutes=30))
    event.add("summary", summary)
    event.add("description", f"Imports stop then. Renew it before then: {page_url}/connections")
    event.add("url", f"{page_url}/connections")
    event.add("transp", "TRANSPARENT")
    for days in WARN_DAYS:
        if days:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", f"{summary} in {days} day{'' if days == 1 else 's'}")
            alarm.add("trigger", -timedelta(days=days))
            event.add_component(alarm)
    return event
