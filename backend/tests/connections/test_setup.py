"""Our client id at TrueLayer: who may change it, what a check finds, and that what is stored is used."""

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.commands.command_line import run_command
from tests.support.steps.installation import PASSWORD, Installation, forget_settings

from bankimport.connections.calls.credentials import credentials
from bankimport.db.session import session_scope
from bankimport.processes.ports import free_port
from bankimport.settings import get_settings, variable_of
from bankimport.users.access import Role
from bankimport.users.service import create_user
from truelayer_simulator.launch import CLIENT_ID, CLIENT_SECRET

PATH = "/api/setup/truelayer"
RIGHT = {"environment": "sandbox", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.fixture
def unset(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation whose settings name the simulator's hosts, but no client id."""
    for name in ("truelayer_client_id", "truelayer_client_secret"):
        monkeypatch.delenv(variable_of(name))
    forget_settings()
    return installation


def administrator(installation: Installation, email: str = "ada@example.org") -> TestClient:
    with session_scope() as session:
        create_user(session, email, PASSWORD, Role.ADMIN)
    client = installation.client()
    client.post("/api/auth/login", json={"email": email, "password": PASSWORD}).raise_for_status()
    return client


def check(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(f"{PATH}/check", json=RIGHT | changes)
    assert answer.status_code == 200, answer.text
    failed: list[dict[str, Any]] = [found for found in answer.json()["checks"] if not found["is_well"]]
    assert answer.json()["is_well"] == (failed == [])
    return failed[0] if failed else {}


def test_what_an_administrator_stores_is_encrypted_and_connects_a_bank(unset: Installation) -> None:
    client = administrator(unset)
    assert client.get(PATH).json()["source"] == "none"
    refused = client.post("/api/truelayer/connections/authorize", json={})
    assert (refused.status_code, refused.json()["code"]) == (503, "truelayer_not_configured")

    assert check(client) == {}
    stored = client.put(PATH, json=RIGHT).json()

    assert (stored["source"], stored["client_id"], stored["has_secret"]) == ("database", CLIENT_ID, True)
    assert stored["redirect_uri"] == get_settings().redirect_uri
    with session_scope() as session:
        (secret,) = session.scalars(text("SELECT client_secret_encrypted FROM truelayer_application"))
    assert CLIENT_SECRET.encode() not in bytes(secret)
    assert CLIENT_SECRET not in repr(credentials())
    assert unset.connect(client, "sim-plain") == 1
    refused = client.put(PATH, json=RIGHT | {"client_id": "sandbox-another"})
    assert (refused.status_code, refused.json()["details"]) == (409, {"connected": 1})
    changed = client.put(PATH, json=RIGHT | {"client_id": "sandbox-another", "even_if_connected": True})
    assert changed.json()["client_id"] == "sandbox-another"
    assert credentials().client_id == "sandbox-another"


def test_the_check_says_what_is_wrong(unset: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    client = administrator(unset)

    assert check(client, client_secret="of another") == {
        "name": "client",
        "is_well": False,
        "found": "TrueLayer refuses the client id or the secret",
        "remedy": "copy both again from the console; if the secret is lost, make a new one there",
    }
    assert check(client, environment="live")["found"] == "this is a client id of the sandbox environment"
    assert check(client, client_id="myapp-1a2b3c")["found"] == "this is a client id of the live environment"
    monkeypatch.setenv("BANKIMPORT_HOST", "0.0.0.0")
    forget_settings()
    assert "BANKIMPORT_PUBLIC_URL" in check(client)["remedy"]
    monkeypatch.setenv("TRUELAYER_AUTH_URL", f"http://127.0.0.1:{free_port()}")
    forget_settings()
    assert "cannot be reached" in check(client)["found"]


def test_a_secret_is_kept_only_for_the_client_id_that_it_belongs_to(unset: Installation) -> None:
    client = administrator(unset)
    without = {name: RIGHT[name] for name in ("environment", "client_id")}

    assert client.put(PATH, json=without).json()["code"] == "invalid_request"
    client.put(PATH, json=RIGHT).raise_for_status()
    assert client.put(PATH, json=without).status_code == 200
    assert client.post(f"{PATH}/check", json=without).json()["is_well"]
    assert client.post(f"{PATH}/check", json=without | {"client_id": "sandbox-x"}).status_code == 422


def test_only_administrators_change_it_and_only_where_no_variables_are_set(installation: Installation) -> None:
    client = administrator(installation)
    member = installation.signed_in("bob@example.org")

    assert member.get(PATH).json()["source"] == "environment"
    assert member.put(PATH, json=RIGHT).status_code == member.post(f"{PATH}/check", json=RIGHT).status_code == 403
    assert client.put(PATH, json=RIGHT).json()["code"] == "set_by_environment"


def test_the_command_checks_and_stores_too(unset: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("database_url", "redis_url", "home", "secret_keys", "truelayer_auth_url", "truelayer_api_url")
    environment = {variable_of(name): str(getattr(get_settings(), name)) for name in names if name != "secret_keys"}
    environment[variable_of("secret_keys")] = get_settings().secret_keys[0].get_secret_value()
    command = ("setup", "--environment", "sandbox", "--client-id", CLIENT_ID, "--client-secret-stdin")

    refused = run_command(command, environment, "wrong\n")
    assert refused.code == 1
    assert "nothing was stored" in refused.out
    assert "nowhere yet" in run_command(("setup", "--show"), environment).out

    done = run_command(command, environment, f"{CLIENT_SECRET}\n")
    assert done.code == 0, done.out + done.err
    assert get_settings().redirect_uri in done.out
    assert f"{CLIENT_ID}, from the database" in run_command(("setup", "--show"), environment).out
