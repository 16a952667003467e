"""What happens to runs whose time passed during a downtime."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.schedules.allowance import Spending, reckon_spending
from bankimport.schedules.catch_up import (
    MOST_CAUGHT_UP,
    MOST_RECORDED,
    CatchUp,
    Occurrence,
    choose_runs,
)

NOW = datetime(2026, 11, 25, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def daily(count: int, *, newest_late: bool = False) -> list[Occurrence]:
    """The last `count` daily times, the newest five minutes or five hours ago."""
    newest = NOW - (timedelta(hours=5) if newest_late else timedelta(minutes=5))
    return [Occurrence(newest - DAY * back, newest - DAY * back) for back in reversed(range(count))]


@pytest.mark.parametrize("policy", CatchUp)
def test_a_run_on_time_is_carried_out(policy: CatchUp) -> None:
    (choice,) = choose_runs(daily(1), NOW, policy)

    assert choice.is_run
    assert not choice.is_late
    assert choice.reaches_back_to == choice.occurrence.scheduled_for


@pytest.mark.parametrize(
    ("policy", "newest_late", "ran"),
    [
        (CatchUp.NONE, False, [False, False, False, True]),
        (CatchUp.NONE, True, [False, False, False, False]),
        (CatchUp.ONE, False, [False, False, False, True]),
        (CatchUp.ONE, True, [False, False, False, True]),
        (CatchUp.ALL, False, [True, True, True, True]),
        (CatchUp.ALL, True, [True, True, True, True]),
    ],
)
def test_three_days_of_downtime_catch_up_as_the_policy_says(
    policy: CatchUp, newest_late: bool, ran: list[bool]
) -> None:
    choices = choose_runs(daily(4, newest_late=newest_late), NOW, policy)

    assert [choice.is_run for choice in choices] == ran
    assert all(choice.reason for choice in choices if not choice.is_run)


@pytest.mark.parametrize("newest_late", [False, True])
def test_one_run_covers_all_missed_runs(newest_late: bool) -> None:
    due = daily(4, newest_late=newest_late)

    run = choose_runs(due, NOW, CatchUp.ONE)[-1]

    assert run.reaches_back_to == due[0].scheduled_for


@given(st.integers(1, 300), st.sampled_from(CatchUp), st.booleans())
def test_catching_up_is_bounded_and_the_newest_comes_last(count: int, policy: CatchUp, newest_late: bool) -> None:
    choices = choose_runs(daily(count, newest_late=newest_late), NOW, policy)

    assert len(choices) <= MOST_RECORDED
    assert sum(choice.is_run for choice in choices) <= MOST_CAUGHT_UP + 1
    times = [choice.occurrence.scheduled_for for choice in choices]
    assert times == sorted(times)
    assert times[-1] == daily(count, newest_late=newest_late)[-1].scheduled_for


def test_spending_includes_all_calls_of_the_24_hours_before() -> None:
    every_six_hours = [(NOW + timedelta(hours=6 * number), 1) for number in range(5)]

    spent = [spending.spent for spending in reckon_spending(every_six_hours, [NOW - timedelta(hours=20)], 4)]

    assert spent == [2, 2, 3, 4, 4]


def test_a_run_is_over_the_allowance_when_calls_do_not_fit_into_a_day() -> None:
    (spending,) = reckon_spending([(NOW, 5)], [], 4)

    assert spending == Spending(calls=5, spent=5, allowance=4)
    assert spending.is_over
