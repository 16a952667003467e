"""Every operation of the API, called by those who may not: nothing of the victim's is shown, and nothing changes."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx2
import psycopg
import pytest
from psycopg import sql
from starlette.testclient import TestClient
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record, a_record
from tests.support.suite.clock import travel_to

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.db.tables import Base
from bankimport.users.access import USUAL_SCOPES, Role, Scope, needed_scope
from bankimport.users.models import LinkedIdentity, Passkey, User
from bankimport.users.service import create_api_token, create_user

OF_SIGN_IN = {"api_tokens", "user_sessions", "sign_in_tries", "audit_log", "login_links", "passkey_challenges"}
"""Tables in which being refused leaves traces."""
OF_NOBODY = {"running_processes", "periodic_runs", "merchant_key_states", "merchant_key_moves", "users"}

NOT_TRIED = ("/api/transactions/export", "/api/me/export")
"""Files, which other tests read."""
JSON = {"Content-Type": "application/json"}

IDS = {
    "job_id": "truelayer_import_jobs",
    "channel_id": "notification_channels",
    "schedule_id": "truelayer_import_schedules",
    "transaction_id": "transactions",
    "connection_id": "bank_connections",
    "account_id": "truelayer_accounts",
    "rule_id": "category_rules",
    "category_id": "categories",
    "user_id": "users",
    "token_id": "api_tokens",
    "passkey_id": "passkeys",
    "identity_id": "linked_identities",
}
"""The victim's rows that paths name; other names are tried with the number 1."""


@pytest.fixture
def record(installation: Installation) -> Record:
    found = a_record(installation)
    with session_scope() as session:
        key = {"credential_id": b"theirs", "public_key": b"", "user_handle": b"", "sign_count": 0}
        session.add(Passkey(user_id=found.user_id, name="the victim's", **key))
        session.add(LinkedIdentity(user_id=found.user_id, issuer="https://login.example.org", subject="theirs"))
    return found


def operations(record: Record) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation."""
    for path, methods in record.client.get("/api/openapi.json").json()["paths"].items():
        for method, described in methods.items():
            yield method.upper(), path, described


def the_victims_ids(url: str, user_id: int) -> dict[str, str]:
    """An id of the victim's for each name in a path."""
    found = {"day": "2026-06-10", "user_id": str(user_id)}
    with psycopg.connect(url) as connection:
        for name, table in IDS.items():
            if name in found:
                continue
            owner = sql.SQL("SELECT max(id) FROM {} WHERE user_id = %s").format(sql.Identifier(table))
            (number,) = connection.execute(owner, (user_id,)).fetchone() or (None,)
            found[name] = str(number or 1)
    return found


def contents(url: str) -> str:
    """A hash of every table that belongs to users."""
    found = hashlib.sha256()
    with psycopg.connect(url) as connection:
        for table in sorted(set(Base.metadata.tables) - OF_SIGN_IN - OF_NOBODY):
            query = sql.SQL("SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {} t")
            (text,) = connection.execute(query.format(sql.Identifier(table))).fetchone() or ("",)
            found.update(f"{table} {text}".encode())
    return found.hexdigest()


def filled(path: str, ids: dict[str, str]) -> str:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return path.format(**{name: ids.get(name, "1") for name in names})


def call(client: TestClient, method: str, target: str, body: dict[str, Any] | None = None) -> httpx2.Response:
    sent = body if body is not None or method in ("GET", "DELETE") else {}
    return client.request(method, target, json=sent)


def check_documented(answer: httpx2.Response, path: str, described: dict[str, Any]) -> None:
    """An error is one that the operation documents; 405 says that the path with this value is none of its."""
    if answer.status_code >= 400 and answer.status_code != 405:
        known = described["x-error-codes"].get(str(answer.status_code), [])
        assert answer.json()["code"] in known, (answer.request.method, path, answer.status_code, answer.text)


def test_nobody_else_reaches_or_changes_the_victims_rows(installation: Installation, record: Record) -> None:
    ids = the_victims_ids(installation.owner_url, record.user_id)
    eve = installation.signed_in("eve@example.org")
    before = contents(installation.owner_url)

    for method, path, described in operations(record):
        if "{" in path:
            answer = call(eve, method, filled(path, ids))
            assert answer.status_code in (403, 404, 422), (method, path, answer.status_code, answer.text)
            check_documented(answer, path, described)

    assert contents(installation.owner_url) == before


def test_one_who_may_only_read_an_anonymous_caller_and_an_expired_token_change_nothing(
    installation: Installation, record: Record
) -> None:
    ids = the_victims_ids(installation.owner_url, record.user_id)
    with session_scope() as session:
        session.get_one(User, record.user_id).role = Role.READ_ONLY
        create_user(session, "admin@example.org", None, Role.ADMIN)
        _, token = create_api_token(session, record.user_id, "old", USUAL_SCOPES, utc_now() + timedelta(minutes=1))
    before = contents(installation.owner_url)
    travel_to(utc_now() + timedelta(minutes=2))
    anonymous, expired = installation.client(), installation.client(Authorization=f"Bearer {token}")

    for method, path, described in operations(record):
        target = filled(path, ids)
        if described["security"]:
            for caller in (anonymous, expired):
                answer = call(caller, method, target)
                assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), (method, path)
                check_documented(answer, path, described)
        if needed_scope(method, target) is not Scope.READ and not path.startswith("/api/auth/"):
            answer = call(record.client, method, target)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, path, answer.text)
            check_documented(answer, path, described)

    assert contents(installation.owner_url) == before


def test_wrong_values_get_errors_that_are_documented(installation: Installation, record: Record) -> None:
    ids = the_victims_ids(installation.owner_url, record.user_id)
    for method, path, described in operations(record):
        if path.startswith(NOT_TRIED) or not described["security"]:
            continue
        targets = [filled(path, ids)] if method == "GET" else []
        if "{" in path:
            targets += [filled(path, dict.fromkeys(ids, wrong)) for wrong in ("999999999", str(2**63))]
        for target in targets:
            values = "?limit=-1&cursor=%00&from=x" if method == "GET" else ""
            check_documented(call(record.client, method, f"{target}{values}"), path, described)
        if "requestBody" in described:
            for body in (b"{", b"[]", b'{"nobody_knows": 1}'):
                sent = record.client.request(method, filled(path, {}), content=body, headers=JSON)
                assert sent.status_code in (400, 403, 404, 422, 429), (method, path, sent.text)
                check_documented(sent, path, described)
