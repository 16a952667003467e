"""An import of a bank whose rows come from many countries ends with merchants and categories, without a model."""

from sqlalchemy import select
from tests.support.steps.imports import run_import
from tests.support.steps.installation import Installation

from bankimport.db.session import session_scope
from bankimport.enrichment.models import Enriched
from bankimport.transactions.models import Transaction

LEAST_NAMED = 0.75
WITH_REASONS = ("known_merchant", "money_word", "trade_word", "truelayer")


def test_three_of_four_rows_are_named_without_a_model_each_with_its_reason(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-many-countries")
    status = run_import(installation, client, connection_id, auto_enrich=True)
    assert status["status"] == "completed", status
    with session_scope() as session:
        rows = session.execute(select(Transaction, Enriched).join(Enriched, Enriched.transaction_id == Transaction.id))
        found = [(row.category, row.category_source, origin.category_reason) for row, origin in rows]
    assert len(found) >= 100
    named = [item for item in found if item[0] is not None]
    assert len(named) >= LEAST_NAMED * len(found)
    assert all(reason for _, source, reason in named if source in WITH_REASONS)
    assert {category for category, _, _ in named} >= {"Groceries", "Salary", "Transfers", "Cash", "Energy and water"}
