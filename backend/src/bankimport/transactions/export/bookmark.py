"""A bookmark: the position that an export reached in the order in which rows were stored; pure."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from bankimport.errors import BankImportError

_VERSION = "1"
_CONTENT = re.compile(rf"{_VERSION}\.(\d{{1,18}})\.(\d{{1,18}})\.(\d{{1,18}})")
_CHECKSUM_BYTES = 5


class BookmarkInvalid(BankImportError):
    """The text is not a bookmark, or another user's, or the two bookmarks do not form a range."""

    code = "bookmark_invalid"
    http_status = 422


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The position in a user's record up to which a client knows it.

    `row_id` is the last stored row. `booking_id` is the last change that booked a pending row or restored a row: such a
    row keeps its id, so ids alone would not show that it is new among the booked rows.
    """

    user_id: int
    row_id: int = 0
    booking_id: int = 0

    def __str__(self) -> str:
        content = f"{_VERSION}.{self.user_id}.{self.row_id}.{self.booking_id}".encode()
        return base64.b32encode(_checksum(content) + content).decode().rstrip("=").lower()

    def at_least(self, other: "Bookmark") -> "Bookmark":
        """The later position in each respect."""
        return Bookmark(self.user_id, max(self.row_id, other.row_id), max(self.booking_id, other.booking_id))

    def at_most(self, other: "Bookmark") -> "Bookmark":
        """The earlier position in each respect."""
        return Bookmark(self.user_id, min(self.row_id, other.row_id), min(self.booking_id, other.booking_id))


def read_bookmark(written: str, user_id: int) -> Bookmark:
    """Parse the bookmark that an earlier export of this user returned.

    Raises:
        BookmarkInvalid: it is not such a bookmark.
    """
    problem = BookmarkInvalid("this is not a bookmark from one of your earlier exports; copy it completely")
    padded = written.strip().upper() + "=" * (-len(written.strip()) % 8)
    try:
        raw = base64.b32decode(padded.encode("ascii"))
        content = raw[_CHECKSUM_BYTES:]
        numbers = _CONTENT.fullmatch(content.decode("ascii"))
    except (binascii.Error, UnicodeError):
        raise problem from None
    if numbers is None or raw[:_CHECKSUM_BYTES] != _checksum(content) or int(numbers[1]) != user_id:
        raise problem
    return Bookmark(user_id, int(numbers[2]), int(numbers[3]))


def _checksum(content: bytes) -> bytes:
    """Enough to detect a truncated or mistyped bookmark; it is not a security measure."""
    return hashlib.blake2b(content, digest_size=_CHECKSUM_BYTES).digest()
