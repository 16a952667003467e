"""Rows as lines of text that PostgreSQL writes: what the formats share, and reading the lines.

A line that Python writes costs several times what reading the row does.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, case, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from bankimport.transactions.models import Transaction, Transfer, transfer_of_row

PAGE = 1000
"""Number of rows kept in memory at a time."""

AT = """CASE WHEN transactions.timestamp = date_trunc('second', transactions.timestamp)
    THEN replace((transactions.timestamp AT TIME ZONE 'UTC')::text, ' ', 'T') || 'Z'
    ELSE to_char(transactions.timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END"""
"""The SQL of a row's time in ISO 8601, with six digits after the second if there are any, as in the API."""

_WHILE_STREAMING = {
    # The first rows are sent while the last ones are still to be read: along the index, not after a sort of all.
    "cursor_tuple_fraction": "0.001",
    # Without memory for it, PostgreSQL would read the set of rows in pairs from its beginning for each row.
    "work_mem": "64MB",
    "jit": "off",
    # A day as text is in ISO 8601.
    "datestyle": "ISO, YMD",
}


def text_of(parts: Iterable[str]) -> ColumnElement[str]:
    """One text of all parts, which are SQL about a row of `transactions`; NULL is empty."""
    return literal_column(f"concat({', '.join(parts)})", Text)


def transfer_of(
    user_id: int,
    show: Callable[[Any, Any], ColumnElement[Any]],
    is_wanted: Callable[[ColumnElement[Any]], ColumnElement[bool]],
) -> ColumnElement[Any]:
    """As `transfer_of_row`, for many rows of the user: which rows are in pairs is read once, and only those are looked
    up."""
    pairs = (select(side).where(Transfer.user_id == user_id, is_wanted(Transfer.__table__.c.status)) for side in _SIDES)
    return case((Transaction.id.in_(union_all(*pairs)), transfer_of_row(show, is_wanted)))


_SIDES = (Transfer.out_id, Transfer.in_id)


def prepare_to_stream(session: Session) -> None:
    """Set what PostgreSQL needs in this transaction to send rows from the first one on."""
    session.execute(select(*(func.set_config(name, value, True) for name, value in _WHILE_STREAMING.items())))


def read_lines(
    session: Session, line: ColumnElement[str], conditions: Sequence[ColumnElement[bool]]
) -> Generator[Sequence[str]]:
    """The lines of the matching rows, oldest first by day and id, a page at a time."""
    t = Transaction
    statement = select(line).select_from(t).where(*conditions).order_by(t.date, t.id)
    prepare_to_stream(session)
    with session.scalars(statement.execution_options(yield_per=PAGE, stream_results=True)) as found:
        yield from found.partitions()
