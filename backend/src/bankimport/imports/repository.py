"""Read and write jobs, account imports, windows, attempts and events; decides nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, and_, cast, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from bankimport.accounts.models import Account
from bankimport.connections.models import BankApiCall
from bankimport.imports.days import Days, merged
from bankimport.imports.errors import ImportNotFound
from bankimport.imports.models import (
    OPEN_ACCOUNT_STATUSES,
    OPEN_JOB_STATUSES,
    OPEN_WINDOW_STATES,
    AccountImport,
    AccountStatus,
    ImportAttempt,
    ImportEvent,
    ImportJob,
    ImportWindow,
    JobStatus,
    RejectedRow,
    WindowState,
)


def job_of(session: Session, user_id: int, job_id: int) -> ImportJob:
    """One of the user's jobs.

    Raises:
        ImportNotFound: no such job, or not this user's.
    """
    job = session.scalars(select(ImportJob).where(ImportJob.id == job_id, ImportJob.user_id == user_id)).one_or_none()
    if job is None:
        raise ImportNotFound(f"you have no import {job_id}", job_id=job_id)
    return job


def locked_job(session: Session, job_id: int) -> ImportJob:
    """The job with its row locked until the transaction ends. Lock an account import before its job, never after."""
    return session.scalars(
        select(ImportJob)
        .where(ImportJob.id == job_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def locked_account_import(session: Session, account_import_id: int) -> AccountImport | None:
    """The account import with its row locked until the transaction ends; None when there is no such one."""
    return session.scalars(
        select(AccountImport)
        .where(AccountImport.id == account_import_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def account_imports_of(session: Session, job_id: int) -> list[tuple[AccountImport, Account]]:
    """The job's account imports in the order they were chosen, each with its account."""
    statement = (
        select(AccountImport, Account)
        .join(Account, Account.id == AccountImport.account_id)
        .where(AccountImport.job_id == job_id)
        .order_by(AccountImport.position)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def count_syncing(session: Session, job_id: int) -> int:
    """How many accounts of the job are being fetched."""
    statement = select(func.count()).where(
        AccountImport.job_id == job_id, AccountImport.status == AccountStatus.SYNCING
    )
    return session.scalars(statement).one()


def is_account_busy(session: Session, account_id: int) -> bool:
    """Whether some import is fetching this account now."""
    return session.scalars(
        select(exists().where(AccountImport.account_id == account_id, AccountImport.status == AccountStatus.SYNCING))
    ).one()


def pending_account_imports(session: Session, job_id: int, limit: int) -> list[AccountImport]:
    """Accounts of the job that nobody fetches yet and whose account is free, in the order they were chosen.

    They are locked; one that another transaction holds is just being taken, and is left out.
    """
    other = aliased(AccountImport)
    is_busy = exists().where(other.account_id == AccountImport.account_id, other.status == AccountStatus.SYNCING)
    statement = (
        select(AccountImport)
        .where(AccountImport.job_id == job_id, AccountImport.status == AccountStatus.PENDING, ~is_busy)
        .order_by(AccountImport.position)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(session.scalars(statement))


def open_window(session: Session, account_import_id: int) -> ImportWindow | None:
    """The window to work on next: one whose answer is kept first, then the newest days."""
    statement = (
        select(ImportWindow)
        .where(ImportWindow.account_import_id == account_import_id, ImportWindow.state.in_(OPEN_WINDOW_STATES))
        .order_by((ImportWindow.state == WindowState.FETCHED).desc(), ImportWindow.window_to.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def windows_of(session: Session, account_import_id: int) -> list[ImportWindow]:
    """All windows of an account import, newest days first."""
    statement = (
        select(ImportWindow)
        .where(ImportWindow.account_import_id == account_import_id)
        .order_by(ImportWindow.window_to.desc(), ImportWindow.id)
    )
    return list(session.scalars(statement))


def insert_windows(session: Session, account_import: AccountImport, windows: Sequence[Days]) -> None:
    """Add planned windows to an account import."""
    session.add_all(
        ImportWindow(
            account_import_id=account_import.id,
            account_id=account_import.account_id,
            window_from=days.first,
            window_to=days.last,
            state=WindowState.PLANNED,
        )
        for days in windows
    )


def held_days(session: Session, account_ids: Sequence[int]) -> dict[int, list[Days]]:
    """Per account the days whose answers were read whole and stored, merged and ascending."""
    return days_in_state(session, account_ids, WindowState.COMPLETED)


def days_in_state(session: Session, account_ids: Sequence[int], state: WindowState) -> dict[int, list[Days]]:
    """Per account the days of windows that stand thus, merged and ascending."""
    statement = select(ImportWindow.account_id, ImportWindow.window_from, ImportWindow.window_to).where(
        ImportWindow.account_id.in_(account_ids), ImportWindow.state == state
    )
    ranges: dict[int, list[Days]] = {account_id: [] for account_id in account_ids}
    for account_id, first, last in session.execute(statement):
        ranges[account_id].append(Days(first, last))
    return {account_id: merged(days) for account_id, days in ranges.items()}


def insert_attempt(session: Session, account_import: AccountImport, worker: str, started_at: datetime) -> ImportAttempt:
    """Open the attempt whose number the account import holds now."""
    attempt = ImportAttempt(
        account_import_id=account_import.id,
        number=account_import.attempt_number,
        worker=worker,
        started_at=started_at,
    )
    session.add(attempt)
    session.flush()
    return attempt


def end_attempt(
    session: Session,
    account_import: AccountImport,
    ended_at: datetime,
    error_code: str | None,
    error_message: str | None,
) -> None:
    """Close the newest attempt; an empty code means that it ended well."""
    session.execute(
        update(ImportAttempt)
        .where(
            ImportAttempt.account_import_id == account_import.id,
            ImportAttempt.number == account_import.attempt_number,
            ImportAttempt.ended_at.is_(None),
        )
        .values(ended_at=ended_at, error_code=error_code, error_message=error_message)
    )


def attempts_of(session: Session, account_import_ids: Sequence[int]) -> list[ImportAttempt]:
    """The attempts of these account imports, in the order they were made."""
    statement = (
        select(ImportAttempt).where(ImportAttempt.account_import_id.in_(account_import_ids)).order_by(ImportAttempt.id)
    )
    return list(session.scalars(statement))


def append_event(
    session: Session, job_id: int, event_type: str, *, account_id: int | None = None, **payload: Any
) -> int:
    """Append an event to the job's numbered list and return its number. Locks the job's row."""
    event_id = session.scalars(
        update(ImportJob)
        .where(ImportJob.id == job_id)
        .values(last_event_id=ImportJob.last_event_id + 1)
        .returning(ImportJob.last_event_id)
    ).one()
    session.execute(
        insert(ImportEvent).values(
            job_id=job_id, event_id=event_id, account_id=account_id, type=event_type, payload=payload
        )
    )
    return event_id


def add_to_totals(session: Session, job_id: int, *, synced: int, duplicates: int, errors: int) -> None:
    """Add what a batch brought to the job's totals. Locks the job's row."""
    session.execute(
        update(ImportJob)
        .where(ImportJob.id == job_id)
        .values(
            total_transactions=ImportJob.total_transactions + synced,
            total_duplicates=ImportJob.total_duplicates + duplicates,
            total_errors=ImportJob.total_errors + errors,
        )
    )


def events_after(session: Session, job_id: int, event_id: int, limit: int) -> list[ImportEvent]:
    """The job's events with a number above `event_id`, ascending."""
    statement = (
        select(ImportEvent)
        .where(ImportEvent.job_id == job_id, ImportEvent.event_id > event_id)
        .order_by(ImportEvent.event_id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def rejected_rows_of(session: Session, job_id: int, limit: int) -> list[RejectedRow]:
    """The job's rejected rows in the order they came."""
    statement = select(RejectedRow).where(RejectedRow.job_id == job_id).order_by(RejectedRow.id).limit(limit)
    return list(session.scalars(statement))


def history_of(session: Session, user_id: int, *, before_id: int | None, limit: int) -> list[ImportJob]:
    """The user's started jobs, newest first, below `before_id`."""
    statement = (
        select(ImportJob)
        .where(ImportJob.user_id == user_id, ImportJob.job_status != JobStatus.PLANNED)
        .order_by(ImportJob.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        statement = statement.where(ImportJob.id < before_id)
    return list(session.scalars(statement))


def count_calls(session: Session, job_ids: Sequence[int]) -> dict[int, int]:
    """Per job how many calls it sent to its bank, failed ones too."""
    statement = (
        select(BankApiCall.job_id, func.count()).where(BankApiCall.job_id.in_(job_ids)).group_by(BankApiCall.job_id)
    )
    return {job_id: count for job_id, count in session.execute(statement) if job_id is not None}


def count_accounts_by_status(session: Session, job_ids: Sequence[int]) -> dict[int, dict[AccountStatus, int]]:
    """Per job how many of its accounts stand how."""
    statement = (
        select(AccountImport.job_id, AccountImport.status, func.count())
        .where(AccountImport.job_id.in_(job_ids))
        .group_by(AccountImport.job_id, AccountImport.status)
    )
    counts: dict[int, dict[AccountStatus, int]] = {job_id: {} for job_id in job_ids}
    for job_id, status, count in session.execute(statement):
        counts[job_id][AccountStatus(status)] = count
    return counts


def lost_account_imports(session: Session, now: datetime, sent_before: datetime, limit: int) -> list[int]:
    """Account imports of open jobs that need a worker: dead lease, wait over, or a message that never arrived.

    They are locked; those that another transaction holds need nobody's help.
    """
    statement = (
        select(AccountImport.id)
        .join(ImportJob, ImportJob.id == AccountImport.job_id)
        .where(
            ImportJob.job_status.in_(OPEN_JOB_STATUSES),
            AccountImport.status.in_(OPEN_ACCOUNT_STATUSES),
            or_(
                and_(AccountImport.status == AccountStatus.SYNCING, AccountImport.lease_expires_at < now),
                and_(AccountImport.status == AccountStatus.WAITING, AccountImport.next_attempt_at <= now),
                AccountImport.status == AccountStatus.PENDING,
            ),
            or_(AccountImport.queued_at.is_(None), AccountImport.queued_at < sent_before),
        )
        .order_by(AccountImport.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=AccountImport)
    )
    return list(session.scalars(statement))


def mean_rows_per_day(session: Session, account_ids: Sequence[int], since: date) -> dict[int, float]:
    """Per account how many booked rows a held day brought on average since `since`; absent when nothing is held."""
    statement = (
        select(
            ImportWindow.account_id,
            func.sum(ImportWindow.rows_in_window),
            func.sum(cast(ImportWindow.window_to - ImportWindow.window_from, BigInteger) + 1),
        )
        .where(
            ImportWindow.account_id.in_(account_ids),
            ImportWindow.state == WindowState.COMPLETED,
            ImportWindow.window_to >= since,
        )
        .group_by(ImportWindow.account_id)
    )
    return {account_id: float(rows or 0) / float(days) for account_id, rows, days in session.execute(statement) if days}


def mean_call_s(session: Session, bank_id: str, since: datetime) -> float | None:
    """How many seconds a transactions call to this bank took on average, or None when there was none."""
    mean_ms = session.scalars(
        select(func.avg(BankApiCall.elapsed_ms)).where(
            BankApiCall.bank_id == bank_id,
            BankApiCall.called_at >= since,
            BankApiCall.endpoint == "transactions",
            BankApiCall.status == 200,
        )
    ).one()
    return None if mean_ms is None else float(mean_ms) / 1000


def last_answer_of_window(session: Session, account_id: int, since: datetime) -> datetime | None:
    """When this account's transactions were last answered since `since`, or None."""
    return session.scalars(
        select(func.max(BankApiCall.called_at)).where(
            BankApiCall.account_id == account_id,
            BankApiCall.endpoint == "transactions",
            BankApiCall.status == 200,
            BankApiCall.called_at >= since,
        )
    ).one()


def count_unattended_today(session: Session, account_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """Per account how many unattended transactions calls were sent since `since`, failed ones too."""
    statement = (
        select(BankApiCall.account_id, func.count())
        .where(
            BankApiCall.account_id.in_(account_ids),
            BankApiCall.endpoint == "transactions",
            BankApiCall.attended.is_(False),
            BankApiCall.called_at >= since,
        )
        .group_by(BankApiCall.account_id)
    )
    return {account_id: count for account_id, count in session.execute(statement) if account_id is not None}
