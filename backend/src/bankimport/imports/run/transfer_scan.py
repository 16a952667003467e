"""Scan the rows of ended imports for transfers; the database records which imports are still to be scanned."""

from sqlalchemy import func, or_, select, update

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports.models import FINISHED_JOB_STATUSES, ImportJob
from bankimport.transactions.transfers.suggest import amounts_of_job, suggest_transfers

MOST_AT_ONCE = 20


def look_for_transfers(job_id: int | None = None) -> int:
    """Suggest transfers among this job's amounts if it has ended, or among those of all waiting jobs; returns how many.

    A crash loses nothing: the job stays due. Jobs of users being scanned elsewhere are skipped. No row is locked
    during the scan, so the job stays free for undo, retry and enrichment.
    """
    scanned = 0
    last_id = 0
    for _ in range(MOST_AT_ONCE):
        with session_scope() as session:
            statement = (
                select(ImportJob.id, ImportJob.user_id)
                .where(
                    ImportJob.job_status.in_(FINISHED_JOB_STATUSES),
                    ~ImportJob.is_dry_run,
                    or_(
                        ImportJob.transfers_looked_at.is_(None), ImportJob.transfers_looked_at < ImportJob.completed_at
                    ),
                    ImportJob.id > last_id,
                )
                .order_by(ImportJob.id)
                .limit(1)
            )
            if job_id is not None:
                statement = statement.where(ImportJob.id == job_id)
            waiting = session.execute(statement).one_or_none()
            if waiting is None:
                return scanned
            last_id, user_id = waiting
            is_free = func.pg_try_advisory_xact_lock(func.hashtext(f"transfer scan {user_id}"))
            if not session.scalar(select(is_free)):
                continue
            begun = utc_now()
            suggest_transfers(session, user_id, amounts_of_job(session, last_id))
            session.execute(
                update(ImportJob)
                .where(ImportJob.id == last_id, ImportJob.job_status.in_(FINISHED_JOB_STATUSES))
                .values(transfers_looked_at=begun)
            )
            scanned += 1
    return scanned
