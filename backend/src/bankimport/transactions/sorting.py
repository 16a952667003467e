"""The orders in which rows can be listed; each has an index, so that a page costs the same at any number of rows."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from bankimport.paging import cursor_of, place_of
from bankimport.transactions.models import Transaction


class Sort(StrEnum):
    """By day, or by amount without its sign."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"
    SMALLEST = "smallest"


_BY_DAY = (Sort.NEWEST, Sort.OLDEST)
_FALLING = (Sort.NEWEST, Sort.LARGEST)


def sorted_page(statement: Select[Any], sort: Sort, *, cursor: str | None, limit: int) -> Select[Any]:
    """The `limit` rows that follow the cursor.

    Raises:
        InvalidRequest: the cursor is invalid, or of another kind of order.
    """
    key, row_id = _key(sort), Transaction.id
    read: Callable[[str], Any] = date.fromisoformat if sort in _BY_DAY else _amount
    after = place_of(cursor, read)
    if after is not None:
        # A row comparison is a position in the index; two comparisons joined by OR would filter everything before it.
        place = tuple_(key, row_id)
        statement = statement.where(place < after if sort in _FALLING else place > after)
    order = (key.desc(), row_id.desc()) if sort in _FALLING else (key, row_id)
    return statement.order_by(*order).limit(limit)


def cursor_after(row: Transaction, sort: Sort) -> str:
    """The cursor of the page after this row."""
    return cursor_of(row.date if sort in _BY_DAY else format(abs(row.amount), "f"), row.id)


def _key(sort: Sort) -> InstrumentedAttribute[date] | ColumnElement[Decimal]:
    return Transaction.date if sort in _BY_DAY else func.abs(Transaction.amount)


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError("not a number")
    return amount
