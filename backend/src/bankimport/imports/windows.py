"""Choose which days to request in which order, and how much wider to request; pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bankimport.connections.models import SCA_WINDOW
from bankimport.days import ONE_DAY, Days, merged, sliced_newest_first, without
from bankimport.imports.models import AccountStatus, WindowState

RECENT_DAYS = 88
"""What every bank returns without the user present: three calendar months can be 92 days, which some refuse entirely.

Source: support.truelayer.com, article 360016450337 (Monzo: 88 days after the first five minutes).
"""

WIDEST_WINDOW_DAYS = 366
"""TrueLayer v1 has no paging, so a window is one request; a year keeps answers to some megabytes."""

MARGIN_DAYS = 3
"""Days requested around a window. TrueLayer does not say whether `from` and `to` are inclusive, and a row that the bank
moved to another day is recognised only if both days are seen at once. Their rows are evidence and are not imported."""

UNSURE_DAYS = timedelta(days=2)

NARROWEST_WINDOW_DAYS = 1


def choose_windows(days: Days, *, authorised_at: datetime, now: datetime) -> list[Days]:
    """The windows that cover the wanted days, in the order to fetch them: newest first.

    In the minutes after consent windows are as wide as possible. Later the recent days, which the bank certainly
    returns, are separate from the deeper ones, which it may refuse entirely.
    """
    recent = days.overlap(Days(recent_since(now.date()), now.date()))
    if now - authorised_at < SCA_WINDOW or recent is None or recent == days:
        return list(sliced_newest_first(days, WIDEST_WINDOW_DAYS))
    deeper = Days(days.first, recent.first - ONE_DAY)
    return [recent, *sliced_newest_first(deeper, WIDEST_WINDOW_DAYS)]


def incremental_days(days: Days, stored: list[Days], overlap_days: int) -> list[Days]:
    """The days that an incremental import of one account requests, ascending.

    Every wanted day that is not stored, and the newest `overlap_days` stored days again, because rows may appear late.
    """
    newest = merged(stored)[-1].last if stored else days.last
    again = Days(newest - timedelta(days=overlap_days - 1), newest).overlap(days)
    return merged([*without(days, stored), *([again] if again is not None else [])])


def recent_since(today: date) -> date:
    """The first of the recent days, chosen so that the requested days, margin included, are `RECENT_DAYS`."""
    return today - timedelta(days=RECENT_DAYS - 1 - MARGIN_DAYS)


def days_to_ask(window: Days, today: date) -> Days:
    """The window with its margin, cut at today: banks refuse a `to` in the future."""
    margin = timedelta(days=MARGIN_DAYS)
    return Days(window.first - margin, max(min(window.last + margin, today), window.first))


def days_covered(requested: Days, today: date) -> Days:
    """The days that an answer certainly covers from midnight to midnight, whatever its ends mean.

    TrueLayer documents neither whether they are inclusive nor in which zone it cuts them, so two days at either end are
    uncertain. An end that is today is as complete as possible, because the day is not over.
    """
    last = requested.last if requested.last >= today else requested.last - UNSURE_DAYS
    return Days(requested.first + UNSURE_DAYS, max(last, requested.first))


def split_recent(window: Days, today: date) -> tuple[Days | None, Days | None]:
    """A refused window as (the recent days to try again, the deeper days that stay refused); either may be None."""
    since = recent_since(today)
    recent = window.overlap(Days(since, today))
    deeper = window.overlap(Days(date.min, since - ONE_DAY))
    return recent, deeper


def halved(window: Days) -> list[Days]:
    """A window that took too long as two, newest first; a single day is returned unchanged."""
    if window.length <= NARROWEST_WINDOW_DAYS:
        return [window]
    middle = window.first + timedelta(days=window.length // 2)
    return [Days(middle, window.last), Days(window.first, middle - ONE_DAY)]


def narrowed(days: Days, requested: Collection[Days]) -> list[Days]:
    """The days as windows that were not requested yet, halved as often as necessary; newest first.

    A single day stays one, even if it was requested.
    """
    parts = halved(days) if days in requested else [days]
    return parts if len(parts) == 1 else [part for piece in parts for part in narrowed(piece, requested)]


class WindowFacts(NamedTuple):
    """The data of a window and its account import that determines the state of its days.

    `rejected_on` are the days of the rejected rows in its answer; `has_undated`: one of these rows has no day.
    """

    days: Days
    state: WindowState
    status: AccountStatus
    error_code: str | None
    window_id: int = 0
    rejected_on: frozenset[date] = frozenset()
    has_undated: bool = False
