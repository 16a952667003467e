"""What watchers of a job are sent: its new events in order, those that only move numbers folded together."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.db.session import session_scope, snapshot_scope
from bankimport.imports import repository
from bankimport.imports.models import ImportEvent, ImportJob
from bankimport.imports.read.status import status_read
from bankimport.realtime.folding import folded
from bankimport.realtime.watch import News

FOLDABLE = frozenset({"batch_stored", "window_completed", "pending_replaced"})
"""Events whose numbers are running totals: a later one of the same account says all that the earlier ones said."""


def read_news(session: Session, user_id: int, job_id: int, after: int, limit: int, *, newest: bool) -> News:
    """The job's snapshot and up to `limit` of its events above `after`: the oldest of them, or the newest.

    Raises:
        ImportNotFound: no such job, or not this user's.
    """
    snapshot = status_read(session, user_id, job_id)
    first = max(after, snapshot.last_event_id - limit) if newest else after
    events = repository.events_after(session, job_id, first, limit)
    return News(
        snapshot=snapshot.model_dump(mode="json"),
        events=[event_message(event) for event in events],
        is_cut=first > after,
        # A client may claim to know more than there is; what comes next is news to it all the same.
        last_event_id=events[-1].event_id if events else snapshot.last_event_id,
    )


def event_message(event: ImportEvent) -> dict[str, Any]:
    """An event as it goes over the wire; what is in its payload lies beside the rest."""
    return {
        **event.payload,
        "event_id": event.event_id,
        "from_event_id": event.event_id,
        "job_id": event.job_id,
        "account_id": str(event.account_id) if event.account_id is not None else None,
        "type": event.type,
        "created_at": event.created_at.isoformat(),
    }


class LiveJobs:
    """Import jobs as the Socket.IO server reads them."""

    def read(self, user_id: int, job_id: int, after: int, limit: int, *, newest: bool = False) -> News:
        """As `JobSource.read`.

        Raises:
            ImportNotFound: no such job, or not this user's.
        """
        # Of one moment: an event that says more than the job beside it would be shown with numbers of before.
        with snapshot_scope() as session:
            return read_news(session, user_id, job_id, after, limit, newest=newest)

    def last_event_id(self, job_id: int) -> int:
        """The number of the job's newest event, 0 for a job that is gone."""
        with session_scope() as session:
            statement = select(ImportJob.last_event_id).where(ImportJob.id == job_id)
            return session.scalars(statement).one_or_none() or 0

    def messages(self, news: News, after: int) -> list[dict[str, Any]]:
        """The folded events above `after`, each with how the whole job stands."""
        job = news.snapshot
        return [
            {
                **message,
                "status": job["status"],
                **job["progress"],
                "total_so_far": job["total_so_far"],
                "estimated_completion": job["estimated_completion"],
            }
            for message in folded(news.events, after, FOLDABLE)
        ]
