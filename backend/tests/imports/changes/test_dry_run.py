"""A dry run fetches from the bank and stores no row; its diff shows what a commit then does without more calls."""

import re
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text
from starlette.testclient import TestClient
from tests.support.bank.bank_journey import Journey
from tests.support.steps.imports import (
    IMPORT,
    accounts_by_kind,
    do,
    happened,
    limit_accounts,
    record_of,
    start,
    status_of,
    stored,
)
from tests.support.steps.installation import Installation
from tests.support.steps.proof import days_that_are
from tests.support.suite.clock import travel_to

from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.transactions.models import Transaction, TransactionStatus

START = utc_today() - timedelta(days=30)
EMAIL = "ada@example.org"


def dry_run(installation: Installation, client: TestClient, connection_id: int) -> tuple[int, Any]:
    job_id = start(client, connection_id, from_date=START.isoformat(), dry_run=True)
    installation.run_tasks()
    assert status_of(client, job_id)["status"] == "completed"
    return job_id, client.get(f"{IMPORT}/{job_id}/diff").raise_for_status().json()


def data_calls(installation: Installation) -> int:
    return len(installation.simulator.admin("GET", "calls"))


@pytest.mark.parametrize("bank_id", ["sim-plain", "sim-vanishing-pending", "sim-doubled", "sim-reversed", "mock"])
def test_a_commit_does_exactly_what_the_diff_shows_without_a_call(installation: Installation, bank_id: str) -> None:
    limit_accounts(installation, bank_id)
    client = installation.signed_in()
    connection_id = installation.connect(client, bank_id)
    job_id, diff = dry_run(installation, client, connection_id)
    assert record_of(EMAIL) == {"rows": {}, "held": {}, "transfers": {}}
    status = status_of(client, job_id)
    assert (status["is_dry_run"], status["total_so_far"]["synced"]) == (True, 0)
    assert [account["percent"] for account in status["accounts"]] == [100] * len(status["accounts"])
    calls = data_calls(installation)

    do(client, job_id, "commit")
    installation.run_tasks()

    assert data_calls(installation) == calls
    status = status_of(client, job_id)
    assert (status["status"], status["is_dry_run"]) == ("completed", False)
    counted = {account["account_id"]: account["counts"]["new"] for account in diff["accounts"]}
    assert {account["account_id"]: account["synced"] for account in status["accounts"]} == counted
    for kind, rows in accounts_by_kind(client, connection_id).items():
        for number, account in enumerate(rows):
            assert stored(account["account_id"]) == happened(installation, bank_id, kind, number, START)
    assert client.post(f"{IMPORT}/{job_id}/commit").json()["code"] == "not_possible_now"


def test_the_diff_of_a_second_run_shows_what_the_bank_changed(installation: Installation) -> None:
    installation.simulator.admin("PATCH", "profiles/sim-vanishing-pending", amendment="description")
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-vanishing-pending")
    start(client, connection_id, from_date=START.isoformat())
    installation.run_tasks()
    installation.simulator.admin("POST", "clock", advance_seconds=3 * 86_400)
    before = record_of(EMAIL)

    job_id, diff = dry_run(installation, client, connection_id)

    assert record_of(EMAIL) == before
    counts = [account["counts"] for account in diff["accounts"]]
    assert sum(count["same"] for count in counts) > 50
    assert sum(count["changed"] for count in counts) > 0
    assert sum(count["vanished"] + count["merged"] for count in counts) > 0
    changed = next(row for account in diff["accounts"] for row in account["changed"])
    assert changed["before"]["description"] != changed["after"]["description"]
    do(client, job_id, "commit")
    installation.run_tasks()
    _, again = dry_run(installation, client, connection_id)
    for account in again["accounts"]:
        assert account["counts"] | {"same": 0} == dict.fromkeys(account["counts"], 0)
        assert account["balance_effect"] == "0"
    do(client, job_id, "undo", with_later=True)
    assert record_of(EMAIL) == before


