"""The state of every day of an account, as one strip from its first known day to today; pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from bankimport.days import ONE_DAY, Days, merged
from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, AccountStatus, WindowState
from bankimport.imports.windows import WindowFacts


class DayState(StrEnum):
    """The state of a day. `answered` and `empty` days are stored, with and without rows.

    A stored day is `rejected_rows` if its newest answer contained a row that could not be read: the day is incomplete.
    """

    ANSWERED = "answered"
    EMPTY = "empty"
    REJECTED_ROWS = "rejected_rows"
    ASKED = "asked"
    REFUSED = "refused"
    FAILED = "failed"
    NEVER_ASKED = "never_asked"


_Entry = tuple[DayState, str | None]
_EMPTY: _Entry = (DayState.EMPTY, None)
_ANSWERED: _Entry = (DayState.ANSWERED, None)
_NEVER_ASKED: _Entry = (DayState.NEVER_ASKED, None)

HELD_STATES = (DayState.ANSWERED, DayState.EMPTY, DayState.REJECTED_ROWS)


class RejectedDays(NamedTuple):
    """Days whose newest answers had rejected rows: days named by such rows, and days that undated rows may belong
    to."""

    dated: set[date]
    undated: set[date]


class Stretch(NamedTuple):
    """Consecutive days in the same state. `error_code` says why days were refused or failed."""

    days: Days
    state: DayState
    error_code: str | None


def rejected_days(windows: Iterable[WindowFacts]) -> RejectedDays:
    """The days that are incomplete because a row of their newest answer was rejected.

    A later answer without a rejected row clears its days. Pass the windows in the order they were made.
    """
    rejected = RejectedDays(set(), set())
    for window in windows:
        if window.state is not WindowState.COMPLETED:
            continue
        if rejected.dated or rejected.undated or window.has_undated:
            mine = {window.days.first + ONE_DAY * number for number in range(window.days.length)}
            rejected.dated.difference_update(mine)
            rejected.undated.difference_update(mine)
            if window.has_undated:
                rejected.undated.update(mine)
        rejected.dated.update(window.rejected_on)
    return rejected


def strip_of(
    windows: Sequence[WindowFacts],
    days_with_rows: Collection[date],
    today: date,
    *,
    whole: Collection[date] = (),
) -> list[Stretch]:
    """The account's days from the oldest day ever requested to `today`, in as few stretches as possible, ascending.

    Args:
        windows: in the order they were made. A stored day stays stored; otherwise the newest window decides.
        days_with_rows: days with at least one stored booked row.
        whole: days whose balances show that no row is missing. An undated rejected row cannot belong to them.
    """
    judged = [(window, state) for window in windows if (state := _state_of(window)) is not None]
    if not judged:
        return []
    first = min(window.days.first for window, _ in judged).toordinal()
    last = max(today, *(window.days.last for window, _ in judged)).toordinal()
    states: list[_Entry] = [_NEVER_ASKED] * (last - first + 1)

    def mark(days: Days, entry: _Entry) -> None:
        states[days.first.toordinal() - first : days.last.toordinal() - first + 1] = [entry] * days.length

    for window, state in judged:
        if state is not DayState.EMPTY:
            mark(window.days, (state, window.error_code if state in (DayState.REFUSED, DayState.FAILED) else None))
    for stored in merged(window.days for window, state in judged if state is DayState.EMPTY):
        mark(stored, _EMPTY)
    for number in _numbers(days_with_rows, first, len(states)):
        if states[number] is _EMPTY:
            states[number] = _ANSWERED
    rejected = rejected_days(windows)
    for number in _numbers(rejected.dated | rejected.undated.difference(whole), first, len(states)):
        if states[number][0] in HELD_STATES:
            states[number] = (DayState.REJECTED_ROWS, None)
    return list(_joined(states, first))


def _state_of(window: WindowFacts) -> DayState | None:
    """The state of the window's days, `EMPTY` for every answered day; None if the window says nothing about them."""
    match window.state:
        case WindowState.COMPLETED:
            return DayState.EMPTY
        case WindowState.REFUSED:
            return DayState.REFUSED
        case WindowState.SPLIT | WindowState.UNDONE:
            return None
    if window.status is AccountStatus.FAILED:
        return DayState.FAILED
    return DayState.ASKED if window.status in OPEN_ACCOUNT_STATUSES else None


def _numbers(days: Iterable[date], first: int, length: int) -> Iterator[int]:
    """The days as numbers counted from the ordinal `first`, without those outside the strip."""
    return (number for day in days if 0 <= (number := day.toordinal() - first) < length)


def _joined(states: Sequence[_Entry], first: int) -> Iterator[Stretch]:
    for (state, code), group in groupby(states):
        length = sum(1 for _ in group)
        yield Stretch(Days(date.fromordinal(first), date.fromordinal(first + length - 1)), state, code)
        first += length
