"""When a schedule runs next, compared with a second library across zones, clock changes and ends of months."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from dateutil import rrule, tz
from hypothesis import given
from hypothesis import strategies as st

from bankimport.schedules.errors import ScheduleInvalid
from bankimport.schedules.jitter import MOST_MINUTES, fires_at
from bankimport.schedules.recurrence import Frequency, Recurrence, checked, next_runs
from bankimport.schedules.words import in_words, moment_in_words, shift_in_words

NOW = datetime(2026, 11, 25, tzinfo=UTC)

# Zones without changes, with changes in both directions, by half an hour (Lord Howe), at midnight (Havana, Beirut),
# odd.
ZONES = [
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "America/Asuncion",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Pacific/Auckland",
]

moments = st.integers(0, 9 * 365 * 86_400).map(
    lambda seconds: datetime(2016, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
zones = st.sampled_from(ZONES)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
# The hours of clock changes deserve more than their share.
wall_times = st.one_of(times, st.builds(time, st.integers(0, 3), st.sampled_from([0, 15, 30, 59])))


def runs(rule: Recurrence, after: datetime, count: int) -> list[datetime]:
    return list(islice(next_runs(rule, after), count))


def as_dateutil_says(days: Iterator[datetime], zone_name: str, after: datetime) -> Iterator[datetime]:
    """Local moments in UTC: skipped ones at the first minute that exists, repeated ones the first time."""
    zone = tz.gettz(zone_name)
    for wall in days:
        while not tz.datetime_exists(wall, zone):
            wall += timedelta(minutes=1)
        moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if moment > after:
            yield moment


def expected(rule: Recurrence, after: datetime, count: int, **by: object) -> list[datetime]:
    start = (after - timedelta(days=3)).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    at = {"byhour": rule.run_time.hour, "byminute": rule.run_time.minute, "bysecond": 0}
    days = rrule.rrule(dtstart=start, **at, **by)
    return list(islice(as_dateutil_says(iter(days), rule.time_zone, after), count))


@given(moments, zones, wall_times)
def test_daily_runs_are_those_of_dateutil(after: datetime, zone: str, at: time) -> None:
    rule = Recurrence(Frequency.DAILY, at, zone)

    assert runs(rule, after, 400) == expected(rule, after, 400, freq=rrule.DAILY)


@given(moments, zones, wall_times, st.integers(1, 7))
def test_weekly_runs_are_those_of_dateutil(after: datetime, zone: str, at: time, weekday: int) -> None:
    rule = Recurrence(Frequency.WEEKLY, at, zone, weekday=weekday)

    assert runs(rule, after, 60) == expected(rule, after, 60, freq=rrule.WEEKLY, byweekday=weekday - 1)


@given(moments, zones, wall_times, st.integers(1, 31))
def test_monthly_runs_are_on_the_day_or_on_the_last_of_a_shorter_month(
    after: datetime, zone: str, at: time, day: int
) -> None:
    rule = Recurrence(Frequency.MONTHLY, at, zone, day_of_month=day)
    # The last day of the month up to the wanted one.
    last_that_exists = {"bymonthday": range(max(1, min(day, 28)), day + 1), "bysetpos": -1}

    found = runs(rule, after, 30)

    start = (after - timedelta(days=40)).replace(tzinfo=None, day=1, hour=0, minute=0, second=0, microsecond=0)
    days = rrule.rrule(rrule.MONTHLY, dtstart=start, byhour=at.hour, byminute=at.minute, bysecond=0, **last_that_exists)
    assert found == list(islice(as_dateutil_says(iter(days), zone, after), 30))


@given(
    moments,
    st.sampled_from(["0", "30", "5,35", "*/15", "7"]),
    st.sampled_from(["2", "0,12", "*/6", "8-17/3", "*"]),
    st.sampled_from(["*", "1", "29", "31", "1,15", "*/10"]),
    st.sampled_from(["*", "2", "1-6", "*/3"]),
    st.sampled_from(["*", "1-5", "0", "6,7"]),
)
def test_cron_expressions_mean_the_same_as_in_croniter(
    after: datetime, minute: str, hour: str, day: str, month: str, weekday: str
) -> None:
    # A star in one of the two day fields means "and" to some crons and "or" to others; they agree on the plain forms.
    if day.startswith("*/") and weekday != "*":
        day = "*"
    expression = f"{minute} {hour} {day} {month} {weekday}"
    rule = Recurrence(Frequency.CRON, time(2), "UTC", cron=expression)
    if day in ("29", "31") and month == "2" and weekday == "*":
        return

    second = croniter(expression, after.replace(microsecond=0))
    assert runs(rule, after.replace(microsecond=0), 30) == [second.get_next(datetime) for _ in range(30)]


@given(moments, zones, st.sampled_from(["0 * * * *", "30 */2 * * *", "30 2 * * *", "0 0 * * 1", "15 1,13 29 * *"]))
def test_runs_ascend_strictly_and_continuing_from_one_misses_none(after: datetime, zone: str, cron: str) -> None:
    rule = Recurrence(Frequency.CRON, time(2), zone, cron=cron)
    some = runs(rule, after, 12)

    assert all(later - earlier >= timedelta(minutes=30) for earlier, later in pairwise(some))
    assert some[0] > after
    for earlier, later in pairwise(some):
        assert runs(rule, earlier, 1) == [later]


def test_a_time_that_the_clocks_skip_runs_at_the_first_that_exists() -> None:
    rule = Recurrence(Frequency.DAILY, time(2, 30), "Europe/Berlin")

    (run,) = runs(rule, datetime(2026, 3, 28, 12, tzinfo=UTC), 1)

    assert run.astimezone(ZoneInfo("Europe/Berlin")).isoformat() == "2026-03-29T03:00:00+02:00"
    assert shift_in_words(rule, run) == "the clocks go forward and skip 02:30: runs at 03:00"


def test_a_time_that_occurs_twice_runs_once() -> None:
    rule = Recurrence(Frequency.DAILY, time(1, 30), "Europe/London")

    first, second = runs(rule, datetime(2026, 10, 24, 12, tzinfo=UTC), 2)

    assert first.astimezone(ZoneInfo("Europe/London")).isoformat() == "2026-10-25T01:30:00+01:00"
    assert second - first == timedelta(hours=25)
    assert shift_in_words(rule, first) == "the clocks go back and show 01:30 twice: runs the first time"
    assert shift_in_words(rule, second) is None


def test_the_last_days_of_months() -> None:
    rule = Recurrence(Frequency.MONTHLY, time(2), "UTC", day_of_month=30)

    days = [f"{run:%m-%d}" for run in runs(rule, datetime(2027, 12, 31, tzinfo=UTC), 4)]

    assert days == ["01-30", "02-29", "03-30", "04-30"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Recurrence(Frequency.DAILY, time(2), "UTC"), "every day at 02:00, UTC"),
        (Recurrence(Frequency.WEEKLY, time(7, 5), "Europe/Dublin", weekday=1), "every Monday at 07:05, Europe/Dublin"),
        (
            Recurrence(Frequency.MONTHLY, time(2), "UTC", day_of_month=30),
            "on day 30 of every month, or the last day of a shorter month, at 02:00, UTC",
        ),
        (
            Recurrence(Frequency.MONTHLY, time(2), "UTC", day_of_month=31),
            "on the last day of every month at 02:00, UTC",
        ),
        (Recurrence(Frequency.CRON, time(2), "UTC", cron="30 2 * * 1-5"), "at 02:30 on Monday through Friday, UTC"),
    ],
)
def test_rules_are_described_in_words(rule: Recurrence, words: str) -> None:
    assert in_words(checked(rule, NOW)) == words


def test_moments_are_shown_in_local_time() -> None:
    assert moment_in_words(datetime(2026, 7, 1, 1, tzinfo=UTC), "Europe/London") == "Wed 1 Jul 2026, 02:00 BST"


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (Recurrence(Frequency.DAILY, time(2), "Europe/Atlantis"), "not a known time zone"),
        (Recurrence(Frequency.DAILY, time(2), "../etc/passwd"), "not a known time zone"),
        (Recurrence(Frequency.DAILY, time(2, 0, 30), "UTC"), "hours and minutes"),
        (Recurrence(Frequency.WEEKLY, time(2), "UTC"), "needs weekday"),
        (Recurrence(Frequency.MONTHLY, time(2), "UTC"), "needs day_of_month"),
        (Recurrence(Frequency.CRON, time(2), "UTC"), "five fields"),
        (Recurrence(Frequency.CRON, time(2), "UTC", cron="0 0 2 * * *"), "five fields"),
        (Recurrence(Frequency.CRON, time(2), "UTC", cron="61 2 * * *"), "bad minute"),
        (Recurrence(Frequency.CRON, time(2), "UTC", cron="0 0 30 2 *"), "is invalid"),
        (Recurrence(Frequency.CRON, time(2), "UTC", cron="*/30 * * * *"), "runs again after 30 minutes"),
    ],
)
def test_an_invalid_rule_is_refused_with_a_reason(rule: Recurrence, fault: str) -> None:
    with pytest.raises(ScheduleInvalid, match=fault):
        checked(rule, NOW)


def test_fields_that_a_frequency_does_not_use_are_dropped() -> None:
    rule = checked(Recurrence(Frequency.DAILY, time(2), "UTC", weekday=3, day_of_month=4, cron="x"), NOW)

    assert rule == Recurrence(Frequency.DAILY, time(2), "UTC")


@given(st.integers(1, 2**60), moments, st.integers(0, MOST_MINUTES))
def test_jitter_is_stable_and_never_beyond_its_bound(schedule_id: int, at: datetime, jitter: int) -> None:
    at = at.replace(microsecond=0)
    fires = fires_at(schedule_id, at, jitter)

    assert fires == fires_at(schedule_id, at, jitter)
    assert at <= fires <= at + timedelta(minutes=jitter)


def test_jitter_spreads_schedules_and_runs() -> None:
    at = datetime(2026, 1, 1, 2, tzinfo=UTC)

    delays = {fires_at(number, at, 15) - at for number in range(200)}
    of_one = {fires_at(1, at + timedelta(days=day), 15) - timedelta(days=day) for day in range(200)}

    assert len(delays) > 150
    assert len(of_one) > 150


def test_a_rule_of_rare_days_ends_with_the_last_year_that_there_is() -> None:
    rule = Recurrence(Frequency.CRON, time(), "UTC", cron="0 0 30 2 1#5")

    assert checked(rule, NOW) == rule
