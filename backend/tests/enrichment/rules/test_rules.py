"""Rules and categories are edited and removed; a rule is previewed, applied and undone."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.support.steps.enrichment import PATH, add, enrich, read_job, row
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record

from bankimport.db.session import session_scope
from bankimport.enrichment.rules.rule_store import pages, to_enrich
from bankimport.enrichment.run.run import run_enrichment
from bankimport.transactions.models import Transaction, TransactionChange


def rule(record: Record, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = record.client.post(f"{PATH}/rules", json=values).raise_for_status().json()
    return made


def preview(record: Record, rule_id: str | None = None, **values: Any) -> dict[str, Any]:
    asked = {"rule_id": rule_id} if rule_id else {}
    answer = record.client.post(f"{PATH}/rules/preview", params=asked, json=values)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def counts(previewed: dict[str, Any]) -> tuple[int, int, int, int]:
    return (previewed["matching"], previewed["changing"], previewed["kept_by_user"], previewed["said_earlier"])


def apply(record: Record, rule_id: str) -> dict[str, Any]:
    job = record.client.post(f"{PATH}/rules/{rule_id}/apply").raise_for_status().json()
    run_enrichment(int(job["id"]), "test")
    return read_job(record, job["id"])


def test_a_rule_is_previewed_applied_to_exactly_those_rows_and_undone(record: Record) -> None:
    plain, mine, earlier = add(record, "CORNER ONE", "CORNER MINE", "CORNER FIRST")
    (other,) = add(record, "ELSEWHERE", classification=["Travel"])
    record.client.patch(f"/api/transactions/{mine}", json={"category": "Cash"}).raise_for_status()
    rule(record, pattern="corner first", category="Fuel")
    enrich(record, transaction_ids=[earlier])
    wanted = {"pattern": "corner", "category": "Groceries"}
    previewed = preview(record, **wanted)
    assert counts(previewed) == (3, 1, 1, 1)
    (sample,) = previewed["samples"]
    assert (sample["transaction_id"], sample["category"], sample["category_after"]) == (str(plain), None, "Groceries")

    made = rule(record, **wanted)
    assert row(plain).category is None
    job = apply(record, made["id"])
    assert (job["rule_id"], job["total_transactions"], job["changed"]) == (made["id"], 3, 1)
    assert [row(item).category for item in (plain, mine, earlier, other)] == ["Groceries", "Cash", "Fuel", None]
    listed = record.client.get(f"{PATH}/rules").json()["rules"]
    assert [item["rows"] for item in listed] == [1, 1]
    assert counts(preview(record, made["id"], **wanted)) == (3, 0, 1, 1)

    undone = record.client.post(f"{PATH}/jobs/{job['id']}/undo").raise_for_status().json()
    assert (undone["rows_back"], undone["changed_since"]) == (1, 0)
    assert (row(plain).category, row(plain).category_source) == (None, None)
    assert record.client.post(f"{PATH}/jobs/{job['id']}/undo").status_code == 409


def test_undo_keeps_rows_that_were_changed_since(record: Record) -> None:
    first, second = add(record, "CORNER ONE", "CORNER TWO")
    job = apply(record, rule(record, pattern="corner", category="Groceries", merchant="The Corner")["id"])
    record.client.patch(f"/api/transactions/{first}", json={"category": "Fuel"}).raise_for_status()
    undone = record.client.post(f"{PATH}/jobs/{job['id']}/undo").raise_for_status().json()
    assert (undone["rows_back"], undone["changed_since"]) == (1, 1)
    assert (row(first).category, row(first).merchant, row(second).merchant) == ("Fuel", "The Corner", None)


def test_rules_are_edited_ordered_disabled_removed_and_restored(record: Record) -> None:
    (row_id,) = add(record, "CORNER STONE")
    one = rule(record, pattern="corner", category="Fuel")["id"]
    two = rule(record, pattern="stone", category="Groceries")["id"]
    listed = [item["id"] for item in record.client.get(f"{PATH}/rules").json()["rules"]]
    assert listed == [one, two]
    order = record.client.put(f"{PATH}/rules/order", json={"rule_ids": [int(two), int(one)]}).raise_for_status().json()
    assert [item["id"] for item in order["rules"]] == [two, one]
    assert record.client.put(f"{PATH}/rules/order", json={"rule_ids": [int(two)]}).status_code == 422
    enrich(record)
    assert row(row_id).category == "Groceries"

    off = record.client.patch(f"{PATH}/rules/{two}", json={"is_enabled": False}).raise_for_status().json()
    assert not off["is_enabled"]
    assert record.client.post(f"{PATH}/rules/{two}/apply").json()["code"] == "not_possible_now"
    enrich(record)
    assert row(row_id).category == "Fuel"
    changed = {"pattern": "CORNER  stone", "match": "exact", "direction": "out", "merchant": "Shop", "category": None}
    edited = record.client.patch(f"{PATH}/rules/{one}", json=changed).raise_for_status().json()
    assert (edited["pattern"], edited["match"], edited["category"]) == ("corner stone", "exact", None)
    assert record.client.patch(f"{PATH}/rules/{one}", json={"merchant": None}).status_code == 422
    assert record.client.patch(f"{PATH}/rules/{one}", json={"category": "No such"}).status_code == 422
    assert apply(record, one)["changed"] == 1

    record.client.delete(f"{PATH}/rules/{one}").raise_for_status()
    assert record.client.get(f"{PATH}/rules/{one}").status_code == 404
    assert preview(record, pattern="corner", category="Cash")["changing"] == 1
    record.client.post(f"{PATH}/rules/{one}/restore").raise_for_status()
    assert [item["id"] for item in record.client.get(f"{PATH}/rules").json()["rules"]] == [two, one]
    assert record.client.post(f"{PATH}/rules/999999/restore").status_code == 404


def test_a_learned_rule_is_edited_in_place(record: Record) -> None:
    first, other = add(record, "ZED 1001", "ZED 2002")
    wanted = {"transaction_id": first, "category": "Groceries", "merchant": "Zed"}
    learned = record.client.post(f"{PATH}/corrections", json=wanted).raise_for_status().json()
    assert record.client.patch(f"{PATH}/rules/{learned['id']}", json={"pattern": "x"}).status_code == 422
    record.client.patch(f"{PATH}/rules/{learned['id']}", json={"category": "Fuel"}).raise_for_status()
    enrich(record)
    assert (row(other).category, row(other).merchant) == ("Fuel", "Zed")
    again = {"transaction_id": other, "category": "Cash"}
    previewed = record.client.post(f"{PATH}/corrections/preview", json=again).raise_for_status().json()
    assert [(item["category_after"], item["merchant_after"]) for item in previewed["samples"]] == [("Cash", "Zed")]
    record.client.delete(f"{PATH}/rules/{learned['id']}").raise_for_status()
    record.client.post(f"{PATH}/corrections", json=again).raise_for_status()
    assert record.client.post(f"{PATH}/rules/{learned['id']}/restore").json()["code"] == "rule_exists"


def test_a_row_shows_the_origin_of_its_values(record: Record) -> None:
    classified, ruled, untouched = (*add(record, "X", classification=["Travel"]), *add(record, "CORNER STONE", "ODD"))
    made = rule(record, pattern="corner", merchant="The Corner", category="Groceries")
    job = enrich(record, transaction_ids=[classified, ruled])

    def origin(row_id: int) -> dict[str, Any]:
        found: dict[str, Any] = record.client.get(f"{PATH}/transactions/{row_id}").raise_for_status().json()
        return found

    said = origin(ruled)
    assert (said["category"]["value"], said["category"]["source"], said["category"]["confidence"]) == (
        "Groceries",
        "rule",
        1.0,
    )
    assert said["merchant"]["rule"] == {
        "id": made["id"],
        "origin": "user",
        "match": "contains",
        "pattern": "corner",
        "is_removed": False,
    }
    assert said["category"]["enrichment_job_id"] == job["id"]
    assert (origin(classified)["category"]["source"], origin(classified)["category"]["rule"]) == ("truelayer", None)
    assert (origin(untouched)["enriched_at"], origin(untouched)["category"]["source"]) == (None, None)

    record.client.delete(f"{PATH}/rules/{made['id']}").raise_for_status()
    assert origin(ruled)["category"]["rule"]["is_removed"]
    record.client.patch(f"/api/transactions/{ruled}", json={"category": "Cash"}).raise_for_status()
    now = origin(ruled)
    assert (now["category"]["source"], now["category"]["confidence"], now["category"]["rule"]) == ("user", None, None)
    assert now["category"]["since"] > said["category"]["since"]
    assert now["merchant"]["source"] == "rule"


@pytest.mark.parametrize("name", ["Food shop", "groceries"])
def test_renaming_a_category_renames_it_everywhere(record: Record, name: str) -> None:
    classified, ruled = add(record, "X", classification=["Shopping", "Groceries"]), add(record, "CORNER STONE")
    made = rule(record, pattern="corner", category="Groceries")
    enrich(record)
    record.client.patch(f"/api/transactions/{ruled[0]}", json={"category": "Mine"}).raise_for_status()
    tree = record.client.get(f"{PATH}/categories").json()["categories"]
    of_name = {item["name"]: item["id"] for item in tree}
    path = f"{PATH}/categories/{of_name['Groceries']}"
    for taken, code in (("fuel", 409), ("Mine", 409), ("Unknown", 422), (" ", 422)):
        assert record.client.patch(path, json={"name": taken}).status_code == code, taken

    record.client.patch(path, json={"name": name}).raise_for_status()
    assert row(classified[0]).category == name
    assert record.client.get(f"{PATH}/rules/{made['id']}").json()["category"] == name
    record.client.delete(f"/api/transactions/{ruled[0]}/edits").raise_for_status()
    assert row(ruled[0]).category == name
    new = add(record, "Y", classification=["Shopping", "Groceries"])
    enrich(record)
    assert row(new[0]).category == name
    counted = record.client.get("/api/transactions/categories").json()["categories"]
    assert counted == [{"name": name, "rows": 3}]


def test_an_archived_category_stays_on_rows_but_is_not_assigned(record: Record) -> None:
    (old,) = add(record, "CORNER STONE")
    rule(record, pattern="corner", category="Groceries")
    enrich(record)
    tree = record.client.get(f"{PATH}/categories").json()["categories"]
    path = f"{PATH}/categories/{next(item['id'] for item in tree if item['name'] == 'Groceries')}"
    record.client.patch(path, json={"is_archived": True}).raise_for_status()
    (new,) = add(record, "CORNER AGAIN")
    enrich(record)
    assert (row(old).category, row(new).category) == ("Groceries", None)
    record.client.patch(path, json={"is_archived": False}).raise_for_status()
    enrich(record)
    assert row(new).category == "Groceries"


def test_nobody_can_change_another_users_rules_and_categories(installation: Installation, record: Record) -> None:
    add(record, "CORNER")
    made = rule(record, pattern="corner", category="Groceries")
    job = apply(record, made["id"])
    category = record.client.get(f"{PATH}/categories").json()["categories"][0]
    other = installation.signed_in("bob@example.org")
    for method, path, body in (
        ("GET", f"rules/{made['id']}", None),
        ("PATCH", f"rules/{made['id']}", {"is_enabled": False}),
        ("POST", f"rules/{made['id']}/apply", None),
        ("POST", f"rules/{made['id']}/restore", None),
        ("PUT", "rules/order", {"rule_ids": [int(made["id"])]}),
        ("POST", f"rules/preview?rule_id={made['id']}", {"pattern": "a", "category": "Cash"}),
        ("POST", f"jobs/{job['id']}/undo", None),
        ("PATCH", f"categories/{category['id']}", {"name": "Hers"}),
    ):
        assert other.request(method, f"{PATH}/{path}", json=body).status_code == 404, path
    assert record.client.get(f"{PATH}/rules").json()["rules"][0]["is_enabled"]


def test_a_merchant_rule_finds_every_row_of_its_merchant_however_it_is_written(record: Record) -> None:
    texts = [
        "MCDONALD'S 1234",
        "CARD PAYMENT TO MCDONALDS 77 LONDON",
        "mcdonalds*UK 12 MAR",
        "MCDONALDS PLC",
        "MC DONALDS",
    ]
    texts += ["Mc\u0301DONALDS 9", "SQ *MCDONALDS", "MCDONALDS FARM SHOP", "WWW.MCDONALDS.CO.UK/HELP", "12345 67"]
    before = add(record, *texts)
    named = add(record, *texts, merchant="McDonald's", merchant_source="bank")
    add(record, "ELSEWHERE", merchant="MCDONALDS", merchant_source="user")
    enrich(record, transaction_ids=[*before[:7], *named[:7]])
    made = rule(record, pattern="mcdonalds", match="key", direction="out", merchant="Burgers")
    apply(record, made["id"])
    amended = before[8]
    with session_scope() as session:
        session.get_one(Transaction, before[0]).description = "ZED"
        session.get_one(Transaction, amended).description = "MCDONALDS 3"
        session.add_all(
            TransactionChange(transaction_id=row_id, kind="bank_amended", before={}, after={"description": "X"})
            for row_id in (before[0], amended)
        )
    for key in ("mcdonalds", "mcdonalds farm shop", "zed", "mc donalds", "elsewhere", "##### ##", "# #", "burgers"):
        with session_scope() as session:
            rows = [item for page in pages(session, [Transaction.user_id == record.user_id]) for item in page]
            fitting = sum(item.key == key for item in to_enrich(session, rows))
        assert preview(record, pattern=key, match="key", category="Cash")["matching"] == fitting, key
    assert preview(record, pattern="mcdonalds", match="key", category="Cash")["matching"] > 10


def test_the_figures_of_jobs_and_rules_open_the_rows_behind_them(installation: Installation, record: Record) -> None:
    add(record, "CORNER ONE", "CORNER TWO", "ELSEWHERE")
    (kept,) = add(record, "CORNER KEPT", category="Groceries", category_source="bank")
    made = rule(record, pattern="corner", category="Groceries")
    job = apply(record, made["id"])
    assert (job["changed"], job["total_transactions"]) == (2, 3)

    def opened(client: TestClient, **params: str) -> list[int]:
        page = client.get("/api/transactions", params=params).raise_for_status().json()
        return [item["id"] for item in page["transactions"]]

    changed = opened(record.client, enrichment_job_id=job["id"])
    assert (len(changed), kept in changed) == (2, False)
    (listed,) = record.client.get(f"{PATH}/rules").json()["rules"]
    assert len(opened(record.client, rule_id=made["id"])) == listed["rows"] == 3
    record.client.patch(f"/api/transactions/{kept}", json={"category": "Mine"}).raise_for_status()
    assert kept not in opened(record.client, rule_id=made["id"])
    other = installation.signed_in("bob@example.org")
    assert opened(other, enrichment_job_id=job["id"]) == opened(other, rule_id=made["id"]) == []
