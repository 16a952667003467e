"""Undo puts back exactly what was before an import, redo what was after it, and an import afterwards works."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.conftest import Installation
from tests.imports.test_control import IMPORT, do, start, status_of

from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.imports import repository
from bankimport.settings import get_settings
from bankimport.transactions.models import Transaction
from bankimport.users.models import User

STEPS = ("import", "import", "a day passes", "undo", "undo", "redo", "import a week")


def record_of(email: str) -> dict[str, Any]:
    """Every live row of the user, column by column, and the days held of each account."""
    with session_scope() as session:
        user_id = session.scalars(select(User.id).where(User.email == email)).one()
        rows = session.scalars(
            select(Transaction).where(Transaction.user_id == user_id, Transaction.removed_at.is_(None))
        )
        columns = Transaction.__table__.columns.keys()
        live = {row.id: {name: getattr(row, name) for name in columns} for row in rows}
        accounts = sorted({row["account_id"] for row in live.values()})
        return {"rows": live, "held": {k: v for k, v in repository.held_days(session, accounts).items() if v}}


class History:
    """A user's imports from a bank that changes its mind from day to day."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.email = f"{uuid.uuid4().hex}@example.org"
        installation.simulator.admin("POST", "reset")
        installation.simulator.admin(
            "PATCH", "profiles/sim-vanishing-pending", amendment="description", churn="call", twins=True
        )
        self.client: TestClient = installation.signed_in(self.email)
        self.connection_id = installation.connect(self.client, "sim-vanishing-pending")
        self.done: list[tuple[int, dict[str, Any], dict[str, Any]]] = []
        self.undone: list[tuple[int, dict[str, Any], dict[str, Any]]] = []

    def step(self, name: str) -> None:
        match name.split():
            case ["a", "day", "passes"]:
                self.installation.simulator.admin("POST", "clock", advance_seconds=86_400)
            case ["import", *rest]:
                before = record_of(self.email)
                first = utc_today() - timedelta(days=7 if rest else 30)
                job_id = start(self.client, self.connection_id, from_date=first.isoformat())
                self.installation.run_tasks()
                assert status_of(self.client, job_id)["status"] == "completed"
                self.done.append((job_id, before, record_of(self.email)))
                self.undone = []
            case ["undo"] if self.done:
                job_id, before, _ = entry = self.done.pop()
                do(self.client, job_id, "undo")
                assert record_of(self.email) == before
                self.undone.append(entry)
            case ["redo"] if self.undone:
                job_id, _, after = entry = self.undone.pop()
                do(self.client, job_id, "redo")
                assert record_of(self.email) == after
                self.done.append(entry)


@pytest.fixture
def unlimited(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setenv("BANKIMPORT_CALLS_PER_MINUTE", "100000")
    get_settings.cache_clear()
    return installation


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=8))
def test_undo_equals_the_state_before_and_redo_the_state_after(unlimited: Installation, steps: list[str]) -> None:
    history = History(unlimited)
    history.step("import")
    for name in steps:
        history.step(name)
    while history.done:
        history.step("undo")
    assert record_of(history.email) == {"rows": {}, "held": {}}
    history.step("import")
    assert record_of(history.email)["rows"]


def test_later_imports_are_named_and_undone_together(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    week = (utc_today() - timedelta(days=7)).isoformat()
    jobs = []
    for _ in range(3):
        jobs.append(start(client, connection_id, from_date=week))
        installation.run_tasks()

    refused = client.post(f"{IMPORT}/{jobs[0]}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "later_imports")
    assert refused.json()["details"]["job_ids"] == [jobs[2], jobs[1]]
    assert client.get(f"{IMPORT}/{jobs[0]}/undo").json()["later"] == [jobs[2], jobs[1]]
    done = do(client, jobs[0], "undo", with_later=True)["undone"]
    assert [entry["job_id"] for entry in done] == [jobs[2], jobs[1], jobs[0]]
    assert client.get("/api/transactions").json()["transactions"] == []
    assert {entry["status"] for entry in client.get(f"{IMPORT}/history").json()["imports"]} == {"undone"}

    refused = client.post(f"{IMPORT}/{jobs[1]}/redo")
    assert refused.json()["details"]["job_ids"] == [jobs[0]]
    for job_id in jobs:
        assert do(client, job_id, "redo")["status"] == "completed"
    assert len(client.get("/api/transactions").json()["transactions"]) > 20
    assert client.post(f"{IMPORT}/{jobs[0]}/redo").json()["code"] == "not_possible_now"


def test_an_import_since_keeps_an_undo_from_being_taken_back(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    week = (utc_today() - timedelta(days=7)).isoformat()
    first = start(client, connection_id, from_date=week)
    installation.run_tasks()
    count = len(client.get("/api/transactions").json()["transactions"])
    do(client, first, "undo")
    second = start(client, connection_id, from_date=week)
    installation.run_tasks()

    assert len(client.get("/api/transactions").json()["transactions"]) == count
    refused = client.post(f"{IMPORT}/{first}/redo")
    assert (refused.status_code, refused.json()["details"]["job_ids"]) == (409, [second])
    assert client.post(f"{IMPORT}/{first}/retry").json()["code"] == "not_possible_now"


def test_edits_are_listed_kept_and_brought_back(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    week = (utc_today() - timedelta(days=7)).isoformat()
    job_id = start(client, connection_id, from_date=week)
    installation.run_tasks()
    row = client.get("/api/transactions").json()["transactions"][0]
    client.patch(f"/api/transactions/{row['id']}", json={"category": "Rent", "merchant": "My landlord"})

    (plan,) = do(client, job_id, "undo")["undone"]

    assert [(edit["transaction_id"], edit["after"]["category"]) for edit in plan["edits"]] == [(row["id"], "Rent")]
    assert client.get("/api/transactions").json()["transactions"] == []
    do(client, job_id, "redo")
    (again,) = [item for item in client.get("/api/transactions").json()["transactions"] if item["id"] == row["id"]]
    assert (again["category"], again["merchant"], again["category_source"]) == ("Rent", "My landlord", "user")


def test_a_running_or_a_strangers_import_cannot_be_undone(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    job_id = start(client, connection_id)

    assert client.post(f"{IMPORT}/{job_id}/undo").json()["code"] == "not_possible_now"
    eve = installation.signed_in("eve@example.org")
    for action in ("undo", "redo"):
        assert eve.post(f"{IMPORT}/{job_id}/{action}").status_code == 404
    assert eve.get(f"{IMPORT}/{job_id}/undo").status_code == 404
