"""Estimate what an import takes, as ranges; pure except for the settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bankimport.accounts.models import Account, AccountKind
from bankimport.days import Days
from bankimport.settings import get_settings

ROWS_PER_DAY = {AccountKind.ACCOUNT: 2.5, AccountKind.CARD: 1.5}
SPREAD = 4.0
"""Without experience of an account the true figure may be this many times lower or higher."""

KNOWN_SPREAD = 1.3
BANK_SPREAD = 2.0
"""The same for a new account at a bank whose other accounts are known."""
SECONDS_PER_CALL = 2.0
ROWS_STORED_PER_SECOND = 5000
EXTRA_CALLS = 2
"""Pending rows and the balance, one call each."""


class RowRange(NamedTuple):
    """How many rows an account is expected to return, and the range."""

    low: float
    expected: float
    high: float


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """What would be requested for one account, and roughly how many rows that returns."""

    account: Account
    days_total: int
    windows: list[Days]
    held: list[Days]
    rows: RowRange


@dataclass(frozen=True, slots=True)
class Range:
    """An expected figure and its range."""

    low: int
    expected: int
    high: int


def estimate_rows(plans: Sequence[AccountPlan]) -> Range:
    """The expected number of booked rows in the plans."""
    return Range(
        low=int(sum(plan.rows.low for plan in plans)),
        expected=round(sum(plan.rows.expected for plan in plans)),
        high=round(sum(plan.rows.high for plan in plans)),
    )


def rows_of_account(
    kind: AccountKind, days: int, days_likely: int, days_at_most: int, own_rate: float | None, bank_rate: float | None
) -> RowRange:
    """How many rows one account is expected to return.

    Args:
        days: how many days are requested.
        days_likely: how many of these days banks usually have, or this bank is known to have.
        days_at_most: how many of these days the bank may have.
        own_rate: this account's rows per day, or None if unknown.
        bank_rate: the same of the other accounts at this bank.
    """
    if own_rate is not None:
        rows = days * own_rate
        return RowRange(rows / KNOWN_SPREAD, rows, rows * KNOWN_SPREAD)
    rate, spread = (bank_rate, BANK_SPREAD) if bank_rate else (ROWS_PER_DAY[kind], SPREAD)
    return RowRange(days_likely * rate / spread, days_likely * rate, days_at_most * rate * spread)


def estimate_api_calls(plans: Sequence[AccountPlan], *, is_current: bool) -> Range:
    """The number of calls in the plans: one per window, plus two per account if the import reaches to today.

    The batch size does not matter: it divides what is stored, not what is requested. Twice as many are sent if a bank
    needs every window in halves.
    """
    calls = sum(len(plan.windows) + (EXTRA_CALLS if is_current else 0) for plan in plans)
    return Range(low=calls, expected=calls, high=calls * 2)


def estimate_duration_s(calls: Range, rows: Range, *, parallel: int, call_s: float | None) -> Range:
    """The number of seconds the import takes, never less than the limit of calls per minute allows.

    Args:
        parallel: how many accounts are fetched at a time.
        call_s: how long this bank recently took to answer, or None if unknown.
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
    """The minimum duration in seconds because of the limit of calls per minute."""
    limit = get_settings().calls_per_minute
    return max(0, calls.expected - limit) / limit * 60


def at_least(duration: Range, least_s: float) -> Range:
    """The duration, with both ends at least one second and at least what the limit of calls per minute allows."""
    least = max(1, int(least_s))
    return Range(max(least, duration.low), max(least, duration.expected), max(least, duration.high))
