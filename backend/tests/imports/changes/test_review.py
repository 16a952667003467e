"""Conflicts are stored with both sides and decided by the user, never by us."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.steps.imports import IMPORT, do, happened, limit_accounts, start, stored
from tests.support.steps.installation import Installation

from bankimport.clock import utc_today
from bankimport.db.session import session_scope

START = utc_today() - timedelta(days=30)


def run(installation: Installation, client: TestClient, connection_id: int) -> int:
    job_id = start(client, connection_id, from_date=START.isoformat())
    installation.run_tasks()
    return job_id


def imported(installation: Installation) -> tuple[TestClient, int, int]:
    """A user's client, their connection to a bank, and their import from it."""
    limit_accounts(installation, "sim-plain")
    return installation.once("an import of 30 days", lambda: _imported(installation))


def _imported(installation: Installation) -> tuple[TestClient, int, int]:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    return client, connection_id, run(installation, client, connection_id)


def a_row_always_listed(client: TestClient) -> Any:
    """The newest row with a merchant that a bank which drops rows never drops: it drops them on every seventh day."""
    rows = client.get("/api/transactions").json()["transactions"]
    return next(row for row in rows if row["merchant"] and date.fromisoformat(row["date"]).toordinal() % 7)


def reviews(client: TestClient, **query: Any) -> Any:
    return client.get("/api/reviews", params=query).raise_for_status().json()["reviews"]


def test_an_unlisted_row_is_kept_and_reviewed_until_it_is_listed_again(
    installation: Installation,
) -> None:
    client, connection_id, first = imported(installation)
    true = happened(installation, "sim-plain", "account", 0, START)
    installation.simulator.admin("PATCH", "profiles/sim-plain", dropped=True)
    for _ in range(2):
        run(installation, client, connection_id)
        assert stored("1") == true
    found = [item for item in reviews(client) if item["kind"] == "bank_lacks_row"]
    assert found
    assert {int(item["job_id"]) for item in found}.isdisjoint({first})
    assert all(item["transaction"]["date"] == item["ours"]["date"] for item in found)

    installation.simulator.admin("PATCH", "profiles/sim-plain", dropped=False)
    run(installation, client, connection_id)

    assert reviews(client) == []
    assert {item["decision"] for item in reviews(client, decided=True)} == {"listed_again"}


def test_undo_and_redo_open_and_close_questions_as_the_import_did(installation: Installation) -> None:
    def asked(key: str = "id") -> set[str]:
        return {str(item[key] if key == "id" else item["transaction"]["id"]) for item in reviews(client)}

    client, connection_id, _ = imported(installation)
    installation.simulator.admin("PATCH", "profiles/sim-plain", dropped=True)
    asking = run(installation, client, connection_id)
    questions, rows = asked(), asked("row")
    assert questions
    installation.simulator.admin("PATCH", "profiles/sim-plain", dropped=False)
    closing = run(installation, client, connection_id)
    assert asked() == set()

    do(client, closing, "undo")
    assert asked() == questions
    do(client, closing, "redo")
    assert asked() == set()

    do(client, closing, "undo")
    do(client, asking, "undo")
    assert asked() == set()
    question = min(questions, key=int)
    for step in ("keep", "take", "reopen"):
        assert client.post(f"/api/reviews/{question}/{step}").json()["code"] == "not_possible_now"
    installation.simulator.admin("PATCH", "profiles/sim-plain", dropped=True)
    instead = run(installation, client, connection_id)
    assert asked("row") == rows, "an undone question hides the same question of a later import"
    assert asked().isdisjoint(questions)

    do(client, instead, "undo")
    do(client, asking, "redo")
    assert asked() == questions
    do(client, closing, "redo")
    assert asked() == set()


def test_the_user_decides_whether_an_unlisted_row_is_removed(installation: Installation) -> None:
    client, connection_id, _ = imported(installation)
    with session_scope() as session:
        session.execute(
            text(
                "INSERT INTO transactions SELECT (jsonb_populate_record(t, jsonb_build_object('id', 900000 + t.id, "
                "'dedupe_key', 'x' || t.id, 'description', 'invented', "
                "'normalised_provider_transaction_id', 'x' || t.id, "
                "'provider_transaction_id', 'x' || t.id, 'transaction_id', 'x' || t.id, 'amount', 77.77))).* "
                "FROM transactions t WHERE t.id IN (1, 2)"
            )
        )
    later = run(installation, client, connection_id)
    kept, taken = sorted((item["id"] for item in reviews(client)), key=int)

    assert client.post(f"/api/reviews/{kept}/keep").json()["decision"] == "kept"
    assert client.post(f"/api/reviews/{taken}/take").json()["decision"] == "taken"
    assert client.post(f"/api/reviews/{taken}/take").status_code == 200
    assert client.post(f"/api/reviews/{taken}/keep").status_code == 422
    rows = client.get("/api/transactions", params={"q": "invented"}).json()["transactions"]
    assert len(rows) == 1
    assert reviews(client) == []
    run(installation, client, connection_id)
    assert [item["transaction"]["id"] for item in reviews(client)] == [rows[0]["id"]]
    assert later


