"""An undo while other imports of the same accounts begin, run or depend on each other loses and mixes up nothing."""

import base64
import json
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient
from tests.support.steps.imports import IMPORT, accounts_by_kind, do, happened, record_of, start, status_of, stored
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel, travel_to
from tests.support.suite.waiting import wait_for

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.imports.answers.raw import body_of
from bankimport.imports.changes.undo import undo_import
from bankimport.imports.models import AccountImport, RawResponse
from bankimport.imports.run.run import run_fairest

EMAIL = "ada@example.org"
FIRST = utc_today() - timedelta(days=20)
USER = 1


def imported(installation: Installation, client: TestClient, connection_id: int, account_ids: list[str]) -> int:
    job_id: int = start(client, connection_id, account_ids=account_ids, from_date=FIRST.isoformat(), auto_enrich=False)
    installation.run_tasks()
    return job_id


def account_import_of(job_id: int) -> int:
    with session_scope() as session:
        return session.scalars(select(AccountImport.id).where(AccountImport.job_id == job_id)).one()


def test_an_import_that_begins_during_an_undo_stores_the_removed_rows_again(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    first = imported(installation, client, connection_id, [account_id])
    second = start(client, connection_id, account_ids=[account_id], from_date=FIRST.isoformat())
    worker = threading.Thread(target=run_fairest, args=(account_import_of(second), "other"))

    with session_scope() as session:
        undo_import(session, USER, first)
        worker.start()
        # It waits for the undo; if it did not wait, it would end and find all rows stored.
        wait_for(lambda: not worker.is_alive() or waits_for_a_lock(session))
        assert worker.is_alive()
    worker.join()

    assert status_of(client, second)["total_so_far"]["duplicates"] == 0
    assert stored(account_id) == happened(installation, "sim-plain", "account", 0, FIRST)


def waits_for_a_lock(session: Session) -> bool:
    """Whether some session waits for a lock of this test process's server."""
    return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def test_either_of_two_imports_of_the_same_days_can_be_redone_but_not_both(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    first = imported(installation, client, connection_id, [account_id])
    one = record_of(EMAIL)
    do(client, first, "undo")
    second = imported(installation, client, connection_id, [account_id])
    other = record_of(EMAIL)

    for _ in range(2):
        assert client.post(f"{IMPORT}/{first}/redo").json()["code"] == "later_imports"
        do(client, second, "undo")
        do(client, first, "redo")
        assert record_of(EMAIL) == one
        refused = client.post(f"{IMPORT}/{second}/redo").json()
        assert (refused["code"], refused["details"]) == ("later_imports", {"job_ids": [str(first)]})
        do(client, first, "undo")
        do(client, second, "redo")
        assert record_of(EMAIL) == other


def test_an_import_that_ran_by_a_slower_clock_counts_as_later(installation: Installation) -> None:
    travel_to(utc_now().replace(hour=12))  # the slower clock shows the same day
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    first = imported(installation, client, connection_id, [account_id])
    travel(minutes=-2)
    second = imported(installation, client, connection_id, [account_id])

    refused = client.post(f"{IMPORT}/{first}/undo")

    assert (refused.status_code, refused.json().get("details")) == (409, {"job_ids": [str(second)]})
    assert stored(account_id) == happened(installation, "sim-plain", "account", 0, FIRST)
    do(client, first, "undo", with_later=True)
    assert client.post(f"{IMPORT}/{second}/redo").json()["details"] == {"job_ids": [str(first)]}
    for job_id in (first, second):
        do(client, job_id, "redo")
    assert stored(account_id) == happened(installation, "sim-plain", "account", 0, FIRST)


def test_imports_are_undone_in_the_order_they_ran_regardless_of_their_ids(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    imported(installation, client, connection_id, [account_id])
    before = record_of(EMAIL)
    bank_says(installation, "the first word")
    first = imported(installation, client, connection_id, [account_id])
    planned = planned_only(client, connection_id, account_id)
    bank_says(installation, "an early word")
    early = imported(installation, client, connection_id, [account_id])
    bank_says(installation, "the last word")
    client.post(f"{IMPORT}/start", json={"job_id": planned}).raise_for_status()
    installation.run_tasks()
    assert planned < early
    assert Counter(row["merchant"] for row in record_of(EMAIL)["rows"].values()).keys() >= {"the last word"}

    assert client.get(f"{IMPORT}/{first}/undo").json()["later"] == [str(planned), str(early)]
    do(client, first, "undo", with_later=True)

    assert record_of(EMAIL) == before


def planned_only(client: TestClient, connection_id: int, account_id: str) -> int:
    body: dict[str, Any] = {
        "connection_id": connection_id, "account_ids": [account_id], "from_date": FIRST.isoformat(),
        "auto_enrich": False,
    }  # fmt: skip
    return int(client.post(f"{IMPORT}/plan", json=body).raise_for_status().json()["job_id"])


def bank_says(installation: Installation, merchant: str) -> None:
    """Make the bank's next answer contain all rows of the last one with another merchant."""
    with session_scope() as session:
        last = select(RawResponse).where(RawResponse.endpoint == "transactions").order_by(RawResponse.id.desc())
        answer = json.loads(body_of(session.scalars(last.limit(1)).one()))
    for row in answer["results"]:
        row["merchant_name"] = merchant
    installation.simulator.admin(
        "POST", "faults", kind="answer", path="/transactions", times=1,
        body=base64.b64encode(json.dumps(answer).encode()).decode(),
    )  # fmt: skip


def test_imports_that_depend_on_it_through_another_account_are_undone_too(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    one, two = (row["account_id"] for row in accounts_by_kind(client, connection_id)["account"][:2])
    nothing = record_of(EMAIL)
    first = imported(installation, client, connection_id, [one])
    both = imported(installation, client, connection_id, [one, two])
    last = imported(installation, client, connection_id, [two])

    assert client.get(f"{IMPORT}/{first}/undo").json()["later"] == [str(last), str(both)]
    do(client, first, "undo", with_later=True)

    assert record_of(EMAIL) == nothing
    assert [status_of(client, job_id)["status"] for job_id in (first, both, last)] == ["undone"] * 3
