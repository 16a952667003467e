"""Numbered events of enrichment jobs, as imports have them; whoever follows a job hears of them after commit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.enrichment.models import ACTIVE_STATUSES, EnrichmentEvent, EnrichmentJob
from bankimport.queue import Task, enqueue
from bankimport.realtime.publish import ENRICHMENT_JOB, hint_job, notify_user


def append_event(session: Session, job: EnrichmentJob, event_type: str, **payload: Any) -> None:
    """Append an event to the numbered list of a job whose row this transaction holds; its counts as they stand now.

    When the job of an import begins, rests or has ended, `recover` is sent, which notes it for the import.
    """
    job.last_event_id += 1
    session.add(
        EnrichmentEvent(
            job_id=job.id,
            event_id=job.last_event_id,
            type=event_type,
            payload={"job_status": job.job_status.value, **_counts(job), **payload},
        )
    )
    session.flush()
    hint_job(session, ENRICHMENT_JOB, job.id)
    notify_user(session, job.user_id, "enrichment", job_id=job.id)
    begins_or_rests = event_type == "attempt_started" or job.job_status not in ACTIVE_STATUSES
    if job.import_job_id is not None and begins_or_rests:
        enqueue(session, Task.RECOVER)


def events_after(session: Session, job_id: int, after: int, limit: int) -> Sequence[EnrichmentEvent]:
    """The job's events above `after`, in order."""
    e = EnrichmentEvent
    statement = select(e).where(e.job_id == job_id, e.event_id > after).order_by(e.event_id).limit(limit)
    return session.scalars(statement).all()


def _counts(job: EnrichmentJob) -> dict[str, int]:
    names = ("processed", "total_transactions", "successful", "failed", "cached_hits")
    return {name: getattr(job, name) for name in names}
