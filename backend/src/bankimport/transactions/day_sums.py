"""Count and sum rows from the kept sums of days, without reading the rows."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, Date, DateTime, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bankimport.accounts.models import Account
from bankimport.accounts.repository import account_of
from bankimport.errors import DatesReversed
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from bankimport.transactions.models import AccountDay, Transaction, TransactionStatus
from bankimport.transactions.repository import CurrencyTotals

_SUMMED = ("account_id", "first", "last", "status")
"""The filters by which days are summed."""


def count_booked(session: Session, account_ids: Sequence[int]) -> dict[int, int]:
    """Per account how many booked rows are stored."""
    d = AccountDay
    statement = (
        select(d.account_id, func.sum(d.rows))
        .where(d.account_id.in_(account_ids), d.status == TransactionStatus.BOOKED)
        .group_by(d.account_id)
    )
    return {account_id: int(rows) for account_id, rows in session.execute(statement)}


def days_with_booked(session: Session, account_ids: Sequence[int]) -> dict[int, set[date]]:
    """Per account the days that have booked rows."""
    d = AccountDay
    days: dict[int, set[date]] = {account_id: set() for account_id in account_ids}
    has_rows = (d.account_id.in_(account_ids), d.status == TransactionStatus.BOOKED, d.rows > 0)
    statement = select(d.account_id, func.array_agg(d.date)).where(*has_rows).group_by(d.account_id)
    return days | {account_id: set(days_of_account) for account_id, days_of_account in session.execute(statement)}


def totals_of_days(session: Session, user_id: int, filters: TransactionFilter) -> list[CurrencyTotals] | None:
    """The sums of the user's live rows per currency; None if a filter needs the rows themselves.

    Raises:
        AccountNotFound: not an account of this user.
        DatesReversed: the days are reversed.
    """
    conditions = _fitting_days(session, user_id, filters)
    if conditions is None:
        return None
    d = AccountDay
    statement = (
        select(
            d.currency,
            func.sum(d.rows),
            func.coalesce(func.sum(d.rows).filter(d.status == TransactionStatus.PENDING), literal(0)),
            func.sum(d.money_in),
            func.sum(d.money_out),
        )
        .join(Account, Account.id == d.account_id)
        .where(*conditions)
        .group_by(d.currency)
        .having(func.sum(d.rows) > 0)
        .order_by(d.currency)
    )
    return [
        CurrencyTotals(currency, int(rows), int(pending), money_in, money_out)
        for currency, rows, pending, money_in, money_out in session.execute(statement)
    ]


class DaysOfAccount(NamedTuple):
    """An account's rows in one currency: their number, and their first and last day."""

    account_id: int
    currency: str
    rows: int
    first: date
    last: date


def days_of_accounts(session: Session, user_id: int, matching: TransactionFilter) -> list[DaysOfAccount] | None:
    """The user's live rows that match, by account and currency; None if a filter needs the rows themselves.

    Raises:
        AccountNotFound: not an account of this user.
        DatesReversed: the days are reversed.
    """
    conditions = _fitting_days(session, user_id, matching)
    if conditions is None:
        return None
    d = AccountDay
    statement = (
        select(d.account_id, d.currency, func.sum(d.rows), func.min(d.date), func.max(d.date))
        .join(Account, Account.id == d.account_id)
        .where(*conditions, d.rows > 0)
        .group_by(d.account_id, d.currency)
        .order_by(d.account_id, d.currency)
    )
    return [DaysOfAccount(number, name, int(rows), *days) for number, name, rows, *days in session.execute(statement)]


class MonthTotals(NamedTuple):
    """The sums of a month's rows in one currency: `money_in` is 0 or more, `money_out` is 0 or less."""

    month: date
    currency: str
    rows: int
    money_in: Decimal
    money_out: Decimal


def totals_by_month(session: Session, user_id: int, filters: TransactionFilter) -> list[MonthTotals]:
    """The sums of the user's matching rows by month and currency, newest month first; months without rows are absent.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: the filter is invalid.
    """
    conditions = _fitting_days(session, user_id, filters)
    if conditions is not None:
        d = AccountDay
        month = _month_of(d.date)
        sums = (func.sum(d.rows), func.sum(d.money_in), func.sum(d.money_out))
        statement = select(month, d.currency, *sums).join(Account, Account.id == d.account_id).where(*conditions)
        statement = statement.group_by(month, d.currency).having(func.sum(d.rows) > 0)
        statement = statement.order_by(month.desc(), d.currency)
    else:
        t = Transaction
        month, zero = _month_of(t.date), literal(Decimal(0))
        money_in, money_out = (
            func.coalesce(func.sum(t.amount).filter(sign), zero) for sign in (t.amount > 0, t.amount < 0)
        )
        statement = select(month, t.currency, func.count(), money_in, money_out)
        statement = statement.where(*live_and_fitting(session, user_id, filters)).group_by(month, t.currency)
        statement = statement.order_by(month.desc(), t.currency)
    return [
        MonthTotals(first, currency, int(rows), money_in, money_out)
        for first, currency, rows, money_in, money_out in session.execute(statement)
    ]


def _month_of(day: InstrumentedAttribute[date]) -> ColumnElement[date]:
    return cast(func.date_trunc("month", cast(day, DateTime)), Date).label("month")


def _fitting_days(session: Session, user_id: int, filters: TransactionFilter) -> list[ColumnElement[bool]] | None:
    """The conditions for the sums of days, joined with their accounts; None if a filter needs the rows themselves."""
    if any(getattr(filters, name) not in (None, "") for name in filters.__slots__ if name not in _SUMMED):
        return None
    if filters.first is not None and filters.last is not None and filters.first > filters.last:
        raise DatesReversed(f"from {filters.first} is after to {filters.last}; swap them")
    d = AccountDay
    conditions = [Account.user_id == user_id]
    if filters.account_id is not None:
        conditions.append(d.account_id == account_of(session, user_id, filters.account_id).id)
    if filters.first is not None:
        conditions.append(d.date >= filters.first)
    if filters.last is not None:
        conditions.append(d.date <= filters.last)
    if filters.status is not None:
        conditions.append(d.status == filters.status)
    return conditions
