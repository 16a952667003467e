"""Forecast a month from what happened so far; pure."""

from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from bankimport.pricing.prices import month_start, next_month_start
from bankimport.pricing.tokens import PricedCalls

DAY = timedelta(days=1)


def projected(so_far: int, now: datetime) -> int:
    """The expected number for the month at the present rate; the first day counts as a full day."""
    return round(so_far * _pace(now))


def projected_calls(so_far: PricedCalls, now: datetime) -> PricedCalls:
    """The expected model calls of the month at the present rate."""
    amount = so_far.amount
    if amount is not None:
        amount = max(amount, (amount * Decimal(_pace(now))).quantize(Decimal("0.0001"), ROUND_UP))
    return PricedCalls(projected(so_far.calls, now), projected(so_far.reserved, now), amount, so_far.currency)


def _pace(now: datetime) -> float:
    first = month_start(now)
    return (next_month_start(now) - first) / max(DAY, now - first)
