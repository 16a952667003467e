"""Metrics of stored data: connections, and how far the days of accounts are proven and fresh."""

from datetime import date
from typing import Any

from sqlalchemy import Select, Text, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from bankimport.accounts.models import Account, AccountFreshness
from bankimport.connections.models import HIDDEN_STATUSES, BankConnection
from bankimport.monitoring import facts
from bankimport.monitoring.family import Family

MOST_ACCOUNTS = 1000
"""The number of accounts with their own series, longest unproven first."""


def _newest_days(day: InstrumentedAttribute[date | None]) -> Select[*tuple[Any, ...]]:
    """Per account and the connection it is read through, the start of this day in Unix time; 0 if there is none."""
    return (
        select(
            cast(Account.id, Text).label("account_id"),
            cast(BankConnection.id, Text).label("connection_id"),
            func.coalesce(extract("epoch", day), 0),
        )
        .join(AccountFreshness, AccountFreshness.account_id == Account.id)
        .join(BankConnection, BankConnection.id == Account.connection_id)
        .where(BankConnection.status.not_in(HIDDEN_STATUSES))
        .order_by(day.asc().nulls_first(), Account.id)
        .limit(MOST_ACCOUNTS)
    )


GAUGES = (
    Family(
        "bankimport_connections",
        "Bank connections by status.",
        ("status",),
        "SELECT status, count(*) FROM bank_connections GROUP BY 1",
    ),
    Family(
        "bankimport_connections_ending",
        "Connections whose consent ends within seven days.",
        (),
        "SELECT count(*) FROM bank_connections WHERE status = 'active' "
        "AND consent_expires_at BETWEEN :now AND :now + interval '7 days'",
    ),
    Family(
        "bankimport_account_newest_proven_day_seconds",
        "Start of an account's newest proven day, in Unix time; 0 if no day is proven.",
        ("account_id", "connection_id"),
        lambda now: _newest_days(AccountFreshness.newest_proven_day),
    ),
    Family(
        "bankimport_account_newest_held_day_seconds",
        "Start of an account's newest stored day, in Unix time.",
        ("account_id", "connection_id"),
        lambda now: _newest_days(AccountFreshness.newest_held_day),
    ),
    Family(
        "bankimport_broken_accounts",
        "Accounts with days whose balances show that rows are missing.",
        (),
        "SELECT count(*) FROM account_standings WHERE broken_days > 0",
    ),
    Family(
        "bankimport_stale_accounts",
        "Accounts that a schedule should have imported recently but did not.",
        (),
        facts.count_stale_accounts,
    ),
)
