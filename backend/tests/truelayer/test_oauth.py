"""Consent, tokens and their refresh, against the simulator."""

import threading
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from tests.support.steps.installation import Installation
from tests.support.suite.loopback import http_get

from bankimport.connections.calls import tokens
from bankimport.connections.errors import ConnectionExpired
from bankimport.connections.models import AuthorisationRequest, BankConnection
from bankimport.db.session import session_scope
from bankimport.secrets import decrypt


def test_the_link_requests_everything_an_importer_needs_and_binds_the_answer(installation: Installation) -> None:
    client = installation.signed_in()

    authorisation = client.post("/api/truelayer/connections/authorize", json={"provider_ids": ["mock"]}).json()

    query = parse_qs(urlsplit(authorisation["authorization_url"]).query)
    assert set(query["scope"][0].split()) >= {"accounts", "balance", "cards", "transactions", "offline_access", "info"}
    assert query["state"] == [authorisation["state"]]
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert "client_secret" not in query


def test_a_state_is_valid_for_one_return_of_its_own_user(installation: Installation) -> None:
    ada, bob = installation.signed_in("ada@example.org"), installation.signed_in("bob@example.org")
    state = ada.post("/api/truelayer/connections/authorize", json={}).json()["state"]
    callback = "/api/truelayer/connections/callback"

    stolen = bob.get(callback, params={"state": state, "code": "x"}).headers["location"]
    unknown = ada.get(callback, params={"state": "state_none", "code": "x"}).headers["location"]
    cancelled_state = ada.post("/api/truelayer/connections/authorize", json={}).json()["state"]
    cancelled = ada.get(callback, params={"state": cancelled_state, "error": "access_denied"}).headers["location"]

    late = ada.get(callback, params={"state": state, "code": "x"}).headers["location"]

    assert "problem=authorisation_failed" in stolen
    assert "problem=authorisation_failed" in late, "a failed return uses the state up"
    assert _unused_states() == 0
    assert "problem=authorisation_failed" in unknown
    assert "problem=authorisation_failed&about=cancelled" in cancelled
    assert ada.get("/api/truelayer/connections").json() == {"connections": []}


def test_a_consent_begun_in_a_browser_must_return_to_that_browser(installation: Installation) -> None:
    installation.user("eve@example.org", "correct horse battery")
    browser = installation.client()
    browser.post("/api/auth/login", json={"email": "eve@example.org", "password": "correct horse battery"})
    state = browser.post("/api/truelayer/connections/authorize", json={}).json()["state"]

    landed = installation.client().get("/api/truelayer/connections/callback", params={"state": state, "code": "x"})

    assert "problem=authorisation_failed" in landed.headers["location"]


def _unused_states() -> int:
    with session_scope() as session:
        unused = AuthorisationRequest.used_at.is_(None)
        return session.scalars(select(func.count()).select_from(AuthorisationRequest).where(unused)).one()


CALLBACK = "/api/truelayer/connections/callback"
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9", "Sec-Fetch-Mode": "navigate"}


def begun_by_a_program(installation: Installation) -> tuple[TestClient, dict[str, str], str, dict[str, str]]:
    """Ada's client, what she was answered, and where the bank sends a browser back to, with its query."""
    ada = installation.signed_in("ada@example.org")
    begun = ada.post("/api/truelayer/connections/authorize", json={"provider_ids": ["mock"]}).json()
    signed = f"{begun['authorization_url']}&simulator_user=john&simulator_password=doe"
    back = urlsplit(http_get(signed, follow_redirects=False).headers["location"])
    return ada, begun, back.query, {name: values[0] for name, values in parse_qs(back.query).items()}


def test_a_browser_that_is_not_signed_in_is_asked_who_began_and_connects_nothing(installation: Installation) -> None:
    ada, begun, query, sent = begun_by_a_program(installation)
    victim = installation.client(**BROWSER)

    page = victim.get(f"{CALLBACK}?{query}")
    assert page.status_code == 200
    assert "ada@example.org asked to connect this bank" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    wrong = victim.post(f"{CALLBACK}/confirm", data={**_form(sent), "confirmation": "AAAA-AAAA"})
    assert "That is not the code." in wrong.text
    elsewhere = {"Origin": "https://evil.example"}
    forged = victim.post(
        f"{CALLBACK}/confirm", data={**_form(sent), "confirmation": begun["confirmation_code"]}, headers=elsewhere
    )
    assert forged.json()["code"] == "forbidden"
    assert ada.get("/api/truelayer/connections").json() == {"connections": []}

    typed = begun["confirmation_code"].lower().replace("-", " ")
    landed = victim.post(f"{CALLBACK}/confirm", data={**_form(sent), "confirmation": typed})

    assert "connected=" in landed.headers["location"]
    assert len(ada.get("/api/truelayer/connections").json()["connections"]) == 1