def test_the_effect_on_the_balance_counts_changed_amounts(installation: Installation) -> None:
    # The bank amends amounts of each fourth day, two days later: yesterday is such a day.
    travel_to(datetime.combine(utc_today() + timedelta(days=(1 - utc_today().toordinal()) % 4), time(12), UTC))
    installation.simulator.admin("PATCH", "profiles/sim-plain", amendment="amount")
    limit_accounts(installation, "sim-plain")
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    start(client, connection_id, from_date=START.isoformat())
    installation.run_tasks()
    installation.simulator.admin("POST", "clock", advance_seconds=6 * 86_400)
    before = booked_sums()

    job_id, diff = dry_run(installation, client, connection_id)
    do(client, job_id, "commit")
    installation.run_tasks()

    moved = {account: after - before[account] for account, after in booked_sums().items()}
    assert {row["account_id"]: Decimal(row["balance_effect"]) for row in diff["accounts"]} == moved
    assert any(row["counts"]["changed"] for row in diff["accounts"])


def booked_sums() -> dict[str, Decimal]:
    with session_scope() as session:
        live = (Transaction.status == TransactionStatus.BOOKED, Transaction.removed_at.is_(None))
        statement = select(Transaction.account_id, func.sum(Transaction.amount)).where(*live)
        return {str(row[0]): row[1] for row in session.execute(statement.group_by(Transaction.account_id))}


def test_lists_respect_the_limit_and_counts_are_complete(installation: Installation) -> None:
    client = installation.signed_in()
    job_id, diff = dry_run(installation, client, installation.connect(client, "sim-plain"))
    short = client.get(f"{IMPORT}/{job_id}/diff", params={"limit": 2}).json()

    assert [len(account["new"]) for account in short["accounts"]] == [2, 2, 2]
    assert [account["counts"] for account in short["accounts"]] == [account["counts"] for account in diff["accounts"]]
    effects = [sum(float(row["amount"]) for row in account["new"]) for account in diff["accounts"]]
    assert diff["accounts"][1]["counts"]["new"] > 100
    small = [n for n, account in enumerate(diff["accounts"]) if account["counts"]["new"] <= 100]
    for number in small:
        assert float(diff["accounts"][number]["balance_effect"]) == pytest.approx(effects[number])


def test_only_a_finished_dry_run_has_a_diff_and_a_commit(installation: Installation) -> None:
    limit_accounts(installation, "sim-plain")
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    running = start(client, connection_id, dry_run=True)
    for path in ("diff", "commit"):
        method = client.get if path == "diff" else client.post
        answer = method(f"{IMPORT}/{running}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_possible_now")
        eve = installation.signed_in(f"{path}@example.org")
        assert (eve.get if path == "diff" else eve.post)(f"{IMPORT}/{running}/{path}").status_code == 404
    do(client, running, "cancel")
    assert client.post(f"{IMPORT}/{running}/commit").json()["code"] == "not_possible_now"


def test_a_commit_of_an_altered_answer_fails_without_a_call(installation: Installation) -> None:
    client = installation.signed_in()
    job_id, _ = dry_run(installation, client, installation.connect(client, "sim-accounts-only"))
    with session_scope() as session:
        session.execute(
            text("UPDATE raw_responses SET sha256 = sha256(body) WHERE account_id = 1 AND endpoint = 'transactions'")
        )
    calls = data_calls(installation)

    do(client, job_id, "commit")
    installation.run_tasks()

    status = status_of(client, job_id)
    assert [account["status"] for account in status["accounts"]] == ["failed", "completed"]
    assert status["accounts"][0]["error"]["code"] == "body_altered"
    assert data_calls(installation) == calls


