"""Categories are merged after a preview, and an undo restores everything that was not changed since."""

from typing import Any

from sqlalchemy import text
from tests.support.steps.enrichment import PATH, add, enrich, row
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.db.session import session_scope

URL = f"{PATH}/categories"


def tree(record: Record) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in record.client.get(URL).raise_for_status().json()["categories"]}


def merge(record: Record, name: str, into: str, what: str = "merge") -> dict[str, Any]:
    ids = tree(record)
    wanted = {"into_id": int(ids[into]["id"])}
    answer = record.client.post(f"{URL}/{ids[name]['id']}/{what}", json=wanted).raise_for_status()
    return dict(answer.json())


def undo(record: Record, name: str) -> dict[str, Any]:
    return dict(record.client.post(f"{URL}/{tree(record)[name]['id']}/merge/undo").raise_for_status().json())


def everything(record: Record) -> list[Any]:
    """Everything that contains a category's name, and the tree."""
    statements = (
        "SELECT id, category, category_source FROM transactions WHERE user_id = :user ORDER BY id",
        'SELECT c.id, "before", "after" FROM transaction_changes c JOIN transactions t ON t.id = c.transaction_id'
        " WHERE t.user_id = :user ORDER BY c.id",
        "SELECT id, pattern, category FROM category_rules WHERE user_id = :user ORDER BY id",
        "SELECT id, merchant_key, category FROM enrichment_cache WHERE user_id = :user ORDER BY id",
        "SELECT id, name, parent_id, archived_at, merged_into_id FROM categories WHERE user_id = :user ORDER BY id",
    )
    with session_scope() as session:
        return [[tuple(item) for item in session.execute(text(one), {"user": record.user_id})] for one in statements]


def prepare(record: Record) -> list[int]:
    """Rows with Fuel from the bank, from a rule, from the user, from a learned correction, and one that once had it."""
    classified, ruled, mine, learned, had = (
        add(record, "GARAGE", classification=["Auto & Transport", "Gas & Fuel"]),
        add(record, "RULED ONE"),
        add(record, "MINE ONE"),
        add(record, "LEARNED 1001", "LEARNED 2002"),
        add(record, "HAD ONE"),
    )
    record.client.post(f"{PATH}/rules", json={"pattern": "ruled", "category": "Fuel"}).raise_for_status()
    for row_id in (*mine, *had):
        record.client.patch(f"/api/transactions/{row_id}", json={"category": "Fuel"}).raise_for_status()
    record.client.patch(f"/api/transactions/{had[0]}", json={"category": "Cash"}).raise_for_status()
    wanted = {"transaction_id": learned[0], "category": "Fuel"}
    record.client.post(f"{PATH}/corrections", json=wanted).raise_for_status()
    with session_scope() as session:
        session.execute(
            text(
                "INSERT INTO enrichment_cache (user_id, merchant_key, direction, category, confidence, model)"
                " VALUES (:user, 'asked', 'out', 'Fuel', 0.9, 'openai:test')"
            ),
            {"user": record.user_id},
        )
    enrich(record)
    return [*classified, *ruled, *mine, *learned]


def test_a_merge_moves_what_its_preview_shows_and_undo_restores_exactly_that(record: Record) -> None:
    rows = prepare(record)
    assert {row(row_id).category for row_id in rows} == {"Fuel"}
    (asked,) = add(record, "ASKED 1001")
    child = record.client.post(URL, json={"name": "Diesel", "parent_id": int(tree(record)["Fuel"]["id"])}).json()
    before = everything(record)
    moved = merge(record, "Fuel", "Diesel", "merge/preview")
    assert moved == {"rows": 5, "rules": 1, "corrections": 1, "remembered": 1, "children": 0}
    assert everything(record) == before, "a preview changes nothing"

    assert merge(record, "Fuel", "Diesel") == moved
    after = tree(record)
    assert {row(row_id).category for row_id in rows} == {"Diesel"}
    assert (after["Fuel"]["is_archived"], after["Fuel"]["merged_into_id"]) == (True, child["id"])
    assert after["Diesel"]["parent_id"] == after["Transport"]["id"], "it lay under the one that it took over"
    (new,) = add(record, "OTHER GARAGE", classification=["Auto & Transport", "Gas & Fuel"])
    enrich(record, transaction_ids=[new, asked])
    assert (row(new).category, row(asked).category) == ("Diesel", "Diesel")
    record.client.delete(f"/api/transactions/{rows[2]}/edits").raise_for_status()
    record.client.patch(f"/api/transactions/{rows[2]}", json={"category": "Diesel"}).raise_for_status()
    record.client.patch(f"/api/transactions/{rows[0]}", json={"category": "Cash"}).raise_for_status()

    undone = undo(record, "Fuel")
    assert (undone["rows_back"], undone["changed_since"]) == (3, 2)
    assert (undone["category"]["is_archived"], undone["category"]["merged_into_id"]) == (False, None)
    assert [row(row_id).category for row_id in rows] == ["Cash", "Fuel", "Diesel", "Fuel", "Fuel"]
    assert row(new).category == "Diesel", "it never was of the other one"
    assert tree(record)["Diesel"]["parent_id"] == after["Fuel"]["id"]


def test_a_merge_that_is_undone_at_once_changes_nothing(record: Record) -> None:
    rows = prepare(record)
    record.client.post(URL, json={"name": "Diesel", "parent_id": int(tree(record)["Fuel"]["id"])}).raise_for_status()
    before = everything(record)
    assert merge(record, "Fuel", "Car")["children"] == 1
    fuel, taxi = (tree(record)[name]["id"] for name in ("Fuel", "Taxi"))
    assert record.client.post(f"{URL}/{fuel}/merge", json={"into_id": int(taxi)}).status_code == 422
    assert record.client.post(f"{URL}/{taxi}/merge", json={"into_id": int(taxi)}).status_code == 422
    assert record.client.post(f"{URL}/{taxi}/merge", json={"into_id": int(fuel)}).status_code == 422
    assert record.client.post(f"{URL}/{taxi}/merge/undo").status_code == 409
    merge(record, "Car", "Taxi")
    refused = record.client.post(f"{URL}/{fuel}/merge/undo")
    assert (refused.status_code, "undo that first" in refused.text) == (409, True)
    assert {row(row_id).category for row_id in rows} == {"Taxi"}
    undo(record, "Car")
    undo(record, "Fuel")
    assert everything(record) == before

    result = CliRunner().invoke(app, ["categories", "merge", fuel, "--into", taxi, "--preview"])
    assert "would move: 5 rows, 1 rules, 1 corrections, 1 cached answers, 1 subcategories" in result.stdout
    assert everything(record) == before
    assert CliRunner().invoke(app, ["categories", "merge", fuel, "--into", taxi]).exit_code == 0
    assert "Fuel has 5 rows again" in CliRunner().invoke(app, ["categories", "unmerge", fuel]).stdout
    assert everything(record) == before


def test_nobody_can_merge_another_users_categories(installation: Installation, record: Record) -> None:
    mine = tree(record)
    other = installation.signed_in("bob@example.org")
    theirs = {item["name"]: item["id"] for item in other.get(URL).json()["categories"]}
    for name, into in ((mine["Fuel"]["id"], mine["Car"]["id"]), (theirs["Fuel"], mine["Car"]["id"])):
        for path in ("merge", "merge/preview"):
            assert other.post(f"{URL}/{name}/{path}", json={"into_id": int(into)}).status_code == 404
    assert other.post(f"{URL}/{mine['Fuel']['id']}/merge/undo").status_code == 404
