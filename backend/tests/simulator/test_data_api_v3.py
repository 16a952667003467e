"""Data API v3 as it is specified, behind its switch, with each open question a setting."""

import base64
import json
from typing import Any

import httpx2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tests.support.bank.v3 import application_token, consent_v3, create_connection
from tests.support.servers.receiver import receiving
from tests.support.suite.loopback import http_get, http_post

from truelayer_simulator.launch import RunningSimulator

BANK = "sim-plain"
DAYS = {"from": "2026-06-01", "to": "2026-06-10"}


class Caller:
    """A client of v3 that holds a connection."""

    def __init__(self, simulator: RunningSimulator, **settings: Any) -> None:
        simulator.admin("PATCH", "v3", is_on=True, **{"completion_seconds": 0, **settings})
        self.url = simulator.url
        made = create_connection(simulator.url, BANK).raise_for_status().json()
        assert made["status"] == "authorization_required"
        self.page, self.connection_id = made["hosted_page"]["uri"], made["id"]
        self.headers = {"Authorization": f"Bearer {application_token(simulator.url).json()['access_token']}"}
        self.headers |= {"Connection-Id": self.connection_id, "Tl-User-IP": "192.0.2.1"}

    def consent(self) -> "Caller":
        consent_v3(self.page)
        return self

    def get(self, path: str) -> httpx2.Response:
        return http_get(f"{self.url}/v3/{path}", headers=self.headers)

    def account(self) -> str:
        items = self.get("connected-accounts?type=account").raise_for_status().json()["items"]
        return str(items[0]["id"])

    def ask(self, account_id: str, **body: Any) -> httpx2.Response:
        path = f"{self.url}/v3/connected-accounts/{account_id}/transactions/requests"
        return http_post(path, json={**DAYS, **body}, headers=self.headers)

    def read(self, account_id: str, request_id: str) -> httpx2.Response:
        return self.get(f"connected-accounts/{account_id}/transactions/requests/{request_id}")


def kind_of(response: httpx2.Response) -> str:
    assert response.headers["content-type"].startswith("application/problem+json")
    body = response.json()
    assert response.headers["tl-trace-id"] == body["trace_id"]
    return str(body["type"].partition("#")[2])


def test_v3_is_not_there_until_it_is_switched_on(simulator: RunningSimulator) -> None:
    assert application_token(simulator.url).json() == {"error": "unsupported_grant_type"}
    assert http_get(f"{simulator.url}/v3/connected-accounts").status_code == 404


def test_rows_are_requested_then_read_in_pages_newest_first(simulator: RunningSimulator) -> None:
    caller = Caller(simulator, most_rows_in_page=15).consent()
    account_id = caller.account()
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        body: dict[str, Any] = {"cursor": cursor} if cursor else {}
        response = caller.ask(account_id, page_size=500, **body)
        assert response.status_code == 202
        read = caller.read(account_id, response.json()["id"]).json()
        assert read == caller.read(account_id, response.json()["id"]).json()
        rows += read["result"]["items"]
        cursor = read["result"]["pagination"]["next_cursor"]
        if cursor is None:
            break

    settled = [row for row in rows if row["status"] == "settled"]
    assert len(settled) == len({row["id"] for row in settled}) > 30
    assert [row["timestamp"] for row in settled] == sorted((row["timestamp"] for row in settled), reverse=True)
    assert all(type(row["amount_in_minor"]) is int for row in rows)
    truth = simulator.truth(provider_id=BANK, kind="account", number="0", **DAYS)
    assert sorted(row["amount_in_minor"] for row in settled) == sorted(
        round(float(row["amount"]) * 100) for row in truth
    )


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"scopes": ["offline_access"]}, "scopes"),
        ({"user": {"name": "Ada", "email": "a@example.org"}}, "user.name"),
        ({"user": {"name": "Ada Doe"}}, "user.email"),
        ({"authorization_flow": {"redirect": {"return_uri": "https://x.example"}}}, "authorization_flow"),
        (
            {"provider_selection": {"type": "user_selected", "filter": {"release_channel": "public"}}},
            "provider_selection.filter.release_channel",
        ),
        ({"metadata": {"a" * 41: "b"}}, "metadata"),
    ],
)
def test_a_body_outside_the_specification_is_refused_and_each_fault_named(
    simulator: RunningSimulator, changes: dict[str, Any], name: str
) -> None:
    simulator.admin("PATCH", "v3", is_on=True)

    refused = create_connection(simulator.url, BANK, **changes)

    assert refused.status_code == 400
    assert kind_of(refused) == "invalid-parameters"
    assert name in refused.json()["errors"]


