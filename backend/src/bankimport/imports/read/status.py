"""Read jobs as shown to their user: status, history, events."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections import repository as connections
from bankimport.days import Days
from bankimport.imports import repository
from bankimport.imports.changes.schemas import EditRead, UndoRead
from bankimport.imports.changes.undo import UndoPlan
from bankimport.imports.events import EVENTS
from bankimport.imports.models import (
    AccountImport,
    AccountStatus,
    ImportAttempt,
    ImportJob,
    JobStatus,
    JobType,
)
from bankimport.imports.plan import spending, statistics
from bankimport.imports.plan.plan import WorkedOutPlan
from bankimport.imports.run.job_status import estimated_completion, expected_rows_of, work_of, work_of_job
from bankimport.imports.schemas import (
    AccountProgress,
    AttemptRead,
    ErrorRead,
    EventList,
    EventRead,
    ExpectedRows,
    HistoryEntry,
    HistoryRead,
    ImportEstimateRead,
    PlanRead,
    PlanRequest,
    Progress,
    StatusRead,
    Totals,
)
from bankimport.paging import id_before
from bankimport.pricing.schemas import CostRead


def plan_read(job: ImportJob) -> PlanRead:
    """A planned job as its plan."""
    return PlanRead(
        job_id=job.id,
        status=job.job_status,
        job_type=job.job_type,
        is_dry_run=job.is_dry_run,
        date_range=Days(job.from_date, job.to_date),
        **dict(job.plan),
    )


def estimate_read(plan: WorkedOutPlan, request: PlanRequest) -> ImportEstimateRead:
    """A computed plan that is not saved."""
    return ImportEstimateRead(
        job_type=request.job_type,
        is_dry_run=request.dry_run,
        date_range=plan.days,
        **dict(plan.plan),
    )


def status_read(session: Session, user_id: int, job_id: int) -> StatusRead:
    """A job and the present state of its accounts.

    Raises:
        ImportNotFound: no such job, or not this user's.
    """
    job = repository.job_of(session, user_id, job_id)
    pairs = repository.account_imports_of(session, job_id)
    attempts: dict[int, list[ImportAttempt]] = {}
    for attempt in repository.attempts_of(session, [account_import.id for account_import, _ in pairs]):
        attempts.setdefault(attempt.account_import_id, []).append(attempt)
    rows = [row for row, _ in pairs]
    now = utc_now()
    work = work_of_job(rows)
    worked_s = statistics.worked_s(session, [job.id], now).get(job.id, 0.0)
    calls = statistics.count_calls(session, [job.id])
    waits = [row.next_attempt_at for row in rows if row.status is AccountStatus.WAITING and row.next_attempt_at]
    expected = expected_rows_of(rows, job.plan.planned.transactions)
    eta = None
    if job.completed_at is None and job.started_at is not None:
        eta = estimated_completion(
            work,
            job.total_transactions + job.total_duplicates,
            expected.expected,
            job.plan.planned.duration_seconds,
            timedelta(seconds=worked_s),
            now,
            max(waits, default=None),
        )
    return StatusRead(
        job_id=job.id,
        connection_id=job.connection_id,
        bank=connections.connection_of(session, user_id, job.connection_id).bank_name,
        status=job.shown_status,
        job_type=job.job_type,
        auto_enrich=job.auto_enrich,
        enrich_at=job.enrich_at,
        is_dry_run=job.is_dry_run,
        is_discarded=job.discarded_at is not None,
        date_range=Days(job.from_date, job.to_date),
        progress=Progress(
            completed_accounts=sum(row.status is AccountStatus.COMPLETED for row in rows),
            failed_accounts=sum(row.status is AccountStatus.FAILED for row in rows),
            cancelled_accounts=sum(row.status is AccountStatus.CANCELLED for row in rows),
            total_accounts=len(rows),
            percent=work.percent,
        ),
        accounts=[
            AccountProgress(
                account_id=account.id,
                display_name=account.display_name,
                kind=account.kind,
                currency=account.currency,
                status=row.status,
                synced=row.synced,
                duplicates=row.duplicates,
                updated=row.updated,
                errors=row.errors,
                pending=row.pending,
                is_paused=row.paused_at is not None,
                percent=work_of(row).percent,
                started_at=row.started_at,
                completed_at=row.completed_at,
                error=_error(row),
                next_attempt_at=row.next_attempt_at if row.status is AccountStatus.WAITING else None,
                attempts=[_attempt(attempt) for attempt in attempts.get(row.id, [])],
            )
            for row, account in pairs
        ],
        created_at=job.created_at,
        started_at=job.started_at,
        completed_at=job.completed_at,
        estimated_completion=eta,
        worked_seconds=round(worked_s, 1),
        is_queue_paused=repository.is_queue_paused(session, user_id),
        total_so_far=Totals(synced=job.total_transactions, duplicates=job.total_duplicates, errors=job.total_errors),
        api_calls=calls.get(job.id, 0),
        planned=job.plan.planned,
        expected_rows=ExpectedRows.model_validate(expected),
        cost=CostRead.of(spending.cost_of_jobs(session, [job.id], calls)[job.id]),
        last_event_id=job.last_event_id,
    )


def history_read(
    session: Session,
    user_id: int,
    *,
    limit: int,
    cursor: str | None,
    connection_id: int | None = None,
    statuses: Collection[JobStatus] = (),
    job_type: JobType | None = None,
) -> HistoryRead:
    """The user's started jobs, newest first, optionally restricted to a connection, statuses or a type.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    rows = repository.history_of(
        session,
        user_id,
        before_id=id_before(cursor),
        limit=limit + 1,
        connection_id=connection_id,
        statuses=statuses,
        job_type=job_type,
    )
    page = rows[:limit]
    ids = [job.id for job, _ in page]
    calls = statistics.count_calls(session, ids)
    accounts = statistics.count_accounts_by_status(session, ids)
    costs = spending.cost_of_jobs(session, ids, calls)
    worked = statistics.worked_s(session, ids, utc_now())
    return HistoryRead(
        imports=[
            HistoryEntry(
                job_id=job.id,
                connection_id=job.connection_id,
                bank=connection.bank_name,
                job_type=job.job_type,
                status=job.shown_status,
                is_dry_run=job.is_dry_run,
                date_range=Days(job.from_date, job.to_date),
                accounts_synced=accounts[job.id].get(AccountStatus.COMPLETED, 0),
                accounts_total=job.total_accounts,
                transactions_imported=job.total_transactions,
                duplicates=job.total_duplicates,
                errors=job.total_errors,
                created_at=job.created_at,
                started_at=job.started_at,
                completed_at=job.completed_at,
                duration_seconds=round(worked.get(job.id, 0)) if job.completed_at and job.started_at else None,
                api_calls=calls.get(job.id, 0),
                planned=job.plan.planned,
                cost=costs[job.id].amount,
                cost_currency=costs[job.id].currency,
                cost_in_parts=CostRead.of(costs[job.id]),
            )
            for job, connection in page
        ],
        next_cursor=str(page[-1][0].id) if len(rows) > limit else None,
    )


