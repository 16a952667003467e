"""Read figures about past jobs and calls, for estimates and history."""

import functools
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, Date, DateTime, Integer, Select, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE
from sqlalchemy.orm import Session, aliased

from bankimport.accounts.models import Account, AccountKind
from bankimport.connections.models import BankApiCall
from bankimport.connections.repository import is_unattended
from bankimport.imports.models import AccountImport, AccountStatus, ImportAttempt, ImportWindow, WindowState
from bankimport.transactions.models import Transaction, TransactionStatus

LEAST_OVERLAP_DAYS = 7
MOST_OVERLAP_DAYS = 45


def count_calls(session: Session, job_ids: Sequence[int]) -> dict[int, int]:
    """The number of bank calls of each job, including failed ones."""
    counts = session.execute(_CALLS, {"job_ids": list(job_ids)})
    return {job_id: count for job_id, count in counts if job_id is not None}


# Made once, because each look at a job's status needs them.
_JOB_IDS = any_(bindparam("job_ids", type_=ARRAY(BigInteger)))
_CALLS = select(BankApiCall.job_id, func.count()).where(BankApiCall.job_id == _JOB_IDS).group_by(BankApiCall.job_id)


def count_accounts_by_status(session: Session, job_ids: Sequence[int]) -> dict[int, dict[AccountStatus, int]]:
    """How many of each job's accounts have each status."""
    statement = (
        select(AccountImport.job_id, AccountImport.status, func.count())
        .where(AccountImport.job_id.in_(job_ids))
        .group_by(AccountImport.job_id, AccountImport.status)
    )
    counts: dict[int, dict[AccountStatus, int]] = {job_id: {} for job_id in job_ids}
    for job_id, status, count in session.execute(statement):
        counts[job_id][AccountStatus(status)] = count
    return counts


def worked_s(session: Session, job_ids: Sequence[int], now: datetime) -> dict[int, float]:
    """Per job how many seconds at least one of its accounts was worked on; pauses and waits do not count."""
    sums = session.execute(_worked_s(), {"job_ids": list(job_ids), "now": now})
    return {job_id: float(seconds or 0) for job_id, seconds in sums}


@functools.cache
def _worked_s() -> Select[int, float]:
    now = bindparam("now", type_=DateTime(timezone=True))
    ended_at = func.greatest(func.coalesce(ImportAttempt.ended_at, now), ImportAttempt.started_at)
    spans = func.range_agg(func.tstzrange(ImportAttempt.started_at, ended_at))
    each = (
        select(AccountImport.job_id, func.unnest(spans, type_=TSTZRANGE).label("span"))
        .join(AccountImport, AccountImport.id == ImportAttempt.account_import_id)
        .where(AccountImport.job_id == _JOB_IDS)
        .group_by(AccountImport.job_id)
        .subquery()
    )
    length = func.extract("epoch", func.upper(each.c.span) - func.lower(each.c.span))
    return select(each.c.job_id, func.sum(length)).group_by(each.c.job_id)


def mean_rows_per_day(session: Session, account_ids: Sequence[int], since: date) -> dict[int, float]:
    """The average number of booked rows per stored day since `since`, by account; absent without stored days."""
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


def mean_rows_per_day_of_bank(session: Session, bank_id: str, since: date) -> dict[AccountKind, float]:
    """The average number of booked rows per stored day at this bank since `since`, by kind of account."""
    statement = (
        select(
            Account.kind,
            func.sum(ImportWindow.rows_in_window),
            func.sum(cast(ImportWindow.window_to - ImportWindow.window_from, BigInteger) + 1),
        )
        .join(Account, Account.id == ImportWindow.account_id)
        .where(
            Account.bank_id == bank_id,
            ImportWindow.state == WindowState.COMPLETED,
            ImportWindow.window_to >= since,
        )
        .group_by(Account.kind)
    )
    return {kind: float(rows or 0) / float(days) for kind, rows, days in session.execute(statement) if days}


def overlap_days(session: Session, bank_id: str, since: datetime) -> int:
    """How many of the newest stored days an incremental import requests again from this bank.

    One more than the longest delay with which a booked row appeared on an already stored day, from `LEAST_OVERLAP_DAYS`
    to `MOST_OVERLAP_DAYS`.
    """
    latest = session.scalars(_latest_row(), {"bank_id": bank_id, "since": since}).one()
    return min(max((latest or 0) + 1, LEAST_OVERLAP_DAYS), MOST_OVERLAP_DAYS)


@functools.cache
def _latest_row() -> Select[int | None]:
    """The longest delay in days. Made once, since each plan and each start needs it."""
    since = bindparam("since", type_=DateTime(timezone=True))
    first_day = cast(since, Date)
    # Only an import of days that were stored already can have found a row late: few rows are left to read.
    earlier, again = aliased(ImportWindow), aliased(ImportWindow)
    both = (
        select(
            again.account_id,
            AccountImport.job_id,
            func.greatest(earlier.window_from, again.window_from, first_day).label("first"),
            func.least(earlier.window_to, again.window_to).label("last"),
            earlier.completed_at,
        )
        .join(AccountImport, AccountImport.id == again.account_import_id)
        .join(earlier, earlier.account_id == again.account_id)
        .join(Account, Account.id == again.account_id)
        .where(
            Account.bank_id == bindparam("bank_id"),
            AccountImport.synced > 0,
            again.stored_to >= first_day,
            earlier.state == WindowState.COMPLETED,
            earlier.account_import_id < again.account_import_id,
            earlier.window_from <= again.window_to,
            earlier.window_to >= again.window_from,
        )
        .cte("both")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(func.max(cast(cast(Transaction.created_at, Date) - Transaction.date, Integer)))
        .join(both, both.c.account_id == Transaction.account_id)
        .where(
            Transaction.import_job_id == both.c.job_id,
            Transaction.created_at >= since,
            Transaction.date.between(both.c.first, both.c.last),
            Transaction.status == TransactionStatus.BOOKED,
            cast(both.c.completed_at, Date) > Transaction.date,
            both.c.completed_at < Transaction.created_at - timedelta(minutes=1),
        )
    )


def mean_call_s(session: Session, bank_id: str, since: datetime) -> float | None:
    """The average duration of a transactions call to this bank in seconds, or None without any."""
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
    """The number of unattended transactions calls since `since`, including failed ones, by account."""
    statement = (
        select(BankApiCall.account_id, func.count())
        .where(
            BankApiCall.account_id.in_(account_ids),
            BankApiCall.endpoint == "transactions",
            is_unattended(),
            BankApiCall.called_at >= since,
        )
        .group_by(BankApiCall.account_id)
    )
    return {account_id: count for account_id, count in session.execute(statement) if account_id is not None}
