"""Erasure: consents are ended at the bank, and nothing of the user is left."""

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import select
from tests.support.steps.installation import PASSWORD, Installation, forget_settings
from tests.support.steps.record import Record, a_record
from tests.support.suite.clock import travel

from bankimport.connections.calls import tokens
from bankimport.data_rights import erase
from bankimport.data_rights.contents import tables_of_users
from bankimport.db.session import session_scope
from bankimport.processes.ports import free_port
from bankimport.settings import variable_of
from bankimport.users.access import Role
from bankimport.users.models import User
from bankimport.users.service import create_user

ME = "/api/me"
ADA = {"email": "ada@example.org"}


@pytest.fixture
def record(installation: Installation) -> Record:
    return a_record(installation)


def counts(installation: Installation) -> dict[str, int]:
    """The number of rows in each table of users."""
    found: dict[str, int] = {}
    with psycopg.connect(installation.owner_url) as connection:
        for table in tables_of_users():
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name))
            (found[table.name],) = connection.execute(query).fetchone() or (0,)
    return found


def at_the_bank(installation: Installation, token: str) -> int:
    """The status of a call with a consent's token."""
    simulator = installation.simulator
    headers = {"Authorization": f"Bearer {token}"}
    return int(simulator.http.get(f"{simulator.url}/data/v1/accounts", headers=headers).status_code)


def test_erasing_oneself_ends_the_consents_and_leaves_no_row(installation: Installation, record: Record) -> None:
    token = tokens.access_token(installation.connect(record.client, "sim-accounts-only"))
    assert at_the_bank(installation, token) == 200
    browser = installation.client()
    browser.post("/api/auth/login", json=ADA | {"password": PASSWORD}).raise_for_status()
    assert record.client.request("DELETE", ME, json=ADA).json()["code"] == "forbidden", "a token erases nobody"
    travel(minutes=11)
    assert browser.request("DELETE", ME, json=ADA).json()["code"] == "recent_sign_in_needed"
    assert browser.post("/api/auth/confirm", json={"password": "not the password"}).status_code == 401
    assert browser.post("/api/auth/confirm", json={"password": PASSWORD}).status_code == 204
    assert browser.request("DELETE", ME, json={"email": "eve@example.org"}).json()["code"] == "invalid_request"

    erased = browser.request("DELETE", ME, json=ADA).raise_for_status().json()

    of_record, own = erased["consents"]
    assert own["ended_at_truelayer"]
    assert of_record["connection_id"] == str(record.connection_id), "which a simulator that was reset may not know"
    assert at_the_bank(installation, token) in (401, 403)
    left = {name: rows for name, rows in counts(installation).items() if rows}
    assert set(left) == {"audit_log"}
    with psycopg.connect(installation.owner_url) as connection:
        assert connection.execute("SELECT count(user_id) FROM audit_log").fetchone() == (0,)
    assert browser.get("/api/auth/me").status_code == 401
    assert record.client.get("/api/auth/me").status_code == 401


def test_an_unreachable_truelayer_is_reported_and_stops_nothing(
    installation: Installation, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable_of("truelayer_auth_url"), f"http://127.0.0.1:{free_port()}")
    forget_settings()

    erased = erase.erase_user(record.user_id, None)

    (end,) = erased.consents
    assert not end.is_ended
    assert end.problem
    assert {name for name, rows in counts(installation).items() if rows} == {"audit_log"}


def test_an_erasure_that_was_interrupted_is_finished(installation: Installation, record: Record) -> None:
    with session_scope() as session:
        other = create_user(session, "eve@example.org", None, Role.ADMIN).id
        erase._shut_out(session, record.user_id, None)
    assert record.client.get("/api/auth/me").status_code == 401
    assert erase.finish_erasures() == 0, "it may be running"
    travel(minutes=16)

    assert erase.finish_erasures() == 1

    with session_scope() as session:
        assert list(session.scalars(select(User.id))) == [other]
    assert counts(installation)["transactions"] == 0


def test_an_administrator_erases_another_and_not_themselves_while_others_need_one(installation: Installation) -> None:
    with session_scope() as session:
        create_user(session, "ada@example.org", PASSWORD)
        eve = create_user(session, "eve@example.org", PASSWORD).id
    browser = installation.client()
    browser.post("/api/auth/login", json=ADA | {"password": PASSWORD}).raise_for_status()

    assert browser.request("DELETE", ME, json=ADA).json()["code"] == "last_administrator"
    assert browser.delete(f"/api/users/{eve}").json() == {"email": "eve@example.org", "consents": []}
    assert browser.request("DELETE", ME, json=ADA).status_code == 200
