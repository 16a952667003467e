"""Carry out a saved plan: cut the days into windows and send one task per account."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections.calls.usable import check_usable
from bankimport.connections.models import BankConnection
from bankimport.days import Days
from bankimport.imports import repository
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.events import EVENTS, JobStarted
from bankimport.imports.models import ImportJob, JobStatus
from bankimport.imports.plan import statistics
from bankimport.imports.plan.plan import days_to_import, windows_of_days
from bankimport.imports.run.finish import fold_job
from bankimport.users.record import record


def start_import(
    session: Session, user_id: int, job_id: int, attended_ip: str | None = None, *, is_requested: bool = True
) -> ImportJob:
    """Start a planned job; a job that was already started is returned as it is.

    The windows are chosen now, not when the plan was made: minutes matter after a consent. Tasks are sent only after
    the commit, so a worker never looks for a row that does not exist yet. `attended_ip` is the address of the user who
    starts it, if they are present. `is_requested`: they or their program start it, not a schedule.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: the plan was cancelled.
        ConnectionExpired, ConnectionRemoved: nothing can be fetched until the user reconnects.
    """
    repository.job_of(session, user_id, job_id)
    job = repository.locked_job(session, job_id)
    if job.job_status is JobStatus.CANCELLED and job.started_at is None:
        raise NotPossibleNow(f"import {job_id} was cancelled before it was started; plan it again")
    if job.job_status is not JobStatus.PLANNED:
        return job
    now = utc_now()
    connection = session.get_one(BankConnection, job.connection_id)
    check_usable(connection)
    days = Days(job.from_date, job.to_date)
    rows = repository.account_imports_of(session, job_id)
    stored = repository.stored_days(session, [account.id for _, account in rows])
    overlap_days = statistics.overlap_days(session, connection.bank_id, now - timedelta(days=180))
    for account_import, account in rows:
        ranges = days_to_import(job.job_type, days, stored[account.id], overlap_days)
        windows = windows_of_days(ranges, authorised_at=connection.authorised_at, now=now)
        repository.insert_windows(session, account_import, windows)
        account_import.days_total = sum(item.length for item in ranges)
    job.job_status = JobStatus.QUEUED
    job.started_at = now
    job.attended_ip, job.attended_at = attended_ip, now if is_requested else None
    session.flush()
    EVENTS.append(session, job.id, JobStarted(accounts=job.total_accounts))
    record(session, user_id, "import.started", job_id=job.id)
    fold_job(session, job.id)
    session.refresh(job)
    return job
