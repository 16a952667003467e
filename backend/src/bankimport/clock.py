"""The time now, in UTC, which tests and demonstrations can move.

`BANKIMPORT_CLOCK` moves it for a process and all its children. It is not a setting for users. Its value is one of:

- seconds to add to the machine's clock, `-86400` or `+3600.5`;
- an instant with its zone, `2028-02-29T12:00:00Z`, which is the time when the first process reads it;
- the absolute path of a file that contains seconds; replacing the file moves running processes together.

Time never stops. `truelayer_simulator.clock` reads the same variable by the same rules.
"""

import functools
import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

from bankimport.errors import SettingsInvalid

VARIABLE = "BANKIMPORT_CLOCK"


def utc_now() -> datetime:
    """The current instant, with its time zone.

    Raises:
        SettingsInvalid: `BANKIMPORT_CLOCK` is invalid.
    """
    return datetime.now(UTC) + offset()


@functools.cache
def time_zone_names() -> frozenset[str]:
    """The names of all time zones that this machine knows, read once: going through their files takes time."""
    return frozenset(available_timezones())


def utc_today() -> date:
    """The current day in UTC, which sync windows use."""
    return utc_now().date()


def offset() -> timedelta:
    """How far the current time is ahead of the machine's clock; zero unless `BANKIMPORT_CLOCK` is set.

    Raises:
        SettingsInvalid: `BANKIMPORT_CLOCK` is invalid.
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
    """Convert an instant to seconds, in the environment too, so that processes started later agree."""
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
        file_state = os.stat(path)
        return _read(path, file_state.st_ino, file_state.st_mtime_ns)
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
        f"{VARIABLE}: {value!r} is neither seconds, an instant with its zone, nor a file that contains seconds; "
        f"for example {VARIABLE}=2028-02-29T12:00:00Z"
    )
