"""Keep calls within the limits of banks and TrueLayer: checked before every call, in the ledger shared by all workers.

Counting in PostgreSQL is one indexed query next to a call that takes far longer, and it survives a loss of the queue.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.connections import repository
from bankimport.connections.calls.addresses import is_public_host
from bankimport.connections.errors import CallBudgetSpent
from bankimport.connections.models import BankConnection
from bankimport.settings import Settings
from bankimport.truelayer.errors import DailyAllowanceSpent

MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)
BESIDE_THE_ALLOWANCE = ("_page", "_result")
"""Ends of endpoint names that read on in an answer already begun: Data API v3 does not say that they count."""
AFTER_RATE_LIMIT = timedelta(minutes=1)
"""How long a connection pauses after a 429 without a time."""


_ONE_AFTER_ANOTHER = select(func.pg_advisory_xact_lock(func.hashtext("bank calls")))


def check_budget(
    session: Session,
    connection: BankConnection,
    settings: Settings,
    *,
    account_id: int | None,
    endpoint: str,
    counts: bool,
    now: datetime,
) -> None:
    """Raise if a call must not be sent now; the error has the number of seconds until it may be sent.

    The unattended allowance is counted over any 24 hours, so it is respected no matter at what hour a bank's day
    begins. `counts`: the call uses it, because neither is the user present nor is the consent that fresh.
    Checks wait for each other until the transaction ends, so that two workers never both use the last call.

    Raises:
        CallBudgetSpent: the bank requested a pause, or the limit of the whole client is reached.
        DailyAllowanceSpent: one more unattended call would exceed the bank's allowance.

    Source: PSD2 regulatory technical standards, article 36(5): four times a day without the user.
    """
    session.execute(_ONE_AFTER_ANOTHER)
    if connection.rate_limited_until is not None and connection.rate_limited_until > now:
        raise CallBudgetSpent(
            f"{connection.bank_name} asked us to slow down",
            retry_after_s=(connection.rate_limited_until - now).total_seconds(),
        )
    oldest = repository.nth_newest_call(session, settings.calls_per_minute, since=now - MINUTE)
    if oldest is not None:
        raise CallBudgetSpent(
            f"our limit of {settings.calls_per_minute} calls a minute is reached",
            retry_after_s=(oldest + MINUTE - now).total_seconds(),
        )
    if not counts or endpoint.endswith(BESIDE_THE_ALLOWANCE):
        return
    oldest = repository.nth_newest_call(
        session,
        settings.unattended_calls_per_day,
        since=now - DAY,
        unattended_of=(connection.id, account_id, endpoint),
    )
    if oldest is not None:
        raise DailyAllowanceSpent(
            f"{connection.bank_name} allows {settings.unattended_calls_per_day} calls a day without you, and all "
            "of them are used",
            retry_after_s=(oldest + DAY - now).total_seconds(),
        )


def is_in_consent_window(authorised_at: datetime, settings: Settings, now: datetime) -> bool:
    """Whether the user confirmed the consent at the bank so lately that calls do not use the unattended allowance."""
    return now < consent_window_ends(authorised_at, settings)


def consent_window_ends(authorised_at: datetime, settings: Settings) -> datetime:
    """When calls begin to use the unattended allowance after a consent."""
    return authorised_at + timedelta(minutes=settings.consent_window_minutes)


def how_to_be_present(settings: Settings, button: str) -> str:
    """What a user can do so that an import does not wait for the unattended allowance, as a sentence.

    `button` is what they press on the page.
    """
    host = urlsplit(settings.browser_url).hostname or "localhost"
    if is_public_host(host):
        return (
            f"Open the page and press {button} there to continue now. "
            "From a private network that does not help: its addresses cannot be passed on to banks."
        )
    private = f"The page's address, {host}, is private, so yours cannot be passed on to banks"
    minutes = settings.consent_window_minutes
    if minutes == 0:
        return f"{private}; an administrator can give the page a public one."
    return f"{private}. To continue now, reconnect the bank and press {button} within {minutes} minutes."


def learn_rate_limit(connection: BankConnection, retry_after_s: float | None, now: datetime) -> None:
    """Pause the connection after a 429, until the time it named."""
    wait = timedelta(seconds=retry_after_s) if retry_after_s is not None else AFTER_RATE_LIMIT
    connection.rate_limited_until = max(connection.rate_limited_until or now, now + wait)
