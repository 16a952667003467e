"""PostgreSQL shows a transaction only the rows of its user, also when a query forgets to name the owner."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import ARRAY, Column, Enum, Table, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import ProgrammingError
from tests.support.steps.installation import Installation

from bankimport.clock import utc_now
from bankimport.db.acting import for_everyone, for_nobody, for_user
from bankimport.db.row_security import has_owner, policy_of
from bankimport.db.session import session_scope
from bankimport.db.tables import Base
from bankimport.users.models import ApiToken

FIRST_ID = 1000
"""Above the ids of rows that the users' creation has left."""

OWNED = [table for table in Base.metadata.sorted_tables if has_owner(table)]


def test_every_table_with_an_owner_has_a_policy_that_holds_for_the_owner_of_tables_too(
    installation: Installation,
) -> None:
    statement = text(
        "SELECT relname FROM pg_class c WHERE relrowsecurity AND relforcerowsecurity "
        "AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)"
    )
    with session_scope() as session:
        assert set(session.scalars(statement)) == {table.name for table in OWNED}
    assert all(policy_of(table) for table in OWNED)
    named = {column.table.name for table in OWNED for column in table.c if column.name in ("user_id", "account_id")}
    assert {"transactions", "raw_responses", "account_days"} <= named


def test_a_query_without_the_owner_shows_nothing_of_another_user(installation: Installation) -> None:
    ada, bob = installation.user("ada@example.org"), installation.user("bob@example.org")
    with psycopg.connect(installation.owner_url) as connection:
        # Without the triggers of foreign keys and of sums, so that each table gets exactly one row of each user.
        connection.execute("SET LOCAL session_replication_role = replica")
        for user_id in (ada, bob):
            for table in OWNED:
                _insert_row(connection, table, user_id)

    for table in OWNED:
        mine, others = _keys(table, ada), _keys(table, bob)
        assert (mine != [], others != []) == (True, True), f"{table.name}: one's own row is not shown"
        assert not set(mine) & set(others), f"{table.name}: another user's row is shown"
        assert len(_keys(table, None)) >= len(mine) + len(others)
        with for_nobody(), session_scope() as session:
            assert session.execute(select(table)).all() == [], f"{table.name}: shown to nobody in particular"


def test_a_row_of_another_user_cannot_be_written(installation: Installation) -> None:
    ada, bob = installation.user("ada@example.org"), installation.user("bob@example.org")
    row = {"user_id": bob, "name": "x", "token_hash": b"x", "created_at": utc_now(), "scopes": []}

    with pytest.raises(ProgrammingError, match="row-level security"), for_user(ada), session_scope() as session:
        session.execute(insert(ApiToken).values(row))


def _keys(table: Table, user_id: int | None) -> list[tuple[Any, ...]]:
    with for_everyone() if user_id is None else for_user(user_id), session_scope() as session:
        return [tuple(row) for row in session.execute(select(*table.primary_key.columns))]


def _insert_row(connection: "psycopg.Connection[Any]", table: Table, user_id: int) -> None:
    """Insert a row of the user; each row that it refers to is the user's too."""
    values = {
        column.name: _value(column, user_id)
        for column in table.columns
        if (not column.nullable or column.foreign_keys) and column.computed is None
    }
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        ),
        list(values.values()),
    )


def _value(column: Column[Any], user_id: int) -> object:
    parents = {key.column.table.name for key in column.foreign_keys}
    if parents == {"users"} or column.name == "user_id":
        return user_id
    if parents or (column.primary_key and column.type.python_type is int):
        return FIRST_ID + user_id
    if isinstance(column.type, JSONB):
        return Jsonb({})
    if isinstance(column.type, ARRAY):
        return []
    if isinstance(column.type, Enum) and column.type.enums:
        return column.type.enums[0]
    now = utc_now()
    by_type: dict[type, object] = {
        datetime: now,
        date: now.date(),
        Decimal: Decimal(1),
        time: now.time(),
        bool: False,
        int: 1,
        float: 1.0,
        bytes: str(user_id).encode(),
    }
    return by_type.get(column.type.python_type, str(user_id))
