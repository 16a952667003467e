"""Have what an import stored enriched, and note when that rests or has ended; the import itself has ended before."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment import jobs
from bankimport.enrichment.models import ACTIVE_STATUSES, EnrichmentJob
from bankimport.imports import repository
from bankimport.imports.models import ImportJob, JobStatus

_MOST_AT_ONCE = 500


def begin_enriching(session: Session, job: ImportJob) -> None:
    """Make the enrichment of an ended job, whose row is locked; a completed job is shown as `enriching` from now on."""
    made = jobs.enrich_import(session, job.user_id, job.id)
    if made is None:
        return
    if job.job_status is JobStatus.COMPLETED:
        job.enriching_since = utc_now()
    session.flush()
    repository.append_event(session, job.id, "enrichment_started", enrichment_job_id=made.id)


def settle_enriching() -> int:
    """Show as completed what nobody is enriching any more; returns how many jobs that were.

    It does not matter how enrichment came to rest: by its end, a failure, a pause, a cap, or by being gone altogether.
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


def stop_enriching(session: Session, job: ImportJob) -> None:
    """Cancel what enriches the rows of a job, whose row is locked; what was written stays."""
    jobs.cancel_jobs_of_import(session, job.id)
    if job.enriching_since is not None:
        _settle(session, job)


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
    repository.append_event(
        session,
        job.id,
        "enrichment_ended",
        enrichment_job_id=last.id if last is not None else None,
        enrichment_status=last.job_status.value if last is not None else None,
        status=job.shown_status.value,
    )
