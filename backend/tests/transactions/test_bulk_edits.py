"""Several rows are edited at once, all or none, and exactly that edit can be undone."""

from typing import Any
from uuid import uuid4

import pytest
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record, a_record

from bankimport.transactions import bulk_edits

URL = "/api/transactions"


@pytest.fixture
def record(installation: Installation) -> Record:
    return a_record(installation)


def rows(record: Record) -> dict[int, Any]:
    page = record.client.get(URL, params={"limit": 1000}).raise_for_status().json()
    return {int(row["id"]): row for row in page["transactions"]}


def edit(record: Record, ids: list[int], **values: Any) -> Any:
    body = {"transaction_ids": ids, **values}
    return record.client.post(f"{URL}/edits", json=body).raise_for_status().json()


def undo(record: Record, change_ids: list[int]) -> Any:
    return record.client.post(f"{URL}/edits/undo", json={"change_ids": change_ids}).raise_for_status().json()


def test_many_rows_are_edited_and_restored(record: Record) -> None:
    before = rows(record)
    ids = sorted(before)[:5]
    edit(record, ids[:1], category="Earlier")
    earlier = rows(record)

    done = edit(record, ids, category="Trip", merchant="Rail")

    assert [int(row["id"]) for row in done["transactions"]] == ids
    assert {(row["category"], row["category_source"], row["merchant"]) for row in done["transactions"]} == {
        ("Trip", "user", "Rail")
    }
    assert len(done["change_ids"]) == 5
    taken_back = undo(record, done["change_ids"])
    assert (len(taken_back["transactions"]), taken_back["changed_since"]) == (5, [])
    assert rows(record) == earlier


def test_an_edit_without_changes_leaves_nothing_to_undo(record: Record) -> None:
    (row_id, *_) = rows(record)
    edit(record, [row_id], category="Same")
    assert edit(record, [row_id, row_id], category="Same")["change_ids"] == []


def test_rows_changed_since_stay(record: Record) -> None:
    first, second, *_ = sorted(rows(record))
    done = edit(record, [first, second], category="One")
    edit(record, [first], category="Two")

    taken_back = undo(record, done["change_ids"])

    assert taken_back["changed_since"] == [str(first)]
    assert rows(record)[first]["category"] == "Two"
    assert rows(record)[second]["category"] != "One"
    assert undo(record, done["change_ids"])["transactions"] == []


def test_two_edits_of_the_same_row_are_undone_together(record: Record) -> None:
    before = rows(record)
    (row_id, *_) = before
    ids = [edit(record, [row_id], category=name)["change_ids"][0] for name in ("One", "Two", "Three")]
    undo(record, ids)
    assert rows(record) == before


@pytest.mark.parametrize(
    "body", [{}, {"category": "x"}, {"category": " ", "merchant": "m"}, {"amount": "1"}, {"category": "x" * 101}]
)
def test_invalid_edits_are_refused(record: Record, body: Any) -> None:
    ids = [] if body.get("category") == "x" else [next(iter(rows(record)))]
    answer = record.client.post(f"{URL}/edits", json={"transaction_ids": ids, **body})
    assert answer.json()["code"] == "invalid_request"


def test_if_one_row_belongs_to_another_user_none_is_edited(installation: Installation, record: Record) -> None:
    eve = a_record(installation, "eve@example.org")
    mine, hers = next(iter(rows(record))), next(iter(rows(eve)))
    before, before_hers = rows(record), rows(eve)

    answer = record.client.post(f"{URL}/edits", json={"transaction_ids": [mine, hers], "category": "Mine"})

    assert (answer.status_code, answer.json()["code"]) == (404, "transaction_not_found")
    assert (rows(record), rows(eve)) == (before, before_hers)
    done = edit(eve, [hers], category="Hers")
    answer = record.client.post(f"{URL}/edits/undo", json={"change_ids": done["change_ids"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "change_not_found")
    assert rows(eve)[hers]["category"] == "Hers"


def test_all_matching_rows_are_edited_and_restored_exactly(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = sorted(rows(record))
    edit(record, [first], category="Earlier")
    before = rows(record)
    expected = {row_id for row_id, row in before.items() if row["amount"].startswith("-")}

    answer = record.client.post(f"{URL}/edits/matching", params={"direction": "out"}, json={"category": "Trip"})
    done = answer.raise_for_status().json()
    after = rows(record)

    assert done["rows"] == len(expected) > 1
    assert {row_id for row_id, row in after.items() if row["category"] == "Trip"} == expected
    assert {after[row_id]["category_source"] for row_id in expected} == {"user"}
    again = record.client.post(f"{URL}/edits/matching", params={"direction": "out"}, json={"category": "Trip"})
    assert again.json() == {"rows": 0, "bulk_edit_id": None}

    changed = min(expected)
    edit(record, [changed], merchant="Later")
    edit(record, [changed], category="Later")
    back = record.client.post(f"{URL}/edits/matching/undo", json={"bulk_edit_id": done["bulk_edit_id"]})
    assert back.json() == {"rows": len(expected) - 1, "changed_since": 1}
    restored = rows(record)
    assert {row_id for row_id, row in restored.items() if row != before[row_id]} == {changed}

    monkeypatch.setattr(bulk_edits, "MOST_ROWS", 1)
    refused = record.client.post(f"{URL}/edits/matching", params={"direction": "out"}, json={"category": "Two"})
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_rows")
    assert rows(record) == restored
    assert record.client.post(f"{URL}/edits/matching", json={}).status_code == 422


def test_another_user_can_neither_edit_nor_undo_all_rows(record: Record, installation: Installation) -> None:
    done = record.client.post(f"{URL}/edits/matching", json={"category": "Mine"}).raise_for_status().json()
    eve = installation.signed_in("eve@example.org")

    assert eve.post(f"{URL}/edits/matching", json={"category": "Eve"}).json()["rows"] == 0
    undone = eve.post(f"{URL}/edits/matching/undo", json={"bulk_edit_id": done["bulk_edit_id"]})
    assert (undone.status_code, undone.json()["code"]) == (404, "change_not_found")
    missing = record.client.post(f"{URL}/edits/matching/undo", json={"bulk_edit_id": str(uuid4())})
    assert missing.status_code == 404
    assert {row["category"] for row in rows(record).values()} == {"Mine"}


def test_filters_are_saved_under_different_names(record: Record, installation: Installation) -> None:
    path = f"{URL}/saved-filters"
    filters = [
        {"name": "Trips", "search": {"category": "Trip", "uncategorised": True}},
        {"name": "Large", "search": {"least": "500"}},
    ]

    assert record.client.put(path, json={"filters": filters}).json() == {"filters": filters}
    assert record.client.get(path).json() == {"filters": filters}
    assert record.client.put(path, json={"filters": [filters[0], filters[0]]}).status_code == 422
    assert installation.signed_in("eve@example.org").get(path).json() == {"filters": []}
