"""The state of every day of an account, as one strip from its first known day to today; pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from bankimport.days import ONE_DAY, Days
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
    found = RejectedDays(set(), set())
    for window in windows:
        if window.state is not WindowState.COMPLETED:
            continue
        if found.dated or found.undated or window.has_undated:
            mine = {window.days.first + ONE_DAY * number for number in range(window.days.length)}
            found.dated.difference_update(mine)
            found.undated.difference_update(mine)
            if window.has_undated:
                found.undated.update(mine)
        found.dated.update(window.rejected_on)
    return found


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
    known: dict[date, tuple[DayState, str | None]] = {}
    for window in windows:
        state = _state_of(window)
        if state is None:
            continue
        day = window.days.first
        while day <= window.days.last:
            if state is DayState.EMPTY or known.get(day, (None,))[0] is not DayState.EMPTY:
                known[day] = (state, window.error_code if state in (DayState.REFUSED, DayState.FAILED) else None)
            day += ONE_DAY
    for day in days_with_rows:
        if known.get(day, (None,))[0] is DayState.EMPTY:
            known[day] = (DayState.ANSWERED, None)
    rejected = rejected_days(windows)
    for day in rejected.dated | rejected.undated.difference(whole):
        if known.get(day, (None,))[0] in HELD_STATES:
            known[day] = (DayState.REJECTED_ROWS, None)
    return _joined(known, today)


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


def _joined(known: dict[date, tuple[DayState, str | None]], today: date) -> list[Stretch]:
    strip: list[Stretch] = []
    if not known:
        return strip
    day, last = min(known), max(today, max(known))
    while day <= last:
        state, code = known.get(day, (DayState.NEVER_ASKED, None))
        if strip and strip[-1].state is state and strip[-1].error_code == code:
            strip[-1] = strip[-1]._replace(days=Days(strip[-1].days.first, day))
        else:
            strip.append(Stretch(Days(day, day), state, code))
        day += ONE_DAY
    return strip
