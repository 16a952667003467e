"""The audit log: what users did that may matter later."""

from sqlalchemy.orm import Session

from bankimport.users.models import AuditEntry


def record(session: Session, user_id: int | None, action: str, **details: object) -> None:
    """Write an entry to the audit log; `details` are ids and names, never secrets."""
    session.add(AuditEntry(user_id=user_id, action=action, details=details))
