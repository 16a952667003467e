"""Row-level security: PostgreSQL itself shows a transaction only the rows of the user for whom it works.

The policies follow from the tables. A table with a `user_id` compares it with the transaction's user; any other table
shows the rows whose parent can be seen.
"""

import hashlib
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import ColumnElement, Table, select

from bankimport.db.acting import USER
from bankimport.db.tables import Base

POLICY = "owner"

_PARENTS = {
    "account_days": "account_id",
    "account_standings": "account_id",
    "account_balances": "account_id",
    "account_doors": "account_id",
    "declined_continuations": "new_account_id",
    "enrichment_events": "job_id",
    "import_attempts": "account_import_id",
    "import_events": "job_id",
    "import_schedule_runs": "schedule_id",
    "import_windows": "account_id",
    "notification_deliveries": "notification_id",
    "notification_delivery_tries": "delivery_id",
    "rejected_rows": "account_id",
    "transaction_changes": "transaction_id",
    "truelayer_import_progress": "account_id",
}
"""By table, the column that leads to the owner. The user of a change is who made it."""

_ME = f"(SELECT nullif(current_setting('{USER}', true), '')::bigint)"
"""Read once for a statement, not once for a row."""

_ACCOUNTS = "truelayer_accounts"

_WITHOUT_SIDE_EFFECTS = (
    *("abs(numeric)", "numeric_abs(numeric)"),
    *(f"numeric_{name}(numeric, numeric)" for name in ("eq", "ne", "lt", "le", "gt", "ge")),
)
"""Functions that cannot leak a row, for example in an error message, but are not marked as leakproof. PostgreSQL uses
an index below a policy only for functions with that mark."""


def everyone_role(application: str) -> str:
    """The name of the role in which the application sees all users' rows."""
    return f"{application}_everyone"


def has_owner(table: Table) -> bool:
    """Whether the rows of a table belong to users; those of a table without a user or a parent are the installation's.

    The users themselves are looked up before anybody is signed in.
    """
    return "user_id" in table.c or bool(table.foreign_keys)


def policy_of(table: Table) -> str | None:
    """Which rows of a table belong to the transaction's user, as SQL; None if its rows are of no user.

    Raises:
        KeyError: a table whose owner is neither a `user_id` nor named in the list of parents.
    """
    if not has_owner(table):
        return None
    if "user_id" in table.c and table.name not in _PARENTS:
        return f"user_id = {_ME}"
    column = table.c[_PARENTS[table.name]]
    (key,) = column.foreign_keys
    parent = key.column.table.name
    if parent == _ACCOUNTS:
        # A user has few accounts: one list for the statement, which an index can use too.
        return f"{column.name} = ANY (ARRAY(SELECT id FROM {parent}))"  # noqa: S608
    return f"EXISTS (SELECT FROM {parent} parent WHERE parent.id = {table.name}.{column.name})"


def rows_of(table: Table, user_id: int) -> ColumnElement[bool]:
    """The same as a condition: a table's rows that belong to this user, the user's own row among them.

    Raises:
        KeyError: as `policy_of`.
    """
    if table.name == "users":
        return table.c.id == user_id
    if "user_id" in table.c and table.name not in _PARENTS:
        return table.c.user_id == user_id
    column = table.c[_PARENTS[table.name]]
    (key,) = column.foreign_keys
    return column.in_(select(key.column).where(rows_of(key.column.table, user_id)))


def enable(connection: "psycopg.Connection[Any]", tables: set[str], *, forced: bool) -> None:
    """Give these tables their policies, as their owner. Tables that have theirs are left alone.

    `forced`: the policies hold for the owner too, unless the owner passes all policies anyhow.
    """
    states = {row[0]: row[1:] for row in connection.execute(_STATE).fetchall()}
    for table in Base.metadata.sorted_tables:
        policy = policy_of(table) if table.name in tables else None
        if policy is None:
            continue
        mark = hashlib.sha256(policy.encode()).hexdigest()[:16]
        if states.get(table.name) == (True, forced, mark):
            continue
        for statement in (
            "DROP POLICY IF EXISTS {policy} ON {table}",
            "CREATE POLICY {policy} ON {table} USING (" + policy + ")",
            "COMMENT ON POLICY {policy} ON {table} IS '" + mark + "'",
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE {table} " + ("FORCE" if forced else "NO FORCE") + " ROW LEVEL SECURITY",
        ):
            names = {"policy": sql.Identifier(POLICY), "table": sql.Identifier(table.name)}
            connection.execute(sql.SQL(statement).format(**names))


def let_indexes_be_used(connection: "psycopg.Connection[Any]") -> None:
    """Mark the comparison of amounts as leakproof; otherwise searches by amount read all rows of a user.

    Raises:
        psycopg.errors.InsufficientPrivilege: the owner is not a superuser.
    """
    for function in _WITHOUT_SIDE_EFFECTS:
        is_marked = "SELECT proleakproof FROM pg_proc WHERE oid = %s::regprocedure"
        if connection.execute(is_marked, (f"pg_catalog.{function}",)).fetchone() != (True,):
            connection.execute(f"ALTER FUNCTION pg_catalog.{function} LEAKPROOF")


_STATE = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, obj_description(p.oid, 'pg_policy')
FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace
"""
