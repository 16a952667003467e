"""Which days are requested: every requested day once, newest first, never more than a bank returns."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bankimport.days import Days, merged, sliced_newest_first, without
from bankimport.imports.windows import (
    RECENT_DAYS,
    choose_windows,
    days_covered,
    days_to_ask,
    halved,
    narrowed,
    recent_since,
    split_recent,
)

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=20)

days = st.builds(
    lambda first, length: Days(first, first + timedelta(days=length)),
    st.dates(date(2024, 1, 1), date(2025, 12, 31)),
    st.integers(0, 300),
)


def all_days(ranges: list[Days]) -> list[date]:
    return sorted(item.first + timedelta(days=number) for item in ranges for number in range(item.length))


@given(days, st.integers(1, 400))
def test_slices_cover_every_day_once_newest_first(span: Days, most: int) -> None:
    slices = list(sliced_newest_first(span, most))

    assert all_days(slices) == all_days([span])
    assert slices == sorted(slices, reverse=True)
    assert all(item.length <= most for item in slices)


@given(days, st.lists(days, max_size=5))
def test_missing_and_stored_days_make_up_all_days(span: Days, stored: list[Days]) -> None:
    missing = set(all_days(without(span, stored)))

    assert missing == set(all_days([span])) - set(all_days(stored))
    assert all_days(merged(stored)) == sorted(set(all_days(stored)))


def test_long_after_consent_recent_days_are_separate_from_deep_ones() -> None:
    windows = choose_windows(Days(date(2025, 1, 1), TODAY), authorised_at=LONG_AGO, now=NOW)

    assert windows[0] == Days(recent_since(TODAY), TODAY)
    assert days_to_ask(windows[0], TODAY).length == RECENT_DAYS
    assert all_days(windows) == all_days([Days(date(2025, 1, 1), TODAY)])


def test_right_after_consent_windows_are_as_wide_as_can_be() -> None:
    windows = choose_windows(Days(date(2024, 11, 24), TODAY), authorised_at=NOW, now=NOW)

    assert [item.length for item in windows] == [366, 365]


def test_no_future_day_is_requested() -> None:
    assert days_to_ask(Days(TODAY, TODAY), TODAY) == Days(TODAY - timedelta(days=3), TODAY)


def test_only_days_inside_the_requested_ends_are_certainly_covered() -> None:
    requested = Days(date(2026, 1, 1), date(2026, 1, 10))

    assert days_covered(requested, TODAY) == Days(date(2026, 1, 3), date(2026, 1, 8))
    assert days_covered(Days(date(2026, 11, 1), TODAY), TODAY).last == TODAY


@given(days)
def test_halves_and_splits_lose_no_day(window: Days) -> None:
    assert all_days(halved(window)) == all_days([window])
    recent, deeper = split_recent(window, TODAY)
    assert all_days([part for part in (recent, deeper) if part]) == all_days([window])


@given(days, st.lists(days, max_size=5), st.integers(0, 3))
def test_days_requested_before_are_requested_in_smaller_windows_and_no_day_is_left_out(
    span: Days, requested: list[Days], times: int
) -> None:
    known = {span, *requested} if times else set(requested)
    for _ in range(times):
        known |= set(narrowed(span, known))

    windows = narrowed(span, known)

    assert all_days(windows) == all_days([span])
    assert windows == sorted(windows, reverse=True)
    assert all(window.length == 1 or window not in known for window in windows)
    assert len(windows) > 1 or span.length == 1 or span not in known
