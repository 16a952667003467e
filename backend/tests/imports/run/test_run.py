"""Whole imports from misbehaving banks: the stored rows are the real ones, however often they are fetched."""

from collections import Counter
from datetime import timedelta

import pytest
from tests.support.steps.imports import (
    DAYS,
    LONG_AGO,
    START,
    accounts_by_kind,
    happened,
    limit_accounts,
    run_import,
    stored,
)
from tests.support.steps.installation import Installation

from bankimport.clock import utc_today

# These banks list exactly what happened: every row once.
FAITHFUL = [
    "sim-plain",
    "sim-cards-only",
    "sim-accounts-only",
    "sim-idless",
    "sim-churning-ids",
    "sim-idless-churning",
    "sim-reused-ids",
    "sim-twins",
    "sim-doubled",
    "sim-real-times",
    "sim-no-zones",
    "sim-seven-digits",
    "sim-exclusive",
    "sim-odd-signs",
    "sim-legacy-cards",
    "sim-amended",
    "sim-reversed",
    "sim-rotating",
]


@pytest.mark.parametrize("bank_id", FAITHFUL)
def test_stored_rows_are_the_real_ones_and_a_second_import_finds_only_duplicates(
    installation: Installation, bank_id: str
) -> None:
    limit_accounts(installation, bank_id)
    client = installation.signed_in()
    connection_id = installation.connect(client, bank_id)

    first = run_import(installation, client, connection_id)
    second = run_import(installation, client, connection_id)

    assert first["status"] == second["status"] == "completed", (first, second)
    assert first["total_so_far"]["synced"] > DAYS
    assert second["total_so_far"]["synced"] == 0
    assert second["total_so_far"]["duplicates"] >= first["total_so_far"]["synced"]
    for kind, accounts in accounts_by_kind(client, connection_id).items():
        for number, account in enumerate(accounts):
            assert stored(account["account_id"]) == happened(installation, bank_id, kind, number, START)


@pytest.mark.parametrize("bank_id", ["sim-idless-churning", "sim-twins", "sim-moved", "sim-churning-ids"])
def test_overlapping_windows_in_any_order_store_each_row_once(installation: Installation, bank_id: str) -> None:
    limit_accounts(installation, bank_id)
    client = installation.signed_in()
    connection_id = installation.connect(client, bank_id)
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    today = utc_today()

    for first_ago, last_ago in ((40, 20), (90, 30), (25, 0), (120, 60), (70, 10), (120, 0)):
        status = run_import(
            installation,
            client,
            connection_id,
            account_ids=[account_id],
            from_date=(today - timedelta(days=first_ago)).isoformat(),
            to_date=(today - timedelta(days=last_ago)).isoformat(),
        )
        assert status["status"] == "completed", status

    assert stored(account_id) == happened(installation, bank_id, "account", 0, LONG_AGO)


