"""Metrics are correct, cover every process, and are hidden from unauthorised callers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.monitoring.metrics import scrape, value
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation
from tests.support.suite.clock import at_now, travel

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.imports.run.run import run_fairest
from bankimport.monitoring import record_metrics
from bankimport.monitoring.record_metrics import COUNTERS, GAUGES
from bankimport.observability.pulse import beat_once
from bankimport.operations import RECORD
from bankimport.proof.freshness import keep_freshness
from bankimport.settings import get_settings

START = (utc_today() - timedelta(days=20)).isoformat()


def test_an_import_changes_rows_calls_durations_and_the_newest_proven_day(installation: Installation) -> None:
    client = installation.signed_in()
    before = scrape(client)
    assert value(before, "bankimport_transactions_stored_total") == 0
    connection_id = installation.connect(client, "sim-plain")
    job_id = start(client, connection_id, from_date=START)
    waiting = scrape(client)
    assert value(waiting, "bankimport_queue_depth", queue="imports") == 3
    travel(seconds=90)
    assert 85 < (value(scrape(client), "bankimport_queue_age_seconds", queue="imports") or 0) < 300

    installation.run_tasks()
    assert keep_freshness() == 3
    after = scrape(client)

    status = client.get(f"/api/truelayer/import/status/{job_id}").json()
    assert value(after, "bankimport_transactions_stored_total") == status["total_so_far"]["synced"] > 0
    assert value(after, "bankimport_jobs", status="completed") == 1
    assert value(after, "bankimport_queue_depth", queue="imports") == 0
    assert value(after, "bankimport_queue_age_seconds", queue="imports") == 0
    assert value(after, "bankimport_import_duration_seconds_count", days="31") == 1
    assert value(after, "bankimport_calls_made_last_day", bank="sim-plain") == status["api_calls"]
    assert (value(after, "bankimport_calls_estimated_last_day", bank="sim-plain") or 0) > 0
    assert (value(after, "bankimport_bank_calls_last_hour", endpoint="transactions", outcome="ok") or 0) >= 3
    assert value(after, "bankimport_attempts_last_hour") == 3
    proven = [at for (name, _), at in after.items() if name == "bankimport_account_newest_proven_day_seconds"]
    assert len(proven) == 3
    newest = datetime.fromtimestamp(max(proven), UTC)
    assert newest > utc_now() - timedelta(days=20)
    assert value(after, "bankimport_broken_accounts") == 0
    assert value(after, "bankimport_database_up") == 1
    assert value(after, "bankimport_broker_up") == 1


def test_errors_and_waits_are_counted_by_code(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    start(client, connection_id, from_date=START)
    installation.simulator.admin("POST", "faults", kind="status", path="/transactions", status=503)
    with session_scope() as session:
        ids = session.execute(text("SELECT id FROM truelayer_import_progress ORDER BY id")).scalars().all()
    run_fairest(ids[0], "test")
    found = scrape(client)

    waiting = {labels: count for (name, labels), count in found.items() if name == "bankimport_waiting"}
    assert sum(waiting.values()) == 1
    ((label, reason),) = next(iter(waiting))
    assert label == "reason"
    assert value(found, "bankimport_errors_last_hour", code=reason) == 1


def test_a_broken_proof_is_counted_and_its_user_notified_once(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    start(client, connection_id, from_date=START)
    installation.run_tasks()
    keep_freshness()
    with session_scope() as session:
        victim = session.execute(
            text(
                "SELECT id FROM transactions WHERE running_balance IS NOT NULL AND status = 'booked' "
                "AND date < (SELECT max(date) FROM transactions) ORDER BY date DESC OFFSET 10 LIMIT 1"
            )
        ).scalar_one()
        session.execute(text("DELETE FROM transactions WHERE id = :id"), {"id": victim})
    travel(hours=7)
    assert keep_freshness() == 3
    travel(hours=7)
    assert keep_freshness() == 3

    assert value(scrape(client), "bankimport_broken_accounts") == 1
    kinds = [item["kind"] for item in client.get("/api/notifications").json()["notifications"]]
    assert kinds.count("proof.broken") == 1


def test_every_process_is_seen_through_any_api_process(installation: Installation) -> None:
    client = installation.signed_in()
    beat_once("worker", {"worker_threads": 4.0, "worker_threads_busy": 1.0})
    found = scrape(client)
    assert value(found, "bankimport_processes", kind="worker") == 1
    assert [count for (name, _), count in found.items() if name == "bankimport_worker_threads_busy"] == [1.0]
    assert [count for (name, _), count in found.items() if name == "bankimport_db_pool_size"] == [20.0]

    travel(seconds=31)

    assert value(scrape(client), "bankimport_processes", kind="worker") is None


def test_a_scrape_storm_reads_the_database_once(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_metrics, "KEPT_FOR_S", 600.0)  # a busy machine must not outlast it
    client = installation.signed_in()
    scrape(client)
    with session_scope() as session:
        session.execute(at_now("UPDATE running_processes SET seen_at = :now"))
    for _ in range(3):
        metrics = client.get("/metrics").text
        assert 'bankimport_connections{status="active"}' not in metrics
        installation.connect(client, "sim-plain")
    RECORD.forget()
    assert 'bankimport_connections{status="active"}' in client.get("/metrics").text


def test_an_unreachable_database_is_a_metric_and_not_a_failed_scrape(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.client()
    scrape(client)
    installation.as_owner("ALTER TABLE running_processes RENAME TO gone")
    found = scrape(client)
    assert value(found, "bankimport_database_up") == 0
    assert value(found, "bankimport_jobs", status="completed") is None


def test_metrics_are_for_this_machine_or_for_callers_with_the_token(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403

    monkeypatch.setenv("BANKIMPORT_METRICS_TOKEN", "a-long-random-word")
    get_settings.cache_clear()

    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-long-random-word"})
    assert answer.status_code == 200
    assert "a-long-random-word" not in answer.text


def test_no_label_identifies_a_person(installation: Installation) -> None:
    labels = {label for family in (*GAUGES, *COUNTERS) for label in family.labels}
    assert labels.isdisjoint({"user", "email", "iban", "name", "display_name", "account_number"})
    client = installation.signed_in()
    installation.connect(client, "sim-plain")
    RECORD.forget()
    exposed = client.get("/metrics").text
    assert "ada@example.org" not in exposed


def test_each_metric_is_documented() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "monitoring.md").read_text()
    for family in (*GAUGES, *COUNTERS):
        assert f"`{family.name}" in documented, family.name
