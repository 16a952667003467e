"""Read the rows of an export: the record's newest position, the content of a range, and the rows one by one."""

from collections.abc import Generator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session, defer

from bankimport.accounts.models import Account
from bankimport.transactions import repository
from bankimport.transactions.export.bookmark import Bookmark
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange, TransferStatus

PAGE = 1000
"""Number of rows kept in memory at a time."""

APPEARED = (ChangeKind.BOOKED, ChangeKind.RESTORED)
"""Changes that make a row appear that was missing, or pending, when an earlier export passed its id."""

UNUSED = (Transaction.meta, Transaction.content_hash, Transaction.dedupe_key)


class RowGroup(NamedTuple):
    """Rows with the same headings: their number, their days, and when the newest was stored."""

    account_id: int
    currency: str
    category: str | None
    classification: list[str]
    is_out: bool
    is_transfer: bool
    rows: int
    first: date
    last: date
    stored_at: datetime


def latest_bookmark(session: Session, user_id: int) -> Bookmark:
    """The newest position of the user's record: nothing will ever appear at or before it. Waits for active writers."""
    repository.begin_marking(session, user_id)
    row_id = session.scalar(select(func.max(Transaction.id)).where(Transaction.user_id == user_id))
    booking_id = session.scalar(
        select(func.max(TransactionChange.id))
        .join(Transaction, Transaction.id == TransactionChange.transaction_id)
        .where(Transaction.user_id == user_id, TransactionChange.kind.in_(APPEARED))
    )
    return Bookmark(user_id, row_id or 0, booking_id or 0)


def in_range(after: Bookmark, upto: Bookmark) -> list[ColumnElement[bool]]:
    """The condition for rows that appeared after one bookmark and up to another: stored, booked or restored.

    A row that was booked or restored after `upto` belongs to the next range.
    """
    t = Transaction
    booking_id = (
        select(func.coalesce(func.max(TransactionChange.id), 0))
        .where(TransactionChange.transaction_id == t.id, TransactionChange.kind.in_(APPEARED))
        .scalar_subquery()
    )
    conditions = [t.id <= upto.row_id, booking_id <= upto.booking_id]
    if after != Bookmark(after.user_id):
        conditions.append((t.id > after.row_id) | (booking_id > after.booking_id))
    return conditions


def groups(session: Session, conditions: Sequence[ColumnElement[bool]]) -> list[RowGroup]:
    """The matching rows, grouped, in a fixed order."""
    t = Transaction
    is_transfer = func.coalesce(t.transfer["status"].astext == TransferStatus.CONFIRMED.value, false())
    row = (
        select(
            t.account_id,
            t.currency,
            t.category,
            t.classification,
            (t.amount < 0).label("is_out"),
            is_transfer.label("is_transfer"),
            t.date,
            t.created_at,
        )
        .where(*conditions)
        .subquery()
        .c
    )
    headings = (row.account_id, row.currency, row.category, row.classification, row.is_out, row.is_transfer)
    statement: Select[*tuple[Any, ...]] = (
        select(*headings, func.count(), func.min(row.date), func.max(row.date), func.max(row.created_at))
        .group_by(*headings)
        .order_by(*headings)
    )
    return [RowGroup(*group) for group in session.execute(statement)]


def read_rows(
    session: Session, conditions: Sequence[ColumnElement[bool]], *, by_account: bool
) -> Generator[Transaction]:
    """The matching rows, oldest first by day and id, one page in memory at a time.

    With `by_account` bank accounts come before cards, and the rows of one account and currency come together.
    """
    t = Transaction
    statement = select(t).where(*conditions).options(*(defer(column, raiseload=True) for column in UNUSED))
    if by_account:
        statement = statement.join(Account, Account.id == t.account_id)
        statement = statement.order_by(Account.kind, t.account_id, t.currency, t.date, t.id)
    else:
        statement = statement.order_by(t.date, t.id)
    with session.scalars(statement.execution_options(yield_per=PAGE, stream_results=True)) as found:
        yield from found
