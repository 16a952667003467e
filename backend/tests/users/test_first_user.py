"""The first user makes the administrator's account with the link that `bankimport up` prints."""

import pytest
from starlette.testclient import TestClient
from tests.support.steps.installation import PASSWORD, Installation
from tests.support.suite.clock import travel

from bankimport.db.session import session_scope
from bankimport.secrets import encrypt
from bankimport.users.first_user import FIRST_PATH, first_user_link


def first_token() -> str:
    with session_scope() as session:
        link = first_user_link(session)
    assert link is not None
    return link.partition("token=")[2]


def create(client: TestClient, token: str, email: str = "ada@example.org", password: str = PASSWORD) -> int:
    return client.post(FIRST_PATH, data={"token": token, "email": email, "password": password}).status_code


def test_the_first_user_is_an_administrator_and_signed_in_and_the_link_works_once(installation: Installation) -> None:
    token, client, another = first_token(), installation.client(), installation.client()

    assert "Create the account" in client.get(FIRST_PATH, params={"token": token}).text
    assert create(client, token) == 303
    assert client.get("/api/auth/me").json() == {"id": "1", "email": "ada@example.org", "role": "admin"}
    assert create(another, token, "eve@example.org") == 401
    assert another.get(FIRST_PATH, params={"token": token}).status_code == 401
    with session_scope() as session:
        assert first_user_link(session) is None


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("ada@example.org", "short", "at least 12 characters"),
        ("ada", PASSWORD, "is not an e-mail address"),
        ("", PASSWORD, "Give an e-mail address"),
    ],
)
def test_bad_input_is_explained_above_the_same_form(
    installation: Installation, email: str, password: str, words: str
) -> None:
    token, client = first_token(), installation.client()

    answer = client.post(FIRST_PATH, data={"token": token, "email": email, "password": password})

    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{email}"' in answer.text
    assert create(client, token) == 303


def test_a_token_of_another_purpose_or_an_old_one_makes_nobody(installation: Installation) -> None:
    token, client = first_token(), installation.client()

    assert create(client, encrypt("device 1").decode()) == 401
    assert create(client, "nonsense") == 401
    assert client.post(FIRST_PATH, data={"token": token}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    travel(days=1, minutes=1)
    assert create(client, token) == 401
