"""Quiet hours: until when to be silent; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def quiet_until(now: datetime, quiet_from: time | None, quiet_to: time | None, time_zone: str) -> datetime | None:
    """The instant at which the quiet hours end that `now` lies in, or None when it lies in none.

    They begin at `quiet_from` and end before `quiet_to`, local times; over midnight when the end is the earlier one.
    Where a change of the clock skips or repeats such a time, the longer quiet is kept.
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
