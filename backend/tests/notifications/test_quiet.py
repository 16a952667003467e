"""When quiet hours end, in local time, across midnight and clock changes."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.notifications.quiet import quiet_until

CASES = [
    # now (UTC), from, to, zone, until (UTC)
    ("2026-07-01T21:30", "22:00", "07:00", "Europe/London", "2026-07-02T06:00"),
    ("2026-07-02T05:59", "22:00", "07:00", "Europe/London", "2026-07-02T06:00"),
    ("2026-07-02T06:00", "22:00", "07:00", "Europe/London", None),
    ("2026-07-01T20:59", "22:00", "07:00", "Europe/London", None),
    ("2026-01-01T12:30", "12:00", "13:00", "UTC", "2026-01-01T13:00"),
    ("2026-01-01T13:00", "12:00", "13:00", "UTC", None),
    ("2026-01-01T13:00", None, None, "UTC", None),
    # Berlin's clocks go from 02:00 to 03:00 on 2026-03-29 at 01:00 UTC: quiet until 02:30, which is skipped.
    ("2026-03-29T00:50", "01:00", "02:30", "Europe/Berlin", "2026-03-29T01:30"),
    # and from 03:00 back to 02:00 on 2026-10-25 at 01:00 UTC: 02:30 occurs twice, and the second one ends the quiet
    # hours.
    ("2026-10-25T00:45", "01:00", "02:30", "Europe/Berlin", "2026-10-25T01:30"),
    # Auckland is a day ahead.
    ("2026-06-01T10:30", "22:00", "06:00", "Pacific/Auckland", "2026-06-01T18:00"),
]


@pytest.mark.parametrize(("now", "begin", "end", "zone", "until"), CASES)
def test_quiet_hours_end_as_in_the_table(
    now: str, begin: str | None, end: str | None, zone: str, until: str | None
) -> None:
    found = quiet_until(
        datetime.fromisoformat(now).replace(tzinfo=UTC),
        time.fromisoformat(begin) if begin else None,
        time.fromisoformat(end) if end else None,
        zone,
    )

    assert found == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


@given(
    st.integers(1_577_836_800, 1_893_456_000),
    st.times(),
    st.times(),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_the_end_is_within_a_day_and_is_itself_not_quiet(now: int, begin: time, end: time, zone: str) -> None:
    moment = datetime.fromtimestamp(now, UTC)
    until = quiet_until(moment, begin, end, zone)
    if until is None:
        return
    assert moment < until <= moment + timedelta(hours=26)
    assert until.astimezone(UTC).tzinfo is UTC
