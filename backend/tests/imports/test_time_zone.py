"""Days are the bank's own: by its country, or as its user sets, including days that are already stored."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.testclient import TestClient
from tests.support.bank.answers import a_row, answer_with
from tests.support.steps.imports import IMPORT, accounts_by_kind, run_import
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel_to

from bankimport.audit.verify import verify_user
from bankimport.clock import utc_today
from bankimport.db.session import session_scope

TRUELAYER = "/api/truelayer"
AFTER_JUNE = datetime(2026, 7, 5, 12, tzinfo=UTC)
JUNE = {"from_date": "2026-06-10", "to_date": "2026-06-20"}


def rows_of(client: TestClient) -> list[tuple[str, str]]:
    page = client.get("/api/transactions").raise_for_status().json()["transactions"]
    return sorted((row["date"], row["description"]) for row in page)


def stored_days(client: TestClient, account_id: str) -> Any:
    return client.get(f"{TRUELAYER}/accounts/{account_id}/coverage").raise_for_status().json()["held"]


def test_a_new_time_zone_redates_stored_rows_and_ids_proof_and_stored_days_stay_correct(
    installation: Installation,
) -> None:
    travel_to(AFTER_JUNE)
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    (connection,) = client.get(f"{TRUELAYER}/connections").json()["connections"]
    assert connection["time_zone"] == "Europe/London"
    night = a_row(0, 1, timestamp="2026-06-14T23:20:00Z", description="NIGHT BUS")
    day = a_row(0, 2, timestamp="2026-06-14T00:00:00Z", description="DAY ONLY")
    edge = a_row(0, 3, timestamp="2026-06-09T23:30:00Z", description="EDGE")
    body = {"account_ids": [account_id], **JUNE}

    answer_with(installation, "/transactions", [night, day, edge])
    first = run_import(installation, client, connection_id, **body)

    assert first["total_so_far"]["synced"] == 3
    london = [("2026-06-10", "EDGE"), ("2026-06-14", "DAY ONLY"), ("2026-06-15", "NIGHT BUS")]
    assert rows_of(client) == london
    assert stored_days(client, account_id) == [{"from": "2026-06-10", "to": "2026-06-20"}]

    zone_at = f"{TRUELAYER}/connections/{connection_id}/time-zone"
    assert client.put(zone_at, json={"time_zone": "Mars/Olympus"}).status_code == 422
    client.put(zone_at, json={"time_zone": "UTC"}).raise_for_status()

    assert rows_of(client) == [("2026-06-09", "EDGE"), ("2026-06-14", "DAY ONLY"), ("2026-06-14", "NIGHT BUS")]
    # The last hour of 20 June in UTC was 21 June in London, which was not requested.
    assert stored_days(client, account_id) == [{"from": "2026-06-10", "to": "2026-06-19"}]
    with session_scope() as session:
        assert verify_user(session, 1).findings == []
    answer_with(installation, "/transactions", [night, day, edge])
    again = run_import(installation, client, connection_id, **body)
    assert again["total_so_far"]["synced"] == 0

    client.put(zone_at, json={"time_zone": "Europe/London"}).raise_for_status()

    assert rows_of(client) == london
    with session_scope() as session:
        assert verify_user(session, 1).findings == []
    assert client.get(f"{TRUELAYER}/accounts/{account_id}/proof").status_code == 200
    for job in (again, first):
        client.post(f"{IMPORT}/{job['job_id']}/undo", json={}).raise_for_status()
    assert rows_of(client) == []
    client.post(f"{IMPORT}/{first['job_id']}/redo").raise_for_status()
    assert rows_of(client) == london


def test_the_time_zone_cannot_change_during_an_import(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    job = client.post(
        f"{IMPORT}/plan", json={"connection_id": connection_id, "from_date": str(utc_today() - timedelta(days=16))}
    )
    client.post(f"{IMPORT}/start", json={"job_id": job.json()["job_id"]}).raise_for_status()

    refused = client.put(f"{TRUELAYER}/connections/{connection_id}/time-zone", json={"time_zone": "UTC"})

    assert refused.status_code == 409
