"""An import whose rows are being enriched: shown as enriching, but already ended, and never delayed by it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.enrichment.run.recover import recover_enrichment
from bankimport.enrichment.run.run import run_enrichment
from bankimport.imports.models import ImportJob
from bankimport.imports.run.recover import recover

IMPORT = "/api/truelayer/import"
ENRICHMENT = "/api/truelayer/enrichment/jobs"


@pytest.fixture
def imported(installation: Installation) -> tuple[TestClient, int]:
    """A user and their import, whose rows are all stored but not enriched yet."""
    return installation.once("an import not enriched yet", lambda: _imported(installation))


def _imported(installation: Installation) -> tuple[TestClient, int]:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    planned = client.post(f"{IMPORT}/plan", json={"connection_id": connection_id, "from_date": _DAYS_AGO}).json()
    client.post(f"{IMPORT}/start", json={"job_id": planned["job_id"]}).raise_for_status()
    installation.run_tasks(enriches=False)
    return client, int(planned["job_id"])


_DAYS_AGO = (utc_today() - timedelta(days=30)).isoformat()


def status(imported: tuple[TestClient, int]) -> dict[str, Any]:
    client, job_id = imported
    found: dict[str, Any] = client.get(f"{IMPORT}/status/{job_id}").raise_for_status().json()
    return found


def enrichment(imported: tuple[TestClient, int]) -> dict[str, Any]:
    (job,) = imported[0].get(ENRICHMENT).raise_for_status().json()["jobs"]
    return dict(job)


def listed(imported: tuple[TestClient, int], word: str) -> list[int]:
    found = imported[0].get(f"{IMPORT}/history", params={"status": word}).raise_for_status().json()
    return [int(entry["job_id"]) for entry in found["imports"]]


def types(imported: tuple[TestClient, int]) -> list[str]:
    client, job_id = imported
    listed = client.get(f"{IMPORT}/{job_id}/events", params={"limit": 1000}).raise_for_status().json()["events"]
    return [event["type"] for event in listed]


def test_it_has_ended_and_its_user_was_notified_before_its_rows_are_enriched(imported: tuple[TestClient, int]) -> None:
    client, job_id = imported
    during = status(imported)
    assert (during["status"], during["progress"]["percent"]) == ("enriching", 100)
    assert during["completed_at"] is not None
    with session_scope() as session:
        stored = session.get_one(ImportJob, job_id)
        assert (stored.enrichment_job_id, stored.enrich_after_completion) == (int(enrichment(imported)["id"]), True)
    assert (listed(imported, "enriching"), listed(imported, "completed")) == ([job_id], [])
    queue = client.get(f"{IMPORT}/queue").json()
    assert [entry["status"] for entry in queue["recent"]] == ["enriching"]
    assert queue["running"] == []
    (notice,) = client.get("/api/notifications").json()["notifications"]
    assert notice["kind"] == "import.finished"
    recover()
    assert status(imported)["status"] == "enriching", "nobody has enriched it yet"

    run_enrichment(int(enrichment(imported)["id"]), "test")
    recover()
    recover()

    after = status(imported)
    assert (after["status"], after["completed_at"]) == ("completed", during["completed_at"])
    assert (listed(imported, "enriching"), listed(imported, "completed")) == ([], [job_id])
    assert types(imported)[-3:] == ["job_finished", "enrichment_started", "enrichment_ended"]
    assert len(client.get("/api/notifications").json()["notifications"]) == 1


@pytest.mark.parametrize("how", ["failed", "stopped", "paused", "gone"])
def test_it_is_completed_however_its_enrichment_ends(imported: tuple[TestClient, int], how: str) -> None:
    statement = (
        "DELETE FROM truelayer_enrichment_jobs"
        if how == "gone"
        else "UPDATE truelayer_enrichment_jobs SET job_status = :how"
    )
    with session_scope() as session:
        session.execute(text(statement), {} if how == "gone" else {"how": how})
    recover()
    assert status(imported)["status"] == "completed"
    assert types(imported).count("enrichment_ended") == 1


def test_cancelling_it_cancels_its_enrichment_and_keeps_its_rows(imported: tuple[TestClient, int]) -> None:
    client, job_id = imported
    refused = client.post(f"{IMPORT}/{job_id}/pause")
    assert (refused.status_code, "control its enrichment" in refused.text) == (409, True)
    answer = client.post(f"{IMPORT}/{job_id}/cancel").raise_for_status().json()
    assert answer["status"] == "completed"
    assert enrichment(imported)["job_status"] == "cancelled"
    assert status(imported)["total_so_far"]["synced"] > 0
    assert client.post(f"{IMPORT}/{job_id}/cancel").status_code == 409


def test_undoing_it_cancels_its_enrichment_and_redoing_restores_it(imported: tuple[TestClient, int]) -> None:
    client, job_id = imported
    client.post(f"{IMPORT}/{job_id}/undo").raise_for_status()
    assert enrichment(imported)["job_status"] == "cancelled"
    assert status(imported)["status"] == "undone"
    client.post(f"{IMPORT}/{job_id}/redo").raise_for_status()
    assert (status(imported)["status"], enrichment(imported)["job_status"]) == ("enriching", "queued")
    run_enrichment(int(enrichment(imported)["id"]), "test")
    recover()
    after = enrichment(imported)
    assert (status(imported)["status"], after["job_status"]) == ("completed", "completed")
    assert after["processed"] == after["total_transactions"] > 0


def test_an_enrichment_cancelled_by_its_user_stays_cancelled_after_a_redo(
    imported: tuple[TestClient, int],
) -> None:
    client, job_id = imported
    client.post(f"{IMPORT}/{job_id}/cancel").raise_for_status()
    client.post(f"{IMPORT}/{job_id}/undo").raise_for_status()
    client.post(f"{IMPORT}/{job_id}/redo").raise_for_status()
    assert (status(imported)["status"], enrichment(imported)["job_status"]) == ("completed", "cancelled")


def test_an_import_is_enriched_at_the_set_time_and_shown_as_completed_until_then(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    at = utc_now() + timedelta(hours=3)
    wanted = {"connection_id": connection_id, "from_date": _DAYS_AGO, "enrich_at": at.isoformat()}
    refused = client.post(f"{IMPORT}/plan", json={**wanted, "auto_enrich": False})
    assert (refused.status_code, "enrich_at" in refused.text) == (422, True)
    imported = client, client.post(f"{IMPORT}/plan", json=wanted).json()["job_id"]
    client.post(f"{IMPORT}/start", json={"job_id": imported[1]}).raise_for_status()
    installation.run_tasks()
    recover()
    waits = status(imported)
    assert (waits["status"], datetime.fromisoformat(waits["enrich_at"])) == ("completed", at)
    assert enrichment(imported)["job_status"] == "queued"
    assert types(imported)[-1] == "enrichment_scheduled"

    client.post(f"{IMPORT}/{imported[1]}/undo").raise_for_status()
    client.post(f"{IMPORT}/{imported[1]}/redo").raise_for_status()
    assert (status(imported)["status"], enrichment(imported)["job_status"]) == ("completed", "queued")

    travel(hours=3)
    recover()
    assert status(imported)["status"] == "enriching"
    assert recover_enrichment() == [int(enrichment(imported)["id"])]
    run_enrichment(int(enrichment(imported)["id"]), "test")
    recover()
    assert (status(imported)["status"], enrichment(imported)["job_status"]) == ("completed", "completed")
    assert types(imported)[-2:] == ["enrichment_started", "enrichment_ended"]


def test_an_import_without_enrichment_is_completed_at_once(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    wanted = {"connection_id": connection_id, "from_date": _DAYS_AGO, "auto_enrich": False}
    job_id = client.post(f"{IMPORT}/plan", json=wanted).json()["job_id"]
    client.post(f"{IMPORT}/start", json={"job_id": job_id}).raise_for_status()
    installation.run_tasks()
    assert status((client, job_id))["status"] == "completed"
    assert client.get(ENRICHMENT).json()["jobs"] == []
