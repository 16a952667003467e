"""Look through what ended imports brought for transfers; the database says which are still to be looked through."""

from sqlalchemy import or_, select

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports.models import FINISHED_JOB_STATUSES, ImportJob
from bankimport.transactions.transfers.suggest import amounts_of_job, suggest_transfers

MOST_AT_ONCE = 20


def look_for_transfers(job_id: int | None = None) -> int:
    """Suggest transfers among the amounts of this job if it has ended, or of all that wait; returns how many jobs.

    A worker that dies meanwhile loses nothing: the job waits on. One that is being looked through elsewhere is left.
    """
    statement = (
        select(ImportJob)
        .where(
            ImportJob.job_status.in_(FINISHED_JOB_STATUSES),
            ~ImportJob.is_dry_run,
            or_(ImportJob.transfers_looked_at.is_(None), ImportJob.transfers_looked_at < ImportJob.completed_at),
        )
        .order_by(ImportJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job_id is not None:
        statement = statement.where(ImportJob.id == job_id)
    for looked in range(MOST_AT_ONCE):
        with session_scope() as session:
            job = session.scalars(statement).one_or_none()
            if job is None:
                return looked
            suggest_transfers(session, job.user_id, amounts_of_job(job.id))
            job.transfers_looked_at = utc_now()
    return MOST_AT_ONCE
