"""Cursors: text that names where a page ended, so that the next one begins there whatever was added meanwhile."""

from collections.abc import Callable
from decimal import InvalidOperation
from typing import Annotated, TypeVar

from pydantic import Field

from bankimport.errors import InvalidRequest

Key = TypeVar("Key")

Cursor = Annotated[str | None, Field(max_length=80, description="`next_cursor` of the page before")]


def id_before(cursor: str | None) -> int | None:
    """The id below which the next page begins; None for the first page.

    Raises:
        InvalidRequest: the cursor is not one of ours.
    """
    return None if cursor is None else whole_number(cursor)


def cursor_of(key: object, row_id: int) -> str:
    """The cursor of a list that is sorted by a key, and by id within one key."""
    return f"{key}_{row_id}"


def place_of(cursor: str | None, read_key: Callable[[str], Key]) -> tuple[Key, int] | None:
    """The key and the id of the last row of the page before; None for the first page.

    `read_key` makes the key of its text and raises ValueError for a text that is none.

    Raises:
        InvalidRequest: the cursor is not one of ours.
    """
    if cursor is None:
        return None
    key, _, row_id = cursor.rpartition("_")
    try:
        return read_key(key), whole_number(row_id)
    except (ValueError, OverflowError, InvalidOperation):
        raise _not_ours() from None


def whole_number(text: str) -> int:
    """A number of a cursor, zero or above and within what the database counts to.

    Raises:
        InvalidRequest: the text is not such a number.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise _not_ours()
    return int(text)


def _not_ours() -> InvalidRequest:
    return InvalidRequest("cursor is not one that an earlier page returned; leave it out to begin with the first page")
