"""Passkeys: added, used as both factors or as the second, refused when anything does not fit, and removed."""

from typing import Any

import httpx2
import pyotp
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from tests.support.sign_in.authenticator import Authenticator, encoded
from tests.support.steps.installation import PASSWORD, Installation
from tests.support.suite.clock import travel

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.settings import load_settings
from bankimport.users.errors import PasskeysUnavailable
from bankimport.users.manage import set_disabled
from bankimport.users.models import AuditEntry, Passkey, PasskeyChallenge, User
from bankimport.users.passkeys.challenges import MOST_OF_ONE
from bankimport.users.passkeys.register import MOST_PASSKEYS
from bankimport.users.passkeys.relying_party import relying_party

PATH = "/api/auth/passkeys"
EMAIL = "ada@example.org"


def browser(installation: Installation, email: str = EMAIL) -> TestClient:
    """A browser in which a new user has signed in by password."""
    installation.user(email, PASSWORD)
    client = installation.client()
    client.post("/api/auth/login", json={"email": email, "password": PASSWORD}).raise_for_status()
    return client


def add(client: TestClient, authenticator: Authenticator, **changed: Any) -> httpx2.Response:
    options = client.post(f"{PATH}/options").raise_for_status().json()["options"]
    made = authenticator.make(options, **changed)
    return client.post(PATH, json={"name": "My phone", "credential": made})


def options_of(client: TestClient) -> dict[str, Any]:
    options: dict[str, Any] = client.post(f"{PATH}/sign-in/options").raise_for_status().json()["options"]
    return options


def use(client: TestClient, authenticator: Authenticator, **changed: Any) -> httpx2.Response:
    return client.post(f"{PATH}/sign-in", json={"credential": authenticator.sign(options_of(client), **changed)})


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def actions(email: str = EMAIL) -> list[str]:
    with session_scope() as session:
        of_user = select(AuditEntry.action).join(User, User.id == AuditEntry.user_id).where(User.email == email)
        return list(session.scalars(of_user.order_by(AuditEntry.id)))


def test_a_passkey_that_checks_its_user_signs_in_without_password_and_code(installation: Installation) -> None:
    client, phone = browser(installation), Authenticator()
    factor = client.post("/api/auth/totp").json()
    client.post("/api/auth/totp/confirm", json={"code": pyotp.TOTP(factor["secret"]).at(utc_now())}).raise_for_status()
    begun = client.post(f"{PATH}/options").json()
    assert begun["origin"] == "http://localhost:8000"
    assert begun["options"]["rp"] == {"id": "localhost", "name": "bankimport"}
    assert begun["options"]["authenticatorSelection"]["residentKey"] == "required"

    assert code_of(add(client, phone)) == (201, "")

    (listed,) = client.get(PATH).json()["passkeys"]
    assert (listed["name"], listed["is_synced"], listed["last_used_at"]) == ("My phone", True, None)
    again = installation.client()
    answer = use(again, phone)
    assert answer.json()["email"] == EMAIL
    assert again.get("/api/auth/me").json()["email"] == EMAIL
    assert again.get("/api/auth/confirm").status_code == 204
    assert client.get(PATH).json()["passkeys"][0]["last_used_at"] is not None
    assert actions()[-2:] == ["passkey.added", "user.signed_in_by_passkey"]


def test_a_passkey_without_a_check_is_only_a_second_factor(installation: Installation) -> None:
    client, key = browser(installation), Authenticator(checks_user=False)
    add(client, key).raise_for_status()
    factor = client.post("/api/auth/totp").json()
    client.post("/api/auth/totp/confirm", json={"code": pyotp.TOTP(factor["secret"]).at(utc_now())}).raise_for_status()
    other = Authenticator()
    add(browser(installation, "eve@example.org"), other).raise_for_status()
    stranger = installation.client()

    def log_in(authenticator: Authenticator | None, password: str = PASSWORD) -> tuple[int, str]:
        with_passkey = authenticator and {"passkey": authenticator.sign(options_of(stranger))}
        body = {"email": EMAIL, "password": password, **(with_passkey or {})}
        return code_of(stranger.post("/api/auth/login", json=body))

    assert code_of(use(stranger, key)) == (401, "password_needed")
    assert log_in(None) == (401, "code_needed")
    assert log_in(other) == (401, "passkey_refused"), "another user's passkey"
    assert log_in(key, "not the password") == (401, "wrong_credentials")
    assert stranger.get("/api/auth/me").status_code == 401
    assert log_in(key) == (200, "")


