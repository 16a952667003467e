"""Codes of an authenticator app and backup codes at sign-in."""

from typing import Any

import pyotp
from fastapi.testclient import TestClient
from tests.support.steps.installation import PASSWORD, Installation
from tests.support.suite.clock import travel

from bankimport.clock import utc_now
from bankimport.users.second_factor import BACKUP_CODES

FACTOR = "/api/auth/totp"
EMAIL = "ada@example.org"


def sign_in(installation: Installation, code: str | None = None) -> tuple[int, str, TestClient]:
    client = installation.client()
    body = {"email": EMAIL, "password": PASSWORD} | ({} if code is None else {"code": code})
    answer = client.post("/api/auth/login", json=body)
    return answer.status_code, answer.json().get("code", ""), client


def post(client: TestClient, path: str, **body: Any) -> Any:
    answer = client.post(f"{FACTOR}{path}", json=body or None).raise_for_status()
    return answer.json() if answer.content else None


def test_a_second_factor_is_needed_once_its_first_code_was_right_and_each_code_works_once(
    installation: Installation,
) -> None:
    installation.user(EMAIL, PASSWORD)
    _, _, browser = sign_in(installation)
    begun = post(browser, "")
    app = pyotp.TOTP(begun["secret"])
    assert begun["qr_svg"].startswith("<svg")
    assert begun["secret"] in begun["address"]
    assert sign_in(installation)[0] == 200, "nothing is required before the first code"
    assert browser.post(f"{FACTOR}/confirm", json={"code": "000000"}).json()["code"] == "wrong_code"

    backup = post(browser, "/confirm", code=app.at(utc_now()))["backup_codes"]

    assert len(set(backup)) == BACKUP_CODES
    assert browser.get(FACTOR).json() == {"is_on": True, "backup_codes_left": BACKUP_CODES}
    assert sign_in(installation)[:2] == (401, "code_needed")
    assert sign_in(installation, app.at(utc_now()))[:2] == (401, "wrong_code"), "a code that was used"
    travel(minutes=1)
    now = app.at(utc_now())
    assert sign_in(installation, f"{now[:3]} {now[3:]}")[0] == 200
    assert sign_in(installation, now)[:2] == (401, "wrong_code")
    assert sign_in(installation, backup[0].lower())[0] == 200
    assert sign_in(installation, backup[0])[:2] == (401, "wrong_code")
    assert browser.get(FACTOR).json()["backup_codes_left"] == BACKUP_CODES - 1


def test_a_second_factor_is_switched_off_by_a_code_and_guesses_are_slowed_down(installation: Installation) -> None:
    installation.user(EMAIL, PASSWORD)
    _, _, browser = sign_in(installation)
    app = pyotp.TOTP(post(browser, "")["secret"])
    post(browser, "/confirm", code=app.at(utc_now()))
    assert browser.post(FACTOR).json()["code"] == "second_factor_unfit"

    answers = [browser.post(f"{FACTOR}/off", json={"code": "ABCD-EFGH"}).json()["code"] for _ in range(8)]

    assert answers[0] == "wrong_code"
    assert answers[-1] == "too_many_tries"
    travel(hours=1)
    assert len(post(browser, "/backup-codes", code=app.at(utc_now()))["backup_codes"]) == BACKUP_CODES
    travel(minutes=1)
    post(browser, "/off", code=app.at(utc_now()))
    assert sign_in(installation)[0] == 200


def test_a_token_sets_up_no_second_factor(installation: Installation) -> None:
    client = installation.signed_in(EMAIL)

    assert client.post(FACTOR).json()["code"] == "forbidden"
    assert client.get(FACTOR).json() == {"is_on": False, "backup_codes_left": 0}
