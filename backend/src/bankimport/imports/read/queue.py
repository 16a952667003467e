"""The user's queue at a glance: queued, running, waiting (for what and until when), paused and recently ended jobs."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections.models import BankConnection
from bankimport.days import Days
from bankimport.imports import repository
from bankimport.imports.models import (
    ENDED_JOB_STATUSES,
    OPEN_JOB_STATUSES,
    AccountImport,
    AccountStatus,
    ImportJob,
    JobStatus,
)
from bankimport.imports.plan import spending, statistics
from bankimport.imports.run.job_status import estimated_completion, expected_rows_of, work_of_job
from bankimport.imports.schemas import ExpectedRows, QueueEntry, QueueRead
from bankimport.pricing.schemas import CostRead


def queue_read(
    session: Session, user_id: int, *, connection_id: int | None, status: JobStatus | None, recent: int
) -> QueueRead:
    """The user's queue, optionally restricted to a connection or a status."""
    pairs = repository.jobs_in(session, user_id, OPEN_JOB_STATUSES, newest_first=False, limit=1000)
    pairs += repository.jobs_in(session, user_id, ENDED_JOB_STATUSES, newest_first=True, limit=recent)
    rows = repository.account_imports_by_job(session, [job.id for job, _ in pairs])
    ids = [job.id for job, _ in pairs]
    now = utc_now()
    calls = statistics.count_calls(session, ids)
    costs = spending.cost_of_jobs(session, ids)
    worked = statistics.worked_s(session, [job.id for job, _ in pairs if job.completed_at is None], now)
    entries = [
        _entry(
            job,
            connection,
            rows.get(job.id, []),
            api_calls=calls.get(job.id, 0),
            cost=CostRead.of(costs[job.id]),
            worked=timedelta(seconds=worked.get(job.id, 0)),
            now=now,
        )
        for job, connection in pairs
        if connection_id in (None, job.connection_id) and status in (None, job.shown_status)
    ]
    return QueueRead(
        is_paused=repository.is_queue_paused(session, user_id),
        queued=_having(entries, JobStatus.QUEUED),
        running=_having(entries, JobStatus.RUNNING, JobStatus.PAUSING),
        waiting=_having(entries, JobStatus.WAITING),
        paused=_having(entries, JobStatus.PAUSED),
        recent=_having(entries, *ENDED_JOB_STATUSES, JobStatus.ENRICHING),
    )


def _having(entries: Iterable[QueueEntry], *statuses: JobStatus) -> list[QueueEntry]:
    return [entry for entry in entries if entry.status in statuses]


def _entry(
    job: ImportJob,
    connection: BankConnection,
    rows: list[AccountImport],
    *,
    api_calls: int,
    cost: CostRead,
    worked: timedelta,
    now: datetime,
) -> QueueEntry:
    work = work_of_job(rows)
    planned = job.plan.planned
    expected = expected_rows_of(rows, planned.transactions)
    so_far = job.total_transactions + job.total_duplicates
    waits = [row for row in rows if row.status is AccountStatus.WAITING and row.next_attempt_at is not None]
    first = min(waits, key=lambda row: row.next_attempt_at or job.created_at, default=None)
    is_waiting = job.job_status in (JobStatus.WAITING, JobStatus.RUNNING) and first is not None
    failed = next((row for row in rows if row.status is AccountStatus.FAILED and job.completed_at is not None), None)
    until = first.next_attempt_at if is_waiting and first is not None else None
    reason = first if is_waiting else failed
    return QueueEntry(
        job_id=job.id,
        connection_id=job.connection_id,
        bank=connection.bank_name,
        job_type=job.job_type,
        status=job.shown_status,
        date_range=Days(job.from_date, job.to_date),
        percent=work.percent,
        completed_accounts=sum(row.status is AccountStatus.COMPLETED for row in rows),
        failed_accounts=sum(row.status is AccountStatus.FAILED for row in rows),
        cancelled_accounts=sum(row.status is AccountStatus.CANCELLED for row in rows),
        total_accounts=len(rows),
        rows=so_far,
        errors=job.total_errors,
        api_calls=api_calls,
        planned=planned,
        expected_rows=ExpectedRows.model_validate(expected),
        cost=cost,
        estimated_completion=(
            estimated_completion(work, so_far, expected.expected, planned.duration_seconds, worked, now, until)
            if job.job_status in (JobStatus.RUNNING, JobStatus.WAITING)
            else None
        ),
        created_at=job.created_at,
        started_at=job.started_at,
        completed_at=job.completed_at,
        why=reason.error_message if reason is not None else None,
        until=until,
    )
