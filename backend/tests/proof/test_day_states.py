"""Every day of an account has one state, and the newest window decides unless the day is stored."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.steps.imports import account_imports, do, start
from tests.support.steps.installation import Installation

from bankimport.clock import utc_today
from bankimport.days import ONE_DAY, Days
from bankimport.imports.models import AccountStatus, WindowState
from bankimport.imports.windows import WindowFacts
from bankimport.proof.day_states import HELD_STATES, Stretch, strip_of

TODAY = date(2026, 3, 31)


def march(first: int, last: int) -> Days:
    return Days(date(2026, 3, first), date(2026, 3, last))


def facts(first: int, last: int, state: str, status: str = "completed", code: str | None = None) -> WindowFacts:
    return WindowFacts(march(first, last), WindowState(state), AccountStatus(status), code)


@pytest.mark.parametrize(
    ("windows", "rows_on", "words"),
    [
        ([], [], []),
        ([facts(30, 31, "completed")], [31], ["30 empty", "31 answered"]),
        ([facts(29, 30, "completed")], [29, 30], ["29-30 answered", "31 never_asked"]),
        ([facts(30, 31, "planned", "syncing")], [], ["30-31 asked"]),
        ([facts(30, 31, "fetched", "waiting")], [], ["30-31 asked"]),
        ([facts(30, 31, "planned", "failed", "gateway")], [], ["30-31 failed gateway"]),
        ([facts(30, 31, "planned", "cancelled")], [], []),
        ([facts(30, 31, "split", "failed")], [], []),
        ([facts(29, 31, "refused", "failed", "sca_exceeded")], [], ["29-31 refused sca_exceeded"]),
        ([facts(30, 31, "refused", "failed", "x"), facts(31, 31, "completed")], [], ["30 refused x", "31 empty"]),
        ([facts(30, 31, "completed"), facts(30, 31, "refused", "failed", "x")], [30], ["30 answered", "31 empty"]),
        ([facts(30, 31, "refused", "failed", "x"), facts(30, 31, "planned", "pending")], [], ["30-31 asked"]),
        ([facts(31, 31, "completed")], [1, 31], ["31 answered"]),
        (
            [facts(27, 27, "completed"), facts(30, 31, "completed")],
            [],
            ["27 empty", "28-29 never_asked", "30-31 empty"],
        ),
    ],
)
def test_each_day_has_its_state(windows: list[WindowFacts], rows_on: list[int], words: list[str]) -> None:
    assert shown(strip_of(windows, {date(2026, 3, day) for day in rows_on}, TODAY)) == words


def shown(strip: list[Stretch]) -> list[str]:
    return [
        " ".join(
            filter(None, [f"{days.first.day}" + (f"-{days.last.day}" if days.length > 1 else ""), state.value, code])
        )
        for days, state, code in strip
    ]


windows = st.builds(
    WindowFacts,
    st.builds(
        lambda first, length: Days(first, first + timedelta(days=length)),
        st.dates(TODAY - timedelta(days=60), TODAY - timedelta(days=20)),
        st.integers(0, 20),
    ),
    st.sampled_from(WindowState),
    st.sampled_from(AccountStatus),
    st.sampled_from([None, "gateway"]),
    st.just(0),
    st.frozensets(st.dates(TODAY - timedelta(days=60), TODAY), max_size=3),
    st.booleans(),
)


@given(st.lists(windows, max_size=8), st.sets(st.dates(TODAY - timedelta(days=60), TODAY)))
def test_a_strip_has_no_gap_and_no_overlap_and_shows_exactly_the_answered_days_as_stored(
    made: list[WindowFacts], rows: set[date]
) -> None:
    strip = strip_of(made, rows, TODAY)

    for left, right in pairwise(strip):
        assert left.days.last + ONE_DAY == right.days.first
        assert (left.state, left.error_code) != (right.state, right.error_code)
    assert not strip or strip[-1].days.last == TODAY
    stored = {day for days, state, _ in strip if state in HELD_STATES for day in each(days)}
    assert stored == {day for window in made if window.state is WindowState.COMPLETED for day in each(window.days)}


def each(days: Days) -> list[date]:
    return [days.first + timedelta(days=number) for number in range(days.length)]


def rejecting(window: WindowFacts, *days: int, undated: bool = False) -> WindowFacts:
    return window._replace(rejected_on=frozenset(date(2026, 3, day) for day in days), has_undated=undated)


HELD = facts(28, 31, "completed")


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([rejecting(HELD, 29)], ["28 empty", "29 rejected_rows", "30 answered", "31 empty"]),
        ([rejecting(HELD, 30)], ["28-29 empty", "30 rejected_rows", "31 empty"]),
        ([rejecting(HELD, 29), facts(29, 29, "completed")], ["28-29 empty", "30 answered", "31 empty"]),
        (
            [facts(29, 29, "completed"), rejecting(HELD, 29)],
            ["28 empty", "29 rejected_rows", "30 answered", "31 empty"],
        ),
        ([rejecting(facts(28, 28, "completed"), 27, 28)], ["28 rejected_rows", "29-31 never_asked"]),
        (
            [HELD, rejecting(facts(31, 31, "completed"), 29)],
            ["28 empty", "29 rejected_rows", "30 answered", "31 empty"],
        ),
        ([rejecting(HELD, undated=True)], ["28-29 rejected_rows", "30 answered", "31 rejected_rows"]),
        (
            [rejecting(HELD, undated=True), facts(29, 31, "completed")],
            ["28 rejected_rows", "29 empty", "30 answered", "31 empty"],
        ),
        ([rejecting(facts(28, 31, "undone"), 29)], []),
    ],
)
def test_a_day_whose_newest_answer_had_a_rejected_row_is_not_complete(
    windows: list[WindowFacts], words: list[str]
) -> None:
    whole = {date(2026, 3, 30)}
    assert shown(strip_of(windows, whole, TODAY, whole=whole)) == words


def test_the_coverage_endpoint_returns_the_strip(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    first = utc_today() - timedelta(days=30)
    job_id = start(client, connection_id, from_date=first.isoformat())

    def words() -> set[str]:
        accounts = client.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"]
        strips = [
            client.get(f"/api/truelayer/accounts/{account['account_id']}/coverage").json()["strip"]
            for account in accounts
        ]
        assert all(strip[0]["from"] == first.isoformat() for strip in strips)
        assert all(strip[-1]["to"] == utc_today().isoformat() for strip in strips)
        return {stretch["state"] for strip in strips for stretch in strip}

    assert words() == {"asked"}
    installation.run_tasks()
    assert words() <= {"answered", "empty"}
    assert "answered" in words()
    assert account_imports(job_id)
    again = start(client, connection_id, from_date=first.isoformat())
    do(client, again, "cancel")
    assert words() <= {"answered", "empty"}
