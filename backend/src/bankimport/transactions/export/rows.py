"""Read the rows of an export: the record's newest position, the content of a range, and the rows one by one."""

from collections.abc import Generator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, false, func, literal, null, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from bankimport.accounts.models import Account
from bankimport.db.acting import Group
from bankimport.db.session import seeing
from bankimport.transactions import repository
from bankimport.transactions.export.bookmark import Bookmark
from bankimport.transactions.export.lines import PAGE, prepare_to_stream, transfer_of
from bankimport.transactions.models import (
    ChangeKind,
    Transaction,
    TransactionChange,
    TransactionStatus,
    is_confirmed,
    is_not_refused,
    transfer_as_json,
)

APPEARED = (ChangeKind.BOOKED, ChangeKind.RESTORED)
"""Changes that make a row appear that was missing, or pending, when an earlier export passed its id."""


_RECENT = 10_000
"""Among how many of everybody's newest rows a user's newest row is looked for."""


class ExportRow(NamedTuple):
    """What OFX and beancount need of a row, in the terms of `Transaction`."""

    id: int
    account_id: int
    status: TransactionStatus
    date: date
    amount: Decimal
    currency: str
    description: str
    merchant: str | None
    category: str | None
    transaction_category: str | None
    classification: list[str]
    transfer: dict[str, Any] | None


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
    row_id = _newest_id(session, user_id)
    booking_id = session.scalar(
        select(func.max(TransactionChange.id))
        .join(Transaction, Transaction.id == TransactionChange.transaction_id)
        .where(Transaction.user_id == user_id, TransactionChange.kind.in_(APPEARED))
    )
    return Bookmark(user_id, row_id, booking_id or 0)


def _newest_id(session: Session, user_id: int) -> int:
    """The id of the user's newest row; 0 without rows.

    For it alone, PostgreSQL would read everybody's rows from the newest on until one is this user's. So it may do that
    for a few rows only; otherwise it reads the user's own entries of an index.
    """
    t = Transaction
    with seeing(session, Group.EVERYONE):
        newest = session.scalar(select(func.max(t.id))) or 0
    recent = session.scalar(select(func.max(t.id)).where(t.user_id == user_id, t.id > newest - _RECENT))
    if recent is not None:
        return recent
    return session.scalar(select(func.max(t.id + 0)).where(t.user_id == user_id)) or 0


def in_range(after: Bookmark, until: Bookmark) -> list[ColumnElement[bool]]:
    """The condition for rows that appeared after one bookmark and up to another: stored, booked or restored.

    A row that was booked or restored after `until` belongs to the next range.
    """
    t = Transaction
    conditions = [t.id <= until.row_id, t.id.not_in(_appeared_after(until))]
    if after != Bookmark(after.user_id):
        conditions.append((t.id > after.row_id) | t.id.in_(_appeared_after(after)))
    return conditions


def is_complete(session: Session, until: Bookmark) -> bool:
    """Whether all of the user's rows that the session sees appeared up to a bookmark."""
    t = Transaction
    newer = select(t.id).where(t.user_id == until.user_id, t.id > until.row_id)
    return not session.scalar(select(or_(exists(newer), exists(_appeared_after(until)))))


def _appeared_after(bookmark: Bookmark) -> Select[int]:
    """The user's rows that were booked or put back after it: few, read once for all rows of the export."""
    c = TransactionChange
    return (
        select(c.transaction_id)
        .join(Transaction, Transaction.id == c.transaction_id)
        .where(c.id > bookmark.booking_id, c.kind.in_(APPEARED), Transaction.user_id == bookmark.user_id)
    )


def groups(
    session: Session, user_id: int, conditions: Sequence[ColumnElement[bool]], *, by_heading: bool
) -> list[RowGroup]:
    """The matching rows, grouped, in a fixed order; by account and currency alone unless `by_heading`."""
    t = Transaction
    is_transfer = transfer_of(user_id, lambda pair, other: true(), is_confirmed)
    row = (
        select(
            t.account_id,
            t.currency,
            (t.category if by_heading else null()).label("category"),
            (t.classification if by_heading else literal([], ARRAY(Text))).label("classification"),
            ((t.amount < 0) if by_heading else false()).label("is_out"),
            (func.coalesce(is_transfer, false()) if by_heading else false()).label("is_transfer"),
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
    session: Session, user_id: int, conditions: Sequence[ColumnElement[bool]], *, by_account: bool
) -> Generator[ExportRow]:
    """The user's matching rows, oldest first by day and id, one page in memory at a time.

    With `by_account` bank accounts come before cards, and the rows of one account and currency come together.
    """
    t = Transaction
    columns = [getattr(t, name) for name in ExportRow._fields[:-1]]
    statement = select(*columns, transfer_of(user_id, transfer_as_json, is_not_refused)).where(*conditions)
    if by_account:
        statement = statement.join(Account, Account.id == t.account_id)
        statement = statement.order_by(Account.kind, t.account_id, t.currency, t.date, t.id)
    else:
        statement = statement.order_by(t.date, t.id)
    prepare_to_stream(session)
    with session.execute(statement.execution_options(yield_per=PAGE, stream_results=True)) as found:
        yield from map(ExportRow._make, found)
