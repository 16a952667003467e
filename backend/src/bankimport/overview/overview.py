"""Read the overview. The number of statements is fixed, and each reads small tables or a bounded time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Date, cast, exists, func, select
from sqlalchemy.orm import Session, aliased

from bankimport.accounts.models import Account, AccountFreshness
from bankimport.connections import repository as connections
from bankimport.connections.consent.clock import ConsentState, clock_of
from bankimport.connections.models import BankConnection
from bankimport.costs.month import month_read, months_read
from bankimport.imports.models import OPEN_JOB_STATUSES, ImportJob, JobStatus, ReviewItem
from bankimport.imports.read.queue import queue_read
from bankimport.overview.schemas import (
    BankFreshness,
    DayActivity,
    FailedImport,
    NextRun,
    OverviewCounts,
    OverviewRead,
)
from bankimport.pricing.prices import prices
from bankimport.schedules import repository as schedules
from bankimport.settings import get_settings
from bankimport.transactions.models import Transaction, TransferStatus
from bankimport.transactions.transfers.decide import count_transfers

SHOWN_DAYS = 30
SHOWN_MONTHS = 6
SHOWN_RUNS = 5
FAILED_WITHIN = timedelta(days=30)
"""Older failures are history."""

_NEEDS_USER = (ConsentState.ENDING, ConsentState.ENDED)


def overview_read(session: Session, user_id: int, now: datetime) -> OverviewRead:
    """Everything at a glance for one user."""
    mine = connections.connections_of(session, user_id)
    banks = _banks(session, user_id, mine, now)
    failed = _failed(session, user_id, now)
    queue = queue_read(session, user_id, connection_id=None, status=None, recent=0)
    running = [*queue.running, *queue.waiting, *queue.paused, *queue.queued]
    known = prices(get_settings())
    return OverviewRead(
        banks=sorted(banks, key=lambda bank: (not _needs_user(bank), bank.bank.casefold(), bank.connection_id)),
        failed=failed,
        counts=_counts(session, user_id, banks, len(failed), len(running)),
        running=running,
        is_queue_paused=queue.is_paused,
        next_runs=_next_runs(session, user_id, mine),
        month=month_read(session, user_id, known, now),
        months=months_read(session, user_id, known, now, SHOWN_MONTHS),
        days=_days(session, user_id, now),
    )


def counts_read(session: Session, user_id: int, now: datetime) -> OverviewCounts:
    """What waits for one user."""
    banks = _banks(session, user_id, connections.connections_of(session, user_id), now)
    in_queue = session.scalar(
        select(func.count()).where(ImportJob.user_id == user_id, ImportJob.job_status.in_(OPEN_JOB_STATUSES))
    )
    return _counts(session, user_id, banks, len(_failed(session, user_id, now)), in_queue or 0)


def _banks(session: Session, user_id: int, mine: Sequence[BankConnection], now: datetime) -> list[BankFreshness]:
    statement = (
        select(Account.connection_id, Account.id, Account.last_synced_at, AccountFreshness)
        .outerjoin(AccountFreshness, AccountFreshness.account_id == Account.id)
        .where(Account.user_id == user_id, Account.missing_since.is_(None))
        .order_by(Account.id)
    )
    by_connection: dict[int, list[tuple[int, datetime | None, AccountFreshness | None]]] = {}
    for connection_id, account_id, synced_at, state in session.execute(statement):
        by_connection.setdefault(connection_id, []).append((account_id, synced_at, state))
    return [_bank(connection, by_connection.get(connection.id, []), now) for connection in mine]


def _bank(
    connection: BankConnection, accounts: Sequence[tuple[int, datetime | None, AccountFreshness | None]], now: datetime
) -> BankFreshness:
    clock = clock_of(connection, now)
    states = [state for _, _, state in accounts if state is not None]
    newest_days = [state.newest_held_day for state in states if state.newest_held_day is not None]
    proven = [state.newest_proven_day for state in states if state.newest_proven_day is not None]
    return BankFreshness(
        connection_id=connection.id,
        bank=connection.bank_name,
        status=connection.status,
        consent_state=clock.state,
        consent_ends_at=clock.ends_at,
        consent_days_left=clock.days_left,
        accounts=len(accounts),
        accounts_never_imported=sum(synced_at is None for _, synced_at, _ in accounts),
        last_synced_at=max((synced_at for _, synced_at, _ in accounts if synced_at is not None), default=None),
        accounts_being_checked=sum(_is_being_checked(synced_at, state) for _, synced_at, state in accounts),
        accounts_proven=len(proven),
        held_until=min(newest_days, default=None),
        proven_until=min(proven, default=None),
        broken_days=sum(state.broken_days for state in states),
        broken_account_id=next((state.account_id for state in states if state.broken_days), None),
    )


def _is_being_checked(synced_at: datetime | None, state: AccountFreshness | None) -> bool:
    return synced_at is not None and (state is None or state.proved_at < synced_at)


def _needs_user(bank: BankFreshness) -> bool:
    return bank.consent_state in _NEEDS_USER or bank.broken_days > 0


def _failed(session: Session, user_id: int, now: datetime) -> list[FailedImport]:
    """The newest ended import of each bank where that failed."""
    later = aliased(ImportJob)
    has_later = exists().where(
        later.connection_id == ImportJob.connection_id,
        later.id > ImportJob.id,
        later.job_status.not_in((JobStatus.PLANNED, JobStatus.CANCELLED, JobStatus.UNDONE)),
    )
    statement = (
        select(ImportJob.id, BankConnection.bank_name, ImportJob.job_status, ImportJob.completed_at)
        .join(BankConnection, BankConnection.id == ImportJob.connection_id)
        .where(
            ImportJob.user_id == user_id,
            ImportJob.job_status.in_((JobStatus.FAILED, JobStatus.PARTLY_FAILED)),
            ImportJob.completed_at >= now - FAILED_WITHIN,
            ~has_later,
        )
        .order_by(ImportJob.id.desc())
    )
    return [
        FailedImport(job_id=job_id, bank=bank, status=status, completed_at=completed_at)
        for job_id, bank, status, completed_at in session.execute(statement)
    ]


def _counts(
    session: Session, user_id: int, banks: Sequence[BankFreshness], failed: int, in_queue: int
) -> OverviewCounts:
    reviews = session.scalar(
        select(func.count())
        .select_from(ReviewItem)
        .join(Transaction, Transaction.id == ReviewItem.transaction_id)
        .join(ImportJob, ImportJob.id == ReviewItem.job_id)
        .where(
            ReviewItem.user_id == user_id,
            ReviewItem.decided_at.is_(None),
            Transaction.removed_at.is_(None),
            ImportJob.job_status != JobStatus.UNDONE,
        )
    )
    return OverviewCounts(
        queue=in_queue,
        reviews=reviews or 0,
        transfers=count_transfers(session, user_id)[TransferStatus.SUGGESTED],
        banks=sum(bank.consent_state in _NEEDS_USER for bank in banks),
        broken_accounts=sum(bank.broken_days > 0 for bank in banks),
        failed_imports=failed,
    )


def _next_runs(session: Session, user_id: int, mine: Sequence[BankConnection]) -> list[NextRun]:
    names = {connection.id: connection.bank_name for connection in mine}
    coming = [
        NextRun(schedule_id=row.id, name=row.name, bank=names.get(row.connection_id, ""), at=row.fires_at)
        for row in schedules.schedules_of(session, user_id)
        if row.enabled and row.fires_at is not None
    ]
    return sorted(coming, key=lambda run: (run.at, run.schedule_id))[:SHOWN_RUNS]


def _days(session: Session, user_id: int, now: datetime) -> list[DayActivity]:
    first = now.date() - timedelta(days=SHOWN_DAYS - 1)
    day = cast(func.timezone("UTC", ImportJob.completed_at), Date)
    statement = (
        select(day, func.sum(ImportJob.total_transactions), func.count())
        .where(
            ImportJob.user_id == user_id,
            ImportJob.completed_at >= datetime(first.year, first.month, first.day, tzinfo=UTC),
            ImportJob.is_dry_run.is_(False),
            ImportJob.job_status != JobStatus.UNDONE,
        )
        .group_by(day)
    )
    activity = {row[0]: (int(row[1] or 0), int(row[2])) for row in session.execute(statement)}
    days = (first + timedelta(days=number) for number in range(SHOWN_DAYS))
    return [
        DayActivity(day=item, rows=activity.get(item, (0, 0))[0], imports=activity.get(item, (0, 0))[1])
        for item in days
    ]
