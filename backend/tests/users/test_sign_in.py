"""Signing in by password, link and token; what a browser on another site must not be able to do."""

import pytest
from tests.support.steps.installation import Installation

from bankimport.cli.operate.users import make_login_link
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError
from bankimport.settings import get_settings
from bankimport.users import service
from bankimport.users.models import ApiToken, User, UserSession

PASSWORD = "correct horse battery"


def test_a_password_opens_a_session_that_scripts_cannot_read(installation: Installation) -> None:
    installation.user("ada@example.org", PASSWORD)
    client = installation.client()

    answer = client.post("/api/auth/login", json={"email": "ADA@example.org", "password": PASSWORD})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert client.get("/api/auth/me").json()["email"] == "ada@example.org"
    assert client.post("/api/auth/logout").status_code == 204
    assert client.get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(("email", "password"), [("ada@example.org", "wrong password"), ("bob@example.org", PASSWORD)])
def test_a_wrong_password_and_an_unknown_user_look_the_same(
    installation: Installation, email: str, password: str
) -> None:
    installation.user("ada@example.org", PASSWORD)

    answer = installation.client().post("/api/auth/login", json={"email": email, "password": password})

    assert answer.status_code == 401
    assert answer.json() == {
        "code": "wrong_credentials",
        "message": "wrong e-mail address or password",
    }


def test_a_password_hashed_at_another_cost_is_hashed_again_at_sign_in(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stored() -> str:
        with session_scope() as session:
            return str(session.query(User).one().password_hash)

    installation.user("ada@example.org", PASSWORD)
    assert "m=1024," in stored()
    monkeypatch.setenv("BANKIMPORT_PASSWORD_MEMORY_MIB", "2")
    get_settings.cache_clear()

    client = installation.client()
    client.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD}).raise_for_status()

    assert "m=2048," in stored()


def test_a_login_link_opens_a_button_that_works_once(installation: Installation) -> None:
    user_id = installation.user("ada@example.org")
    with session_scope() as session:
        link = make_login_link(service.create_login_link_token(session, user_id))
    path, _, token = link.partition("?token=")
    first, second = installation.client(), installation.client()

    opened = first.get(link)
    assert (opened.status_code, opened.headers["cache-control"]) == (200, "no-store")
    assert "script" not in opened.text
    assert "set-cookie" not in opened.headers, "a mail scanner opens links too"
    assert first.get("/api/auth/me").status_code == 401
    elsewhere = second.post(path, data={"token": token}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403, "another site would sign its reader in as somebody else"
    assert first.post(path, data={"token": token}).status_code == 303
    assert first.get("/api/auth/me").status_code == 200
    again = second.post(path, data={"token": token})
    assert (again.status_code, "set-cookie" in again.headers) == (401, False)


def test_a_link_that_signs_nobody_in_is_a_page_that_says_what_to_do(installation: Installation) -> None:
    user_id = installation.user("ada@example.org")
    with session_scope() as session:
        link = make_login_link(service.create_login_link_token(session, user_id))
    path, _, token = link.partition("?token=")
    client = installation.client()
    client.post(path, data={"token": token})

    for answer in (client.get(link), client.get(path), client.post(path), client.post(path, data={"token": token})):
        assert (answer.status_code, answer.headers["content-type"]) == (401, "text/html; charset=utf-8")
        assert "was already used or has expired" in answer.text
        assert "bankimport user login-link" in answer.text
        assert 'href="/"' in answer.text


def test_a_token_works_until_it_is_revoked(installation: Installation) -> None:
    client = installation.signed_in()
    (token,) = client.get("/api/auth/tokens").json()["tokens"]

    assert client.delete(f"/api/auth/tokens/{token['id']}").status_code == 204

    assert client.get("/api/auth/me").json()["code"] == "not_signed_in"


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_another_sites_page_cannot_act_with_our_cookie(installation: Installation, headers: dict[str, str]) -> None:
    installation.user("ada@example.org", PASSWORD)
    client = installation.client()
    client.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD})

    answer = client.post("/api/truelayer/connections/authorize", json={}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_only_hashes_are_stored(installation: Installation) -> None:
    installation.user("ada@example.org", PASSWORD)
    client = installation.client()
    client.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD}).raise_for_status()
    token = client.post("/api/auth/tokens", json={"name": "test"}).raise_for_status().json()["token"]

    with session_scope() as session:
        user = session.query(User).one()
        assert user.password_hash is not None
        assert user.password_hash.startswith("$argon2id$")
        assert session.query(ApiToken).one().token_hash != token.encode()
        assert len(session.query(UserSession).one().token_hash) == 32


def test_a_short_password_and_a_taken_address_are_refused(installation: Installation) -> None:
    installation.user("ada@example.org", PASSWORD)

    for email, password in (("bob@example.org", "short"), ("Ada@Example.org", PASSWORD)):
        with pytest.raises(BankImportError):
            installation.user(email, password)
