"""A row that was removed and imported again is in the record once, whatever is restored or redone afterwards."""

from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient
from tests.support.bank.logins import imported
from tests.support.steps.imports import IMPORT, account_imports, do, happened, limit_accounts, start, status_of, stored
from tests.support.steps.installation import Installation

from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.imports.attempt import open_attempt

START = utc_today() - timedelta(days=16)
BANK = "sim-plain"


def run(installation: Installation, client: TestClient, connection_id: int) -> int:
    job_id = start(client, connection_id, from_date=START.isoformat())
    installation.run_tasks()
    assert status_of(client, job_id)["status"] == "completed"
    return job_id


def unlisted(client: TestClient) -> list[str]:
    """The open reviews of rows of the account that the bank lists no more."""
    reviews = client.get("/api/reviews").raise_for_status().json()["reviews"]
    return [
        item["id"] for item in reviews if item["kind"] == "bank_lacks_row" and item["transaction"]["account_id"] == "1"
    ]


def decide(client: TestClient, review_ids: list[str], what: str) -> list[Any]:
    return [client.post(f"/api/reviews/{review_id}/{what}") for review_id in review_ids]


def removed_by_the_user(installation: Installation) -> tuple[TestClient, int, list[str]]:
    """A user who removed what their bank, with new ids at every call, did not list; it lists everything again."""
    limit_accounts(installation, BANK)
    ids = {"has_normalised_ids": False, "provider_ids_churn": True, "churn": "call"}
    installation.simulator.admin("PATCH", f"profiles/{BANK}", **ids)
    made = installation.once("rows that the user removed", lambda: _removed_by_the_user(installation))
    installation.simulator.admin("PATCH", f"profiles/{BANK}", dropped=False)
    return made


def _removed_by_the_user(installation: Installation) -> tuple[TestClient, int, list[str]]:
    client = installation.signed_in()
    connection_id = installation.connect(client, BANK)
    run(installation, client, connection_id)
    installation.simulator.admin("PATCH", f"profiles/{BANK}", dropped=True)
    run(installation, client, connection_id)
    if not unlisted(client):  # the bank leaves rows out of every second answer
        run(installation, client, connection_id)
    removed = unlisted(client)
    assert removed
    assert {answer.status_code for answer in decide(client, removed, "take")} == {200}
    return client, connection_id, removed


def test_a_removed_row_is_not_restored_beside_the_row_that_replaced_it(installation: Installation) -> None:
    client, connection_id, removed = removed_by_the_user(installation)
    true = happened(installation, BANK, "account", 0, START)
    run(installation, client, connection_id)
    assert stored("1") == true

    answers = decide(client, removed, "reopen")

    assert {answer.json()["code"] for answer in answers} == {"not_possible_now"}
    assert stored("1") == true


def test_a_redo_does_not_restore_a_row_beside_the_one_that_it_replaced(installation: Installation) -> None:
    client, connection_id, removed = removed_by_the_user(installation)
    true = happened(installation, BANK, "account", 0, START)
    job_id = run(installation, client, connection_id)
    do(client, job_id, "undo")
    assert {answer.status_code for answer in decide(client, removed, "reopen")} == {200}
    assert stored("1") == true

    refused = client.post(f"{IMPORT}/{job_id}/redo")

    assert (refused.status_code, refused.json()["code"]) == (409, "not_possible_now")
    assert refused.json()["details"]["review_id"] in removed
    assert stored("1") == true
    decide(client, removed, "take")
    do(client, job_id, "redo")
    assert stored("1") == true
    decide(client, removed, "reopen")
    assert stored("1") == true


def test_rows_are_neither_removed_nor_restored_while_an_attempt_compares_them(installation: Installation) -> None:
    client, connection_id, removed = removed_by_the_user(installation)
    decide(client, removed[1:], "reopen")
    before = stored("1")
    job_id = start(client, connection_id, from_date=START.isoformat())
    with session_scope() as session:
        attempts = [open_attempt(session, each, "a worker") for each in account_imports(job_id)]
    assert all(attempts)

    answers = [*decide(client, removed[:1], "reopen"), *decide(client, removed[1:], "take")]

    assert len(answers) > 1
    assert {answer.json()["code"] for answer in answers} == {"not_possible_now"}
    assert stored("1") == before


def test_a_row_that_is_not_in_the_record_is_not_removed_so_a_redo_restores_it(installation: Installation) -> None:
    client, _, removed = removed_by_the_user(installation)
    decide(client, removed, "reopen")
    true = stored("1")
    do(client, 1, "undo", with_later=True)

    answers = decide(client, removed, "take")

    assert {answer.json()["code"] for answer in answers} == {"not_possible_now"}
    do(client, 1, "redo")
    assert stored("1") == true


def test_an_import_undone_before_its_account_was_continued_is_not_redone(installation: Installation) -> None:
    client = installation.signed_in()
    imported(installation, client, installation.connect(client, "oauth-sim-card"))
    connection_id = installation.connect(client, "ob-sim-card")
    middle = utc_today() - timedelta(days=12)
    for first, last in ((middle - timedelta(days=18), middle), (middle + timedelta(days=1), utc_today())):
        job_id = start(client, connection_id, from_date=first.isoformat(), to_date=last.isoformat())
        installation.run_tasks(enriches=False)
    do(client, job_id, "undo")
    (offer,) = client.get("/api/truelayer/accounts/continuations").json()["continuations"]
    new, old = (offer[side]["account_id"] for side in ("new", "old"))
    path = "/api/truelayer/accounts/{}/continuation"
    client.post(path.format(new), json={"old_account_id": old, "choice": "continue"}).raise_for_status()
    true = stored(old)

    refused = client.post(f"{IMPORT}/{job_id}/redo")

    assert (refused.status_code, refused.json()["code"]) == (409, "not_possible_now")
    assert stored(old) == true
    client.delete(path.format(old)).raise_for_status()
    assert do(client, job_id, "redo")["status"] == "completed"
    assert stored(old) == true
