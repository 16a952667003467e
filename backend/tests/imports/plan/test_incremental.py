"""Incremental imports request only the gaps and the newest days; a full sync goes as deep as the bank allows."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.steps.imports import accounts_by_kind, happened, run_import, stored
from tests.support.steps.installation import Installation
from tests.support.suite.clock import at_now

from bankimport.clock import utc_now, utc_today
from bankimport.days import Days
from bankimport.db.session import session_scope
from bankimport.imports.plan import statistics
from bankimport.imports.windows import incremental_days

TODAY = utc_today()


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def queries(installation: Installation, account_path: str = "/accounts/") -> list[str]:
    calls = installation.simulator.admin("GET", "calls")
    return [call["query"] for call in calls if account_path in call["path"] and "from=" in call["query"]]


def an_account(client: TestClient, connection_id: int) -> str:
    return str(accounts_by_kind(client, connection_id)["account"][0]["account_id"])


def test_only_gaps_and_the_newest_days_are_requested() -> None:
    day = date(2026, 3, 1)
    stored = [Days(day, day + timedelta(days=9)), Days(day + timedelta(days=15), day + timedelta(days=29))]

    ranges = incremental_days(Days(day, day + timedelta(days=31)), stored, 7)

    assert ranges == [
        Days(day + timedelta(days=10), day + timedelta(days=14)),
        Days(day + timedelta(days=23), day + timedelta(days=31)),
    ]


def test_an_incremental_import_closes_every_gap(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = an_account(client, connection_id)
    only: dict[str, Any] = {"account_ids": [account_id]}
    run_import(installation, client, connection_id, from_date=ago(60), to_date=ago(40), **only)
    run_import(installation, client, connection_id, from_date=ago(30), to_date=ago(20), **only)
    before = len(queries(installation))

    status = run_import(installation, client, connection_id, from_date=None, job_type="incremental", **only)

    assert status["status"] == "completed"
    assert len(queries(installation)) - before == 2
    assert stored(account_id) == happened(installation, "sim-plain", "account", 0, TODAY - timedelta(days=60))
    coverage = client.get(f"/api/truelayer/accounts/{account_id}/coverage").json()
    assert coverage["holes"] == []
    assert coverage["held"] == [{"from": ago(60), "to": ago(0)}]
    assert status["accounts"][0]["percent"] == 100


def test_an_account_without_stored_days_gets_its_recent_days(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")

    status = run_import(installation, client, connection_id, from_date=None, job_type="incremental")

    assert status["status"] == "completed"
    assert status["date_range"]["from"] > ago(92)


def test_the_overlap_follows_from_how_late_rows_appeared(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    run_import(installation, client, connection_id, from_date=ago(30))
    since = utc_now() - timedelta(days=100)
    again = run_import(installation, client, connection_id, from_date=ago(30))
    with session_scope() as session:
        assert statistics.overlap_days(session, "sim-plain", since) == 7
        # A row of twelve days ago that first appears now, on a day that was already stored three days ago.
        session.execute(at_now("UPDATE import_windows SET completed_at = :now - interval '3 days'"))
        session.execute(at_now("UPDATE transactions SET created_at = :now - interval '4 days'"))
        late = {"late": again["job_id"]}
        session.execute(
            at_now(
                "UPDATE transactions SET created_at = :now, import_job_id = :late WHERE date = CAST(:now AS date) - 12"
            ),
            late,
        )
        session.execute(text("UPDATE truelayer_import_progress SET synced = 1 WHERE job_id = :late"), late)
    with session_scope() as session:
        assert statistics.overlap_days(session, "sim-plain", since) == 13
        assert statistics.overlap_days(session, "another bank", since) == 7


def test_late_rows_are_found_by_the_next_incremental_import(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-late")
    account_id = an_account(client, connection_id)
    run_import(installation, client, connection_id, from_date=ago(20), account_ids=[account_id])
    assert stored(account_id) == happened(installation, "sim-late", "account", 0, TODAY - timedelta(days=20))

    installation.simulator.admin("PATCH", "profiles/sim-late", late_days=0)
    run_import(installation, client, connection_id, from_date=None, job_type="incremental", account_ids=[account_id])

    assert stored(account_id) == happened(installation, "sim-late", "account", 0, TODAY - timedelta(days=20))


def test_a_full_sync_treats_a_refusal_as_the_end_of_the_banks_history(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-sca-strict")
    installation.simulator.admin("POST", "clock", advance_seconds=600)

    status = run_import(installation, client, connection_id, from_date=None, job_type="full_sync")

    assert status["status"] == "completed"
    account_id = an_account(client, connection_id)
    assert client.get(f"/api/truelayer/accounts/{account_id}/coverage").json()["refused"]
