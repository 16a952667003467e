"""Guessing passwords is slowed down, and does not keep an account's user out."""

from datetime import timedelta

from sqlalchemy import select
from starlette.testclient import TestClient
from tests.support.steps.installation import PASSWORD, Installation
from tests.support.suite.clock import travel_to

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.users.models import AuditEntry, SignInTries

EMAIL = "ada@example.org"


def browser(installation: Installation, address: str) -> TestClient:
    client = installation.client()
    return TestClient(client.app, base_url=str(client.base_url), client=(address, 50_000))


def try_to_sign_in(client: TestClient, password: str = "a wrong password", email: str = EMAIL) -> int:
    return client.post("/api/auth/login", json={"email": email, "password": password}).status_code


def test_a_hundred_guesses_are_stopped_and_the_owner_still_gets_in(installation: Installation) -> None:
    installation.user(EMAIL, PASSWORD)
    known = browser(installation, "198.51.100.7")
    assert try_to_sign_in(known, PASSWORD) == 200
    guesser = browser(installation, "198.51.100.7")

    codes = [try_to_sign_in(guesser) for _ in range(100)]

    assert codes[:5] == [401] * 5
    # The waits double, so that however slow this machine is, few of the guesses were looked at.
    assert codes.count(401) < 20
    assert codes.count(401) + codes.count(429) == 100
    while try_to_sign_in(guesser) != 429:
        pass
    assert try_to_sign_in(guesser, PASSWORD) == 429, "the right password is not found by guessing on"
    assert try_to_sign_in(browser(installation, "203.0.113.9"), PASSWORD) == 200, "from elsewhere"
    known.post("/api/auth/logout")
    assert try_to_sign_in(known, PASSWORD) == 200, "in a browser that is known, even from the guesser's address"
    assert known.get("/api/auth/sessions").json()["failed_sign_ins"] >= codes.count(401)


def test_each_failure_doubles_the_wait_and_a_success_ends_it(installation: Installation) -> None:
    installation.user(EMAIL, PASSWORD)
    client = browser(installation, "198.51.100.7")
    waits = []
    for _ in range(8):
        answer = client.post("/api/auth/login", json={"email": EMAIL, "password": "a wrong password"})
        while answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            assert answer.json()["code"] == "too_many_tries"
            travel_to(utc_now() + timedelta(seconds=waits[-1] + 1))
            answer = client.post("/api/auth/login", json={"email": EMAIL, "password": "a wrong password"})
        assert answer.status_code == 401
    assert waits == [2, 4]
    travel_to(utc_now() + timedelta(minutes=1))

    assert try_to_sign_in(client, PASSWORD) == 200
    with session_scope() as session:
        assert session.scalars(select(SignInTries.key)).all() == []


def test_many_accounts_from_one_address_are_stopped_too_and_no_address_is_stored(installation: Installation) -> None:
    client = browser(installation, "198.51.100.7")

    codes = [try_to_sign_in(client, email=f"user{number}@example.org") for number in range(30)]

    assert (codes[0], codes[-1]) == (401, 429)
    with session_scope() as session:
        assert not [key for key in session.scalars(select(SignInTries.key)) if "example" in key or "198" in key]
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.sign_in_failed")).all()
        assert {entry.details["address"] for entry in entries} == {"198.51.100.7"}
