"""The time now, in UTC, which tests and demonstrations can move.

`BANKIMPORT_CLOCK` moves it for a process and all that it starts. It is not a setting for users. Its value is one of:

- seconds to add to the machine's clock, `-86400` or `+3600.5`;
- an instant with its zone, `2028-02-29T12:00:00Z`, at which time starts when the first process reads it;
- the absolute path of a file that holds seconds; replacing the file moves running processes together.

Time always runs on. `truelayer_simulator.clock` reads the same variable by the same rules.
"""

import functools
import os
from datetime import UTC, date, datetime, timedelta

from bankimport.errors import SettingsInvalid

VARIABLE = "BANKIMPORT_CLOCK"


def utc_now() -> datetime:
    """The aware instant now.

    Raises:
        SettingsInvalid: `BANKIMPORT_CLOCK` cannot be read.
    """
    return datetime.now(UTC) + offset()


def utc_today() -> date:
    """The day now, in UTC, which is the day that sync windows mean."""
    return utc_now().date()


def offset() -> timedelta:
    """How far the time now is after the machine's clock; zero unless `BANKIMPORT_CLOCK` is set.

    Raises:
        SettingsInvalid: `BANKIMPORT_CLOCK` cannot be read.
    """
    value = os.environ.get(VARIABLE)
    if not value:
        return timedelta()
    if value.startswith("/"):
        return _of_file(value)
    try:
        return _seconds(value)
    except ValueError:
        return _from_instant(value)


def _from_instant(value: str) -> timedelta:
    """Turn an instant into seconds, in the environment too, so that processes started later agree."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _invalid(value) from None
    if moment.tzinfo is None:
        raise _invalid(value)
    moved = moment - datetime.now(UTC)
    os.environ[VARIABLE] = f"{moved.total_seconds():+f}"
    return moved


def _of_file(path: str) -> timedelta:
    try:
        found = os.stat(path)
        return _read(path, found.st_ino, found.st_mtime_ns)
    except (OSError, ValueError):
        raise _invalid(path) from None


@functools.lru_cache(maxsize=1)
def _read(path: str, inode: int, changed_ns: int) -> timedelta:
    with open(path, encoding="ascii") as file:
        return _seconds(file.read())


@functools.lru_cache(maxsize=1)
def _seconds(text: str) -> timedelta:
    try:
        return timedelta(seconds=float(text))
    except OverflowError:
        raise ValueError(text) from None


def _invalid(value: str) -> SettingsInvalid:
    return SettingsInvalid(
        f"{VARIABLE}: {value!r} is neither seconds, an instant with its zone, nor a file that holds seconds; "
        f"for example {VARIABLE}=2028-02-29T12:00:00Z"
    )
