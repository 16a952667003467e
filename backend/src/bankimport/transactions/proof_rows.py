"""Read what an account's balances are compared with: its rows, and their sums as known at a moment."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import ColumnElement, any_, exists, func, or_, select, text
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange, TransactionStatus


def provable_rows(
    session: Session, account_id: int, *, since: date = date.min
) -> list[tuple[date, Decimal, Decimal | None, int, int]]:
    """Every booked row in the account's currency since a day, by day: day, amount, running balance, answer and position
    in it."""
    statement = (
        select(
            Transaction.date,
            Transaction.amount,
            Transaction.running_balance,
            Transaction.raw_response_id,
            Transaction.raw_position,
        )
        .where(
            Transaction.account_id == account_id,
            Transaction.removed_at.is_(None),
            Transaction.status == TransactionStatus.BOOKED,
            Transaction.date >= since,
            _is_in_its_currency(),
        )
        .order_by(Transaction.date, Transaction.id)
    )
    return [(day, amount, balance, answer, place) for day, amount, balance, answer, place in session.execute(statement)]


_FINGERPRINT = text("""
    SELECT count(*),
        coalesce(bit_xor(hash_record_extended(row, 1)), 0), coalesce(bit_xor(hash_record_extended(row, 2)), 0)
    FROM (
        SELECT ROW(t.id, t.date, t.amount, t.running_balance, t.raw_response_id, t.raw_position, t.flags) AS row
        FROM transactions t JOIN truelayer_accounts a ON a.id = t.account_id AND a.currency IN (t.currency, '')
        WHERE t.account_id = :account_id AND t.date <= :last AND t.removed_at IS NULL AND t.status = 'booked'
    ) provable
""")


def fingerprint(session: Session, account_id: int, last: date) -> tuple[int, str]:
    """How many provable rows there are up to a day, inclusive, and two 64-bit hashes of all that the proof reads of
    them; PostgreSQL computes it in a twentieth of the time that the proof takes."""
    rows, one, other = session.execute(_FINGERPRINT, {"account_id": account_id, "last": last}).one()
    return rows, f"{one}:{other}"


def days_flagged(session: Session, account_id: int, flag: str, *, since: date = date.min) -> set[date]:
    """The days of booked rows since a day that have a flag."""
    statement = (
        select(Transaction.date)
        .distinct()
        .where(
            Transaction.account_id == account_id,
            Transaction.removed_at.is_(None),
            Transaction.status == TransactionStatus.BOOKED,
            Transaction.date >= since,
            any_(Transaction.flags) == flag,
        )
    )
    return set(session.scalars(statement))


def pending_total(session: Session, account_id: int) -> Decimal:
    """The sum of the account's pending rows in its own currency."""
    user_id = select(Account.user_id).where(Account.id == account_id).scalar_subquery()
    statement = select(func.coalesce(func.sum(Transaction.amount), 0)).where(
        _is_in_its_currency(),
        # Pending rows are indexed by user.
        Transaction.user_id == user_id,
        Transaction.account_id == account_id,
        Transaction.removed_at.is_(None),
        Transaction.status == TransactionStatus.PENDING,
    )
    return Decimal(session.scalars(statement).one())


class KnownTotals(NamedTuple):
    """The sum of an account's booked rows at a moment: of the rows known then, with the amounts they had; or of the
    rows that, as known now, happened before that day or were known then."""

    as_known: Decimal
    as_dated: Decimal


def known_totals(
    session: Session,
    account_id: int,
    since: date,
    moments: Sequence[datetime],
    *,
    known_of_job: Mapping[int, datetime] = MappingProxyType({}),
) -> list[KnownTotals]:
    """The sums of the account's rows in its own currency since the day `since`, at each moment, ascending.

    Rows stored by a job in `known_of_job` count as known from the time when they were fetched.
    """

    def known_since(job_id: int | None, stored_at: datetime) -> datetime:
        return min(stored_at, known_of_job.get(job_id or 0, stored_at))

    booked = (
        select(TransactionChange.transaction_id, func.max(TransactionChange.created_at).label("at"))
        .where(TransactionChange.kind == ChangeKind.BOOKED)
        .group_by(TransactionChange.transaction_id)
        .subquery()
    )
    t = Transaction
    is_booked = t.status == TransactionStatus.BOOKED
    of_account = (t.account_id == account_id, is_booked, t.date >= since, _is_in_its_currency())
    rows = session.execute(
        select(t.id, t.date, t.amount, t.import_job_id, func.coalesce(booked.c.at, t.created_at), t.removed_at)
        .outerjoin(booked, booked.c.transaction_id == t.id)
        .where(*of_account)
    )
    amended = _earlier_amounts(session, of_account)
    days = [moment.date() for moment in moments]
    # What each moment adds to the one before it.
    as_known = [Decimal(0)] * (len(moments) + 1)
    as_dated = [Decimal(0)] * (len(moments) + 1)
    for row_id, day, amount, job_id, stored_at, removed in rows:
        known_from = bisect_left(moments, known_since(job_id, stored_at))
        if removed is None:
            as_dated[min(known_from, bisect_right(days, day))] += amount
        before = Decimal(0)
        for by_job, until, earlier in (*amended.get(row_id, ()), (None, None, amount)):
            as_known[known_from] += earlier - before
            before = earlier
            if until is not None:
                known_from = max(known_from, bisect_left(moments, known_since(by_job, until)))
        if removed is not None:
            as_known[max(known_from, bisect_left(moments, removed))] -= before
    sums = zip(accumulate(as_known[:-1]), accumulate(as_dated[:-1]), strict=True)
    return [KnownTotals(*pair) for pair in sums]


def _is_in_its_currency() -> ColumnElement[bool]:
    """Whether a row is in its account's currency; only such rows can be compared with the account's balance."""
    same = or_(Account.currency == Transaction.currency, Account.currency == "")
    return exists().where(Account.id == Transaction.account_id, same)


def _earlier_amounts(
    session: Session, of_account: Sequence[ColumnElement[bool]]
) -> dict[int, list[tuple[int | None, datetime, Decimal]]]:
    """Per row whose amount the bank changed: the job that stored it, and its amounts with their end times,
    ascending."""
    change = TransactionChange
    statement = (
        select(change.transaction_id, change.job_id, change.created_at, change.before["amount"].astext)
        .join(Transaction, Transaction.id == change.transaction_id)
        .where(*of_account, change.kind == ChangeKind.BANK_AMENDED, change.before.has_key("amount"))
        .order_by(change.id)
    )
    balances: dict[int, list[tuple[int | None, datetime, Decimal]]] = {}
    for row_id, job_id, until, amount in session.execute(statement):
        balances.setdefault(row_id, []).append((job_id, until, Decimal(amount)))
    return balances
