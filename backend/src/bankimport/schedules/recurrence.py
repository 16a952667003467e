"""Compute when a rule runs next; pure.

Every rule becomes one or two cron expressions in its time zone, so clock changes have one meaning: a time that the
clocks skip runs at the first minute that exists, and a time that occurs twice runs only the first time. A cron
expression with `*` for the hour means real hours and runs in both.
"""

import heapq
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from bankimport.clock import time_zone_names
from bankimport.schedules.errors import ScheduleInvalid

LEAST_APART = timedelta(hours=1)
"""TrueLayer caches answers for an hour, so more frequent requests return nothing new.

Source: support.truelayer.com, article 360003994498.
"""

RUNS_CHECKED = 400


class Frequency(StrEnum):
    """How often a schedule runs; for `cron` the expression decides."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CRON = "cron"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When to run. `weekday` is 1 for Monday to 7 for Sunday. `day_of_month` 29 to 31 means the last day of shorter
    months.
    `run_time` is local time in `time_zone`.
    """

    frequency: Frequency
    run_time: time
    time_zone: str
    weekday: int | None = None
    day_of_month: int | None = None
    cron: str | None = None


def checked(recurrence: Recurrence, now: datetime) -> Recurrence:
    """The rule with only the fields that its frequency uses.

    Raises:
        ScheduleInvalid: the rule is invalid, or runs too often to be useful; the message says what to change.
    """
    _zone(recurrence)
    if recurrence.run_time.second or recurrence.run_time.microsecond or recurrence.run_time.tzinfo is not None:
        raise ScheduleInvalid("run_time must be hours and minutes like 02:00; set the zone with time_zone")
    match recurrence.frequency:
        case Frequency.DAILY:
            rule = Recurrence(Frequency.DAILY, recurrence.run_time, recurrence.time_zone)
        case Frequency.WEEKLY:
            if recurrence.weekday is None or not 1 <= recurrence.weekday <= 7:
                raise ScheduleInvalid("a weekly schedule needs weekday, from 1 for Monday to 7 for Sunday")
            rule = Recurrence(Frequency.WEEKLY, recurrence.run_time, recurrence.time_zone, weekday=recurrence.weekday)
        case Frequency.MONTHLY:
            if recurrence.day_of_month is None or not 1 <= recurrence.day_of_month <= 31:
                raise ScheduleInvalid("a monthly schedule needs day_of_month, from 1 to 31")
            rule = Recurrence(
                Frequency.MONTHLY, recurrence.run_time, recurrence.time_zone, day_of_month=recurrence.day_of_month
            )
        case Frequency.CRON:
            rule = Recurrence(
                Frequency.CRON, recurrence.run_time, recurrence.time_zone, cron=_checked_cron(recurrence, now)
            )
    return rule


def next_runs(recurrence: Recurrence, after: datetime) -> Iterator[datetime]:
    """Every moment at which the rule runs, strictly after `after`, ascending, in UTC.

    Raises:
        ScheduleInvalid: the time zone or the cron expression is invalid.
    """
    zone = _zone(recurrence)
    start = after.astimezone(zone)
    try:
        each = [CronSim(expression, start) for expression in expressions(recurrence)]
    except CronSimError as error:
        raise ScheduleInvalid(_cron_fault(recurrence.cron, str(error))) from None
    for moment in heapq.merge(*map(_in_utc, each)):
        # In an hour that comes twice the expression is matched against the wall clock, which may show an earlier one.
        if moment > after:
            yield moment


def expressions(recurrence: Recurrence) -> list[str]:
    """The rule as cron expressions that never match the same day."""
    at = f"{recurrence.run_time.minute} {recurrence.run_time.hour}"
    match recurrence.frequency:
        case Frequency.DAILY:
            return [f"{at} * * *"]
        case Frequency.WEEKLY:
            return [f"{at} * * {recurrence.weekday}"]
        case Frequency.MONTHLY if recurrence.day_of_month == 31:
            return [f"{at} L * *"]
        case Frequency.MONTHLY if recurrence.day_of_month is not None and recurrence.day_of_month > 28:
            return [f"{at} {recurrence.day_of_month} 1,3-12 *", f"{at} L 2 *"]
        case Frequency.MONTHLY:
            return [f"{at} {recurrence.day_of_month} * *"]
        case Frequency.CRON:
            return [recurrence.cron or ""]


def _in_utc(moments: Iterator[datetime]) -> Iterator[datetime]:
    """The moments up to the last year that a date can have; a rule of rare days comes to it."""
    with suppress(OverflowError):
        for moment in moments:
            yield moment.astimezone(UTC)


def _zone(recurrence: Recurrence) -> ZoneInfo:
    try:
        if recurrence.time_zone not in time_zone_names():
            raise ZoneInfoNotFoundError
        return ZoneInfo(recurrence.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ScheduleInvalid(
            f"{recurrence.time_zone!r} is not a known time zone; use a name like Europe/London or UTC"
        ) from None


def _checked_cron(recurrence: Recurrence, now: datetime) -> str:
    text = " ".join((recurrence.cron or "").split())
    if len(text.split(" ")) != 5:
        raise ScheduleInvalid(_cron_fault(text, "it needs five fields"))
    runs = list(
        islice(
            next_runs(Recurrence(Frequency.CRON, recurrence.run_time, recurrence.time_zone, cron=text), now),
            RUNS_CHECKED,
        )
    )
    if not runs:
        raise ScheduleInvalid(f"the cron expression {text!r} never matches any time")
    for earlier, later in pairwise(runs):
        if later - earlier < LEAST_APART:
            raise ScheduleInvalid(
                f"the cron expression {text!r} runs again after {_minutes(later - earlier)}; TrueLayer caches answers "
                "for an hour, so leave an hour between runs, for example 0 */6 * * *"
            )
    return text


def _cron_fault(text: str | None, fault: str) -> str:
    return (
        f"the cron expression {text or ''!r} is invalid: {fault[:1].lower()}{fault[1:]}; the fields are minute, hour, "
        "day of month, month, weekday, for example 30 2 * * 1-5"
    )


def _minutes(length: timedelta) -> str:
    minutes = int(length / timedelta(minutes=1))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
