"""Metrics of what is held: connections, and how far the days of accounts are proven and fresh."""

from bankimport.observability import facts
from bankimport.observability.family import Family

MOST_ACCOUNTS = 1000
"""Accounts that have a series of their own, the longest unproven first."""

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
        "Start of the newest proven day of an account, in Unix time; 0 when no day is proven.",
        ("account_id", "connection_id"),
        "SELECT a.id::text, c.id::text, coalesce(extract(epoch FROM s.newest_proven_day), 0) "
        "FROM account_standings s JOIN truelayer_accounts a ON a.id = s.account_id "
        f"{facts.READ_THROUGH} "
        f"ORDER BY s.newest_proven_day NULLS FIRST, a.id LIMIT {MOST_ACCOUNTS}",
    ),
    Family(
        "bankimport_account_newest_held_day_seconds",
        "Start of the newest held day of an account, in Unix time.",
        ("account_id", "connection_id"),
        "SELECT a.id::text, c.id::text, coalesce(extract(epoch FROM s.newest_held_day), 0) "
        "FROM account_standings s JOIN truelayer_accounts a ON a.id = s.account_id "
        f"{facts.READ_THROUGH} "
        f"ORDER BY s.newest_held_day NULLS FIRST, a.id LIMIT {MOST_ACCOUNTS}",
    ),
    Family(
        "bankimport_broken_accounts",
        "Accounts with days whose balances say that rows are missing.",
        (),
        "SELECT count(*) FROM account_standings WHERE broken_days > 0",
    ),
    Family(
        "bankimport_stale_accounts",
        "Accounts that a schedule should have imported lately and did not.",
        (),
        f"SELECT count(*) FROM ({facts.STALE_ACCOUNTS}) AS stale",
    ),
)
