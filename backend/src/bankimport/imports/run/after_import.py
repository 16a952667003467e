"""Enrich what an import stored, and record when enrichment pauses or ends; the import itself has already ended."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment.models import ACTIVE_STATUSES, EnrichmentJob
from bankimport.enrichment.run import jobs
from bankimport.imports import repository
from bankimport.imports.events import EVENTS, EnrichmentEnded, EnrichmentScheduled, EnrichmentStarted
from bankimport.imports.models import ImportJob, JobStatus

_MOST_AT_ONCE = 500


def begin_enriching(session: Session, job: ImportJob) -> None:
    """Create the enrichment of an ended job, whose row is locked; a completed job is shown as `enriching` from now on.

    With `enrich_at`, the enrichment waits for that time, and the job is shown as `enriching` only then.
    """
    is_later = job.enrich_at is not None and job.enrich_at > utc_now()
    made = jobs.enrich_import(session, job.user_id, job.id, enrich_at=job.enrich_at if is_later else None)
    if made is None:
        return
    job.enrichment_job_id = made.id
    if made.enrich_at is not None:
        event = EnrichmentScheduled(enrichment_job_id=made.id, enrich_at=made.enrich_at)
        EVENTS.append(session, job.id, event)
        return
    _show(session, job, made)


def show_again(session: Session, job: ImportJob, revived: Sequence[EnrichmentJob]) -> None:
    """Show a redone job, whose row is locked, as before its undo: `enriching` while a revived enrichment is active."""
    for made in revived:
        if made.enrich_at is None or made.enrich_at <= utc_now():
            _show(session, job, made)


def show_due() -> int:
    """Show completed jobs as `enriching` once the time of their enrichment has come; returns how many."""
    e = EnrichmentJob
    is_waited_for = (
        e.job_status.in_(ACTIVE_STATUSES),
        e.enrich_at <= utc_now(),
        ImportJob.enriching_since.is_(None),
        ImportJob.job_status == JobStatus.COMPLETED,
    )
    with session_scope() as session:
        ids = session.scalars(
            select(ImportJob.id).join(e, e.import_job_id == ImportJob.id).where(*is_waited_for).distinct()
        ).all()
    for job_id in ids:
        with session_scope() as session:
            # Lock the import before its enrichment, as the code that stops both does.
            job = repository.locked_job(session, job_id)
            made = session.scalars(
                select(e).join(ImportJob, e.import_job_id == ImportJob.id).where(ImportJob.id == job_id, *is_waited_for)
            ).first()
            if made is not None:
                _show(session, job, made)
    return len(ids)


def settle_enriching() -> int:
    """Show jobs as completed that nothing enriches any more; returns how many.

    It does not matter why enrichment stopped: it ended, failed, was paused, reached a cap, or was deleted.
    """
    active = exists().where(EnrichmentJob.import_job_id == ImportJob.id, EnrichmentJob.job_status.in_(ACTIVE_STATUSES))
    with session_scope() as session:
        ids = session.scalars(
            select(ImportJob.id).where(ImportJob.enriching_since.is_not(None), ~active).limit(_MOST_AT_ONCE)
        ).all()
    for job_id in ids:
        with session_scope() as session:
            job = repository.locked_job(session, job_id)
            if job.enriching_since is not None:
                _settle(session, job)
    return len(ids)


def stop_enriching(session: Session, job: ImportJob, *, is_undone: bool = False) -> None:
    """Cancel the enrichment of the rows of a job, whose row is locked; what was written stays.

    `is_undone` records that an undo of the job was the reason, so that a redo can revive it.
    """
    jobs.cancel_jobs_of_import(session, job.id, is_undone=is_undone)
    if job.enriching_since is not None:
        _settle(session, job)


def _show(session: Session, job: ImportJob, made: EnrichmentJob) -> None:
    if job.job_status is JobStatus.COMPLETED:
        job.enriching_since = utc_now()
    session.flush()
    EVENTS.append(session, job.id, EnrichmentStarted(enrichment_job_id=made.id))


def _settle(session: Session, job: ImportJob) -> None:
    job.enriching_since = None
    session.flush()
    last = session.scalars(
        select(EnrichmentJob)
        .where(EnrichmentJob.import_job_id == job.id)
        .order_by(EnrichmentJob.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
    event = EnrichmentEnded(
        enrichment_job_id=last.id if last is not None else None,
        enrichment_status=last.job_status if last is not None else None,
        status=job.shown_status,
    )
    EVENTS.append(session, job.id, event)
