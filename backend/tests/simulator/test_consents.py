"""The simulator's authorisation host, as in TrueLayer's specification: extending, ending, batches, restarts."""

import hashlib
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from tests.support.bank.simulator import REDIRECT, Caller
from tests.support.suite.loopback import http_get, http_post

from truelayer_simulator.launch import CLIENT_ID, CLIENT_SECRET, RunningSimulator, running_simulator


def extension(caller: Caller, path: str = "/connections/extend", **changes: Any) -> httpx2.Response:
    body = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "refresh_token": caller.tokens["refresh_token"],
        "redirect_uri": REDIRECT,
        "user_has_reconfirmed_consent": True,
        "user": {"id": "1", "name": "Ada", "email": "ada@example.org"},
    }
    return http_post(caller.url + path, json=body | changes)


def test_extending_is_served_beside_the_data_api_and_not_below_it(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "sim-rotating")

    assert extension(caller, "/data/v1/connections/extend").status_code == 404
    assert extension(caller).json()["action_needed"] == "no_action_needed"


@pytest.mark.parametrize(
    ("bank", "changes", "status", "title"),
    [
        ("sim-plain", {"user": None}, 400, "Validation Error"),
        ("sim-plain", {"user_has_reconfirmed_consent": False}, 400, "Validation Error"),
        ("sim-plain", {"refresh_token": "none"}, 401, "Unauthorized"),
        ("sim-no-extend", {}, 422, "No way to extend this connection"),
    ],
)
def test_a_refused_extension_is_problem_json(
    simulator: RunningSimulator, bank: str, changes: dict[str, Any], status: int, title: str
) -> None:
    answer = extension(Caller(simulator.url, bank), **changes)

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["title"], answer.json()["status"]) == (status, title, status)
    assert answer.json()["trace_id"]


def test_an_extension_that_needs_the_user_returns_with_state_and_challenge(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "sim-plain")
    before = caller.results("me")[0]["credentials_id"]
    challenge = urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).rstrip(b"=").decode()
    link = extension(caller, state="s1", code_challenge=challenge).json()["user_input_link"]

    back = http_get(link + "&simulator_user=john&simulator_password=doe", follow_redirects=False).headers["location"]
    query = parse_qs(urlsplit(back).query)
    form = {"grant_type": "authorization_code", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    form |= {"redirect_uri": REDIRECT, "code": query["code"][0]}

    assert query["state"] == ["s1"]
    caller.tokens = http_post(f"{caller.url}/connect/token", data=form | {"code_verifier": "verifier"}).json()
    assert caller.results("me")[0]["credentials_id"] == before


def test_deleting_ends_the_consent_and_a_second_time_finds_none(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "sim-plain")
    headers = {"Authorization": f"Bearer {caller.tokens['access_token']}"}

    first, second = (httpx2.delete(f"{simulator.url}/api/delete", headers=headers) for _ in range(2))

    assert (first.status_code, first.content, second.status_code) == (200, b"", 404)
    assert caller.get("accounts").status_code == 403
    assert caller.refresh().json()["error"] == "invalid_grant"


def test_a_batch_is_acknowledged_and_read(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "sim-plain")
    headers = {"Authorization": f"Bearer {caller.tokens['access_token']}"}
    body = {"pending": True, "balance": True, "account_ids_whitelist": [caller.results("accounts")[0]["account_id"]]}

    begun = http_post(f"{simulator.url}/data/v1/batch/transactions", json=body, headers=headers)
    results = http_get(begun.json()["results_uri"], headers=headers).json()

    assert (begun.status_code, begun.json()["status"]) == (202, "Queued")
    assert results["task_id"] == begun.json()["task_id"]
    (row,) = results["results"]["accounts"]
    assert row["transactions"]
    assert row["balance"]["currency"] == "GBP"
    assert results["results"]["cards"] == []


def test_me_is_never_asynchronous(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "sim-plain")

    assert caller.get("me", **{"async": "true"}).status_code == 200
    assert caller.get("accounts", **{"async": "true"}).status_code == 202


def test_two_logins_of_a_household_share_only_the_first_account(simulator: RunningSimulator) -> None:
    logins = (("john", "doe"), ("john2", "doe2"))
    first, second = (Caller(simulator.url, "sim-household", *login).results("accounts") for login in logins)

    assert first[0]["account_number"] == second[0]["account_number"]
    assert first[1]["account_number"] != second[1]["account_number"]


def test_a_restarted_simulator_knows_its_consents(tmp_path: Path) -> None:
    with running_simulator(state_file=tmp_path / "state.json") as simulator:
        caller = Caller(simulator.url, "sim-rotating")
        accounts = caller.results("accounts")
        expired = caller.refresh().json()
    with running_simulator(state_file=tmp_path / "state.json") as simulator:
        caller.url = simulator.url

        assert [row["account_id"] for row in caller.results("accounts")] == [row["account_id"] for row in accounts]
        assert caller.refresh(expired["refresh_token"]).status_code == 200
        assert caller.refresh().json()["error"] == "invalid_grant"


def test_a_reset_restores_revoked_consents_and_used_refresh_tokens(
    simulator: RunningSimulator,
) -> None:
    caller = Caller(simulator.url, "sim-rotating")
    refresh_token = caller.tokens["refresh_token"]

    def refreshed() -> int:
        form = {
            "grant_type": "refresh_token",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": refresh_token,
        }
        return http_post(f"{simulator.url}/connect/token", data=form).status_code

    assert [refreshed(), refreshed()] == [200, 400]
    simulator.admin("POST", "reset")
    simulator.admin("POST", "consents/revoke", provider_id="sim-rotating")
    assert refreshed() == 400
    simulator.admin("POST", "reset")
    assert refreshed() == 200