def test_five_wrong_codes_use_the_consent_up(installation: Installation) -> None:
    _, begun, _, sent = begun_by_a_program(installation)
    victim = installation.client(**BROWSER)

    answers = [
        victim.post(f"{CALLBACK}/confirm", data={**_form(sent), "confirmation": f"AAAA-AAA{number}"})
        for number in range(5)
    ]
    late = victim.post(f"{CALLBACK}/confirm", data={**_form(sent), "confirmation": begun["confirmation_code"]})

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 303]
    assert "problem=authorisation_failed" in late.headers["location"]


def test_a_browser_in_which_its_user_is_signed_in_and_a_program_finish_at_once(installation: Installation) -> None:
    ada, _, query, _ = begun_by_a_program(installation)
    assert "connected=" in ada.get(f"{CALLBACK}?{query}", headers=BROWSER).headers["location"]
    begun = ada.post("/api/truelayer/connections/authorize", json={"provider_ids": ["mock"]}).json()

    assert "connected" in installation.consent(installation.client(), begun["authorization_url"])


def test_a_browser_of_somebody_else_is_refused_and_uses_the_consent_up(installation: Installation) -> None:
    ada, _, query, _ = begun_by_a_program(installation)
    bob = installation.signed_in("bob@example.org")

    landed = bob.get(f"{CALLBACK}?{query}", headers=BROWSER).headers["location"]

    assert "problem=authorisation_failed" in landed
    assert _unused_states() == 0
    assert ada.get("/api/truelayer/connections").json() == {"connections": []}


def _form(sent: dict[str, str]) -> dict[str, str]:
    return {name: sent[name] for name in ("state", "code")}


def test_a_form_post_return_continues_as_a_get(installation: Installation) -> None:
    client = installation.signed_in()

    answer = client.post("/api/truelayer/connections/callback", data={"state": "s", "code": "c&d"})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/api/truelayer/connections/callback?state=s&code=c%26d"


def test_tokens_are_stored_encrypted_and_never_shown(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "mock")

    with session_scope() as session:
        connection = session.get_one(BankConnection, connection_id)
        assert connection.refresh_token_encrypted is not None
        token = decrypt(connection.refresh_token_encrypted)
        assert token.encode() not in connection.refresh_token_encrypted
    assert token not in client.get("/api/truelayer/connections").text


def _token_calls(connection_id: int, times: int) -> list[str]:
    found: list[str] = []

    def take() -> None:
        found.append(tokens.access_token(connection_id))

    threads = [threading.Thread(target=take) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_many_who_need_a_fresh_token_at_once_cause_one_refresh(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-rotating")
    with session_scope() as session:
        session.get_one(BankConnection, connection_id).access_token_expires_at = None

    found = _token_calls(connection_id, 6)

    assert Counter(found) == {found[0]: 6}


def test_a_rejected_refresh_token_ends_the_connection_and_asks_to_reconnect(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "mock")
    installation.simulator.admin("POST", "consents/revoke", provider_id="mock")
    with session_scope() as session:
        session.get_one(BankConnection, connection_id).access_token_expires_at = None

    with pytest.raises(ConnectionExpired, match="reconnect"):
        tokens.access_token(connection_id)

    assert client.get("/api/truelayer/connections").json()["connections"][0]["status"] == "expired"


def test_extending_needs_no_redirect_if_the_bank_allows_it(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-rotating")

    extended = client.post(f"/api/truelayer/connections/{connection_id}/extend").json()

    assert extended["extended"] is True
    assert tokens.access_token(connection_id)


def test_extending_returns_a_link_if_the_bank_needs_the_user(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")

    extended = client.post(f"/api/truelayer/connections/{connection_id}/extend").json()

    assert extended["extended"] is False
    assert extended["authorization_url"].startswith("http")


def test_removing_deletes_the_tokens_and_twice_is_harmless(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "mock")

    for _ in range(2):
        removed = client.delete(f"/api/truelayer/connections/{connection_id}").raise_for_status().json()
        assert set(removed) == {"ended_at_truelayer", "problem"}

    with session_scope() as session:
        connection = session.get_one(BankConnection, connection_id)
        assert connection.refresh_token_encrypted is connection.access_token_encrypted is None
    planned = client.post("/api/truelayer/import/plan", json={"connection_id": connection_id})
    assert (planned.status_code, planned.json()["code"]) == (409, "connection_removed")
