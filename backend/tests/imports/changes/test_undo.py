"""Undo restores the exact state before an import, redo the state after it, and later imports still work."""

import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.support.steps.imports import IMPORT, do, limit_accounts, record_of, start, status_of
from tests.support.steps.installation import Installation
from tests.support.suite.properties import through_database

from bankimport.audit.verify import verify_user
from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.enrichment.run.run import run_enrichment
from bankimport.settings import get_settings
from bankimport.transactions.models import Transaction, Transfer, TransferStatus
from bankimport.users.models import User

STEPS = (
    "import",
    "import",
    "a day passes",
    "undo",
    "undo",
    "redo",
    "import a week",
    "commit a dry run",
    "edit a row",
    "edit a row",
    "decide on a transfer",
    "leave rows out",
    "decide on conflicts",
    "enrich",
)


ABOVE_THE_BANK = ("merchant", "merchant_source", "category", "category_source")


class History:
    """A user's imports from a bank that changes its mind from day to day."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.email = f"{uuid.uuid4().hex}@example.org"
        installation.simulator.admin("POST", "reset")
        installation.simulator.admin(
            "PATCH", "profiles/sim-vanishing-pending", accounts=1, amendment="description", churn="call", twins=True
        )
        self.client: TestClient = installation.signed_in(self.email)
        self.connection_id = installation.connect(self.client, "sim-vanishing-pending")
        self.done: list[tuple[int, dict[str, Any], dict[str, Any]]] = []
        self.undone: list[tuple[int, dict[str, Any], dict[str, Any]]] = []
        self.edits = 0
        self.leaves_out = False

    def step(self, name: str) -> None:
        match name.split():
            case ["a", "day", "passes"]:
                self.installation.simulator.admin("POST", "clock", advance_seconds=86_400)
            case ["import", *rest]:
                first = utc_today() - timedelta(days=7 if rest else 30)
                self.run(from_date=first.isoformat())
            case ["commit", "a", "dry", "run"]:
                self.run(from_date=(utc_today() - timedelta(days=30)).isoformat(), dry_run=True)
            case ["edit", "a", "row"]:
                self.edit()
            case ["decide", "on", "a", "transfer"]:
                self.decide()
            case ["leave", "rows", "out"]:
                self.leaves_out = not self.leaves_out
                self.installation.simulator.admin("PATCH", "profiles/sim-vanishing-pending", dropped=self.leaves_out)
            case ["decide", "on", "conflicts"]:
                self.decide_on_conflicts()
            case ["enrich"]:
                self.enrich()
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

    def run(self, **fields: Any) -> None:
        before = record_of(self.email)
        job_id = start(self.client, self.connection_id, auto_enrich=False, **fields)
        self.installation.run_tasks()
        if fields.get("dry_run"):
            assert record_of(self.email) == before
            do(self.client, job_id, "commit")
            self.installation.run_tasks()
        assert status_of(self.client, job_id)["status"] == "completed"
        self.done.append((job_id, before, record_of(self.email)))
        self.undone = []

    def edit(self) -> None:
        """Apply a user's edit to every state that has the row, including states in which it returns."""
        rows = record_of(self.email)["rows"]
        if not rows:
            return
        self.edits += 1
        row_id = sorted(rows)[self.edits * 37 % len(rows)]
        values = {"category": f"Mine {self.edits}"} | ({"merchant": f"Shop {self.edits}"} if self.edits % 2 else {})
        self.client.patch(f"/api/transactions/{row_id}", json=values).raise_for_status()
        for state in self.states():
            if row_id in state["rows"]:
                state["rows"][row_id] |= {k: v for name, value in values.items() for k, v in theirs(name, value)}

    def decide(self) -> None:
        record = record_of(self.email)
        taken = {row_id for pair in record["transfers"] for row_id in pair}
        free = [row_id for row_id in sorted(record["rows"]) if row_id not in taken]
        if len(free) < 2:
            return
        self.edits += 1
        pair = free[self.edits * 31 % len(free)], free[(self.edits * 31 + 1) % len(free)]
        status = TransferStatus.CONFIRMED if self.edits % 2 else TransferStatus.REFUSED
        with session_scope() as session:
            session.add(
                Transfer(
                    user_id=session.scalars(select(User.id).where(User.email == self.email)).one(),
                    out_id=pair[0],
                    in_id=pair[1],
                    status=status,
                    confidence=1,
                    days_apart=0,
                    alternatives=0,
                )
            )
        for state in self.states():
            if set(pair) <= state["rows"].keys():
                state["transfers"][pair] = status

    def decide_on_conflicts(self) -> None:
        """Apply a user's decision on a conflict to every state, like an edit: a row they remove is gone from every
        state."""
        waiting = self.client.get("/api/reviews", params={"limit": 200}).raise_for_status().json()["reviews"]
        for number, item in enumerate(waiting):
            decision = "keep" if number % 3 == 0 else "take"
            self.client.post(f"/api/reviews/{item['id']}/{decision}").raise_for_status()
        self.follow()

    def enrich(self) -> None:
        """Apply a rule's values to every state that has the row; they outrank the bank's."""
        rule = {"pattern": "tfl", "category": "Groceries", "merchant": "Transport for London"}
        if not self.client.get("/api/truelayer/enrichment/rules").raise_for_status().json()["rules"]:
            self.client.post("/api/truelayer/enrichment/rules", json=rule).raise_for_status()
        answer = self.client.post("/api/truelayer/enrichment/jobs", json={})
        if answer.status_code == 201:
            run_enrichment(int(answer.json()["id"]), "test")
            self.follow()

    def follow(self) -> None:
        """Bring edits of rows, or their removal, into every state that has these rows."""
        with session_scope() as session:
            said = {
                row.id: {name: getattr(row, name) for name in ABOVE_THE_BANK}
                for row in session.scalars(select(Transaction).where(Transaction.removed_at.is_(None)))
            }
            removed = set(
                session.scalars(
                    select(Transaction.id).where(
                        Transaction.removed_at.is_not(None), Transaction.removed_by_job_id.is_(None)
                    )
                )
            )
        for state in self.states():
            for row_id in removed & state["rows"].keys():
                del state["rows"][row_id]
            for row_id in said.keys() & state["rows"].keys():
                state["rows"][row_id] |= said[row_id]
            for pair in [pair for pair in state["transfers"] if removed & set(pair)]:
                del state["transfers"][pair]

    def check(self) -> None:
        """The record always matches the answers."""
        with session_scope() as session:
            user_id = session.scalars(select(User.id).where(User.email == self.email)).one()
            assert verify_user(session, user_id).findings == []

    def states(self) -> list[dict[str, Any]]:
        return [state for _, before, after in (*self.done, *self.undone) for state in (before, after)]


