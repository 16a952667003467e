"""Requests of the page while a user chooses: an estimate that saves nothing, and a filtered history."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from tests.support.steps.installation import Installation

from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.imports.models import ImportJob

ESTIMATE = "/api/truelayer/import/estimate"
PLAN = "/api/truelayer/import/plan"
HISTORY = "/api/truelayer/import/history"


def count_jobs() -> int:
    with session_scope() as session:
        return session.scalars(select(func.count()).select_from(ImportJob)).one()


def started(client: TestClient, connection_id: int, **more: object) -> int:
    body = {"connection_id": connection_id, "from_date": (utc_today() - timedelta(days=2)).isoformat(), **more}
    job_id = client.post(PLAN, json=body).raise_for_status().json()["job_id"]
    client.post("/api/truelayer/import/start", json={"job_id": job_id}).raise_for_status()
    return int(job_id)


def test_an_estimate_equals_the_plan_and_saves_nothing(installation: Installation) -> None:
    client = installation.signed_in()
    body = {
        "connection_id": installation.connect(client, "sim-plain"),
        "from_date": (utc_today() - timedelta(days=40)).isoformat(),
        "dry_run": True,
    }

    estimate: dict[str, Any] = client.post(ESTIMATE, json=body).raise_for_status().json()

    assert count_jobs() == 0
    plan = client.post(PLAN, json=body).raise_for_status().json()
    assert {name: plan[name] for name in estimate} == estimate
    assert set(plan) - set(estimate) == {"job_id", "status"}


def test_an_impossible_estimate_is_refused_with_a_reason(installation: Installation) -> None:
    client = installation.signed_in()
    body = {"connection_id": installation.connect(client, "sim-plain"), "to_date": "2999-01-01"}

    answer = client.post(ESTIMATE, json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "date_in_future")


@pytest.fixture
def two_banks(installation: Installation) -> tuple[TestClient, dict[str, int]]:
    """A finished incremental import of one bank, and a cancelled date-range import of another."""
    return installation.once("two banks", lambda: _two_banks(installation))


def _two_banks(installation: Installation) -> tuple[TestClient, dict[str, int]]:
    client = installation.signed_in()
    plain = installation.connect(client, "sim-plain")
    done = started(client, plain, job_type="incremental")
    installation.run_tasks()
    other = installation.connect(client, "sim-slow")
    ended = started(client, other)
    client.post(f"/api/truelayer/import/{ended}/cancel").raise_for_status()
    return client, {"plain": plain, "done": done, "other": other, "ended": ended}


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({}, ["ended", "done"]),
        ({"connection_id": "plain"}, ["done"]),
        ({"connection_id": "other"}, ["ended"]),
        ({"status": ["completed"]}, ["done"]),
        ({"status": ["cancelled", "completed"]}, ["ended", "done"]),
        ({"status": ["failed"]}, []),
        ({"job_type": "incremental"}, ["done"]),
        ({"connection_id": "other", "job_type": "incremental"}, []),
    ],
)
def test_the_history_is_filtered(
    two_banks: tuple[TestClient, dict[str, int]], narrowed: dict[str, Any], found: list[str]
) -> None:
    client, ids = two_banks
    params = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in narrowed.items()}

    entries = client.get(HISTORY, params=params).raise_for_status().json()["imports"]

    assert [int(entry["job_id"]) for entry in entries] == [ids[name] for name in found]
    assert all(entry["bank"] for entry in entries)


def test_a_status_shows_the_bank_and_its_connection(two_banks: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = two_banks

    status = client.get(f"/api/truelayer/import/status/{ids['done']}").raise_for_status().json()

    assert status["connection_id"] == str(ids["plain"])
    assert status["bank"] == client.get("/api/truelayer/connections").json()["connections"][0]["bank"]


def test_a_history_of_another_users_bank_is_empty(
    installation: Installation, two_banks: tuple[TestClient, dict[str, int]]
) -> None:
    eve = installation.signed_in("eve@example.org")

    assert eve.get(HISTORY, params={"connection_id": two_banks[1]["plain"]}).json()["imports"] == []
