"""Announce a change once it is committed; receivers then read the database.

Messages are hints, and losing all of them loses no data: watchers of a job also check every few seconds, and the page
reloads its data when it reconnects. Sending never waits and never fails: see `outbox`.
"""

from typing import Any

from sqlalchemy.orm import Session

from bankimport.db.session import after_commit
from bankimport.realtime.outbox import outbox

JOB_CHANGED = "job_changed"
"""Sent between our processes, never to clients: a job has new events."""

CREDENTIALS_ENDED = "credentials_ended"
"""Sent between our processes and never to clients: a session or token of a user was ended."""

IMPORT_JOB = "import_job"
ENRICHMENT_JOB = "enrichment_job"
"""The kinds of jobs that sockets can follow, with `subscribe_…` and `unsubscribe_…`."""

USER_CHANGED = "user_changed"


def user_room(user_id: int) -> str:
    """The room of all of a user's sockets."""
    return f"user:{user_id}"


def hint_job(session: Session, kind: str, job_id: int) -> None:
    """Make followers of this job read its new events."""
    _after_commit(session, f"{kind}:{job_id}", JOB_CHANGED, {"kind": kind, "job_id": job_id}, None)


def hint_credentials_ended(session: Session, user_id: int) -> None:
    """Let sockets of this user that were opened with what has ended be closed at once."""
    _after_commit(session, f"credentials:{user_id}", CREDENTIALS_ENDED, {"user_id": user_id}, None)


def notify_user(session: Session, user_id: int, topic: str, **ids: int | str) -> None:
    """Announce to the user's pages that what they show of `topic` is outdated.

    Args:
        topic: a word that pages listen for: imports, transactions, enrichment, schedules, notifications, …
        ids: what exactly changed, if that helps; plain values only.
    """
    key = f"user:{user_id}:{topic}:{sorted(ids.items())}"
    _after_commit(session, key, USER_CHANGED, {"topic": topic, **ids}, user_room(user_id))


def _after_commit(session: Session, key: str, event: str, payload: dict[str, Any], room: str | None) -> None:
    after_commit(session, lambda: outbox().put(key, event, payload, room))