def theirs(name: str, value: str) -> list[tuple[str, str]]:
    return [(name, value), (f"{name}_source", "user")]


@pytest.fixture
def unlimited(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setenv("BANKIMPORT_CALLS_PER_MINUTE", "100000")
    get_settings.cache_clear()
    return installation


# A history takes seconds, so a failing one is shown as found, without shrinking.
@settings(through_database(1), phases=(Phase.explicit, Phase.reuse, Phase.generate))
@example(steps=["edit a row", "commit a dry run", "a day passes", "import", "undo", "import a week", "enrich"])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=10))
def test_undo_equals_the_state_before_and_redo_the_state_after(unlimited: Installation, steps: list[str]) -> None:
    history = History(unlimited)
    history.step("import")
    for name in steps:
        history.step(name)
    while history.done:
        history.step("undo")
    assert record_of(history.email) == {"rows": {}, "held": {}, "transfers": {}}
    history.step("import")
    assert record_of(history.email)["rows"]
    history.check()


def test_later_imports_are_listed_and_undone_together(installation: Installation) -> None:
    client = installation.signed_in()
    limit_accounts(installation, "sim-plain")
    connection_id = installation.connect(client, "sim-plain")
    week = (utc_today() - timedelta(days=7)).isoformat()
    jobs = []
    for _ in range(3):
        jobs.append(start(client, connection_id, from_date=week))
        installation.run_tasks()

    refused = client.post(f"{IMPORT}/{jobs[0]}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "later_imports")
    assert refused.json()["details"]["job_ids"] == [str(jobs[2]), str(jobs[1])]
    assert client.get(f"{IMPORT}/{jobs[0]}/undo").json()["later"] == [str(jobs[2]), str(jobs[1])]
    done = do(client, jobs[0], "undo", with_later=True)["undone"]
    assert [int(entry["job_id"]) for entry in done] == [jobs[2], jobs[1], jobs[0]]
    assert client.get("/api/transactions").json()["transactions"] == []
    assert {entry["status"] for entry in client.get(f"{IMPORT}/history").json()["imports"]} == {"undone"}

    refused = client.post(f"{IMPORT}/{jobs[1]}/redo")
    assert refused.json()["details"]["job_ids"] == [str(jobs[0])]
    for job_id in jobs:
        assert do(client, job_id, "redo")["status"] == "completed"
    assert len(client.get("/api/transactions").json()["transactions"]) > 20
    assert client.post(f"{IMPORT}/{jobs[0]}/redo").json()["code"] == "not_possible_now"


def test_a_later_import_prevents_a_redo(installation: Installation) -> None:
    client = installation.signed_in()
    limit_accounts(installation, "sim-plain")
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
    assert (refused.status_code, refused.json()["details"]["job_ids"]) == (409, [str(second)])
    assert client.post(f"{IMPORT}/{first}/retry").json()["code"] == "not_possible_now"


def test_edits_are_listed_kept_and_restored(installation: Installation) -> None:
    client = installation.signed_in()
    limit_accounts(installation, "sim-plain")
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


def test_a_running_import_or_another_users_import_cannot_be_undone(installation: Installation) -> None:
    client = installation.signed_in()
    limit_accounts(installation, "sim-plain")
    connection_id = installation.connect(client, "sim-plain")
    job_id = start(client, connection_id)

    assert client.post(f"{IMPORT}/{job_id}/undo").json()["code"] == "not_possible_now"
    eve = installation.signed_in("eve@example.org")
    for action in ("undo", "redo"):
        assert eve.post(f"{IMPORT}/{job_id}/{action}").status_code == 404
    assert eve.get(f"{IMPORT}/{job_id}/undo").status_code == 404


@pytest.mark.parametrize("bank_id", ["sim-plain", "sim-churning-ids", "sim-idless-churning", "sim-twins", "mock"])
def test_the_users_edits_follow_a_transaction_that_is_imported_again(unlimited: Installation, bank_id: str) -> None:
    client = unlimited.signed_in()
    limit_accounts(unlimited, bank_id)
    connection_id = unlimited.connect(client, bank_id)
    fortnight = (utc_today() - timedelta(days=14)).isoformat()
    said: dict[tuple[str, ...], str] = {}

    def rows() -> list[dict[str, Any]]:
        return list(client.get("/api/transactions", params={"limit": 1000, "status": "booked"}).json()["transactions"])

    def run() -> int:
        job_id = start(client, connection_id, from_date=fortnight)
        unlimited.run_tasks()
        return job_id

    def mine() -> dict[tuple[str, ...], str]:
        return {facts(row): row["category"] for row in rows() if row["category_source"] == "user"}

    def confirmed() -> set[tuple[str, ...]]:
        return {facts(row) for row in rows() if row["transfer"] and row["transfer"]["status"] == "confirmed"}

    first = run()
    listed = rows()
    count, times = len(listed), Counter(map(facts, listed))
    for number, row in enumerate(listed[::7]):
        if times[facts(row)] == 1:
            client.patch(f"/api/transactions/{row['id']}", json={"category": f"Mine {number}"}).raise_for_status()
            said[facts(row)] = f"Mine {number}"
    assert len(said) > 5
    # The mock bank's own transfers are suggested too: a row of one cannot be part of another.
    free = [row for row in rows() if not row["transfer"] and times[facts(row)] == 1]
    out_id, in_id = sorted(int(row["id"]) for row in free)[3:5]
    with session_scope() as session:
        session.add(
            Transfer(
                user_id=session.scalars(select(User.id)).one(),
                out_id=out_id,
                in_id=in_id,
                status=TransferStatus.CONFIRMED,
                confidence=1,
                days_apart=0,
                alternatives=0,
            )
        )
    sides = {facts(row) for row in rows() if int(row["id"]) in (out_id, in_id)}
    do(client, first, "undo")
    second = run()

    assert mine() == said
    assert confirmed() == sides
    edited = next(row for row in rows() if row["category_source"] == "user")
    assert client.delete(f"/api/transactions/{edited['id']}/edits").json()["category_source"] != "user"
    del said[facts(edited)]
    (plan,) = do(client, second, "undo")["undone"]
    assert len(plan["edits"]) == len(said) + 1
    assert rows() == []
    do(client, second, "redo")
    assert mine() == said
    do(client, second, "undo")
    third = run()
    assert (len(rows()), mine()) == (count, said)
    assert confirmed() == sides
    do(client, third, "undo")
    assert rows() == []
    do(client, third, "redo")
    assert mine() == said
    assert confirmed() == sides


def facts(row: dict[str, Any]) -> tuple[str, ...]:
    return row["account_id"], row["date"], row["amount"], row["description"]


def test_a_later_equal_payment_does_not_get_anothers_edits(unlimited: Installation) -> None:
    client = unlimited.signed_in()
    limit_accounts(unlimited, "sim-plain")
    connection_id = unlimited.connect(client, "sim-plain")
    week = (utc_today() - timedelta(days=7)).isoformat()
    first = start(client, connection_id, from_date=week)
    unlimited.run_tasks()
    row = client.get("/api/transactions", params={"status": "booked"}).json()["transactions"][-1]
    client.patch(f"/api/transactions/{row['id']}", json={"category": "Mine"}).raise_for_status()
    do(client, first, "undo")
    start(client, connection_id, from_date=week)
    unlimited.run_tasks()
    with session_scope() as session:
        (twin,) = session.scalars(
            select(Transaction).where(Transaction.category == "Mine", Transaction.removed_at.is_(None))
        )
        twin.provider_transaction_id = twin.normalised_provider_transaction_id = twin.transaction_id = "other"
        twin.description, twin.dedupe_key, twin.content_hash = "another text", "another", b"x"
    start(client, connection_id, from_date=week)
    unlimited.run_tasks()

    found = client.get("/api/transactions", params={"limit": 1000}).json()["transactions"]
    assert [item["description"] for item in found if item["category"] == "Mine"] == ["another text"]
