"""Whatever is done to a job in whatever order, its status is correct, and in the end every row is stored once."""

from datetime import timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.support.steps.imports import IMPORT, accounts_by_kind, happened, start, status_of, stored
from tests.support.steps.installation import Installation
from tests.support.suite.properties import through_database

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.imports import fairness
from bankimport.imports.models import ENDED_JOB_STATUSES
from bankimport.imports.run.recover import RESEND_AFTER
from bankimport.imports.run.run import run_fairest

START = utc_today() - timedelta(days=20)
ENDED = {status.value for status in ENDED_JOB_STATUSES}
ACTIONS = ("pause", "resume", "cancel", "retry", "pause first", "resume first", "run one", "break", "mend", "queue")


def run_one() -> None:
    with session_scope() as session:
        due = fairness.unsent(session, utc_now(), utc_now() + RESEND_AFTER * 100, 1)
    for account_import_id in due:
        run_fairest(account_import_id, "test")


def do(installation: Installation, client: TestClient, job_id: int, action: str, first: str) -> None:
    match action.split():
        case ["run", "one"]:
            run_one()
        case ["break"]:
            fault: dict[str, Any] = {"kind": "status", "path": "/transactions", "status": 403, "error": "access_denied"}
            installation.simulator.admin("POST", "faults", **fault)
        case ["mend"]:
            installation.simulator.admin("DELETE", "faults")
        case ["queue"]:
            client.post(f"{IMPORT}/queue/pause").raise_for_status()
            assert installation.run_tasks() == 0
            client.post(f"{IMPORT}/queue/resume").raise_for_status()
        case [verb, *which]:
            body = {"account_ids": [first]} if which else {}
            answer = client.post(f"{IMPORT}/{job_id}/{verb}", json=body)
            assert answer.status_code == 200 or answer.json()["code"] == "not_possible_now", answer.text


def check(installation: Installation, client: TestClient, job_id: int) -> str:
    status = status_of(client, job_id)
    accounts = {account["status"] for account in status["accounts"]}
    word = str(status["status"])
    assert (status["completed_at"] is not None) == (word in ENDED)
    assert (status["progress"]["percent"] == 100) == (accounts == {"completed"})
    assert sum(account["synced"] for account in status["accounts"]) == status["total_so_far"]["synced"]
    match word:
        case "completed":
            assert "completed" in accounts
            assert accounts <= {"completed", "cancelled"}
        case "failed":
            assert accounts <= {"failed", "cancelled"}
        case "cancelled" | "partly_failed":
            assert not accounts & {"pending", "syncing", "waiting"}
        case "paused":
            assert accounts & {"pending", "waiting"}
            assert "syncing" not in accounts
        case _:
            assert accounts & {"pending", "waiting"}
    return word


@through_database(2)
@example(actions=["run one", "pause", "break", "resume", "run one", "retry", "mend", "pause first", "queue", "cancel"])
@given(actions=st.lists(st.sampled_from(ACTIONS), max_size=10))
def test_the_status_is_correct_after_every_step_and_the_job_can_always_be_finished(
    installation: Installation, actions: list[str]
) -> None:
    client = installation.client()
    if client.post("/api/auth/login", json={"email": "ada@example.org", "password": "correct horse battery"}).is_error:
        installation.signed_in()
        client.post("/api/auth/login", json={"email": "ada@example.org", "password": "correct horse battery"})
    known = client.get("/api/truelayer/connections").json()["connections"]
    connection_id = known[0]["id"] if known else installation.connect(client, "sim-plain")
    installation.simulator.admin("DELETE", "faults")
    accounts = accounts_by_kind(client, connection_id)
    job_id = start(client, connection_id, from_date=START.isoformat())

    for action in actions:
        do(installation, client, job_id, action, accounts["account"][0]["account_id"])
        check(installation, client, job_id)

    installation.simulator.admin("DELETE", "faults")
    for action in ("resume", "resume first"):
        do(installation, client, job_id, action, accounts["account"][0]["account_id"])
    installation.run_tasks()
    do(installation, client, job_id, "retry", "")
    installation.run_tasks()
    assert check(installation, client, job_id) == "completed"
    for kind, rows in accounts.items():
        for number, account in enumerate(rows):
            assert stored(account["account_id"]) == happened(installation, "sim-plain", kind, number, START)