def events_read(session: Session, user_id: int, job_id: int, *, after: int, limit: int) -> EventList:
    """The job's events above `after`, in order.

    Raises:
        ImportNotFound: no such job, or not this user's.
    """
    job = repository.job_of(session, user_id, job_id)
    return EventList(
        events=[
            EventRead(
                event_id=item.event_id,
                job_id=item.job_id,
                account_id=item.event.account_id,
                type=item.event.type,
                created_at=item.created_at,
                payload=item.event,
            )
            for item in EVENTS.after(session, job_id, after, limit)
        ],
        last_event_id=job.last_event_id,
    )


def _error(row: AccountImport) -> ErrorRead | None:
    return ErrorRead(code=row.error_code, message=row.error_message) if row.error_code else None


def _attempt(attempt: ImportAttempt) -> AttemptRead:
    error = ErrorRead(code=attempt.error_code, message=attempt.error_message) if attempt.error_code else None
    return AttemptRead(number=attempt.number, started_at=attempt.started_at, ended_at=attempt.ended_at, error=error)


def undo_read(plan: UndoPlan) -> UndoRead:
    """What undoing does, as shown to its user."""
    return UndoRead(
        job_id=plan.job.id,
        rows_removed=plan.rows_removed,
        rows_restored=plan.rows_restored,
        rows_reverted=plan.rows_reverted,
        later=plan.later,
        edits=[
            EditRead(
                transaction_id=edit.transaction_id, before=edit.before, after=edit.after, edited_at=edit.created_at
            )
            for edit in plan.edits
        ],
    )
