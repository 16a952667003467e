"""Rows keep their merchant's key, and corrections still apply after keys are made differently."""

import pytest
from sqlalchemy import select
from tests.support.steps.enrichment import PATH, add, enrich, row
from tests.support.steps.record import Record

from bankimport.db.session import session_scope
from bankimport.enrichment.models import CacheEntry, CategoryRule, Enriched, MerchantKeyMove, MerchantKeyState
from bankimport.enrichment.rows import RuleMatch, RuleOrigin
from bankimport.enrichment.run import rekey
from bankimport.enrichment.run.rekey import bring_keys_up_to_date
from bankimport.enrichment.statements.merchant_key import Direction, key_version
from bankimport.transactions.models import Transaction


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


def test_keys_of_an_older_version_are_rewritten_page_by_page_and_references_follow(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved, juan, maria, same = add(
        record, "LIDL GB NOTTINGHAM", "BIZUM A FAVOR DE JUAN PEREZ", "BIZUM A FAVOR DE MARIA LOPEZ", "ZED SHOP"
    )
    enrich(record)
    shared = "bizum a favor de"
    _set_old_keys(record, {moved: "lidl gb nottingham", juan: shared, maria: shared})
    with session_scope() as session:
        values = {"user_id": record.user_id, "direction": Direction.OUT, "category": "Cash", "confidence": 0.9}
        for key in ("lidl gb nottingham", shared, "zed shop"):
            session.add(CacheEntry(merchant_key=key, model="m", **values))
        session.add(CacheEntry(**values | {"merchant_key": "lidl", "category": "Groceries", "model": "m"}))
        for pattern, category in (("lidl gb nottingham", "Food"), (shared, "Home")):
            session.add(_correction(record, pattern, category))
    edit_row(record, juan, "Home")
    _give_by_correction(maria, shared)

    monkeypatch.setattr(rekey, "_PAGE", 1)
    assert not bring_keys_up_to_date(record.user_id, most_pages=2)
    with session_scope() as session:
        assert session.get_one(Enriched, moved).merchant_key == "lidl"
        assert session.get_one(Enriched, maria).merchant_key == shared
    assert bring_keys_up_to_date(record.user_id)
    with session_scope() as session:
        keys = {row_id: session.get_one(Enriched, row_id).merchant_key for row_id in (moved, juan, maria, same)}
        assert keys == {moved: "lidl", juan: "juan perez", maria: "maria lopez", same: "zed shop"}
        answers = session.execute(select(CacheEntry.merchant_key, CacheEntry.category)).all()
        assert sorted(map(tuple, answers)) == [("lidl", "Groceries"), ("zed shop", "Cash")]
        learned = session.execute(
            select(CategoryRule.pattern, CategoryRule.category).where(CategoryRule.removed_at.is_(None))
        ).all()
        assert sorted(map(tuple, learned)) == [("juan perez", "Home"), ("lidl", "Food")]
        assert session.scalars(select(MerchantKeyMove)).all() == []
    assert (row(maria).category, row(maria).category_source) == (None, None)
    assert (row(juan).category, row(juan).category_source) == ("Home", "user")
    enrich(record)
    assert (row(moved).category, row(moved).category_source) == ("Food", "correction")
    assert row(maria).category == "Transfers"


def _set_old_keys(record: Record, keys: dict[int, str]) -> None:
    with session_scope() as session:
        for row_id, key in keys.items():
            session.get_one(Enriched, row_id).merchant_key = key
        state = session.get_one(MerchantKeyState, record.user_id)
        # The state left by a worker that crashed before these rows.
        state.version, state.target, state.cursor = "older", key_version(), min(keys) - 1


def _correction(record: Record, pattern: str, category: str) -> CategoryRule:
    return CategoryRule(
        user_id=record.user_id,
        origin=RuleOrigin.CORRECTION,
        match=RuleMatch.KEY,
        pattern=pattern,
        direction=Direction.OUT,
        category=category,
        position=1,
        is_enabled=True,
    )


def edit_row(record: Record, row_id: int, category: str) -> None:
    record.client.patch(f"/api/transactions/{row_id}", json={"category": category}).raise_for_status()


def _give_by_correction(row_id: int, pattern: str) -> None:
    """Give a row the values of a correction of a shared key."""
    with session_scope() as session:
        rule = session.scalars(select(CategoryRule).where(CategoryRule.pattern == pattern)).one()
        of_row = session.get_one(Transaction, row_id)
        of_row.category, of_row.category_source = rule.category, "correction"
        origin = session.get_one(Enriched, row_id)
        origin.category_source, origin.category_rule_id = "correction", rule.id
