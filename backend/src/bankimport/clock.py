"""The time now, in UTC."""

from datetime import UTC, date, datetime


def utc_now() -> datetime:
    """The aware instant now."""
    return datetime.now(UTC)


def utc_today() -> date:
    """The day now, in UTC, which is the day that sync windows mean."""
    return utc_now().date()
