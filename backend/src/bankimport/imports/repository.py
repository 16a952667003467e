"""Read and write jobs, account imports, windows, attempts and events; makes no decisions."""

import functools
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, case, cast, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from bankimport.accounts.models import Account
from bankimport.connections.models import BankConnection
from bankimport.days import Days, merged
from bankimport.imports.errors import ImportNotFound
from bankimport.imports.models import (
    OPEN_JOB_STATUSES,
    OPEN_WINDOW_STATES,
    AccountImport,
    AccountStatus,
    ImportAttempt,
    ImportJob,
    ImportWindow,
    JobStatus,
    JobType,
    RawResponse,
    RejectedRow,
    WindowState,
)
from bankimport.imports.windows import WindowFacts
from bankimport.users.models import User


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
    return session.scalars(_LOCKED_JOB, {"job_id": job_id}).one()


# Statements that run for each account of each import are made once: making one takes as long as using it.
_LOCKED_JOB = (
    select(ImportJob)
    .where(ImportJob.id == bindparam("job_id"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_LOCKED_ACCOUNT_IMPORT = (
    select(AccountImport)
    .where(AccountImport.id == bindparam("account_import_id"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_ACCOUNT_IMPORTS = (
    select(AccountImport, Account)
    .join(Account, Account.id == AccountImport.account_id)
    .where(AccountImport.job_id == bindparam("job_id"))
    .order_by(AccountImport.position)
)
_STATES = select(AccountImport.status, AccountImport.paused_at.is_not(None), AccountImport.attempt_number > 0).where(
    AccountImport.job_id == bindparam("job_id")
)
_IS_QUEUE_PAUSED = select(User.queue_paused_at.is_not(None)).where(User.id == bindparam("user_id"))
_IS_PAUSE_REQUESTED = (
    select(
        or_(AccountImport.paused_at.is_not(None), ImportJob.paused_at.is_not(None), User.queue_paused_at.is_not(None))
    )
    .select_from(AccountImport)
    .join(ImportJob, ImportJob.id == AccountImport.job_id)
    .join(User, User.id == ImportJob.user_id)
    .where(AccountImport.id == bindparam("account_import_id"))
)
_WINDOW = select(ImportWindow).where(ImportWindow.id == bindparam("window_id"))
_WINDOWS = (
    select(ImportWindow)
    .where(ImportWindow.account_import_id == bindparam("account_import_id"))
    .order_by(ImportWindow.window_to.desc(), ImportWindow.id)
)
_END_ATTEMPT = (
    update(ImportAttempt)
    .where(
        ImportAttempt.account_import_id == bindparam("of_account_import"),
        ImportAttempt.number == bindparam("of_number"),
        ImportAttempt.ended_at.is_(None),
    )
    .values(ended_at=bindparam("new_end"), error_code=bindparam("new_code"), error_message=bindparam("new_message"))
    .execution_options(synchronize_session=False)
)
_ADD_TO_TOTALS = (
    update(ImportJob)
    .where(ImportJob.id == bindparam("of_job"))
    .values(
        total_transactions=ImportJob.total_transactions + bindparam("synced"),
        total_duplicates=ImportJob.total_duplicates + bindparam("duplicates"),
        total_errors=ImportJob.total_errors + bindparam("errors"),
    )
    .execution_options(synchronize_session=False)
)


@functools.cache
def _open_windows(*, oldest_first: bool, to_fetch_only: bool) -> Select[ImportWindow]:
    states = (WindowState.PLANNED,) if to_fetch_only else OPEN_WINDOW_STATES
    order = ImportWindow.window_from if oldest_first else ImportWindow.window_to.desc()
    return (
        select(ImportWindow)
        .where(ImportWindow.account_import_id == bindparam("account_import_id"), ImportWindow.state.in_(states))
        .order_by((ImportWindow.state == WindowState.FETCHED).desc(), order)
        .limit(1)
    )


def locked_account_import(session: Session, account_import_id: int) -> AccountImport | None:
    """The account import with its row locked until the transaction ends; None if there is none."""
    return session.scalars(_LOCKED_ACCOUNT_IMPORT, {"account_import_id": account_import_id}).one_or_none()


def account_imports_of(session: Session, job_id: int) -> list[tuple[AccountImport, Account]]:
    """The job's account imports in the order they were chosen, each with its account."""
    return [(row[0], row[1]) for row in session.execute(_ACCOUNT_IMPORTS, {"job_id": job_id})]


def account_states(session: Session, job_id: int) -> list[tuple[AccountStatus, bool, bool]]:
    """Of each of the job's account imports: its status, whether it is paused, and whether it was ever attempted."""
    found = session.execute(_STATES, {"job_id": job_id})
    return [(status, is_paused, is_begun) for status, is_paused, is_begun in found]


def lock_account_imports(session: Session, job_id: int) -> list[AccountImport]:
    """All of the job's account imports, locked until the transaction ends, in the order of their ids."""
    return list(
        session.scalars(
            select(AccountImport)
            .where(AccountImport.job_id == job_id)
            .order_by(AccountImport.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def open_jobs_of(session: Session, user_id: int) -> list[int]:
    """The user's jobs in progress, oldest first."""
    statement = select(ImportJob.id).where(ImportJob.user_id == user_id, ImportJob.job_status.in_(OPEN_JOB_STATUSES))
    return list(session.scalars(statement.order_by(ImportJob.id)))


def jobs_in(
    session: Session, user_id: int, statuses: Sequence[JobStatus], *, newest_first: bool, limit: int
) -> list[tuple[ImportJob, BankConnection]]:
    """The user's jobs with one of these statuses, each with its connection."""
    statement = (
        select(ImportJob, BankConnection)
        .join(BankConnection, BankConnection.id == ImportJob.connection_id)
        .where(ImportJob.user_id == user_id, ImportJob.job_status.in_(statuses))
        .order_by(ImportJob.id.desc() if newest_first else ImportJob.id)
        .limit(limit)
        .options(undefer(ImportJob.plan))
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def count_by_status(session: Session, user_id: int) -> dict[JobStatus, int]:
    """How many of the user's jobs are shown with each status; plans are not jobs yet."""
    is_enriching = _is_enriching().label("is_enriching")
    statement = (
        select(ImportJob.job_status, is_enriching, func.count())
        .where(ImportJob.user_id == user_id, ImportJob.job_status != JobStatus.PLANNED)
        .group_by(ImportJob.job_status, is_enriching)
    )
    found = session.execute(statement)
    return {JobStatus.ENRICHING if enriching else status: count for status, enriching, count in found}


def account_imports_by_job(session: Session, job_ids: Sequence[int]) -> dict[int, list[AccountImport]]:
    """The account imports of each job."""
    found: dict[int, list[AccountImport]] = {}
    for row in session.scalars(select(AccountImport).where(AccountImport.job_id.in_(job_ids))):
        found.setdefault(row.job_id, []).append(row)
    return found


def is_queue_paused(session: Session, user_id: int) -> bool:
    """Whether the user paused all of their imports."""
    return session.scalars(_IS_QUEUE_PAUSED, {"user_id": user_id}).one()


def is_pause_requested(session: Session, account_import_id: int) -> bool:
    """Whether this account import, its job, or its user's whole queue should pause."""
    return session.scalars(_IS_PAUSE_REQUESTED, {"account_import_id": account_import_id}).one()


def plan_refused_again(session: Session, account_import_id: int) -> int:
    """Ask once more for the days that were refused; returns how many days are done."""
    session.execute(
        update(ImportWindow)
        .where(ImportWindow.account_import_id == account_import_id, ImportWindow.state == WindowState.REFUSED)
        .values(state=WindowState.PLANNED, error_code=None)
    )
    return sum(
        Days(window.window_from, window.stored_to or window.window_to).length
        for window in windows_of(session, account_import_id)
        if window.state == WindowState.COMPLETED or window.stored_to is not None
    )


def open_window(
    session: Session, account_import_id: int, *, oldest_first: bool = False, to_fetch_only: bool = False
) -> ImportWindow | None:
    """The window to work on next: one with a stored answer first, then the newest days, or the oldest.

    With `to_fetch_only`, windows with a stored answer are skipped.
    """
    statement = _open_windows(oldest_first=oldest_first, to_fetch_only=to_fetch_only)
    return session.scalars(statement, {"account_import_id": account_import_id}).one_or_none()


def window_by_id(session: Session, window_id: int) -> ImportWindow:
    """The window as it is stored."""
    return session.scalars(_WINDOW, {"window_id": window_id}).one()


def windows_of(session: Session, account_import_id: int) -> list[ImportWindow]:
    """All windows of an account import, newest days first."""
    return list(session.scalars(_WINDOWS, {"account_import_id": account_import_id}))


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


def stored_days(session: Session, account_ids: Sequence[int]) -> dict[int, list[Days]]:
    """The days of each account whose answers were read completely and stored, merged and ascending."""
    statement = select(ImportWindow.account_id, ImportWindow.window_from, ImportWindow.window_to).where(
        ImportWindow.account_id.in_(account_ids), ImportWindow.state == WindowState.COMPLETED
    )
    ranges: dict[int, list[Days]] = {account_id: [] for account_id in account_ids}
    for account_id, first, last in session.execute(statement):
        ranges[account_id].append(Days(first, last))
    return {account_id: merged(days) for account_id, days in ranges.items()}


def first_days_answered(session: Session, account_id: int) -> set[date]:
    """The first days of the account's windows whose answers were stored."""
    statement = select(ImportWindow.window_from).where(
        ImportWindow.account_id == account_id, ImportWindow.state == WindowState.COMPLETED
    )
    return set(session.scalars(statement))


def window_facts(session: Session, account_ids: Sequence[int]) -> dict[int, list[WindowFacts]]:
    """All windows of each account, in the order they were made, with the state of their imports."""
    w = ImportWindow
    error_code = func.coalesce(func.nullif(w.error_code, ""), AccountImport.error_code)
    statement = (
        select(w.account_id, w.window_from, w.window_to, w.state, AccountImport.status, error_code, w.id)
        .join(AccountImport, AccountImport.id == w.account_import_id)
        .where(w.account_id.in_(account_ids))
        .order_by(w.id)
    )
    facts: dict[int, list[WindowFacts]] = {account_id: [] for account_id in account_ids}
    for account_id, first, last, *rest in session.execute(statement):
        facts[account_id].append(WindowFacts(Days(first, last), *rest))
    return facts


def rejected_of_windows(session: Session, account_ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """The rejected rows, as received, of the answers that the accounts' completed windows were stored from."""
    statement = (
        select(ImportWindow.id, RejectedRow)
        .join(RejectedRow, RejectedRow.raw_response_id == ImportWindow.raw_response_id)
        .where(ImportWindow.account_id.in_(account_ids), ImportWindow.state == WindowState.COMPLETED)
    )
    return [(window_id, row.received) for window_id, row in session.execute(statement)]


def end_attempt(
    session: Session,
    account_import: AccountImport,
    ended_at: datetime,
    error_code: str | None,
    error_message: str | None,
) -> None:
    """Close the newest attempt; an empty code means success."""
    session.execute(
        _END_ATTEMPT,
        {
            "of_account_import": account_import.id,
            "of_number": account_import.attempt_number,
            "new_end": ended_at,
            "new_code": error_code,
            "new_message": error_message,
        },
    )


def count_losses_in_a_row(session: Session, account_import: AccountImport) -> int:
    """How many of the most recent consecutive attempts lost their worker, since the user last requested a retry."""
    newest_other = select(func.max(ImportAttempt.number)).where(
        ImportAttempt.account_import_id == account_import.id,
        ImportAttempt.error_code.is_distinct_from("worker_lost"),
        ImportAttempt.ended_at.is_not(None),
    )
    since = max(account_import.tries_from, session.scalars(newest_other).one() or 0)
    lost = select(func.count()).where(
        ImportAttempt.account_import_id == account_import.id,
        ImportAttempt.number > since,
        ImportAttempt.error_code == "worker_lost",
    )
    return session.scalars(lost).one()


def attempts_of(session: Session, account_import_ids: Sequence[int]) -> list[ImportAttempt]:
    """The attempts of these account imports, in the order they were made."""
    statement = (
        select(ImportAttempt).where(ImportAttempt.account_import_id.in_(account_import_ids)).order_by(ImportAttempt.id)
    )
    return list(session.scalars(statement))


def add_to_totals(session: Session, job_id: int, *, synced: int, duplicates: int, errors: int) -> None:
    """Add a batch's counts to the job's totals. Locks the job's row."""
    values = {"of_job": job_id, "synced": synced, "duplicates": duplicates, "errors": errors}
    session.execute(_ADD_TO_TOTALS, values)


def rejected_rows_of(
    session: Session, job_id: int, *, after_id: int = 0, limit: int | None = None
) -> list[tuple[RejectedRow, str]]:
    """The job's rejected rows above an id in the order they were received, each with its answer's endpoint."""
    statement = (
        select(RejectedRow, RawResponse.endpoint)
        .join(RawResponse, RawResponse.id == RejectedRow.raw_response_id)
        .where(RejectedRow.job_id == job_id, RejectedRow.id > after_id)
        .order_by(RejectedRow.id)
        .limit(limit)
    )
    return [(row, endpoint) for row, endpoint in session.execute(statement)]


def has_status(statuses: Collection[JobStatus]) -> ColumnElement[bool]:
    """Whether a job is shown with one of these statuses: an enriching job is not shown as completed."""
    shown_status = case((_is_enriching(), JobStatus.ENRICHING.value), else_=cast(ImportJob.job_status, Text))
    return shown_status.in_([status.value for status in statuses])


def _is_enriching() -> ColumnElement[bool]:
    return and_(ImportJob.job_status == JobStatus.COMPLETED, ImportJob.enriching_since.is_not(None))


def history_of(
    session: Session,
    user_id: int,
    *,
    before_id: int | None,
    limit: int,
    connection_id: int | None,
    statuses: Collection[JobStatus],
    job_type: JobType | None,
) -> list[tuple[ImportJob, BankConnection]]:
    """The user's started jobs below `before_id`, newest first, each with its connection; no statuses: any."""
    statement = (
        select(ImportJob, BankConnection)
        .join(BankConnection, BankConnection.id == ImportJob.connection_id)
        .where(ImportJob.user_id == user_id, ImportJob.job_status != JobStatus.PLANNED)
        .order_by(ImportJob.id.desc())
        .limit(limit)
        .options(undefer(ImportJob.plan))
    )
    if before_id is not None:
        statement = statement.where(ImportJob.id < before_id)
    if connection_id is not None:
        statement = statement.where(ImportJob.connection_id == connection_id)
    if statuses:
        statement = statement.where(has_status(statuses))
    if job_type is not None:
        statement = statement.where(ImportJob.job_type == job_type)
    return [(row[0], row[1]) for row in session.execute(statement)]
