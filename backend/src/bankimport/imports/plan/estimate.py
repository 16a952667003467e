"""Estimate what an import takes, as ranges, and whether the limits on calls allow it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountKind
from bankimport.connections import repository as connections
from bankimport.connections.calls.budget import MINUTE
from bankimport.connections.models import BankConnection
from bankimport.days import Days
from bankimport.imports.plan import statistics
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


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why an import cannot do all its calls at once, in words; `until` is when more is allowed, where that is known."""

    code: str
    message: str
    until: datetime | None = None
    account_id: int | None = None


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


def can_execute_import(
    session: Session,
    connection: BankConnection,
    plans: Sequence[AccountPlan],
    calls: Range,
    now: datetime,
    *,
    is_attended: bool,
) -> list[Hindrance]:
    """What of the limits on calls stands in the way of doing the plans at once; empty when nothing does.

    None of it makes an import fail: it waits for its turn, and this says so beforehand.

    Source of the unattended allowance: PSD2 regulatory technical standards, article 36(5): four times a day without
    the user. The limit of calls a minute is a setting of ours.
    """
    hindrances = []
    resting_until = connection.rate_limited_until
    if resting_until is not None and resting_until > now:
        message = f"{connection.bank_name} asked us to slow down; nothing is asked before {resting_until:%H:%M:%S} UTC"
        hindrances.append(Hindrance("rate_limited", message, resting_until))
    limit = get_settings().calls_per_minute
    spent = connections.count_calls(session, since=now - MINUTE)
    if spent + calls.expected > limit:
        message = (
            f"about {calls.expected} calls are needed; {limit} a minute are allowed to all imports together, and "
            f"{spent} are spent, so the import waits in between"
        )
        hindrances.append(Hindrance("calls_per_minute", message))
    return hindrances if is_attended else hindrances + _short_allowances(session, plans, now)


def _short_allowances(session: Session, plans: Sequence[AccountPlan], now: datetime) -> list[Hindrance]:
    """Accounts whose unattended allowance may not suffice."""
    allowance = get_settings().unattended_calls_per_day
    spent = statistics.count_unattended_today(session, [plan.account.id for plan in plans], now - timedelta(hours=24))
    return [
        Hindrance(
            "unattended_allowance",
            f"{plan.account.display_name} needs {len(plan.windows)} calls; banks may allow {allowance} a day without "
            f"you, and {spent.get(plan.account.id, 0)} are spent",
            account_id=plan.account.id,
        )
        for plan in plans
        if spent.get(plan.account.id, 0) + len(plan.windows) > allowance
    ]
