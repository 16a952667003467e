"""A worker's lease on an enrichment job: its writes count only while its attempt is the newest and not stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.run.due import is_due
from bankimport.enrichment.run.events import EnrichmentAttemptStarted, append_event, counts
from bankimport.settings import get_settings


class AttemptLost(Exception):
    """The job was paused or cancelled, or another worker took over."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One worker's attempt at a job."""

    job_id: int
    user_id: int
    number: int


def begin(session: Session, job_id: int, worker: str) -> Attempt | None:
    """Take a due job; None if it is not due or another worker has it."""
    now = utc_now()
    job = session.scalars(
        select(EnrichmentJob)
        .where(
            EnrichmentJob.id == job_id,
            is_due(now),
        )
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if job is None:
        return None
    job.job_status = EnrichmentStatus.RUNNING
    job.attempt_number += 1
    job.worker = worker
    job.started_at = job.started_at or now
    job.next_attempt_at = None
    job.error_message = None
    job.lease_expires_at = now + timedelta(seconds=get_settings().lease_seconds)
    append_event(session, job, EnrichmentAttemptStarted(**counts(job), attempt=job.attempt_number))
    return Attempt(job.id, job.user_id, job.attempt_number)


def keep_lease(session: Session, attempt: Attempt, *, lease: timedelta | None = None) -> EnrichmentJob:
    """The job, locked until the transaction ends, with its lease renewed.

    Raises:
        AttemptLost: it no longer belongs to this attempt.
    """
    job = locked_job(session, attempt.job_id)
    if job is None or job.attempt_number != attempt.number or job.job_status is not EnrichmentStatus.RUNNING:
        raise AttemptLost
    job.lease_expires_at = utc_now() + (lease or timedelta(seconds=get_settings().lease_seconds))
    session.flush()
    return job


@contextmanager
def writing(attempt: Attempt, *, lease: timedelta | None = None) -> Iterator[tuple[Session, EnrichmentJob]]:
    """One database transaction of this attempt: it renews the lease first and keeps the job locked until the end.

    Raises:
        AttemptLost: the job no longer belongs to this attempt; nothing is written.
    """
    with session_scope() as session:
        yield session, keep_lease(session, attempt, lease=lease)


def locked_job(session: Session, job_id: int) -> EnrichmentJob | None:
    """A job, locked until the transaction ends."""
    return session.scalars(
        select(EnrichmentJob)
        .where(EnrichmentJob.id == job_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def release(job: EnrichmentJob, status: EnrichmentStatus, message: str | None = None) -> None:
    """Put a locked job into a state in which no worker has it."""
    job.job_status = status
    job.error_message = message
    job.lease_expires_at = job.worker = job.queued_at = job.next_attempt_at = None
    is_over = status in (EnrichmentStatus.COMPLETED, EnrichmentStatus.FAILED, EnrichmentStatus.CANCELLED)
    job.completed_at = utc_now() if is_over else None
