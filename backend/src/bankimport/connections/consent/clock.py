"""Report how long a consent lasts, and warn its user 14, 7, 3 and 1 days before its end, and after its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy.orm import Session

from bankimport.connections import repository
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.db.session import session_scope
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify

log = structlog.get_logger(__name__)

DAY = timedelta(days=1)
WARN_DAYS = (14, 7, 3, 1, 0)
"""Whole days before the end at which a warning is sent; 0: it has ended."""


class ConsentState(StrEnum):
    """The state of a consent; `unknown`: the bank did not report when it ends."""

    FINE = "fine"
    ENDING = "ending"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ConsentClock:
    """The state of a consent at a moment. `days_left` are whole days; None if the end is unknown."""

    state: ConsentState
    ends_at: datetime | None
    days_left: int | None


def clock_of(connection: BankConnection, now: datetime) -> ConsentClock:
    """The state of the connection's consent. A consent that the bank ended early has ended, whatever its date."""
    ends_at = connection.consent_expires_at
    if connection.status is not ConnectionStatus.ACTIVE:
        return ConsentClock(ConsentState.ENDED, connection.ended_at or ends_at, 0)
    if ends_at is None or (connection.consent_end_assumed and ends_at <= now):
        return ConsentClock(ConsentState.UNKNOWN, None, None)
    if ends_at <= now:
        return ConsentClock(ConsentState.ENDED, ends_at, 0)
    left = ends_at - now
    is_ending = left <= DAY * WARN_DAYS[0]
    return ConsentClock(ConsentState.ENDING if is_ending else ConsentState.FINE, ends_at, left // DAY)


def due_warning(clock: ConsentClock, now: datetime, warn_days: Sequence[int] = WARN_DAYS) -> int | None:
    """The days of the due warning, or None. After a downtime only the nearest warning is due; older ones are stale."""
    if clock.state is ConsentState.ENDED:
        return 0
    if clock.ends_at is None:
        return None
    left = clock.ends_at - now
    return min((days for days in warn_days if left <= DAY * days), default=None)


def warn_of_consent_ends(now: datetime) -> int:
    """Record every due warning, once per consent and number of days; returns how many are new."""
    with session_scope() as session:
        written = 0
        for connection in repository.live_connections(session):
            clock = clock_of(connection, now)
            days = due_warning(clock, now)
            if days is None:
                continue
            ends_at = connection.consent_expires_at or connection.authorised_at
            if repository.insert_consent_warning(session, connection, ends_at, days):
                log.info("consent.warning", connection_id=connection.id, days=days)
                _notify(session, connection, ends_at, days)
                written += 1
    return written


def _notify(session: Session, connection: BankConnection, ends_at: datetime, days: int) -> None:
    bank = connection.bank_name
    if days:
        title = f"The consent to {bank} ends within {days} day{'' if days == 1 else 's'}"
        body = f"It ends on {ends_at:%Y-%m-%d at %H:%M} UTC. Extend or renew it before then, so that imports continue."
    else:
        title = f"The consent to {bank} has ended"
        body = "Nothing can be imported until you reconnect it; accounts, history and schedules are kept."
    notify(
        session,
        connection.user_id,
        Kind.CONSENT_ENDING,
        f"consent:{connection.id}:{ends_at.isoformat()}:{days}",
        title=title,
        body=body,
        link="/connections",
        data={"connection_id": connection.id, "ends_at": ends_at.isoformat(), "days_before": days},
    )
