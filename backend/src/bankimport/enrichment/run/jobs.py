"""Create enrichment jobs, and pause, resume and cancel them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.enrichment.errors import EnrichmentJobNotFound, EnrichmentNotPossibleNow
from bankimport.enrichment.model.client import chosen_model
from bankimport.enrichment.models import ACTIVE_STATUSES, EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.run.attempt import locked_job, release
from bankimport.enrichment.run.events import (
    EVENTS,
    EnrichmentJobCancelled,
    EnrichmentJobCreated,
    EnrichmentJobPaused,
    EnrichmentJobQueued,
    append_event,
    counts,
)
from bankimport.enrichment.run.pages import scope_of
from bankimport.errors import InvalidRequest
from bankimport.money import Money, parse_money
from bankimport.queue import Task, enqueue
from bankimport.settings import get_settings
from bankimport.transactions.edits import TransactionNotFound
from bankimport.transactions.models import Transaction


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a new job covers: given rows, an import's rows, or all. `is_refresh` replaces answers of other models.

    `rule_id`: the given rows match that rule, and the job applies it to them.
    """

    transaction_ids: Sequence[int] = ()
    import_job_id: int | None = None
    uses_model: bool = True
    is_refresh: bool = False
    enrich_at: datetime | None = None
    cap: Money | None = None
    rule_id: int | None = None


def create_job(session: Session, user_id: int, new_job: NewJob) -> EnrichmentJob:
    """Create a job and send it; with `enrich_at` it waits until then.

    Raises:
        TransactionNotFound: a row is not this user's.
        InvalidRequest: the user has no rows of the import.
        SettingsInvalid: the configured model cannot be used.
    """
    job = draft(session, user_id, new_job)
    _check_has_rows(job)
    session.add(job)
    session.flush()
    append_event(session, job, EnrichmentJobCreated(**counts(job)))
    enqueue(session, Task.RUN_ENRICHMENT, job_id=job.id)
    return job


def enrich_import(
    session: Session, user_id: int, import_job_id: int, *, enrich_at: datetime | None = None
) -> EnrichmentJob | None:
    """Create the job that enriches what an import stored since the last such job; None if there is nothing."""
    e = EnrichmentJob
    seen = session.scalar(select(func.max(e.last_id)).where(e.import_job_id == import_job_id)) or 0
    # A wrong setting must not roll back a correct import: the job reports the setting when it runs.
    job = draft(
        session, user_id, NewJob(import_job_id=import_job_id, uses_model=False, enrich_at=enrich_at), after=seen
    )
    if not job.total_transactions:
        return None
    job.uses_model = True
    session.add(job)
    session.flush()
    append_event(session, job, EnrichmentJobCreated(**counts(job)))
    enqueue(session, Task.RUN_ENRICHMENT, job_id=job.id)
    return job


def cancel_jobs_of_import(session: Session, import_job_id: int, *, is_undone: bool) -> None:
    """Cancel the active jobs that enrich an import's rows; what they wrote stays.

    If the import `is_undone`, `revive_jobs_of_import` brings them back.
    """
    e = EnrichmentJob
    statement = select(e.id).where(e.import_job_id == import_job_id, e.job_status.in_(ACTIVE_STATUSES)).order_by(e.id)
    for job_id in session.scalars(statement).all():
        job = locked_job(session, job_id)
        if job is not None and job.job_status in ACTIVE_STATUSES:
            release(job, EnrichmentStatus.CANCELLED)
            reason: Literal["import_undone"] | None = "import_undone" if is_undone else None
            append_event(session, job, EnrichmentJobCancelled(**counts(job), reason=reason))


def revive_jobs_of_import(session: Session, import_job_id: int) -> list[EnrichmentJob]:
    """Resume the jobs that were cancelled only because their import was undone; returns them."""
    e = EnrichmentJob
    cancelled = (
        select(e.id).where(e.import_job_id == import_job_id, e.job_status == EnrichmentStatus.CANCELLED).order_by(e.id)
    )
    revived: list[EnrichmentJob] = []
    for job_id in session.scalars(cancelled).all():
        job = locked_job(session, job_id)
        if job is not None and job.job_status is EnrichmentStatus.CANCELLED and _is_ended_by_undo(session, job):
            release(job, EnrichmentStatus.QUEUED)
            job.next_attempt_at = None
            append_event(session, job, EnrichmentJobQueued(**counts(job)))
            enqueue(session, Task.RUN_ENRICHMENT, job_id=job.id)
            revived.append(job)
    return revived


def _is_ended_by_undo(session: Session, job: EnrichmentJob) -> bool:
    newest = EVENTS.after(session, job.id, job.last_event_id - 1, 1)
    return any(
        isinstance(item.event, EnrichmentJobCancelled) and item.event.reason == "import_undone" for item in newest
    )


def job_of(session: Session, user_id: int, job_id: int) -> EnrichmentJob:
    """One of the user's jobs.

    Raises:
        EnrichmentJobNotFound: no such job, or not this user's.
    """
    job = session.get(EnrichmentJob, job_id)
    if job is None or job.user_id != user_id:
        raise EnrichmentJobNotFound(f"you have no enrichment {job_id}", job_id=job_id)
    return job


