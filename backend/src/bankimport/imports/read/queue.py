"""The user's queue at a glance: queued, running, waiting (for what and until when), paused and recently ended jobs."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

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
    costs = spending.cost_of_jobs(session, ids, calls)
    worked = statistics.worked_s(session, [job.id for job, _ in pairs if job.completed_at is None], now)
    is_paused = repository.is_queue_paused(session, user_id)
    order = _queued_in_order(job for job, _ in pairs)
    waits = _reasons_of_queued(order, rows, is_paused=is_paused)
    entries = [
        _entry(
            job,
            connection,
            rows.get(job.id, []),
            place=order.index(job.id) + 1 if job.id in waits else None,
            waits_for=waits.get(job.id),
            api_calls=calls.get(job.id, 0),
            cost=CostRead.of(costs[job.id]),
            worked=timedelta(seconds=worked.get(job.id, 0)),
            now=now,
        )
        for job, connection in pairs
        if connection_id in (None, job.connection_id) and status in (None, job.shown_status)
    ]
    return QueueRead(
        is_paused=is_paused,
        counts=repository.count_by_status(session, user_id),
        queued=sorted(_having(entries, JobStatus.QUEUED), key=lambda entry: entry.place or 0),
        running=_having(entries, JobStatus.RUNNING, JobStatus.PAUSING),
        waiting=_having(entries, JobStatus.WAITING),
        paused=_having(entries, JobStatus.PAUSED),
        recent=_having(entries, *ENDED_JOB_STATUSES, JobStatus.ENRICHING),
    )


def _queued_in_order(jobs: Iterable[ImportJob]) -> list[int]:
    """The queued jobs in the order in which they start."""
    queued = [job for job in jobs if job.job_status is JobStatus.QUEUED]
    queued.sort(key=lambda job: (job.served_at is not None, job.served_at or job.created_at, job.id))
    queued.sort(key=lambda job: job.run_next_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    return [job.id for job in queued]


def _reasons_of_queued(
    order: Collection[int], rows: Mapping[int, Collection[AccountImport]], *, is_paused: bool
) -> dict[int, str]:
    """What each queued job waits for, in words."""
    syncing = {row.account_id for of_job in rows.values() for row in of_job if row.status is AccountStatus.SYNCING}
    reasons = {}
    for before, job_id in enumerate(order):
        accounts = {row.account_id for row in rows.get(job_id, ()) if row.status is AccountStatus.PENDING}
        if is_paused:
            reasons[job_id] = "all imports are paused"
        elif accounts and accounts <= syncing:
            reasons[job_id] = "another import is fetching the same accounts"
        elif before:
            reasons[job_id] = f"{before} of your imports {'starts' if before == 1 else 'start'} before it"
        else:
            reasons[job_id] = "waits for a free worker"
    return reasons


def _having(entries: Iterable[QueueEntry], *statuses: JobStatus) -> list[QueueEntry]:
    return [entry for entry in entries if entry.status in statuses]


def _entry(
    job: ImportJob,
    connection: BankConnection,
    rows: list[AccountImport],
    *,
    place: int | None,
    waits_for: str | None,
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
        runs_next=job.run_next_at is not None and job.completed_at is None,
        place=place,
        why=waits_for if reason is None else reason.error_message,
        until=until,
    )
