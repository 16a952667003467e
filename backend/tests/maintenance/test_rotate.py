"""A change of keys: everything is encrypted again while it runs, resumably, and nothing is ever unreadable."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text
from tests.support.commands.command_line import run_command
from tests.support.commands.maintenance import Place
from tests.support.steps.imports import start, status_of
from tests.support.steps.installation import PASSWORD, Installation, forget_settings

import bankimport
from bankimport.clock import VARIABLE, utc_now, utc_today
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.imports.answers.raw import body_of
from bankimport.imports.models import RawResponse
from bankimport.maintenance import rotate as rotating
from bankimport.maintenance.rotate import encrypted_columns, rotate, survey
from bankimport.observability.models import RunningProcess
from bankimport.secrets import decrypt, key_id
from bankimport.settings import variable_of

NEW = Fernet.generate_key().decode()


@pytest.fixture
def old(kept: Installation) -> str:
    """The key under which everything is."""
    return os.environ[variable_of("secret_keys")]


def place(home: Path, keys: str | None) -> Place:
    more = {variable_of("secret_keys"): keys} if keys else {}
    return Place(home, os.environ[variable_of("database_url")], **more)


def tokens() -> list[str]:
    with session_scope() as session:
        return [decrypt(value) for value in session.scalars(select(BankConnection.refresh_token_encrypted)) if value]


def bodies() -> list[bytes]:
    with session_scope() as session:
        return [body_of(answer) for answer in session.scalars(select(RawResponse).order_by(RawResponse.id))]


def under(report: Any) -> set[str]:
    return {row["key"] for row in report["stored"]}


def test_everything_is_encrypted_again_and_the_old_key_can_go(
    old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (tokens(), bodies())
    assert all(before)
    done = place(tmp_path, f"{NEW},{old}").run("secrets", "rotate")
    assert (done["left"], done["unreadable"], under(done)) == (0, 0, {key_id(NEW)})
    assert done["changed"] == sum(row["values"] for row in done["stored"]) >= 4
    assert {row["table"] for row in done["stored"]} >= {"bank_connections", "notification_channels", "user_keys"}

    again = place(tmp_path, f"{NEW},{old}").run("secrets", "rotate")
    assert again["changed"] == 0
    assert place(tmp_path, NEW).run("secrets", "status")["unreadable"] == 0
    monkeypatch.setenv(variable_of("secret_keys"), NEW)
    forget_settings()
    assert (tokens(), bodies()) == before
    lost = place(tmp_path, old).run("secrets", "status", code=1)
    assert lost["unreadable"] == done["changed"]


def test_one_that_is_stopped_resumes_and_rows_in_use_are_left_and_said(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "ROWS_AT_A_TIME", 1)
    keys = [NEW, old]
    next(rotate(keys, patience_s=0))
    with session_scope() as session:
        total = sum(row.values for row in survey(session.connection(), keys))
        left = rotating.old_values(survey(session.connection(), keys), keys)
    assert 0 < left < total

    with session_scope() as holder:
        holder.execute(select(BankConnection).with_for_update())
        list(rotate(keys, patience_s=0))
        with session_scope() as session:
            waiting = {row.table for row in survey(session.connection(), keys) if row.key == key_id(old)}
    assert waiting == {"bank_connections"}
    list(rotate(keys, patience_s=0))
    with session_scope() as session:
        assert rotating.old_values(survey(session.connection(), keys), keys) == 0


def test_it_waits_until_every_process_has_the_new_key(old: str, tmp_path: Path) -> None:
    def process(name: str, *keys: str, seen_ago: timedelta = timedelta(0)) -> None:
        now = utc_now()
        with session_scope() as session:
            session.merge(
                RunningProcess(
                    name=name,
                    kind="worker",
                    version="0",
                    started_at=now,
                    seen_at=now - seen_ago,
                    figures={},
                    key_ids=[key_id(key) for key in keys],
                )
            )

    process("dead:1", old, seen_ago=timedelta(minutes=5))
    process("here:1", NEW, old)
    process("here:2", old)
    refused = place(tmp_path, f"{NEW},{old}").run("secrets", "rotate", code=1)
    assert refused["code"] == "still_running"
    assert "worker here:2" in refused["message"]
    assert "here:1" not in refused["message"]
    assert under(place(tmp_path, f"{NEW},{old}").run("secrets", "status")) == {key_id(old)}
    process("here:2", old, NEW)
    assert place(tmp_path, f"{NEW},{old}").run("secrets", "rotate")["left"] == 0


def test_a_key_file_is_changed_under_running_processes_and_an_import(
    kept: Installation, old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.key").write_text(old + "\n")
    monkeypatch.delenv(variable_of("secret_keys"))
    monkeypatch.setenv(variable_of("home"), str(tmp_path))
    forget_settings()
    before = tokens()
    here = place(tmp_path, None)
    client = kept.client()
    client.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD}).raise_for_status()
    connection_id = int(client.get("/api/truelayer/connections").json()["connections"][0]["id"])
    job_id = start(client, connection_id, from_date=(utc_today() - timedelta(days=9)).isoformat())

    done = here.run("secrets", "rotate", "--new-key")
    assert (done["left"], len(done["keys"]), done["signed_by_dropped_keys"]) == (0, 2, [])
    # This process has read the file before; it reads it again.
    assert tokens() == before
    kept.run_tasks()
    assert status_of(client, job_id)["status"] == "completed"
    sent = bodies()
    dropped = here.run("secrets", "rotate", "--drop-old")
    assert (dropped["changed"], len(dropped["keys"]), len(dropped["signed_by_dropped_keys"])) == (0, 1, 1)
    assert (tmp_path / "secret.key").read_text().split() != [old]
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    assert (tokens(), bodies()) == (before, sent)
    assert "change it there" in place(tmp_path, old).run("secrets", "rotate", "--new-key", code=1)["message"]


def test_an_old_key_is_not_dropped_while_something_is_under_it(old: str, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text(f"{NEW}\n{old}\n")
    with psycopg.connect(os.environ[variable_of("database_url")]) as holder:
        # As the application does for what concerns all users.
        holder.execute("SELECT set_config('role', session_user || '_everyone', false)")
        holder.execute("SELECT FROM bank_connections FOR UPDATE")
        done = run_command(
            ("secrets", "rotate", "--drop-old", "--wait", "0"),
            {VARIABLE: os.environ[VARIABLE], **place(tmp_path, None).environment},
        )
    assert done.code == 1
    assert "left under older keys" in done.out
    assert (tmp_path / "secret.key").read_text().split() == [NEW, old]


def test_every_column_that_is_encrypted_says_so_in_its_name() -> None:
    source = Path(bankimport.__file__).parent
    written = {
        name
        for path in source.rglob("*.py")
        if "maintenance" not in path.parts
        for name in re.findall(r"(\w+)(?:=| = )encrypt\(", path.read_text())
    }
    assert written
    assert written <= {column.name for column in encrypted_columns()}


def test_a_value_under_no_key_is_said_and_left(old: str, tmp_path: Path) -> None:
    with session_scope() as session:
        session.execute(text("UPDATE bank_connections SET access_token_encrypted = 'x'"))
    done = place(tmp_path, f"{NEW},{old}").run("secrets", "rotate", code=1)
    assert (done["left"], done["unreadable"]) == (0, 1)
