"""Estimate what an import takes, as ranges; pure but for the settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from bankimport.accounts.models import Account, AccountKind
from bankimport.days import Days
from bankimport.settings import get_settings

ROWS_PER_DAY = {AccountKind.ACCOUNT: 2.5, AccountKind.CARD: 1.5}
SPREAD = 3.0
"""Without experience of an account the true figure may be this many times lower or higher."""

KNOWN_SPREAD = 1.3
BANK_SPREAD = 2.0
"""Of an account that is new, at a bank whose other accounts are known."""
SECONDS_PER_CALL = 2.0
ROWS_STORED_PER_SECOND = 5000
EXTRA_CALLS = 2
"""Pending rows and the balance, one call each."""


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """What would be asked for one account, and about how many rows that brings."""

    account: Account
    days_total: int
    windows: list[Days]
    held: list[Days]
    rows: float
    spread: float


@dataclass(frozen=True, slots=True)
class Range:
    """A figure as it is expected, and between which it should lie."""

    low: int
    expected: int
    high: int


def estimate_rows(plans: Sequence[AccountPlan]) -> Range:
    """About how many booked rows the plans bring."""
    return Range(
        low=int(sum(plan.rows / plan.spread for plan in plans)),
        expected=round(sum(plan.rows for plan in plans)),
        high=round(sum(plan.rows * plan.spread for plan in plans)),
    )


def estimate_api_calls(plans: Sequence[AccountPlan], *, is_current: bool) -> Range:
    """How many calls the plans send: one a window, and two more an account when the import reaches to today.

    The batch size plays no part: it cuts what is stored, not what is asked. Twice as many are sent when a bank wants
    every window in halves.
    """
    calls = sum(len(plan.windows) + (EXTRA_CALLS if is_current else 0) for plan in plans)
    return Range(low=calls, expected=calls, high=calls * 2)


def estimate_duration_s(calls: Range, rows: Range, *, parallel: int, call_s: float | None) -> Range:
    """How many seconds the import takes, never less than the limit of calls a minute allows.

    Args:
        parallel: how many accounts are fetched at a time.
        call_s: how long this bank took to answer lately, or None when that is not known.
    """
    waiting_s = least_wait_s(calls)
    working_s = calls.expected * (call_s or SECONDS_PER_CALL) / max(1, parallel)
    duration_s = max(working_s, waiting_s) + rows.expected / ROWS_STORED_PER_SECOND
    spread = 1.5 if call_s is not None else SPREAD
    return Range(
        low=max(1, int(max(duration_s / spread, waiting_s))),
        expected=max(1, round(duration_s)),
        high=max(1, round(duration_s * spread)),
    )


def least_wait_s(calls: Range) -> float:
    """How many seconds the limit of calls a minute makes an import last at least."""
    limit = get_settings().calls_per_minute
    return max(0, calls.expected - limit) / limit * 60


def at_least(duration: Range, least_s: float) -> Range:
    """The duration, no end of it under one second or under what the limit of calls a minute allows."""
    least = max(1, int(least_s))
    return Range(max(least, duration.low), max(least, duration.expected), max(least, duration.high))
