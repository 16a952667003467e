"""Read consents as shown to their user."""

from datetime import datetime

from sqlalchemy.orm import Session

from bankimport.connections import repository
from bankimport.connections.consent.clock import clock_of
from bankimport.connections.schemas import ConnectionRead, ConsentList, ConsentRead, WarningRead


def connections_read(session: Session, user_id: int) -> list[ConnectionRead]:
    """The user's connections, oldest first, each with the renewal that is waiting for a decision, if any."""
    waiting = repository.undecided_renewals(session, user_id)
    return [ConnectionRead.of(row, waiting.get(row.id)) for row in repository.connections_of(session, user_id)]


def consents_read(session: Session, user_id: int, now: datetime) -> ConsentList:
    """How long each of the user's consents lasts, the one that ends first at the top, and its warnings."""
    rows = repository.connections_of(session, user_id)
    warnings = repository.consent_warnings_of(session, [row.id for row in rows])
    consents = [
        ConsentRead.of(
            row,
            clock_of(row, now),
            [
                WarningRead(days_before=warning.days_before, warned_at=warning.created_at)
                for warning in warnings
                if warning.connection_id == row.id and warning.ends_at == (row.consent_expires_at or row.authorised_at)
            ],
        )
        for row in rows
    ]
    return ConsentList(consents=sorted(consents, key=lambda item: (item.days_left is None, item.days_left or 0)))
