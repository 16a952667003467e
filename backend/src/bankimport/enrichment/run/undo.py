"""Undo an enrichment: each row gets its earlier values back, unless it was changed since."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.enrichment.errors import EnrichmentNotPossibleNow
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.run.attempt import locked_job
from bankimport.enrichment.run.events import EnrichmentJobUndone, append_event, counts
from bankimport.enrichment.run.jobs import job_of
from bankimport.realtime.publish import notify_user
from bankimport.transactions.models import ChangeKind, TransactionChange
from bankimport.transactions.repository import Change, begin_writing, insert_changes, locked_transactions

UNDOABLE = (EnrichmentStatus.COMPLETED, EnrichmentStatus.CANCELLED, EnrichmentStatus.FAILED)
_PAGE = 1000


def undo_job(session: Session, user_id: int, job_id: int) -> tuple[EnrichmentJob, int, int]:
    """Restore the rows that an ended enrichment changed.

    Rules, corrections and cached answers stay, so the next enrichment may set the same values again. A row that its
    user or another enrichment changed since stays as it is.

    Returns:
        The job, how many rows were restored, and how many stay as they are.

    Raises:
        EnrichmentJobNotFound: no such job, or not this user's.
        EnrichmentNotPossibleNow: it has not ended, or was already undone.
    """
    job_of(session, user_id, job_id)
    job = locked_job(session, job_id)
    assert job is not None
    if job.job_status not in UNDOABLE:
        raise EnrichmentNotPossibleNow(f"enrichment {job_id} is {job.job_status.value}; cancel it, then undo it")
    if job.undone_at is not None:
        raise EnrichmentNotPossibleNow(f"enrichment {job_id} was already undone")
    begin_writing(session, user_id)
    restored = unchanged = 0
    below: int | None = None
    while page := _changes_of(session, job_id, below):
        below = page[-1].id
        rows = locked_transactions(session, sorted({change.transaction_id for change in page}))
        undone: list[Change] = []
        for change in page:
            row = rows.get(change.transaction_id)
            is_as_left = row is not None and all(getattr(row, name) == value for name, value in change.after.items())
            if row is None or not is_as_left:
                unchanged += 1
                continue
            for name, value in change.before.items():
                setattr(row, name, value)
            undone.append((row.id, None, ChangeKind.ENRICHMENT_UNDONE.value, change.after, change.before))
            restored += 1
        session.flush()
        insert_changes(session, undone)
        session.expunge_all()
    job = job_of(session, user_id, job_id)
    job.undone_at = utc_now()
    session.flush()
    append_event(session, job, EnrichmentJobUndone(**counts(job), rows_back=restored, changed_since=unchanged))
    notify_user(session, user_id, "transactions")
    return job, restored, unchanged


def _changes_of(session: Session, job_id: int, below: int | None) -> list[TransactionChange]:
    statement = select(TransactionChange).where(
        TransactionChange.enrichment_job_id == job_id, TransactionChange.kind == ChangeKind.ENRICHED
    )
    if below is not None:
        statement = statement.where(TransactionChange.id < below)
    return list(session.scalars(statement.order_by(TransactionChange.id.desc()).limit(_PAGE)))
