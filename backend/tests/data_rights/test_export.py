"""Everything of a user's in one zip, and nothing of anybody else's, nor anything that opens something."""

import io
import json
import os
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.support.commands.command_line import run_command
from tests.support.steps.installation import PASSWORD, Installation
from tests.support.steps.record import Record, a_record
from tests.support.suite.clock import travel

from bankimport.data_rights.contents import is_secret, tables_of_users
from bankimport.db.session import session_scope
from bankimport.settings import variable_of
from bankimport.transactions.models import Transaction

EXPORT = "/api/me/export"


@pytest.fixture
def record(installation: Installation) -> Record:
    return a_record(installation)


def unpacked(content: bytes) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        assert pack.testzip() is None
        names = [name for name in pack.namelist() if name.endswith(".jsonl")]
        return {name.removesuffix(".jsonl"): [json.loads(line) for line in pack.open(name)] for name in names}


def test_secrets_are_left_out_and_nothing_else() -> None:
    left_out = {f"{table.name}.{column.name}" for table in tables_of_users() for column in table.c if is_secret(column)}

    assert left_out == {
        "api_tokens.token_hash",
        "authorisation_requests.code_verifier_encrypted",
        "authorisation_requests.confirmation_hash",
        "authorisation_requests.state_hash",
        "bank_connections.access_token_encrypted",
        "bank_connections.refresh_token_encrypted",
        "calendar_feeds.token_encrypted",
        "calendar_feeds.token_hash",
        "login_links.token_hash",
        "notification_channels.address_encrypted",
        "notification_channels.previous_secret_encrypted",
        "notification_channels.secret_encrypted",
        "passkey_challenges.challenge_hash",
        "second_factors.backup_hashes",
        "second_factors.secret_encrypted",
        "user_keys.key_encrypted",
        "user_sessions.token_hash",
        "users.password_hash",
    }


def test_the_zip_has_each_table_with_the_users_rows_alone(installation: Installation, record: Record) -> None:
    record.add_hostile()
    installation.connect(installation.signed_in("eve@example.org"), "sim-plain")

    answer = record.client.get(EXPORT).raise_for_status()

    found = unpacked(answer.content)
    assert answer.headers["content-type"] == "application/zip"
    assert set(found) == {table.name for table in tables_of_users()}
    with psycopg.connect(installation.owner_url) as connection:
        for name in ("transactions", "truelayer_accounts", "bank_connections", "raw_responses", "bank_api_calls"):
            keys = connection.execute(f"SELECT id FROM {name} WHERE user_id = %s", (record.user_id,)).fetchall()
            assert [row["id"] for row in found[name]] == sorted(number for (number,) in keys), name
            assert keys, name
        bodies = connection.execute("SELECT count(body) FROM raw_responses").fetchone()
    assert [row["email"] for row in found["users"]] == ["ada@example.org"]
    assert sum("results" in json.loads(row["body"]) for row in found["raw_responses"]) == (bodies or (0,))[0] > 0
    with session_scope() as session:
        stored = session.get_one(Transaction, found["transactions"][-1]["id"])
        assert Decimal(found["transactions"][-1]["amount"]) == stored.amount
        assert found["transactions"][-1]["description"] == stored.description
    assert "user.exported" in {entry["action"] for entry in found["audit_log"]}
    assert not {"address_encrypted", "access_token_encrypted"} & found["bank_connections"][0].keys()
    assert "eve@example.org" not in str(found)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        readme = pack.read("README.txt").decode()
    assert f"transactions.jsonl: {len(found['transactions'])} rows. " in readme
    assert all(table.name in readme for table in tables_of_users())


def test_the_page_needs_a_password_given_lately_and_the_command_line_none(
    installation: Installation, tmp_path: Path
) -> None:
    installation.user("ada@example.org", PASSWORD)
    browser = installation.client()
    browser.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD}).raise_for_status()
    assert browser.get(EXPORT).status_code == 200
    travel(minutes=11)
    assert browser.get(EXPORT).json()["code"] == "recent_sign_in_needed"

    place = {variable_of("database_url"): os.environ["DATABASE_URL"]}
    target = tmp_path / "ada.zip"
    done = run_command(("user", "export", "ada@example.org", "--to", str(target), "--json"), place)
    assert json.loads(done.out)["bytes"] == target.stat().st_size
    assert target.stat().st_mode & 0o077 == 0
    assert unpacked(target.read_bytes())["users"][0]["email"] == "ada@example.org"
    again = run_command(("user", "export", "ada@example.org", "--to", str(target)), place)
    assert again.code != 0
    assert "exists already" in again.err