def test_errors_are_those_of_the_specification(simulator: RunningSimulator) -> None:
    caller = Caller(simulator, counts_calls_in_consent_window=True)
    assert kind_of(caller.get("connected-accounts")) == "invalid_state"
    caller.consent()
    account_id = caller.account()
    assert kind_of(caller.ask(account_id, page_size=501)) == "invalid-parameters"
    assert kind_of(caller.ask("nobody")) == "not-found"
    assert kind_of(caller.read(account_id, "nothing")) == "not-found"
    assert kind_of(caller.get("connections/1/status")) == "not-found"
    without = {name: value for name, value in caller.headers.items() if name != "Connection-Id"}
    lacking = http_get(f"{caller.url}/v3/connected-accounts", headers=without)
    assert lacking.json()["errors"] == {"Connection-Id": ["Must be provided"]}
    caller.headers.pop("Tl-User-IP")
    assert [caller.ask(account_id).status_code for _ in range(5)] == [202, 202, 202, 202, 429]
    simulator.admin("POST", "tokens/expire")
    assert kind_of(caller.get("connected-accounts")) == "unauthenticated"


def test_an_unknown_setting_or_value_is_refused(simulator: RunningSimulator) -> None:
    for body in ({"no_such": 1}, {"last_page": "never"}, {"completion_seconds": "soon"}, {"is_on": "yes"}):
        answer = httpx2.patch(f"{simulator.url}/simulator/v3", json=body)
        assert answer.status_code == 400, body


def signed_well(url: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether `Tl-Signature` is by a key that the simulator publishes, over this path, time and body."""
    head, _, signature = headers["tl-signature"].split(".")
    header = json.loads(decoded(head))
    if header["jku"] != f"{url}/.well-known/jwks" or header["tl_headers"] != "X-Tl-Webhook-Timestamp":
        return False
    keys = {key["kid"]: key for key in http_get(header["jku"]).json()["keys"]}
    key = keys[header["kid"]]
    point = ec.EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), ec.SECP521R1()).public_key()
    lines = f"POST /hook\nX-Tl-Webhook-Timestamp: {headers['x-tl-webhook-timestamp']}\n".encode()
    payload = base64.urlsafe_b64encode(lines + body).rstrip(b"=")
    found = decoded(signature)
    der = encode_dss_signature(int.from_bytes(found[:66]), int.from_bytes(found[66:]))
    try:
        point.verify(der, head.encode() + b"." + payload, ec.ECDSA(hashes.SHA512()))
    except InvalidSignature:
        return False
    return True


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text: str) -> int:
    return int.from_bytes(decoded(text))


@pytest.mark.parametrize(
    ("fault", "is_good"),
    [
        ("none", True),
        ("wrong_key", False),
        ("foreign_jku", False),
        ("other_path", False),
        ("unsigned_timestamp", False),
        ("other_header_order", True),
        ("extra_header_member", True),
    ],
)
def test_a_webhook_is_signed_unless_its_fault_says_otherwise(
    simulator: RunningSimulator, fault: str, is_good: bool
) -> None:
    with receiving() as receiver:
        caller = Caller(simulator, webhook_uri=receiver.url, webhook_fault=fault)
        caller.consent()
    ((headers, body),) = receiver.got

    assert json.loads(body)["type"] == "connection_authorized"
    assert json.loads(body)["connection_id"] == caller.connection_id
    assert signed_well(simulator.url, headers, body) is is_good


def test_a_notice_can_come_before_the_answer_that_it_is_about(simulator: RunningSimulator) -> None:
    with receiving() as receiver:
        caller = Caller(simulator, webhook_uri=receiver.url, webhook_fault="before_answer").consent()
        response = caller.ask(caller.account())
        notices = [json.loads(body) for _, body in receiver.got]

    assert notices[-1]["type"] == "transactions_request_completed"
    assert notices[-1]["request_id"] == response.json()["id"]
