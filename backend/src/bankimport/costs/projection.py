"""Say what a month will come to, from what it came to so far; pure."""

from datetime import datetime, timedelta

from bankimport.connections.prices import month_start, next_month_start

DAY = timedelta(days=1)


def projected(so_far: int, now: datetime) -> int:
    """How many there will be in the month, at the pace so far; the first day counts as a whole one."""
    first = month_start(now)
    passed = max(DAY, now - first)
    return round(so_far * ((next_month_start(now) - first) / passed))
