"""Count and sum rows from the kept sums of days, without reading the rows."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.accounts.repository import account_of
from bankimport.errors import DatesReversed
from bankimport.transactions.filters import TransactionFilter
from bankimport.transactions.models import AccountDay, TransactionStatus
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
    return days | {account_id: set(found) for account_id, found in session.execute(statement)}


def totals_of_days(session: Session, user_id: int, wanted: TransactionFilter) -> list[CurrencyTotals] | None:
    """The sums of the user's live rows per currency; None if a filter needs the rows themselves.

    Raises:
        AccountNotFound: not an account of this user.
        DatesReversed: the days are reversed.
    """
    if any(getattr(wanted, name) not in (None, "") for name in wanted.__slots__ if name not in _SUMMED):
        return None
    if wanted.first is not None and wanted.last is not None and wanted.first > wanted.last:
        raise DatesReversed(f"from {wanted.first} is after to {wanted.last}; swap them")
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
        .where(Account.user_id == user_id)
        .group_by(d.currency)
        .having(func.sum(d.rows) > 0)
        .order_by(d.currency)
    )
    if wanted.account_id is not None:
        statement = statement.where(d.account_id == account_of(session, user_id, wanted.account_id).id)
    if wanted.first is not None:
        statement = statement.where(d.date >= wanted.first)
    if wanted.last is not None:
        statement = statement.where(d.date <= wanted.last)
    if wanted.status is not None:
        statement = statement.where(d.status == wanted.status)
    return [
        CurrencyTotals(currency, int(rows), int(pending), money_in, money_out)
        for currency, rows, pending, money_in, money_out in session.execute(statement)
    ]
