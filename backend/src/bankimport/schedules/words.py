"""Describe in words when a schedule runs; pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bankimport.schedules.recurrence import Frequency, Recurrence

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def in_words(recurrence: Recurrence) -> str:
    """The rule, like `every Monday at 02:00, Europe/London`. The rule must have passed `checked`."""
    at = f"at {recurrence.run_time:%H:%M}"
    match recurrence.frequency:
        case Frequency.DAILY:
            rule = f"every day {at}"
        case Frequency.WEEKLY:
            rule = f"every {WEEKDAYS[(recurrence.weekday or 1) - 1]} {at}"
        case Frequency.MONTHLY if recurrence.day_of_month == 31:
            rule = f"on the last day of every month {at}"
        case Frequency.MONTHLY:
            day = recurrence.day_of_month or 1
            shorter = ", or the last day of a shorter month," if day > 28 else ""
            rule = f"on day {day} of every month{shorter} {at}"
        case Frequency.CRON:
            words = CronSim(recurrence.cron or "", datetime(2026, 1, 1)).explain()  # noqa: DTZ001 - only explained
            rule = words[:1].lower() + words[1:]
    return f"{rule}, {recurrence.time_zone}"


def moment_in_words(moment: datetime, time_zone: str) -> str:
    """A moment in local time, like `Thu 26 Nov 2026, 02:00 GMT`."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} {local.tzname()}"


def shift_in_words(recurrence: Recurrence, moment: datetime) -> str | None:
    """What a clock change does to a run, or None if it runs at its usual time."""
    if recurrence.frequency is Frequency.CRON:
        return None
    local = moment.astimezone(ZoneInfo(recurrence.time_zone))
    at = f"{recurrence.run_time:%H:%M}"
    if (local.hour, local.minute) != (recurrence.run_time.hour, recurrence.run_time.minute):
        return f"the clocks go forward and skip {at}: runs at {local:%H:%M}"
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return f"the clocks go back and show {at} twice: runs the first time"
    return None
