"""The audit log is read by its user, and as a whole by administrators."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from tests.support.commands.command_line import run_command
from tests.support.steps.installation import PASSWORD, Installation

from bankimport.data_rights.erase import erase_user
from bankimport.db.session import session_scope
from bankimport.settings import variable_of
from bankimport.users.access import Role
from bankimport.users.record import record
from bankimport.users.service import create_user

AUDIT = "/api/audit"


def test_each_user_reads_their_own_entries_and_an_administrator_all(installation: Installation) -> None:
    with session_scope() as session:
        ada = create_user(session, "ada@example.org", PASSWORD, Role.ADMIN).id
        eve = create_user(session, "eve@example.org", PASSWORD, Role.MEMBER).id
        record(session, eve, "schedule.created", schedule_id=7)
        record(session, None, "queue.paused", scope="all")
    mine, hers = installation.client(), installation.client()
    for client, email in ((mine, "ada@example.org"), (hers, "eve@example.org")):
        client.post("/api/auth/login", json={"email": email, "password": PASSWORD}).raise_for_status()

    own = hers.get(AUDIT).raise_for_status().json()["entries"]
    assert {entry["user"] for entry in own} == {"eve@example.org"}
    assert ("schedule.created", {"schedule_id": 7}) in [(entry["action"], entry["details"]) for entry in own]
    assert hers.get(f"{AUDIT}/all").json()["code"] == "forbidden"
    assert hers.get(f"{AUDIT}/all/export").json()["code"] == "forbidden"
    assert installation.client().get(AUDIT).status_code == 401

    pages: list[list[Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = mine.get(f"{AUDIT}/all?limit=2{cursor and f'&cursor={cursor}'}").raise_for_status().json()
        pages.append(page["entries"])
        cursor = page["next_cursor"]
    everything = [entry for page in pages for entry in page]
    assert {entry["user"] for entry in everything} >= {"ada@example.org", "eve@example.org", None}
    assert [int(entry["id"]) for entry in everything] == sorted(
        {int(entry["id"]) for entry in everything}, reverse=True
    )
    assert str(ada) not in {entry["user"] for entry in everything}

    exported = mine.get(f"{AUDIT}/all/export").raise_for_status()
    assert exported.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in exported.text.splitlines()] == everything
    alone = hers.get(f"{AUDIT}/export").text.splitlines()
    assert [json.loads(line)["id"] for line in alone] == [entry["id"] for entry in hers.get(AUDIT).json()["entries"]]


def test_a_changed_or_removed_entry_breaks_the_chain_and_an_erased_user_does_not(installation: Installation) -> None:
    with session_scope() as session:
        create_user(session, "ada@example.org", PASSWORD, Role.ADMIN)
        eve = create_user(session, "eve@example.org", PASSWORD, Role.MEMBER).id
        record(session, eve, "schedule.created", schedule_id=7, name="Eve's")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: recorded(eve, number), range(20)))
    place = {variable_of("database_url"): os.environ["DATABASE_URL"]}
    first = json.loads(run_command(("audit", "verify", "--json"), place).out)
    assert (first["entries"], first["findings"], first["forgotten"]) == (23, [], 0)

    erase_user(eve, None)
    checked = run_command(("audit", "verify", "--head", first["head"], "--json"), place)
    after = json.loads(checked.out)
    assert (checked.code, after["findings"], after["forgotten"]) == (0, [], 23 - 1 + 1)
    with psycopg.connect(installation.owner_url) as connection:
        assert "Eve" not in str(connection.execute("SELECT user_id, details, nonce FROM audit_log").fetchall())

    for change, words in (
        ("UPDATE audit_log SET details = '{\"by\": 1}' WHERE position = 24", "says something again"),
        ("UPDATE audit_log SET details = '{\"by\": 1}' WHERE position = 26", "does not say what it said"),
        ("UPDATE audit_log SET action = 'x' WHERE position = 5", "was changed"),
        ("DELETE FROM audit_log WHERE position = 3", "1 entries are missing"),
        ("DELETE FROM audit_log WHERE position >= 23", "the head that you wrote down"),
    ):
        installation.as_owner(change)
        found = run_command(("audit", "verify", "--head", first["head"]), place)
        assert (found.code, words in found.out) == (1, True), (change, found.out)


def recorded(user_id: int, number: int) -> None:
    with session_scope() as session:
        record(session, user_id, "schedule.changed", schedule_id=number)
