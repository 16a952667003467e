"""Read from TrueLayer's answer when a consent began and ends; pure.

TrueLayer leaves dates out, writes year 1 for "never" and year 9999 for "no end", and has sent other forms too.
An impossible date counts as unknown.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bankimport.truelayer.schemas import Me

CONSENT_LIFETIME = timedelta(days=90)
"""Assumed if the bank does not report an end. Source: docs.truelayer.com, "Connections"."""

LONGEST_CONSENT = timedelta(days=5 * 366)
LONGEST_AGE = timedelta(days=5 * 366)
CLOCK_SKEW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ConsentDates:
    """When a consent began and ends; `is_end_assumed`: nobody reported when it ends."""

    created_at: datetime
    expires_at: datetime
    is_end_assumed: bool


def consent_dates(me: Me | None, authorised_at: datetime) -> ConsentDates:
    """The dates of a working consent given at `authorised_at`; `me` is None if TrueLayer has not described it yet."""
    created_at = _moment(me.consent_created_at) if me is not None else None
    if created_at is None or not authorised_at - LONGEST_AGE < created_at < authorised_at + CLOCK_SKEW:
        created_at = authorised_at
    expires_at = _moment(me.consent_expires_at) if me is not None else None
    if expires_at is None or not authorised_at < expires_at < authorised_at + LONGEST_CONSENT:
        return ConsentDates(created_at, max(created_at, authorised_at) + CONSENT_LIFETIME, is_end_assumed=True)
    return ConsentDates(created_at, expires_at, is_end_assumed=False)


def _moment(text: str | None) -> datetime | None:
    """The instant, in UTC if it has no zone. None if it is invalid, or too near an end of the calendar."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1970 <= moment.year < 9000:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
