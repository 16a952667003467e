"""Keys, mapping, redaction, batches and the check of a model's answers, without a database."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.enrichment.categories.taxonomy import DEFAULT_CATEGORIES, category_from_truelayer
from bankimport.enrichment.ladder.ladder import decide
from bankimport.enrichment.model.prompt import Label, Question, checked, in_batches, prompt_text
from bankimport.enrichment.model.redact import redacted
from bankimport.enrichment.rows import CachedAnswer, RowToEnrich, RuleMatch, RuleOrigin, Source
from bankimport.enrichment.rules.rules import Rule, RuleBook
from bankimport.enrichment.statements.merchant_key import Direction, merchant_key
from bankimport.pricing.tokens import TokenPrices, Tokens, cost_of

NAMES = frozenset(name for name, _, _ in DEFAULT_CATEGORIES)
NO_RULES = RuleBook([])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TESCO STORES 3245 LONDON GB", "TESCO STORES 6611 DUBLIN IE"),
        ("CARD PAYMENT TO PRET A MANGER ON 12 MAR 2026", "PRET A MANGER"),
        ("POS LIDL 12/03 IRL", "VISA PURCHASE LIDL"),
        ("SumUp *Corner Café", "CORNER CAFE LTD"),
        ("NETFLIX.COM 866-579-7172", "NETFLIX.COM"),
    ],
)
def test_two_purchases_at_one_merchant_have_one_key(one: str, other: str) -> None:
    assert merchant_key(one) == merchant_key(other) != ""


@pytest.mark.parametrize(
    ("description", "key"),
    [
        ("BP CONNECT LEEDS", "bp"),
        ("ROYAL LONDON", "royal london"),
        ("DIRECT DEBIT ROYAL LONDON LTD", "royal london"),
        ("DUBLIN BUS", "dublin bus"),
        ("TRANSPORT FOR LONDON", "transport for london"),
        ("UK POWER NETWORKS", "uk power networks"),
        ("BET365", "bet365"),
        ("VISA PURCHASE BET365 GBP 10.00", "bet365"),
        ("JET2.COM", "jet2"),
        ("www.jet2holidays.com 0113", "jet2"),
        ("Q8 EASY", "q8"),
        ("O2 UK 12345", "o2"),
        ("SHOP123 CORNER", "corner"),
        ("REF12 LIDL DUBLIN", "lidl"),
        ("LIDL W1", "lidl"),
        ("2345 99", ""),
    ],
)
def test_the_brand_stays_in_a_key(description: str, key: str) -> None:
    assert merchant_key(description) == key


def test_different_merchants_have_different_keys() -> None:
    assert len({merchant_key(text) for text in ("TESCO STORES", "TESCO BANK", "TESCO PFS", "LIDL", "ALDI", "")}) == 6


@given(st.text(max_size=120))
def test_a_key_is_bounded_and_always_the_same(text: str) -> None:
    key = merchant_key(text)
    assert len(key) <= 60
    assert merchant_key(text) == key


@pytest.mark.parametrize(
    ("words", "kind", "amount", "expected"),
    [
        (["Shopping", "Groceries"], None, "-1", "Groceries"),
        ([" auto & transport", "Gas & Fuel"], None, "-1", "Fuel"),
        (["Food and Dining"], None, "-1", "Eating out"),
        (["Shopping", "Groceries"], None, "1", "Refunds"),
        ([], "ATM", "-20", "Cash"),
        ([], "INTEREST", "2", "Interest"),
        (["Uncategorized"], "PURCHASE", "-1", None),
        (["Never heard of"], None, "-1", None),
    ],
)
def test_truelayers_categories_map_to_ours(words: list[str], kind: str | None, amount: str, expected: str) -> None:
    found = category_from_truelayer(words, kind, Decimal(amount))
    assert (found[0] if found else None) == expected
    assert expected is None or expected in NAMES


def _rule(origin: RuleOrigin, match: RuleMatch, pattern: str, category: str, way: Direction | None = None) -> Rule:
    return Rule(1, origin, match, pattern, way, None, category)


def test_each_rung_outranks_the_next() -> None:
    row = RowToEnrich(1, "TESCO STORES 3245", Decimal("-5"), None, ["Shopping", "Clothing"], None)
    own = _rule(RuleOrigin.USER, RuleMatch.CONTAINS, "tesco", "Food")
    learned = _rule(RuleOrigin.CORRECTION, RuleMatch.KEY, row.key, "Home", Direction.OUT)
    cached = CachedAnswer("Tesco", "Groceries", 0.9, "m", "p")
    rungs = [
        (RuleBook([own, learned]), cached, ("Food", Source.RULE)),
        (RuleBook([learned]), cached, ("Home", Source.CORRECTION)),
        (NO_RULES, cached, ("Groceries", Source.MODEL)),
        (NO_RULES, None, ("Clothing", Source.TRUELAYER)),
    ]
    for rules, answer, expected in rungs:
        said = decide(row, row.key, rules, answer, NAMES).category
        assert said is not None
        assert (said.value, said.source) == expected


def test_corrections_of_spending_do_not_apply_to_incoming_money() -> None:
    row = RowToEnrich(1, "TESCO STORES", Decimal("5"), None)
    learned = _rule(RuleOrigin.CORRECTION, RuleMatch.KEY, row.key, "Groceries", Direction.OUT)
    assert decide(row, row.key, RuleBook([learned]), None, NAMES).needs_model


def test_a_merchant_that_the_model_did_not_know_is_not_asked_again() -> None:
    row = RowToEnrich(1, "XQZ", Decimal("-5"), None)
    decision = decide(row, row.key, NO_RULES, CachedAnswer(None, "unknown", 0.9, "m", "p"), NAMES)
    assert decision.category is None
    assert not decision.needs_model


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("TFR GB29 NWBK 6016 1331 9268 19 RENT", "1331"),
        ("FROM IE29AIBK93115212345678", "93115212345678"),
        ("40-47-84 12345678 A", "40-47-84"),
        ("CARD 4111 1111 1111 1111", "1111"),
        ("card xxxx-1234 shop", "1234"),
        ("REF 0012345", "0012345"),
        ("ADA LOVELACE RENT", "ADA"),
        ("to ada@example.org", "example"),
    ],
)
def test_text_identifying_a_person_or_an_account_is_not_sent(text: str, gone: str) -> None:
    assert gone not in redacted(text, ["Ada Lovelace"])


@given(st.text(alphabet="0123456789 -.", min_size=1, max_size=40))
def test_no_run_of_five_digits_is_left(text: str) -> None:
    assert re.search(r"\d([ .-]?\d){4}", redacted(text, [])) is None


@given(st.lists(st.text(max_size=400), max_size=80))
def test_batches_contain_every_question_once_and_in_order(texts: list[str]) -> None:
    questions = [Question(str(number), Direction.OUT, text) for number, text in enumerate(texts)]
    batches = list(in_batches(questions))
    assert [item for batch in batches for item in batch] == questions
    for batch in batches:
        assert len(json.loads(prompt_text(batch, ["Food"]))["transactions"]) == len(batch)


def _label(place: int, category: str = "Food", merchant: str | None = "M", confidence: float = 0.5) -> Label:
    return Label(id=place, merchant=merchant, category=category, confidence=confidence)


def test_only_requested_valid_labels_are_accepted() -> None:
    labels = [
        _label(1),
        _label(2),
        _label(2),
        _label(9),
        _label(3, category="Free money"),
        _label(4, confidence=7),
        _label(5, merchant="x" * 81),
        _label(6, merchant="a\x1b[31m"),
        _label(7, category="unknown"),
    ]
    found = checked(labels, 8, ["Food"])
    assert sorted(found) == [0, 4, 5, 6]
    assert [found[place].merchant for place in sorted(found)] == ["M", None, None, "M"]


def test_an_unknown_price_is_not_zero() -> None:
    tokens = Tokens(1_000_000, 1_000_000)
    assert cost_of("openai:no-such-model-at-all", tokens, None, has_own_address=False) is None
    assert cost_of("openai:gpt-5-mini", tokens, None, has_own_address=True) is None
    known = cost_of("openai:gpt-5-mini", tokens, None, has_own_address=False)
    assert known is not None
    assert known.amount > 0
    given_prices = cost_of("openai:x", tokens, TokenPrices(Decimal("0.5"), Decimal(2), "EUR"), has_own_address=True)
    assert given_prices is not None
    assert (given_prices.amount, given_prices.currency) == (Decimal("2.5"), "EUR")
