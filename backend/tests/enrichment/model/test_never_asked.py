"""Models are never asked about excluded merchants, people, and texts without a key, nor twice about one merchant."""

from tests.support.servers.model_server import ModelServer
from tests.support.steps.enrichment import PATH, add, enrich, row
from tests.support.steps.record import Record


def test_a_model_is_never_asked_about_excluded_merchants_people_or_rail_words(
    record: Record, model: ModelServer
) -> None:
    kept, asked = add(record, "SHOP QXKEPT", "SHOP QXASKED")
    person, rail = add(record, "BIZUM A FAVOR DE QXZ WQV", "SEPA INCASSO ALGEMEEN DOORLOPEND 12345")
    said = record.client.put(f"{PATH}/transactions/{kept}/never-ask").raise_for_status().json()
    assert said == {"merchant_key": "shop qxkept", "direction": "out", "is_never_asked": True}
    assert record.client.put(f"{PATH}/transactions/{rail}/never-ask").status_code == 422
    enrich(record)
    enrich(record, is_refresh=True)
    assert model.asked == ["SHOP QXASKED"]
    assert (row(person).category, row(rail).category, row(asked).category) == ("Transfers", None, "Groceries")
    origin = record.client.get(f"{PATH}/transactions/{person}").raise_for_status().json()
    assert (origin["category"]["source"], origin["category"]["reason"]) == ("money_word", "bizum a favor de")
    record.client.delete(f"{PATH}/transactions/{kept}/never-ask").raise_for_status()
    enrich(record)
    assert model.asked[-1] == "SHOP QXKEPT"


def test_a_model_that_does_not_know_a_merchant_is_not_asked_about_it_again(record: Record, model: ModelServer) -> None:
    (first,) = add(record, "QXVOID")
    enrich(record)
    (later,) = add(record, "QXVOID")
    enrich(record)
    assert model.asked == ["QXVOID"]
    assert (row(first).category, row(later).category) == (None, None)
