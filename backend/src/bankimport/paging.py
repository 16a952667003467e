"""Cursors: text for the end of a page, so that the next one begins there regardless of rows added meanwhile."""

from collections.abc import Callable
from decimal import InvalidOperation
from typing import Annotated, TypeVar

from pydantic import Field

from bankimport.errors import InvalidRequest

Key = TypeVar("Key")

Cursor = Annotated[str | None, Field(max_length=80, description="`next_cursor` of the previous page")]


def id_before(cursor: str | None) -> int | None:
    """The id below which the next page begins; None for the first page.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    return None if cursor is None else whole_number(cursor)


def cursor_of(key: object, row_id: int) -> str:
    """The cursor of a list sorted by a key, then by id."""
    return f"{key}_{row_id}"


def place_of(cursor: str | None, read_key: Callable[[str], Key]) -> tuple[Key, int] | None:
    """The key and the id of the last row of the previous page; None for the first page.

    `read_key` parses the key and raises ValueError for invalid text.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    if cursor is None:
        return None
    key, _, row_id = cursor.rpartition("_")
    try:
        return read_key(key), whole_number(row_id)
    except (ValueError, OverflowError, InvalidOperation):
        raise _not_ours() from None


def whole_number(text: str) -> int:
    """A number in a cursor: zero or more, and within the database's range.

    Raises:
        InvalidRequest: the text is not such a number.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise _not_ours()
    return int(text)


def _not_ours() -> InvalidRequest:
    return InvalidRequest("the cursor is not from an earlier page; omit it to start with the first page")