def test_discarding_a_dry_run_deletes_its_answers_for_good(installation: Installation) -> None:
    limit_accounts(installation, "sim-plain")
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    job_id, _ = dry_run(installation, client, connection_id)
    eve = installation.signed_in("eve@example.org")
    assert eve.post(f"{IMPORT}/{job_id}/discard").json()["code"] == "import_not_found"

    status = do(client, job_id, "discard")

    assert (status["status"], status["is_discarded"]) == ("cancelled", True)
    assert record_of(EMAIL) == {"rows": {}, "held": {}, "transfers": {}}
    with session_scope() as session:
        assert session.scalar(text("SELECT count(*) FROM raw_responses WHERE body IS NOT NULL")) == 0
        assert session.scalar(text("SELECT count(*) FROM raw_responses WHERE sha256 IS NOT NULL"))
    for path in ("commit", "discard", "retry"):
        assert client.post(f"{IMPORT}/{job_id}/{path}").json()["code"] == "not_possible_now"
    assert client.get(f"{IMPORT}/{job_id}/diff").json()["code"] == "not_possible_now"
    real, _ = dry_run(installation, client, connection_id)
    do(client, real, "commit")
    installation.run_tasks()
    assert client.post(f"{IMPORT}/{real}/discard").json()["code"] == "not_possible_now"


def test_discarding_a_dry_run_deletes_the_text_of_its_rejected_rows(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-malformed")
    job_id, _ = dry_run(installation, client, connection_id)
    path = f"{IMPORT}/{job_id}/rejected"
    before = client.get(path).json()["rejected"]
    assert any("description" in row["raw"] for row in before)

    do(client, job_id, "discard")

    after = client.get(path).json()["rejected"]
    assert [row["reason"] for row in after] == [row["reason"] for row in before]
    assert all(re.fullmatch(r'|\{"timestamp":"[-0-9]+T00:00:00"\}', row["raw"]) for row in after)


def test_a_later_commit_still_proves_with_the_dry_runs_balance(
    installation: Installation,
) -> None:
    journey = Journey(installation, has_running_balance=False, pending=2)
    journey.import_all()
    journey.days_pass(4)
    told_on = utc_today()
    job_id = start(journey.client, journey.connection_id, from_date=journey.first.isoformat(), dry_run=True)
    installation.run_tasks()
    assert days_that_are(journey.looked_at(), "balanced") == set()
    journey.days_pass(2)

    do(journey.client, job_id, "commit")
    installation.run_tasks()

    days = {told_on - timedelta(days=number) for number in range(1, 5)}
    proof = journey.looked_at()
    assert days_that_are(proof, "balanced") >= days - {told_on - timedelta(days=4)}
    assert days_that_are(proof, "broken") == set()
    journey.days_pass(1)
    proof = journey.import_all()
    assert proof["refetch"] == []
    assert days_that_are(proof, "balanced") >= {told_on - timedelta(days=number) for number in range(-2, 4)}


def test_an_outdated_dry_run_cannot_be_committed_and_blocks_no_undo(
    installation: Installation,
) -> None:
    limit_accounts(installation, "sim-plain")
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    before = start(client, connection_id, from_date=START.isoformat())
    installation.run_tasks()
    job_id, _ = dry_run(installation, client, connection_id)
    since = start(client, connection_id, from_date=START.isoformat())
    installation.run_tasks()
    record = record_of(EMAIL)

    refused = client.post(f"{IMPORT}/{job_id}/commit")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_possible_now")
    assert f"by {since}:" in refused.json()["message"]
    assert record_of(EMAIL) == record
    assert "stored nothing" in client.post(f"{IMPORT}/{job_id}/undo").json()["message"]
    assert client.get(f"{IMPORT}/{since}/undo").json()["later"] == []
    assert client.get(f"{IMPORT}/{before}/undo").json()["later"] == [str(since)]
    do(client, since, "undo")
    do(client, job_id, "commit")
    installation.run_tasks()
    assert status_of(client, job_id)["status"] == "completed"
