"""Quiet hours: when they end; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def quiet_until(now: datetime, quiet_from: time | None, quiet_to: time | None, time_zone: str) -> datetime | None:
    """The end of the quiet hours that contain `now`, or None outside quiet hours.

    They include `quiet_from` and exclude `quiet_to`, in local time; they pass midnight if the end is earlier than the
    start. If a clock change skips or repeats one of these times, the longer quiet period applies.
    """
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return None
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    for day in (today - ONE_DAY, today):
        last = day if quiet_from < quiet_to else day + ONE_DAY
        end = max(_instants(last, quiet_to, zone))
        if min(_instants(day, quiet_from, zone)) <= now < end:
            return end
    return None


def _instants(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
