"""take rows' days from their bank's time zone.

Rows with a time were dated by UTC. They are now dated by the zone of their bank's country; ids, times, hashes and keys
stay, so that matching recognises them. A day at the end of a stored stretch that is no longer complete is dropped.
"""

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "b7d30c5e9a14"
down_revision = "a1e4c7f20b36"
branch_labels = None
depends_on = None

ZONES = {
    "AT": "Europe/Vienna",
    "AU": "Australia/Sydney",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CH": "Europe/Zurich",
    "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
}

COUNTRY_OF_CURRENCY = {
    "BGN": "BG", "CHF": "CH", "CZK": "CZ", "DKK": "DK", "GBP": "GB", "HUF": "HU", "NOK": "NO", "PLN": "PL",
    "RON": "RO", "SEK": "SE",
}  # fmt: skip

ROWS = """
    UPDATE transactions SET date = (timestamp AT TIME ZONE :new)::date
    WHERE account_id = ANY(:accounts) AND has_time AND date <> (timestamp AT TIME ZONE :new)::date
"""

CHANGES = """
    UPDATE transaction_changes c
    SET SIDE = jsonb_set(SIDE, '{date}', to_jsonb(((SIDE->>'timestamp')::timestamptz AT TIME ZONE :new)::date::text))
    FROM transactions t
    WHERE t.id = c.transaction_id AND t.account_id = ANY(:accounts) AND SIDE ? 'date' AND SIDE ? 'timestamp'
        AND coalesce((SIDE->>'has_time')::boolean, t.has_time)
"""

FIRST_DAYS = """
    UPDATE import_windows w
    SET window_from = CASE WHEN window_from < window_to THEN window_from + 1 ELSE window_from END,
        state = CASE WHEN window_from < window_to THEN state ELSE 'split' END
    WHERE w.state IN ('completed', 'undone') AND w.account_id = ANY(:accounts)
        AND EXISTS (SELECT FROM transactions t WHERE t.account_id = w.account_id AND t.has_time)
        AND w.window_from::timestamp AT TIME ZONE :new < w.window_from::timestamp AT TIME ZONE :old
        AND NOT EXISTS (
            SELECT FROM import_windows o WHERE o.account_id = w.account_id AND o.state = w.state
                AND o.window_from < w.window_from AND o.window_to >= w.window_from - 1)
"""
"""If days begin earlier now, the first hours of a stored stretch belong to a day that is not stored."""

LAST_DAYS = """
    UPDATE import_windows w
    SET window_to = CASE WHEN window_from < window_to THEN window_to - 1 ELSE window_to END,
        state = CASE WHEN window_from < window_to THEN state ELSE 'split' END
    WHERE w.state IN ('completed', 'undone') AND w.account_id = ANY(:accounts)
        AND EXISTS (SELECT FROM transactions t WHERE t.account_id = w.account_id AND t.has_time)
        AND (w.window_to + 1)::timestamp AT TIME ZONE :new > (w.window_to + 1)::timestamp AT TIME ZONE :old
        AND NOT EXISTS (
            SELECT FROM import_windows o WHERE o.account_id = w.account_id AND o.state = w.state
                AND o.window_to > w.window_to AND o.window_from <= w.window_to + 1)
"""
"""If days end later now, the last hours of a stored stretch belong to a day that is not stored."""

STANDINGS = "DELETE FROM account_standings WHERE account_id = ANY(:accounts)"

REDATE = (
    ROWS,
    CHANGES.replace("SIDE", "before"),
    CHANGES.replace("SIDE", "after"),
    FIRST_DAYS,
    LAST_DAYS,
    STANDINGS,
)


def upgrade() -> None:
    op.add_column("bank_connections", sa.Column("time_zone", sa.Text(), nullable=True))
    bind = op.get_bind()
    banks = bind.execute(sa.text("SELECT DISTINCT user_id, bank_id FROM bank_connections")).all()
    for user_id, bank_id in banks:
        rows = bind.execute(
            sa.text(
                "SELECT id, iban, sort_code, currency FROM truelayer_accounts WHERE user_id = :user AND bank_id = :bank"
            ),
            {"user": user_id, "bank": bank_id},
        ).all()
        zone = zone_of(bank_id, rows)
        if zone is None:
            continue
        bind.execute(
            sa.text("UPDATE bank_connections SET time_zone = :zone WHERE user_id = :user AND bank_id = :bank"),
            {"zone": zone, "user": user_id, "bank": bank_id},
        )
        for statement in REDATE:
            bind.execute(sa.text(statement), {"accounts": [row.id for row in rows], "new": zone, "old": "UTC"})


def zone_of(bank_id: str, rows: Sequence[sa.Row[Any]]) -> str | None:
    prefix = re.match(r"([a-z]{2})-(?:ob|oauth|xs2a|stet)-", bank_id)
    evidence = (
        {prefix[1].upper().replace("UK", "GB")} if prefix else set(),
        {row.iban[:2].upper() for row in rows if row.iban},
        {"GB" for row in rows if row.sort_code},
        {COUNTRY_OF_CURRENCY.get(row.currency, "") for row in rows if row.currency},
    )
    for countries in evidence:
        if len(countries) == 1:
            return ZONES.get(countries.pop())
        if countries:
            return None
    return None


def downgrade() -> None:
    op.execute(
        "UPDATE transactions SET date = (timestamp AT TIME ZONE 'UTC')::date "
        "WHERE has_time AND date <> (timestamp AT TIME ZONE 'UTC')::date"
    )
    op.drop_column("bank_connections", "time_zone")
