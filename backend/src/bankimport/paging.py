"""Cursors of lists that are paged by id, newest first."""

from bankimport.errors import InvalidRequest


def id_before(cursor: str | None) -> int | None:
    """The id below which the next page begins; None for the first page.

    Raises:
        InvalidRequest: the cursor is not one of ours.
    """
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise InvalidRequest("cursor is not one that an earlier page gave")
    return int(cursor)