def test_a_passkey_stands_for_the_password_that_is_needed_again(installation: Installation) -> None:
    client, phone, others = browser(installation), Authenticator(), Authenticator()
    add(client, phone).raise_for_status()
    add(browser(installation, "eve@example.org"), others).raise_for_status()
    travel(minutes=11)
    assert code_of(client.post(f"{PATH}/options")) == (403, "recent_sign_in_needed")

    refused = client.post(f"{PATH}/confirm", json={"credential": others.sign(options_of(client))})
    taken = client.post(f"{PATH}/confirm", json={"credential": phone.sign(options_of(client))})

    assert code_of(refused) == (401, "passkey_refused")
    assert taken.status_code == 204
    assert client.post(f"{PATH}/options").status_code == 201


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"rp_id": "example.org"},
        {"challenge": encoded(bytes(32))},
        {"type": "webauthn.get"},
    ],
    ids=["another port", "https", "another host", "another challenge", "another use"],
)
def test_a_passkey_made_for_something_else_is_not_added(installation: Installation, changed: dict[str, str]) -> None:
    client = browser(installation)

    assert code_of(add(client, Authenticator(), **changed)) == (409, "passkey_unfit")
    assert client.get(PATH).json()["passkeys"] == []


def test_a_signature_for_something_else_is_refused_recorded_and_slowed_down(installation: Installation) -> None:
    client, phone = browser(installation), Authenticator()
    add(client, phone).raise_for_status()
    stranger = installation.client()
    forged = Authenticator(credential_id=phone.credential_id, user_handle=phone.user_handle, count=7)
    unknown = Authenticator(user_handle=phone.user_handle)
    others_handle = Authenticator(credential_id=phone.credential_id, user_handle=bytes(32), _key=phone._key, count=9)

    for authenticator, changed in (
        (phone, {"origin": "http://127.0.0.1:8000"}),
        (phone, {"rp_id": "example.org"}),
        (phone, {"challenge": encoded(bytes(32))}),
        (phone, {"type": "webauthn.create"}),
        (forged, {}),
        (unknown, {}),
        (others_handle, {}),
    ):
        answer = use(stranger, authenticator, **changed)
        assert code_of(answer) == (401, "passkey_refused"), changed
    malformed: list[dict[str, Any]] = [{}, {"id": "!", "response": {"clientDataJSON": 1}}, {"response": []}]
    for credential in malformed:
        answer = stranger.post(f"{PATH}/sign-in", json={"credential": credential})
        assert code_of(answer) == (401, "passkey_refused")

    assert actions().count("user.sign_in_failed") == 5, "those of which one knows whose they were"
    assert use(stranger, phone).status_code == 200
    answers = [stranger.post(f"{PATH}/sign-in", json={"credential": {}}).json()["code"] for _ in range(25)]
    assert answers[-1] == "too_many_tries"


def test_an_answer_works_once_and_for_minutes_also_if_it_failed(installation: Installation) -> None:
    client, phone = browser(installation), Authenticator()
    options = client.post(f"{PATH}/options").json()["options"]
    made = {"name": "My phone", "credential": phone.make(options)}
    client.post(PATH, json=made).raise_for_status()
    assert code_of(client.post(PATH, json=made)) == (409, "passkey_unfit")
    stranger = installation.client()

    def send(credential: dict[str, Any]) -> int:
        return stranger.post(f"{PATH}/sign-in", json={"credential": credential}).status_code

    replayed = phone.sign(options_of(stranger))
    failed_first = options_of(stranger)
    late = phone.sign(options_of(stranger))
    assert (send(replayed), send(replayed)) == (200, 401)
    assert send(phone.sign(failed_first, origin="http://evil.example.org")) == 401
    assert send(phone.sign(failed_first)) == 401
    for_registration = client.post(f"{PATH}/options").json()["options"]
    assert send(phone.sign({"rpId": "localhost", "challenge": for_registration["challenge"]})) == 401
    travel(minutes=6)
    assert send(late) == 401
    with session_scope() as session:
        options_of(stranger)
        assert len(session.scalars(select(PasskeyChallenge)).all()) == 1, "those that expired are gone"


