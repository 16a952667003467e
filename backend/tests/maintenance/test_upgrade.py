"""What an upgrade would do is said before it is done."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from tests.support.commands.command_line import run_command
from tests.support.commands.maintenance import Place

from bankimport.clock import utc_now
from bankimport.db.migrate import alembic_config, is_at_head
from bankimport.db.revisions import SQUASHED, earlier_revisions
from bankimport.db.revisions import is_migrated as is_migrated_at
from bankimport.db.session import make_engine
from bankimport.processes.postgres import RunningPostgres


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Place:
    return Place(tmp_path, database_url)


def is_migrated(database_url: str) -> bool:
    engine = make_engine(database_url, pool_size=1)
    try:
        with engine.connect() as connection:
            return is_migrated_at(connection)
    finally:
        engine.dispose()


def test_the_migrations_are_those_that_alembic_finds() -> None:
    scripts = ScriptDirectory.from_config(alembic_config("postgresql://unused"))
    known = {script.revision for script in scripts.walk_revisions()}

    assert earlier_revisions() == known - {scripts.get_current_head()} | SQUASHED
    assert known.isdisjoint(SQUASHED), "a migration that does more than before needs a new id"


def test_pending_migrations_are_listed_and_then_applied(place: Place, database_url: str) -> None:
    assert place.run("upgrade", "--check")["pending"] == []
    command.downgrade(alembic_config(database_url), "-2")

    found = place.run("upgrade", "--check")
    assert (len(found["pending"]), found["problems"], found["applied"]) == (2, [], False)
    assert all(migration["what"].endswith(".") for migration in found["pending"])
    assert not is_at_head(database_url)
    assert not is_migrated(database_url)
    assert place.run("upgrade")["applied"] is True
    assert is_at_head(database_url)


@pytest.mark.parametrize(
    ("revision", "advice"),
    [
        pytest.param("ffffffffffff", "it is of a newer version", id="newer"),
        pytest.param("d18e63c9f5a4", "bring it to commit 0ff2342 first", id="before-the-first-release"),
        pytest.param("b6c03f8a7d15", "bring it to commit b4eae2d first", id="shortly-before-the-first-release"),
    ],
)
def test_a_database_at_an_unknown_migration_is_left_alone(
    place: Place, database_url: str, revision: str, advice: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", (revision,))
    found = place.run("upgrade", code=1)
    assert found["applied"] is False
    assert advice in found["problems"][0]
    refused = run_command(("migrate",), place.environment)
    assert (refused.code, f"at migration {revision}" in refused.err) == (1, True)
    assert advice in " ".join(refused.err.split())
    assert is_migrated(database_url) is (revision == "ffffffffffff")


def test_a_process_stays_ready_while_a_newer_version_upgrades_but_not_before_its_own_migrations(
    database_url: str,
) -> None:
    assert is_migrated(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
    assert is_migrated(database_url)
    assert not is_at_head(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM alembic_version")
    assert not is_migrated(database_url)


def test_a_transaction_that_could_block_a_migration_is_named(
    place: Place, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.downgrade(alembic_config(database_url), "-1")
    with psycopg.connect(database_url) as idle:
        (pid,) = idle.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        monkeypatch.setattr("bankimport.maintenance.upgrade.LONG", utc_now() - utc_now())
        found = place.run("upgrade", code=1)
        assert f"pg_terminate_backend({pid})" in found["problems"][0]
        assert not is_at_head(database_url)


def test_migrations_wait_for_a_database_that_comes_later(
    place: Place, postgres: RunningPostgres, database_url: str
) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS comes_later WITH (FORCE)")
        place.environment["DATABASE_URL"] = postgres.url("comes_later")
        refused = run_command(("migrate",), place.environment)
        assert (refused.code, "cannot be used" in refused.err) == (1, True)

        with ThreadPoolExecutor() as others:
            waiting = others.submit(run_command, ("migrate", "--wait", "300"), place.environment)
            connection.execute("CREATE DATABASE comes_later")
            assert waiting.result().code == 0
    assert is_at_head(postgres.url("comes_later"))
