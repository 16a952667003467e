"""The audit log: what users did that may matter later."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.users.models import AuditEntry, User


def record(session: Session, user_id: int | None, action: str, **details: object) -> None:
    """Write an entry to the audit log; `details` are ids and names, never secrets."""
    session.add(AuditEntry(user_id=user_id, action=action, details=details))


def entries_before(
    session: Session, user_id: int | None, before_id: int | None, limit: int
) -> list[tuple[AuditEntry, str | None]]:
    """Up to `limit` entries with their users' addresses, newest first, of one user or, with None, of everybody.

    `before_id` is exclusive; None begins with the newest entry. An entry of the installation itself, or of a user who
    was deleted, has no address.
    """
    statement = select(AuditEntry, User.email).outerjoin(User, User.id == AuditEntry.user_id)
    if user_id is not None:
        statement = statement.where(AuditEntry.user_id == user_id)
    if before_id is not None:
        statement = statement.where(AuditEntry.id < before_id)
    found = session.execute(statement.order_by(AuditEntry.id.desc()).limit(limit))
    return [(entry, email) for entry, email in found]
