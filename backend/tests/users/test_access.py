"""Roles, scopes of tokens, sessions, and passwords."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.support.steps.installation import PASSWORD, Installation
from tests.support.suite.clock import travel_to

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.users.access import Role, Scope, needed_scope
from bankimport.users.errors import PasswordTooWeak
from bankimport.users.passwords import check_strength
from bankimport.users.service import create_api_token, create_user

NEW_PASSWORD = "another horse, another battery"


def signed_in(installation: Installation, email: str, **headers: str) -> TestClient:
    client = installation.client(**headers)
    client.post("/api/auth/login", json={"email": email, "password": PASSWORD}).raise_for_status()
    return client


def a_user(email: str, role: Role | None = None) -> int:
    with session_scope() as session:
        return create_user(session, email, PASSWORD, role).id


def with_token(installation: Installation, user_id: int, *scopes: Scope, **more: Any) -> TestClient:
    with session_scope() as session:
        _, token = create_api_token(session, user_id, "test", scopes, **more)
    return installation.client(Authorization=f"Bearer {token}")


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/transactions", "read"),
        ("POST", "/api/truelayer/import/estimate", "read"),
        ("POST", "/api/truelayer/import/start", "import"),
        ("POST", "/api/truelayer/import/7/undo", "import"),
        ("POST", "/api/truelayer/accounts/7/heal", "import"),
        ("POST", "/api/truelayer/import/schedules", "manage"),
        ("POST", "/api/truelayer/import/schedules/7/run", "import"),
        ("PATCH", "/api/transactions/7", "manage"),
        ("DELETE", "/api/truelayer/connections/7", "manage"),
    ],
)
def test_what_a_request_needs(method: str, path: str, scope: str) -> None:
    assert needed_scope(method, path) == scope


def test_a_token_does_what_its_scopes_say_until_it_expires(installation: Installation) -> None:
    user_id = a_user("ada@example.org")
    day = timedelta(days=1)
    reader = with_token(installation, user_id, Scope.READ, expires_at=utc_now() + day)
    importer = with_token(installation, user_id, Scope.READ, Scope.IMPORT)

    refused = reader.post("/api/truelayer/import/start", json={"job_id": "1"})
    assert (refused.status_code, refused.json()["details"]) == (403, {"needed_scope": "import"})
    assert importer.post("/api/truelayer/import/start", json={"job_id": "1"}).status_code == 404
    assert importer.delete("/api/truelayer/connections/1").status_code == 403
    assert all(token["last_used_at"] for token in reader.get("/api/auth/tokens").json()["tokens"])
    travel_to(utc_now() + day)
    assert reader.get("/api/auth/me").json()["code"] == "not_signed_in"


def test_a_token_makes_no_token_and_changes_no_sign_in(installation: Installation) -> None:
    token = with_token(installation, a_user("ada@example.org"), *Scope)

    for method, path, body in (
        ("POST", "/api/auth/tokens", {"name": "more"}),
        ("POST", "/api/auth/password", {"new_password": NEW_PASSWORD}),
        ("DELETE", "/api/auth/sessions", None),
        ("GET", "/api/users", None),
    ):
        answer = token.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path


def test_one_who_may_only_read_changes_nothing_but_their_sign_in(installation: Installation) -> None:
    a_user("ada@example.org")
    a_user("eve@example.org", Role.READ_ONLY)
    eve = signed_in(installation, "eve@example.org")

    assert eve.get("/api/transactions").status_code == 200
    for method, path, body in (
        ("POST", "/api/truelayer/connections/authorize", {}),
        ("POST", "/api/auth/tokens", {"name": "mine"}),
        ("POST", "/api/webhooks", {"name": "mine", "url": "https://example.org/"}),
        ("GET", "/api/users", None),
    ):
        assert eve.request(method, path, json=body).status_code == 403, path
    change = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert eve.post("/api/auth/password", json=change).status_code == 204


def test_an_administrator_invites_disables_and_deletes(installation: Installation) -> None:
    a_user("ada@example.org")
    ada = signed_in(installation, "ada@example.org")
    made = ada.post("/api/users", json={"email": "bob@example.org"}).raise_for_status().json()
    bob = installation.client()
    path, _, token = made["sign_in_link"].partition("?token=")
    assert bob.post(path, data={"token": token}).status_code == 303
    assert bob.get("/api/users").status_code == 403
    assert bob.post("/api/auth/password", json={"new_password": NEW_PASSWORD}).status_code == 204

    change = f"/api/users/{made['id']}"
    assert ada.patch(change, json={"is_disabled": True}).json()["disabled_at"]
    assert bob.get("/api/auth/me").status_code == 401
    login = {"email": "bob@example.org", "password": NEW_PASSWORD}
    assert bob.post("/api/auth/login", json=login).status_code == 401
    assert ada.patch(change, json={"is_disabled": False, "role": "admin"}).json()["role"] == "admin"
    assert bob.post("/api/auth/login", json=login).json()["role"] == "admin"
    (hers,) = [user["id"] for user in bob.get("/api/users").json()["users"] if user["email"] == "ada@example.org"]
    assert bob.delete(f"/api/users/{hers}").status_code == 200
    assert ada.get("/api/auth/me").status_code == 401
    a_user("kim@example.org")
    left = bob.delete(change)
    assert (left.status_code, left.json()["code"]) == (409, "last_administrator")


def test_sessions_are_listed_ended_and_end_by_themselves(installation: Installation) -> None:
    a_user("ada@example.org")
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36"
    here, there, third = (signed_in(installation, "ada@example.org", **{"User-Agent": agent}) for _ in range(3))

    listed = here.get("/api/auth/sessions").json()["sessions"]
    assert [(one["device"], one["address"]) for one in listed] == [("Chrome on Linux", "127.0.0.1")] * 3
    theirs = next(one["id"] for one in there.get("/api/auth/sessions").json()["sessions"] if one["is_current"])
    assert here.delete(f"/api/auth/sessions/{theirs}").status_code == 204
    assert there.get("/api/auth/me").status_code == 401
    assert here.delete("/api/auth/sessions").status_code == 204
    assert (third.get("/api/auth/me").status_code, here.get("/api/auth/me").status_code) == (401, 200)
    travel_to(utc_now() + timedelta(days=10))
    assert here.get("/api/auth/me").status_code == 200
    travel_to(utc_now() + timedelta(days=15))
    assert here.get("/api/auth/me").status_code == 401, "unused for more than 14 days"


def test_a_changed_password_ends_the_other_sessions(installation: Installation) -> None:
    a_user("ada@example.org")
    here, there = signed_in(installation, "ada@example.org"), signed_in(installation, "ada@example.org")
    wrong = {"old_password": "not the old password", "new_password": NEW_PASSWORD}
    assert here.post("/api/auth/password", json=wrong).json()["code"] == "wrong_credentials"

    change = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert here.post("/api/auth/password", json=change).status_code == 204

    assert (here.get("/api/auth/me").status_code, there.get("/api/auth/me").status_code) == (200, 401)
    for password, code in ((PASSWORD, 401), (NEW_PASSWORD, 200)):
        login = {"email": "ada@example.org", "password": password}
        assert there.post("/api/auth/login", json=login).status_code == code


def test_some_operations_need_a_password_given_lately(installation: Installation) -> None:
    a_user("ada@example.org")
    browser = signed_in(installation, "ada@example.org")
    operations = (
        ("POST", "/api/auth/tokens", {"name": "mine"}, 201),
        ("POST", "/api/webhooks", {"name": "mine", "url": "https://no-such-host.invalid/"}, 422),
        ("PATCH", "/api/webhooks/1", {"address": "https://no-such-host.invalid/"}, 422),
        ("GET", "/api/auth/confirm", None, 204),
    )
    for method, path, body, status in operations:
        assert browser.request(method, path, json=body).status_code == status, path
    token = installation.client(
        Authorization=f"Bearer {browser.post('/api/auth/tokens', json={'name': 'x'}).json()['token']}"
    )

    travel_to(utc_now() + timedelta(minutes=10))
    for method, path, body, _ in operations:
        answer = browser.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "recent_sign_in_needed"), path
    assert browser.patch("/api/webhooks/1", json={"name": "another"}).status_code == 404
    assert token.post("/api/webhooks", json=operations[1][2]).status_code == 422, "nobody is there to be asked"
    assert browser.post("/api/auth/confirm", json={"password": PASSWORD}).status_code == 204
    assert browser.post("/api/auth/tokens", json={"name": "again"}).status_code == 201


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "administrator",
        "Administrator!2024",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "ada.lovelace1815!",
    ],
)
def test_a_password_that_is_guessed_soon_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooWeak):
        check_strength(password, "ada.lovelace@example.org")


def test_a_long_password_counts_whole(installation: Installation) -> None:
    long = "correct horse battery staple " * 30 + "!"
    with session_scope() as session:
        create_user(session, "ada@example.org", long)

    for password, code in ((long[:-1], 401), (long, 200)):
        answer = installation.client().post("/api/auth/login", json={"email": "ada@example.org", "password": password})
        assert answer.status_code == code


def test_behind_tls_the_cookie_belongs_to_this_host_alone(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.steps.installation import forget_settings

    monkeypatch.setenv("BANKIMPORT_PUBLIC_URL", "https://money.example.org")
    forget_settings()
    a_user("ada@example.org")
    client = installation.client()
    answer = client.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD})

    cookie = next(item for item in answer.headers.get_list("set-cookie") if "bankimport_session" in item)
    assert cookie.startswith("__Host-bankimport_session=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert client.get("/api/auth/me").status_code == 200
