"""What watchers of an enrichment job are sent: its new events in order, each with how the whole job stands."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.db.session import session_scope, snapshot_scope
from bankimport.enrichment.models import EnrichmentEvent, EnrichmentJob
from bankimport.enrichment.run.events import events_after
from bankimport.enrichment.run.jobs import job_of
from bankimport.enrichment.views import job_read
from bankimport.realtime.folding import folded
from bankimport.realtime.watch import News

FOLDABLE = frozenset({"rows_enriched", "merchants_answered"})
"""Events whose numbers are running totals: the last one says all that the earlier ones said."""


class LiveEnrichments:
    """Enrichment jobs as the Socket.IO server reads them."""

    def read(self, user_id: int, job_id: int, after: int, limit: int, *, newest: bool = False) -> News:
        """As `JobSource.read`.

        Raises:
            EnrichmentJobNotFound: no such job, or not this user's.
        """
        # Of one moment: an event that says more than the job beside it would be shown with numbers of before.
        with snapshot_scope() as session:
            return _read(session, user_id, job_id, after, limit, newest=newest)

    def last_event_id(self, job_id: int) -> int:
        """The number of the job's newest event, 0 for a job that is gone."""
        with session_scope() as session:
            statement = select(EnrichmentJob.last_event_id).where(EnrichmentJob.id == job_id)
            return session.scalars(statement).one_or_none() or 0

    def messages(self, news: News, after: int) -> list[dict[str, Any]]:
        """The folded events above `after`, each with the job as it stands."""
        return [{**message, "job": news.snapshot} for message in folded(news.events, after, FOLDABLE)]


def event_message(event: EnrichmentEvent) -> dict[str, Any]:
    """An event as it goes over the wire; what is in its payload lies beside the rest."""
    return {
        **event.payload,
        "event_id": event.event_id,
        "from_event_id": event.event_id,
        "job_id": event.job_id,
        "type": event.type,
        "created_at": event.created_at.isoformat(),
    }


def _read(session: Session, user_id: int, job_id: int, after: int, limit: int, *, newest: bool) -> News:
    snapshot = job_read(session, job_of(session, user_id, job_id))
    first = max(after, snapshot.last_event_id - limit) if newest else after
    events = events_after(session, job_id, first, limit)
    return News(
        snapshot=snapshot.model_dump(mode="json"),
        events=[event_message(event) for event in events],
        is_cut=first > after,
        # A client may claim to know more than there is; what comes next is news to it all the same.
        last_event_id=events[-1].event_id if events else snapshot.last_event_id,
    )