def jobs_of(session: Session, user_id: int, *, limit: int, before: int | None = None) -> list[EnrichmentJob]:
    """The user's jobs below this id, newest first."""
    statement = select(EnrichmentJob).where(EnrichmentJob.user_id == user_id)
    if before is not None:
        statement = statement.where(EnrichmentJob.id < before)
    return list(session.scalars(statement.order_by(EnrichmentJob.id.desc()).limit(limit)))


def pause_job(session: Session, user_id: int, job_id: int) -> EnrichmentJob:
    """Pause a job after the call in progress.

    Raises:
        EnrichmentJobNotFound, EnrichmentNotPossibleNow
    """
    return _change_status(session, user_id, job_id, ACTIVE_STATUSES, EnrichmentStatus.PAUSED)


def resume_job(session: Session, user_id: int, job_id: int, cap: Money | None = None) -> EnrichmentJob:
    """Resume a job that was paused, stopped at a cap, or failed; a new cap may be given.

    Raises:
        EnrichmentJobNotFound, EnrichmentNotPossibleNow
    """
    resumable = (EnrichmentStatus.PAUSED, EnrichmentStatus.STOPPED, EnrichmentStatus.FAILED)
    if job_of(session, user_id, job_id).undone_at is not None:
        raise EnrichmentNotPossibleNow(f"enrichment {job_id} was undone; start a new one")
    job = _change_status(session, user_id, job_id, resumable, EnrichmentStatus.QUEUED)
    job.losses = 0
    job.next_attempt_at = utc_now()
    if cap is not None:
        job.cap, job.cap_currency = cap.amount, cap.currency
    session.flush()
    enqueue(session, Task.RUN_ENRICHMENT, job_id=job.id)
    return job


def cancel_job(session: Session, user_id: int, job_id: int) -> EnrichmentJob:
    """Cancel a job; what it wrote stays.

    Raises:
        EnrichmentJobNotFound, EnrichmentNotPossibleNow
    """
    cancellable = (*ACTIVE_STATUSES, EnrichmentStatus.PAUSED, EnrichmentStatus.STOPPED)
    return _change_status(session, user_id, job_id, cancellable, EnrichmentStatus.CANCELLED)


_CHANGED: dict[EnrichmentStatus, type[EnrichmentJobPaused | EnrichmentJobQueued | EnrichmentJobCancelled]] = {
    EnrichmentStatus.PAUSED: EnrichmentJobPaused,
    EnrichmentStatus.QUEUED: EnrichmentJobQueued,
    EnrichmentStatus.CANCELLED: EnrichmentJobCancelled,
}
"""The event for each status that a user can set."""


def _change_status(
    session: Session, user_id: int, job_id: int, allowed: Sequence[EnrichmentStatus], status: EnrichmentStatus
) -> EnrichmentJob:
    job_of(session, user_id, job_id)
    job = locked_job(session, job_id)
    assert job is not None
    if job.job_status not in allowed:
        raise EnrichmentNotPossibleNow(f"enrichment {job_id} is {job.job_status.value}", status=job.job_status.value)
    release(job, status)
    append_event(session, job, _CHANGED[status](**counts(job)))
    return job


def draft(session: Session, user_id: int, new_job: NewJob, *, after: int = 0) -> EnrichmentJob:
    """An unsaved job, with the number of rows it covers above the id `after`.

    Raises:
        TransactionNotFound: a row is not this user's.
        SettingsInvalid: the configured model cannot be used.
    """
    settings = get_settings()
    if new_job.uses_model:
        chosen_model(settings)
    cap = new_job.cap or (parse_money(settings.llm_job_cap) if settings.llm_job_cap else None)
    ids = sorted(set(new_job.transaction_ids))
    job = EnrichmentJob(
        user_id=user_id,
        import_job_id=new_job.import_job_id,
        transaction_ids=ids,
        rule_id=new_job.rule_id,
        job_status=EnrichmentStatus.QUEUED,
        uses_model=new_job.uses_model,
        is_refresh=new_job.is_refresh,
        enrich_at=new_job.enrich_at,
        cap=cap.amount if cap else None,
        cap_currency=cap.currency if cap else None,
        cursor=after,
        last_id=_ANY_ID,
        total_transactions=0,
    )
    live = (*scope_of(job), Transaction.id > after, Transaction.removed_at.is_(None))
    # In one query with the number of rows: PostgreSQL would look for the last id alone among everybody's newest rows.
    job.total_transactions, first, last = session.execute(
        select(func.count(), func.min(Transaction.id), func.max(Transaction.id)).select_from(Transaction).where(*live)
    ).one()
    job.last_id = last or after
    if first is not None:
        # Pages are searched from here on, not through all rows that were stored before.
        job.cursor = first - 1
    if ids and job.total_transactions < len(ids):
        mine = set(session.scalars(select(Transaction.id).where(*live)))
        missing = next(row_id for row_id in ids if row_id not in mine)
        raise TransactionNotFound(f"you have no transaction {missing}", transaction_id=missing)
    return job


_ANY_ID = 2**63 - 1


def _check_has_rows(job: EnrichmentJob) -> None:
    if job.import_job_id is not None and not job.total_transactions:
        raise InvalidRequest(f"you have no transactions of import {job.import_job_id} to enrich")
