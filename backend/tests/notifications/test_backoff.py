"""Failed deliveries are retried over hours, but not forever."""

from datetime import UTC, datetime, timedelta

import pytest

from bankimport.notifications.backoff import WAITS, is_to_be_switched_off, next_try

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_waits_grow_for_a_day_and_then_the_delivery_is_given_up() -> None:
    waits = [next_try(number, NOW, None, 0.5) for number in range(1, len(WAITS) + 1)]

    assert [wait - NOW for wait in waits if wait] == list(WAITS)
    assert sum(WAITS, timedelta()) > timedelta(hours=23)
    assert next_try(len(WAITS) + 1, NOW, None, 0.5) is None


@pytest.mark.parametrize(("retry_after", "wait_s"), [(None, 5), (1, 5), (90, 90), (-5, 5), (10**9, 24 * 3600)])
def test_a_pause_requested_by_the_receiver_is_kept_up_to_a_day(retry_after: float | None, wait_s: int) -> None:
    assert next_try(1, NOW, retry_after, 0.5) == NOW + timedelta(seconds=wait_s)


def test_jitter_changes_a_wait_by_at_most_a_fifth() -> None:
    assert next_try(1, NOW, None, 0) == NOW + timedelta(seconds=4)
    assert next_try(1, NOW, None, 1) == NOW + timedelta(seconds=6)


@pytest.mark.parametrize(
    ("failing_for", "status", "overruns", "is_off"),
    [
        (timedelta(), 500, 0, False),
        (timedelta(days=2, hours=23), None, 2, False),
        (timedelta(days=3), 500, 0, True),
        (timedelta(), 410, 0, True),
        (timedelta(), None, 3, True),
    ],
)
def test_a_channel_is_switched_off_after_three_days_or_overruns_or_when_its_receiver_is_gone(
    failing_for: timedelta, status: int | None, overruns: int, is_off: bool
) -> None:
    assert is_to_be_switched_off(NOW - failing_for, status, overruns, NOW) is is_off
