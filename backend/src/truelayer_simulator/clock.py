"""The time now in UTC, moved by `BANKIMPORT_CLOCK` as `bankimport.clock` describes; imports nothing from there."""

import functools
import os
from datetime import UTC, datetime, timedelta

VARIABLE = "BANKIMPORT_CLOCK"


class ClockInvalid(ValueError):
    """`BANKIMPORT_CLOCK` is invalid."""


def utc_now() -> datetime:
    """The current instant, with its time zone.

    Raises:
        ClockInvalid: `BANKIMPORT_CLOCK` is invalid.
    """
    return datetime.now(UTC) + _offset(os.environ.get(VARIABLE, ""))


def _offset(value: str) -> timedelta:
    if not value:
        return timedelta()
    try:
        if value.startswith("/"):
            file_state = os.stat(value)
            return _read(value, file_state.st_ino, file_state.st_mtime_ns)
        return _fixed(value)
    except (OSError, ValueError, OverflowError):
        raise ClockInvalid(
            f"{VARIABLE}: {value!r} is neither seconds, an instant with its zone, nor a file that contains seconds"
        ) from None


@functools.lru_cache(maxsize=1)
def _read(path: str, inode: int, changed_ns: int) -> timedelta:
    with open(path, encoding="ascii") as file:
        return timedelta(seconds=float(file.read()))


@functools.lru_cache(maxsize=1)
def _fixed(value: str) -> timedelta:
    """Seconds, or the distance from the first call to an instant."""
    try:
        return timedelta(seconds=float(value))
    except ValueError:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise
        return moment - datetime.now(UTC)