def test_unreadable_rows_are_rejected_and_counted(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-malformed")

    status = run_import(installation, client, connection_id)

    errors = status["total_so_far"]["errors"]
    assert errors > 0
    rejected = client.get(f"/api/truelayer/import/{status['job_id']}/rejected").json()["rejected"]
    assert len(rejected) == errors
    assert all(row["reason"] and row["raw"] for row in rejected)
    assert status["total_so_far"]["synced"] > 0


def test_a_failing_account_does_not_fail_the_others(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    installation.simulator.admin("POST", "faults", kind="status", path="/cards/", status=403, error="access_denied")

    status = run_import(installation, client, connection_id)

    assert status["status"] == "partly_failed"
    by_status = Counter(account["status"] for account in status["accounts"])
    assert by_status == {"completed": 2, "failed": 1}
    assert status["progress"] == {
        "completed_accounts": 2,
        "failed_accounts": 1,
        "cancelled_accounts": 0,
        "total_accounts": 3,
        "percent": 66,
    }
    queued = client.get("/api/truelayer/import/queue").json()["recent"][0]
    assert (queued["percent"], queued["completed_accounts"], queued["failed_accounts"]) == (66, 2, 1)
    assert queued["rows"] == status["total_so_far"]["synced"]
    assert queued["api_calls"] == status["api_calls"]
    failed = next(account for account in status["accounts"] if account["status"] == "failed")
    assert failed["percent"] == 0
    assert queued["why"] == failed["error"]["message"]
    assert failed["error"]["code"] == "access_denied"
    assert failed["error"]["message"]


def test_refused_deep_history_is_reported_to_the_day_and_recent_days_are_imported(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-sca-strict")
    installation.simulator.admin("POST", "clock", advance_seconds=600)

    status = run_import(installation, client, connection_id, from_date=(utc_today() - timedelta(days=400)).isoformat())

    assert status["status"] == "failed"
    account = status["accounts"][0]
    assert account["percent"] == status["progress"]["percent"] == 85 * 100 // 401
    assert account["error"]["code"] == "sca_exceeded"
    assert (utc_today() - timedelta(days=400)).isoformat() in account["error"]["message"]
    coverage = client.get(f"/api/truelayer/accounts/{account['account_id']}/coverage").json()
    assert coverage["held"] == [{"from": (utc_today() - timedelta(days=84)).isoformat(), "to": utc_today().isoformat()}]
    assert coverage["refused"]
    assert account["synced"] > 0


@pytest.mark.parametrize("kind", ["not_json", "not_succeeded", "html_504", "truncate", "drop"])
def test_an_unfinished_answer_is_waited_for_and_stores_no_days(installation: Installation, kind: str) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    installation.simulator.admin("POST", "faults", kind=kind, path="/transactions")

    status = run_import(
        installation,
        client,
        connection_id,
        account_ids=[account_id],
        from_date=(utc_today() - timedelta(days=1)).isoformat(),
    )

    account = status["accounts"][0]
    assert account["status"] == "waiting", account
    assert account["next_attempt_at"] is not None
    assert status["status"] == "waiting"
    assert client.get(f"/api/truelayer/accounts/{account_id}/coverage").json()["held"] == []
    assert stored(account_id) == Counter()


def test_pending_rows_become_booked_rows_without_duplicates(installation: Installation) -> None:
    client = installation.signed_in()
    # Pending are tomorrow's rows, and six a day on average are at least three on every day.
    installation.simulator.admin("PATCH", "profiles/sim-pending", rows_per_day=6)
    connection_id = installation.connect(client, "sim-pending")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    status = run_import(installation, client, connection_id, account_ids=[account_id])
    assert status["accounts"][0]["pending"] == 3
    pending = client.get("/api/transactions", params={"account_id": account_id, "status": "pending"}).json()
    assert len(pending["transactions"]) == 3

    again = run_import(installation, client, connection_id, account_ids=[account_id])

    assert again["total_so_far"]["synced"] == 0
    pending = client.get("/api/transactions", params={"account_id": account_id, "status": "pending"}).json()
    assert len(pending["transactions"]) == 3
    assert stored(account_id) == happened(installation, "sim-pending", "account", 0, START)


def test_a_token_rejected_by_the_bank_is_refreshed_once_and_the_import_continues(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-rotating")
    installation.simulator.admin("POST", "tokens/expire")

    status = run_import(installation, client, connection_id)

    assert status["status"] == "completed", status


def test_a_revoked_consent_asks_the_user_to_reconnect(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    installation.simulator.admin("POST", "consents/revoke")

    status = run_import(installation, client, connection_id)

    assert status["status"] == "failed"
    assert {account["error"]["code"] for account in status["accounts"]} <= {"access_denied", "connection_expired"}


def test_accounts_keep_our_ids_when_the_banks_ids_change(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-rotating")
    before = accounts_by_kind(client, connection_id)
    run_import(installation, client, connection_id)

    assert installation.connect(client, "sim-rotating") == connection_id

    after = accounts_by_kind(client, connection_id)
    assert [row["account_id"] for row in after["account"]] == [row["account_id"] for row in before["account"]]
    assert run_import(installation, client, connection_id)["total_so_far"]["synced"] == 0
