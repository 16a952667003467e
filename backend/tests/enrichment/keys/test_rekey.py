"""Rows keep the key of their bank's merchant, and after keys are made another way corrections go on."""

from sqlalchemy import select, text
from tests.support.enrichment import PATH, add, enrich, row
from tests.support.record import Record

from bankimport.db.session import session_scope
from bankimport.enrichment.keys.rekey import rekey
from bankimport.enrichment.models import CacheEntry, Enriched


def test_a_correction_holds_for_rows_whose_bank_names_the_merchant_however_often_they_are_enriched(
    record: Record,
) -> None:
    values = {"merchant": "ZED HOLDINGS", "merchant_source": "bank", "classification": ["Travel"]}
    first, other = add(record, "CARD 1 ONE", "CARD 2 TWO", **values)
    wanted = {"transaction_id": first, "category": "Groceries", "merchant": "Zed"}
    record.client.post(f"{PATH}/corrections", json=wanted).raise_for_status()
    for _ in range(2):
        enrich(record)
        assert (row(other).merchant, row(other).category, row(other).category_source) == (
            "Zed",
            "Groceries",
            "correction",
        )
    with session_scope() as session:
        assert {session.get_one(Enriched, row_id).merchant_key for row_id in (first, other)} == {"zed holdings"}


def test_new_keys_take_corrections_along_and_forget_answers_that_could_be_anothers(record: Record) -> None:
    moved, same = add(record, "ROYAL LONDON", "CORNER SHOP")
    enrich(record)
    old = {"ROYAL LONDON": "royal", "CORNER SHOP": "corner shop"}
    with session_scope() as session:
        session.execute(
            text("UPDATE transaction_enrichments SET merchant_key = 'royal' WHERE transaction_id = :id"), {"id": moved}
        )
        for key in old.values():
            session.add(
                CacheEntry(user_id=record.user_id, merchant_key=key, direction="out", category="Cash", confidence=0.9)
            )
        session.execute(
            text(
                "INSERT INTO category_rules (user_id, origin, match, pattern, direction, category, position,"
                " is_enabled) VALUES (:user, 'correction', 'key', 'royal', 'out', 'Salary', 1, true)"
            ),
            {"user": record.user_id},
        )
    with session_scope() as session:
        assert rekey(session.connection()) == 1
        assert rekey(session.connection()) == 0
    with session_scope() as session:
        assert list(session.scalars(select(CacheEntry.merchant_key))) == ["corner shop"]
        assert session.get_one(Enriched, moved).merchant_key == "royal london"
        assert session.get_one(Enriched, same).merchant_key == "corner shop"
    enrich(record)
    assert (row(moved).category, row(moved).category_source) == ("Salary", "correction")