def test_the_users_edit_wins_until_they_accept_the_banks_value(
    installation: Installation,
) -> None:
    client, connection_id, _ = imported(installation)
    row = next(item for item in client.get("/api/transactions").json()["transactions"] if item["merchant"])
    client.patch(f"/api/transactions/{row['id']}", json={"merchant": "My shop"})
    with session_scope() as session:
        session.execute(
            text("UPDATE transactions SET content_hash = '\\x00' WHERE id = :id").bindparams(id=int(row["id"]))
        )
    job_id = run(installation, client, connection_id)

    (item,) = reviews(client)
    assert (item["kind"], item["ours"], item["banks"]) == (
        "bank_disagrees",
        {"merchant": "My shop"},
        {"merchant": row["merchant"]},
    )
    assert item["transaction"]["merchant"] == "My shop"
    assert client.post(f"/api/reviews/{item['id']}/take").json()["transaction"]["merchant"] == row["merchant"]
    assert reviews(client) == []

    eve = installation.signed_in("eve@example.org")
    assert reviews(eve, decided=True) == []
    for decision in ("keep", "take"):
        assert eve.post(f"/api/reviews/{item['id']}/{decision}").json()["code"] == "review_not_found"
    do(client, job_id, "undo")
    assert reviews(client, decided=True) == []
    assert client.get("/api/reviews", params={"cursor": "x"}).status_code == 422
    assert client.get(f"{IMPORT}/{job_id}/undo").status_code == 409


def test_several_decisions_are_made_together_and_undone_exactly(installation: Installation) -> None:
    client, connection_id, _ = imported(installation)
    row = a_row_always_listed(client)
    client.patch(f"/api/transactions/{row['id']}", json={"merchant": "My shop"})
    with session_scope() as session:
        session.execute(
            text("UPDATE transactions SET content_hash = '\\x00' WHERE id = :id").bindparams(id=int(row["id"]))
        )
    installation.simulator.admin("PATCH", "profiles/sim-plain", dropped=True)
    run(installation, client, connection_id)
    waiting = reviews(client)
    assert {item["kind"] for item in waiting} == {"bank_lacks_row", "bank_disagrees"}
    rows = client.get("/api/transactions", params={"limit": 1000}).json()
    ids = [item["id"] for item in waiting]

    done = client.post("/api/reviews/decide", json={"review_ids": [*ids, 10**6], "decision": "taken"}).json()

    assert {item["id"] for item in done["reviews"]} == set(ids)
    assert done["problems"] == {str(10**6): "review_not_found"}
    assert client.get("/api/transactions", params={"limit": 1000}).json() != rows
    eve = installation.signed_in("eve@example.org")
    for review_id in ids:
        assert eve.post(f"/api/reviews/{review_id}/reopen").json()["code"] == "review_not_found"
        assert client.post(f"/api/reviews/{review_id}/reopen").raise_for_status().json()["decision"] is None
        assert client.post(f"/api/reviews/{review_id}/reopen").status_code == 200
    assert client.get("/api/transactions", params={"limit": 1000}).json() == rows
    assert reviews(client) == waiting
    client.post(f"/api/reviews/{ids[0]}/keep").raise_for_status()
    assert client.post(f"/api/reviews/{ids[0]}/reopen").json()["decision"] is None
    assert reviews(client) == waiting


def test_a_decision_that_other_changes_depend_on_is_not_undone(installation: Installation) -> None:
    client, connection_id, first = imported(installation)
    installation.simulator.admin("PATCH", "profiles/sim-plain", dropped=True)
    run(installation, client, connection_id)
    item, *others = reviews(client)
    client.post(f"/api/reviews/{item['id']}/take").raise_for_status()
    kept = others[0]["id"]
    client.post(f"/api/reviews/{kept}/keep").raise_for_status()
    installation.simulator.admin("PATCH", "profiles/sim-plain", dropped=False)

    run(installation, client, connection_id)

    answer = client.post(f"/api/reviews/{item['id']}/reopen")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible_now")
    do(client, first, "undo", with_later=True)
    assert client.post(f"/api/reviews/{item['id']}/reopen").json()["code"] == "not_possible_now"
