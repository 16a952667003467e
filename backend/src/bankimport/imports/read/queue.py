"""The user's queue at a glance: queued, running, waiting (for what and until when), paused and recently ended jobs."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from bankimport.connections.models import BankConnection
from bankimport.days import DateRange, Days
from bankimport.imports import repository
from bankimport.imports.models import (
    ENDED_ACCOUNT_STATUSES,
    ENDED_JOB_STATUSES,
    OPEN_JOB_STATUSES,
    AccountImport,
    AccountStatus,
    ImportJob,
    JobStatus,
)
from bankimport.imports.run.job_status import percent_of
from bankimport.imports.schemas import QueueEntry, QueueRead


def queue_read(
    session: Session, user_id: int, *, connection_id: int | None, status: JobStatus | None, recent: int
) -> QueueRead:
    """The user's queue, optionally restricted to a connection or a status."""
    pairs = repository.jobs_in(session, user_id, OPEN_JOB_STATUSES, newest_first=False, limit=1000)
    pairs += repository.jobs_in(session, user_id, ENDED_JOB_STATUSES, newest_first=True, limit=recent)
    rows = repository.account_imports_by_job(session, [job.id for job, _ in pairs])
    entries = [
        _entry(job, connection, rows.get(job.id, []))
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


def _entry(job: ImportJob, connection: BankConnection, rows: list[AccountImport]) -> QueueEntry:
    waits = [row for row in rows if row.status is AccountStatus.WAITING and row.next_attempt_at is not None]
    first = min(waits, key=lambda row: row.next_attempt_at or job.created_at, default=None)
    is_waiting = job.job_status in (JobStatus.WAITING, JobStatus.RUNNING) and first is not None
    return QueueEntry(
        job_id=job.id,
        connection_id=job.connection_id,
        bank=connection.bank_name,
        job_type=job.job_type,
        status=job.shown_status,
        date_range=DateRange.of(Days(job.from_date, job.to_date)),
        percent=percent_of(
            sum(min(row.days_done, row.days_total) for row in rows),
            sum(row.days_total for row in rows),
            job.completed_at is not None,
        ),
        completed_accounts=sum(row.status in ENDED_ACCOUNT_STATUSES for row in rows),
        total_accounts=len(rows),
        created_at=job.created_at,
        started_at=job.started_at,
        completed_at=job.completed_at,
        why=first.error_message if is_waiting and first is not None else None,
        until=first.next_attempt_at if is_waiting and first is not None else None,
    )