def test_a_counter_that_goes_back_shows_a_copy(installation: Installation) -> None:
    client, key, silent = browser(installation), Authenticator(count=3), Authenticator(counts=False)
    add(client, key).raise_for_status()
    add(client, silent).raise_for_status()
    stranger = installation.client()
    copied = Authenticator(credential_id=key.credential_id, user_handle=key.user_handle, count=3, _key=key._key)

    assert use(stranger, key).status_code == 200
    assert code_of(use(stranger, copied)) == (401, "passkey_refused")
    assert "passkey.counter_went_back" in actions()
    assert use(stranger, key).status_code == 200
    assert (use(stranger, silent).status_code, use(stranger, silent).status_code) == (200, 200), "one that never counts"


def test_passkeys_are_renamed_and_removed_by_their_user_alone(installation: Installation) -> None:
    client, phone = browser(installation), Authenticator()
    passkey = add(client, phone).json()["id"]
    eve = browser(installation, "eve@example.org")

    for method, body in (("PATCH", {"name": "Mine"}), ("DELETE", None)):
        assert code_of(eve.request(method, f"{PATH}/{passkey}", json=body)) == (404, "not_found")
    assert eve.get(PATH).json()["passkeys"] == []
    taken = phone.make(eve.post(f"{PATH}/options").json()["options"])
    assert code_of(eve.post(PATH, json={"name": "x", "credential": taken})) == (409, "passkey_unfit")
    assert client.patch(f"{PATH}/{passkey}", json={"name": "Old phone"}).json()["name"] == "Old phone"
    assert client.delete(f"{PATH}/{passkey}").status_code == 204

    assert code_of(use(installation.client(), phone)) == (401, "passkey_refused")
    assert actions()[-2:] == ["passkey.renamed", "passkey.removed"]


def test_tokens_disabled_users_and_more_than_fit_add_none(installation: Installation) -> None:
    program = installation.signed_in("program@example.org")
    assert code_of(program.post(f"{PATH}/options")) == (403, "forbidden")
    client, phone = browser(installation), Authenticator()
    add(client, phone).raise_for_status()
    with session_scope() as session:
        first = session.scalars(select(Passkey)).one()
        for number in range(1, MOST_PASSKEYS):
            copy = {"public_key": b"", "user_handle": first.user_handle, "sign_count": 0, "name": "x"}
            session.add(Passkey(user_id=first.user_id, credential_id=bytes([number]), **copy))
        user_id = first.user_id
    assert code_of(client.post(f"{PATH}/options")) == (409, "passkey_unfit")
    stranger = installation.client()
    for _ in range(MOST_OF_ONE + 5):
        options_of(stranger)
    with session_scope() as session:
        assert len(session.scalars(select(PasskeyChallenge)).all()) <= MOST_OF_ONE + 1
        set_disabled(session, session.get_one(User, user_id), True, by=None)
    assert code_of(use(stranger, phone)) == (401, "passkey_refused")


@pytest.mark.parametrize(
    ("public_url", "rp_id", "origin"),
    [
        ("http://127.0.0.1:8123", "localhost", "http://localhost:8123"),
        ("https://money.example.org", "money.example.org", "https://money.example.org"),
        ("https://money.example.org:8443", "money.example.org", "https://money.example.org:8443"),
        ("http://[::1]:80", "localhost", "http://localhost"),
    ],
)
def test_passkeys_belong_to_the_public_urls_host(public_url: str, rp_id: str, origin: str) -> None:
    party = relying_party(load_settings(public_url=public_url))
    assert (party.id, party.origin) == (rp_id, origin)


@pytest.mark.parametrize("public_url", ["http://192.168.1.7:8000", "https://[2001:db8::1]", "http://money.example.org"])
def test_where_browsers_offer_no_passkeys_that_is_said(public_url: str) -> None:
    with pytest.raises(PasskeysUnavailable, match="BANKIMPORT_PUBLIC_URL"):
        relying_party(load_settings(public_url=public_url))
