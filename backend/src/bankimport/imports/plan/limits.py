"""What an import cannot fetch, or not at once, and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.connections import repository as connections
from bankimport.connections.calls.budget import MINUTE, how_to_be_present
from bankimport.connections.models import SCA_WINDOW, BankConnection
from bankimport.days import ONE_DAY, Days
from bankimport.imports.import_plan import Limit, LimitCode
from bankimport.imports.plan import statistics
from bankimport.imports.plan.depth import gives_at_any_time, too_deep
from bankimport.imports.plan.estimate import AccountPlan, Range
from bankimport.imports.windows import recent_since
from bankimport.settings import get_settings

CONSENT_ENDS_SOON = timedelta(days=7)


def unreachable_days(
    session: Session, connection: BankConnection, accounts: Sequence[Account], days: Days, now: datetime
) -> list[Limit]:
    """The days that the bank may refuse, or answer from a cache."""
    return [
        *_before_sca_window(connection, days, now),
        *_below_known_depth(connection, accounts, days, now),
        *_end_of_consent(connection, now),
        *_cached_answers(session, accounts, days, now),
    ]


def call_limits(
    session: Session,
    connection: BankConnection,
    plans: Sequence[AccountPlan],
    calls: Range,
    now: datetime,
    *,
    is_unattended: bool,
) -> list[Limit]:
    """The limits on calls that make the import wait; empty if all of its calls can be made at once.

    None of them makes an import fail. `is_unattended`: its calls use the unattended allowance.

    Source of the unattended allowance: PSD2 regulatory technical standards, article 36(5): four times a day without the
    user. The limit of calls per minute is our own setting.
    """
    limits = [*_rate_limit(connection, now), *_calls_per_minute(session, calls, now)]
    return [*limits, *_short_allowances(session, plans, now)] if is_unattended else limits


def _before_sca_window(connection: BankConnection, days: Days, now: datetime) -> list[Limit]:
    since = recent_since(now.date())
    if days.first >= since:
        return []
    window_ends = connection.authorised_at + SCA_WINDOW
    if now < window_ends:
        message = (
            f"days before {since} are available only until {window_ends:%Y-%m-%d %H:%M:%S} UTC, "
            "a few minutes after consent: start now"
        )
    elif gives_at_any_time(connection.bank_id):
        message = f"{connection.bank_name} usually returns days before {since} at any time, but may refuse some"
    else:
        message = (
            f"many banks return days before {since} only in the first minutes after consent; "
            "if yours refuses, reconnect it and import these days at once"
        )
    deeper = Days(days.first, min(days.last, since - ONE_DAY))
    return [_limit_of_days(LimitCode.SCA_WINDOW, message, deeper, until=window_ends)]


def _below_known_depth(
    connection: BankConnection, accounts: Sequence[Account], days: Days, now: datetime
) -> list[Limit]:
    kinds = {account.kind for account in accounts}
    message_and_days = too_deep(days, connection.bank_id, connection.bank_name, kinds, now.date())
    return [] if message_and_days is None else [_limit_of_days(LimitCode.BANK_DEPTH, *message_and_days)]


def _end_of_consent(connection: BankConnection, now: datetime) -> list[Limit]:
    ends = connection.consent_expires_at
    if ends is None or ends - now >= CONSENT_ENDS_SOON:
        return []
    return [Limit(code=LimitCode.CONSENT_END, message=f"the consent ends on {ends:%Y-%m-%d at %H:%M} UTC", at=ends)]


def _cached_answers(session: Session, accounts: Sequence[Account], days: Days, now: datetime) -> list[Limit]:
    if days.last < now.date() - ONE_DAY:
        return []
    limits = []
    for account in accounts:
        answered_at = statistics.last_answer_of_window(session, account.id, now - timedelta(hours=1))
        if answered_at is not None:
            message = (
                f"{account.display_name} was requested at {answered_at:%Y-%m-%d %H:%M} UTC; "
                "TrueLayer may answer the same request from its one-hour cache"
            )
            limits.append(Limit(code=LimitCode.HOUR_OLD_CACHE, message=message, account_id=account.id))
    return limits


def _rate_limit(connection: BankConnection, now: datetime) -> list[Limit]:
    until = connection.rate_limited_until
    if until is None or until <= now:
        return []
    message = f"{connection.bank_name} asked us to slow down; no request is sent before {until:%Y-%m-%d %H:%M:%S} UTC"
    return [Limit(code=LimitCode.RATE_LIMITED, message=message, until=until)]


def _calls_per_minute(session: Session, calls: Range, now: datetime) -> list[Limit]:
    allowed = get_settings().calls_per_minute
    spent = connections.count_calls(session, since=now - MINUTE)
    if spent + calls.expected <= allowed:
        return []
    message = (
        f"about {calls.expected} calls are needed; all imports together may make {allowed} a minute, and "
        f"{spent} are used, so the import waits in between"
    )
    return [Limit(code=LimitCode.CALLS_PER_MINUTE, message=message)]


def _short_allowances(session: Session, plans: Sequence[AccountPlan], now: datetime) -> list[Limit]:
    """Accounts whose unattended allowance may not be enough."""
    allowance = get_settings().unattended_calls_per_day
    advice = how_to_be_present(get_settings(), "Start the import")
    spent = statistics.count_unattended_today(session, [plan.account.id for plan in plans], now - timedelta(hours=24))
    return [
        Limit(
            code=LimitCode.UNATTENDED_ALLOWANCE,
            message=f"{plan.account.display_name} needs {len(plan.windows)} calls; banks may allow {allowance} a day "
            f"without you, and {spent.get(plan.account.id, 0)} are used, so the import waits in between. {advice}",
            account_id=plan.account.id,
        )
        for plan in plans
        if spent.get(plan.account.id, 0) + len(plan.windows) > allowance
    ]


def _limit_of_days(code: LimitCode, message: str, days: Days, *, until: datetime | None = None) -> Limit:
    return Limit(code=code, message=message, first=days.first, last=days.last, until=until)
