"""Sign-in through an OpenID Connect provider that runs in the test: linked, refused when anything does not fit."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pyotp
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey
from sqlalchemy import select
from tests.support.sign_in.authenticator import Authenticator
from tests.support.sign_in.oidc_provider import CLIENT_ID, Provider, oidc_provider, registered
from tests.support.steps.installation import PASSWORD, Installation, forget_settings
from tests.support.suite.clock import travel

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.errors import SettingsInvalid
from bankimport.settings import load_settings
from bankimport.users.models import AuditEntry, LinkedIdentity, User

PATH = "/api/auth/oidc"
SECOND = f"{PATH}/second-factor"
EMAIL = "ada@example.org"
Set = Callable[..., None]


@pytest.fixture(scope="module")
def listening() -> Iterator[Provider]:
    with oidc_provider() as provider:
        yield provider


@pytest.fixture
def configure(installation: Installation) -> Iterator[Set]:
    """Set variables for this test."""

    with pytest.MonkeyPatch.context() as patch:

        def apply(**variables: str) -> None:
            for name, value in variables.items():
                patch.setenv(name, value)
            forget_settings()

        yield apply
    forget_settings()


@pytest.fixture
def provider(listening: Provider, configure: Set) -> Provider:
    """The provider as it is at first, and in the settings."""
    fresh = Provider()
    for name in ("claims", "discovery", "algorithm", "padding", "published", "asked", "_codes"):
        setattr(listening, name, getattr(fresh, name))
    configure(BANKIMPORT_OIDC_PROVIDERS=registered(listening))
    return listening


def signed_in(installation: Installation, email: str = EMAIL) -> TestClient:
    installation.user(email, PASSWORD)
    client = installation.client()
    client.post("/api/auth/login", json={"email": email, "password": PASSWORD}).raise_for_status()
    return client


def return_from(
    provider: Provider, client: TestClient, what: str, return_to: str = "/", more: str = ""
) -> httpx2.Response:
    body = {"return_to": return_to} if what == "sign-in" else None
    url = client.post(f"{PATH}/work/{what}", json=body).raise_for_status().json()["url"]
    return client.get(provider.consent(url) + more)


def link(provider: Provider, client: TestClient) -> None:
    answer = return_from(provider, client, "link")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/security"), answer.text


def actions() -> list[str]:
    with session_scope() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_linked_account_signs_in_until_it_is_unlinked(installation: Installation, provider: Provider) -> None:
    client, browser = signed_in(installation), installation.client()
    assert client.get(PATH).json() == {"providers": [{"name": "work", "label": "Work"}], "second_factor": None}
    refused = return_from(provider, browser, "sign-in")
    assert refused.status_code == 401
    assert "belongs to no user here" in refused.text

    link(provider, client)
    answer = return_from(provider, browser, "sign-in", "/imports?status=failed")

    assert (answer.status_code, answer.headers["location"]) == (303, "/imports?status=failed")
    assert browser.get("/api/auth/me").json()["email"] == EMAIL
    (identity,) = browser.get(f"{PATH}/identities").json()["identities"]
    assert (identity["provider"], identity["email"]) == ("Work", None)
    assert identity["last_used_at"] is not None
    assert {"identity.linked", "user.signed_in_by_provider", "user.sign_in_failed"} <= set(actions())
    link(provider, client)
    eve = signed_in(installation, "eve@example.org")
    assert return_from(provider, eve, "link").status_code == 409
    assert eve.delete(f"{PATH}/identities/{identity['id']}").status_code == 404
    assert client.delete(f"{PATH}/identities/{identity['id']}").status_code == 204
    assert return_from(provider, installation.client(), "sign-in").status_code == 401


def test_a_user_with_a_second_factor_needs_it_in_the_same_browser(
    installation: Installation, provider: Provider
) -> None:
    client, browser, other = signed_in(installation), installation.client(), installation.client()
    link(provider, client)
    app = pyotp.TOTP(client.post("/api/auth/totp").json()["secret"])
    codes = client.post("/api/auth/totp/confirm", json={"code": app.at(utc_now())}).json()["backup_codes"]

    came_back = return_from(provider, browser, "sign-in", "/imports")

    assert (came_back.status_code, came_back.headers["location"]) == (303, "/imports")
    assert browser.get("/api/auth/me").status_code == 401
    assert browser.get(PATH).json()["second_factor"] == {"code": True, "passkey": False}
    assert other.get(PATH).json()["second_factor"] is None
    assert other.post(SECOND, json={"code": codes[0]}).json()["code"] == "provider_refused"
    assert browser.post(SECOND, json={}).json()["code"] == "code_needed"
    assert browser.post(SECOND, json={"code": "000000"}).json()["code"] == "wrong_code"
    given = browser.post(SECOND, json={"code": codes[0]})
    assert given.status_code == 200, given.text
    assert given.json()["email"] == browser.get("/api/auth/me").json()["email"] == EMAIL
    assert browser.get(PATH).json()["second_factor"] is None
    assert browser.post(SECOND, json={"code": codes[1]}).json()["code"] == "provider_refused"
    assert {"user.sign_in_failed", "user.signed_in_by_provider"} <= set(actions())

    return_from(provider, other, "sign-in")
    assert other.get(PATH).json()["second_factor"] is not None
    assert other.delete(SECOND).status_code == 204
    assert other.get(PATH).json()["second_factor"] is None
    return_from(provider, other, "sign-in")
    travel(minutes=6)
    assert other.post(SECOND, json={"code": codes[1]}).json()["code"] == "provider_refused"
    return_from(provider, other, "sign-in")
    answers = [other.post(SECOND, json={"code": "000000"}).json()["code"] for _ in range(7)]
    assert (answers[0], answers[-1]) == ("wrong_code", "too_many_tries")


def test_a_passkey_is_a_second_factor_too(installation: Installation, provider: Provider) -> None:
    client, browser, key = signed_in(installation), installation.client(), Authenticator()
    link(provider, client)
    options = client.post("/api/auth/passkeys/options").raise_for_status().json()["options"]
    client.post("/api/auth/passkeys", json={"name": "Key", "credential": key.make(options)}).raise_for_status()

    return_from(provider, browser, "sign-in")

    assert browser.get(PATH).json()["second_factor"] == {"code": False, "passkey": True}
    assert browser.post(SECOND, json={"code": "123456"}).json()["code"] == "code_needed"
    asked = browser.post("/api/auth/passkeys/sign-in/options").raise_for_status().json()["options"]
    stranger = Authenticator()
    stranger.user_handle = key.user_handle
    assert browser.post(SECOND, json={"passkey": stranger.sign(asked)}).json()["code"] == "passkey_refused"
    asked = browser.post("/api/auth/passkeys/sign-in/options").raise_for_status().json()["options"]
    assert browser.post(SECOND, json={"passkey": key.sign(asked)}).status_code == 200
    assert browser.get("/api/auth/me").json()["email"] == EMAIL


@pytest.mark.parametrize(
    ("setting", "claims", "is_asked"),
    [
        ("ask", {"amr": ["pwd", "otp", "mfa"]}, True),
        ("unless_used_there", {"amr": ["pwd", "otp", "mfa"]}, False),
        ("unless_used_there", {"acr": "https://refeds.org/profile/mfa"}, False),
        ("unless_used_there", {"acr": "phr"}, False),
        ("unless_used_there", {"amr": ["pwd"], "acr": "1"}, True),
        ("unless_used_there", {"amr": "mfa", "acr": ["phr"]}, True),
        ("unless_used_there", {}, True),
        ("never", {}, False),
    ],
)
def test_the_setting_says_whether_a_providers_second_factor_is_enough(
    installation: Installation, provider: Provider, configure: Set, setting: str, claims: dict[str, Any], is_asked: bool
) -> None:
    client, browser = signed_in(installation), installation.client()
    link(provider, client)
    app = pyotp.TOTP(client.post("/api/auth/totp").json()["secret"])
    client.post("/api/auth/totp/confirm", json={"code": app.at(utc_now())}).raise_for_status()
    (known,) = json.loads(os.environ["BANKIMPORT_OIDC_PROVIDERS"])
    configure(BANKIMPORT_OIDC_PROVIDERS=json.dumps([known | {"second_factor": setting}]))
    provider.claims = claims

    assert return_from(provider, browser, "sign-in").status_code == 303

    assert (browser.get(PATH).json()["second_factor"] is not None) == is_asked
    assert browser.get("/api/auth/me").status_code == (401 if is_asked else 200)


def test_only_the_browser_that_began_can_finish_and_only_once_and_in_time(
    installation: Installation, provider: Provider
) -> None:
    link(provider, signed_in(installation))
    browser, thief = installation.client(), installation.client()
    url = browser.post(f"{PATH}/work/sign-in", json={}).json()["url"]
    back = provider.consent(url)

    thief.post(f"{PATH}/work/sign-in", json={}).raise_for_status()
    assert thief.get(back).status_code == 401
    assert thief.get("/api/auth/me").status_code == 401
    assert browser.get(back.replace("state=", "state=x")).status_code == 401
    url = browser.post(f"{PATH}/work/sign-in", json={}).json()["url"]
    back = provider.consent(url)
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 401
    url = browser.post(f"{PATH}/work/sign-in", json={}).json()["url"]
    travel(minutes=11)
    assert browser.get(provider.consent(url)).status_code == 401
    denied = browser.post(f"{PATH}/work/sign-in", json={}).json()["url"].partition("state=")[2].partition("&")[0]
    answer = browser.get(f"{PATH}/callback?error=access_denied&error_description=%3Cb%3E&state={denied}")
    assert answer.status_code == 401
    assert "Work did not sign you in" in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example.org"},
        {"aud": "another"},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"exp": 1000},
        {"iat": 1000},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": ""},
        {"sub": 42},
        {"sub": "x" * 300},
    ],
    ids=str,
)
def test_an_id_token_that_does_not_fit_signs_nobody_in(
    installation: Installation, provider: Provider, claims: dict[str, Any], configure: Set
) -> None:
    configure(BANKIMPORT_OIDC_SIGN_UP="true")
    provider.claims = {"email": EMAIL, "email_verified": True, **claims}

    answer = return_from(provider, installation.client(), "sign-in")

    assert answer.status_code == 502
    with session_scope() as session:
        assert session.scalars(select(User)).all() == []


def test_signatures_of_others_are_refused_and_changed_keys_are_read_again(
    installation: Installation, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(provider, signed_in(installation))
    browser = installation.client()
    for algorithm in ("none", "HS256"):
        provider.algorithm = algorithm
        assert return_from(provider, browser, "sign-in").status_code == 502, algorithm
    provider.algorithm = "ES256"
    mine, provider.published = provider.key, provider.key
    provider.key = ECKey.generate_key("P-256", {"kid": mine.kid, "use": "sig"})
    assert return_from(provider, browser, "sign-in").status_code == 502, "another key of the same name"
    before = provider.asked.count("/keys")
    provider.key = ECKey.generate_key("P-256", {"kid": "new", "use": "sig"})
    provider.published = None
    assert return_from(provider, browser, "sign-in").status_code == 502, "keys are not looked for at every token"
    assert provider.asked.count("/keys") == before
    monkeypatch.setattr("bankimport.users.oidc.providers.KEYS_AGAIN_AFTER_S", -1.0)
    assert return_from(provider, browser, "sign-in").status_code == 303
    assert provider.asked.count("/keys") == before + 1


def test_addresses_link_or_sign_up_only_if_the_settings_and_the_provider_say_so(
    installation: Installation, provider: Provider, configure: Set
) -> None:
    installation.user(EMAIL)
    provider.claims = {"email": EMAIL.upper(), "email_verified": True}
    assert return_from(provider, installation.client(), "sign-in").status_code == 401
    configure(BANKIMPORT_OIDC_LINK_BY_EMAIL="true")
    provider.claims = {"email": EMAIL, "email_verified": "true"}
    assert return_from(provider, installation.client(), "sign-in").status_code == 401, "an address nobody checked"
    provider.claims = {"email": EMAIL, "email_verified": True}
    browser = installation.client()
    assert return_from(provider, browser, "sign-in").status_code == 303
    assert browser.get("/api/auth/me").json()["email"] == EMAIL

    provider.claims = {"sub": "43", "email": "new@example.org", "email_verified": True}
    assert return_from(provider, installation.client(), "sign-in").status_code == 401
    configure(BANKIMPORT_OIDC_SIGN_UP="true")
    assert return_from(provider, browser, "sign-in").status_code == 303
    assert browser.get("/api/auth/me").json() | {"id": ""} == {"id": "", "email": "new@example.org", "role": "member"}
    with session_scope() as session:
        for user in session.scalars(select(User)):
            user.disabled_at = utc_now()
    assert return_from(provider, installation.client(), "sign-in").status_code == 401, "disabled"
    provider.claims = {"sub": "44", "email": EMAIL, "email_verified": True}
    assert return_from(provider, installation.client(), "sign-in").status_code == 401, "disabled, and not linked"
    with session_scope() as session:
        assert len(session.scalars(select(LinkedIdentity)).all()) == 2


@pytest.mark.parametrize(
    "path", ["//evil.example.org", "https://evil.example.org", "/\\evil.example.org", "evil", "", "/a\nb", "/\t/evil"]
)
def test_nobody_is_sent_to_another_site(installation: Installation, provider: Provider, path: str) -> None:
    answer = installation.client().post(f"{PATH}/work/sign-in", json={"return_to": path})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    elsewhere = installation.client(Origin="https://evil.example.org").post(f"{PATH}/work/sign-in", json={})
    assert elsewhere.json()["code"] == "forbidden"


def test_a_provider_that_misbehaves_costs_a_bounded_answer(
    installation: Installation, provider: Provider, configure: Set
) -> None:
    link(provider, signed_in(installation))
    browser = installation.client()
    provider.padding = 1024 * 1024
    assert return_from(provider, browser, "sign-in").status_code == 502
    provider.padding = 0
    assert return_from(provider, browser, "sign-in", more="&iss=https://evil.example.org").status_code == 401
    unreachable = {"name": "work", "label": "Work", "client_id": CLIENT_ID}
    for issuer in ("http://127.0.0.1:9", f"{provider.issuer}/other"):
        configure(BANKIMPORT_OIDC_PROVIDERS=json.dumps([{**unreachable, "issuer": issuer}]))
        answer = browser.post(f"{PATH}/work/sign-in", json={})
        assert (answer.status_code, answer.json()["code"]) == (502, "provider_failed")
    assert browser.post(f"{PATH}/nobody/sign-in", json={}).status_code == 404


def test_linking_needs_a_recent_password_and_the_same_user_at_its_end(
    installation: Installation, provider: Provider
) -> None:
    client = signed_in(installation)
    url = client.post(f"{PATH}/work/link").json()["url"]
    client.post("/api/auth/logout").raise_for_status()
    assert client.get(provider.consent(url)).status_code == 401
    other = signed_in(installation, "eve@example.org")
    travel(minutes=11)
    assert other.post(f"{PATH}/work/link").json()["code"] == "recent_sign_in_needed"
    with session_scope() as session:
        assert session.scalars(select(LinkedIdentity)).all() == []


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("{", "Invalid JSON"),
        ('[{"name":"a b","label":"x","issuer":"https://x","client_id":"y"}]', "0.name"),
        ('[{"name":"a","label":"x","issuer":"ldap://x","client_id":"y"}]', "0.issuer"),
        ('[{"name":"a","label":"x","issuer":"https://x","client_id":"y","client_secret":["hidden"]}]', "client_secret"),
        (
            '[{"name":"a","label":"x","issuer":"https://x","client_id":"y"},{"name":"a","label":"x","issuer":"https://z",'
            '"client_id":"y"}]',
            "the same name",
        ),
    ],
    ids=["no JSON", "name", "issuer", "secret", "twice"],
)
def test_a_wrong_setting_is_said_without_its_secrets(value: str, fault: str) -> None:
    with pytest.raises(SettingsInvalid, match=fault) as raised:
        load_settings(oidc_providers=value)
    assert "BANKIMPORT_OIDC_PROVIDERS" in str(raised.value)
    assert "hidden" not in str(raised.value)
