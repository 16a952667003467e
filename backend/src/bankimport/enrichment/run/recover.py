"""Take enrichment jobs back from crashed workers, and send jobs that are due or whose message was lost."""

from datetime import timedelta

from sqlalchemy import or_, select

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.run.attempt import release
from bankimport.enrichment.run.due import is_due
from bankimport.enrichment.run.events import EnrichmentJobQueued, EnrichmentWorkerLost, append_event, counts
from bankimport.enrichment.run.run import MOST_LOSSES
from bankimport.queue import Task, enqueue

RESEND_AFTER = timedelta(seconds=10)
MOST_AT_ONCE = 100


def recover_enrichment() -> list[int]:
    """Send a task for every job that can be worked on; returns their ids. Running it twice is harmless."""
    now = utc_now()
    e = EnrichmentJob
    with session_scope() as session:
        dead = session.scalars(
            select(e)
            .where(e.job_status == EnrichmentStatus.RUNNING, e.lease_expires_at < now)
            .limit(MOST_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        for job in dead:
            job.losses += 1
            if job.losses >= MOST_LOSSES:
                release(job, EnrichmentStatus.FAILED, "its worker crashed repeatedly; check the workers' logs")
            else:
                release(job, EnrichmentStatus.QUEUED, "its worker sent no heartbeat; it resumes where it stopped")
                job.next_attempt_at = now
            append_event(session, job, EnrichmentWorkerLost(**counts(job), message=job.error_message))
        rested = session.scalars(
            select(e)
            .where(e.job_status == EnrichmentStatus.STOPPED, e.next_attempt_at <= now, e.undone_at.is_(None))
            .limit(MOST_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        for job in rested:
            release(job, EnrichmentStatus.QUEUED)
            message = "the month's cap has started over"
            append_event(session, job, EnrichmentJobQueued(**counts(job), message=message))
        session.flush()
        due = list(
            session.scalars(
                select(e)
                .where(is_due(now), or_(e.queued_at.is_(None), e.queued_at < now - RESEND_AFTER))
                .order_by(e.id)
                .limit(MOST_AT_ONCE)
                .with_for_update(skip_locked=True)
            )
        )
        for job in due:
            job.queued_at = now
            enqueue(session, Task.RUN_ENRICHMENT, job_id=job.id)
        return [job.id for job in due]
