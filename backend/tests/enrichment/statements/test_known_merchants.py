"""The list of known merchants, and its rank on the ladder."""

import subprocess
import sys
from decimal import Decimal

import pytest

from bankimport.enrichment.categories.taxonomy import DEFAULT_CATEGORIES
from bankimport.enrichment.ladder.ladder import Decision, decide
from bankimport.enrichment.rows import CachedAnswer, RowToEnrich, RuleMatch, RuleOrigin, Source
from bankimport.enrichment.rules.rules import Rule, RuleBook
from bankimport.enrichment.statements.known_merchants import known_merchants, spellings_of
from bankimport.enrichment.statements.statement_formats import read_statement

NAMES = frozenset(name for name, _, _ in DEFAULT_CATEGORIES)


def test_every_key_can_occur_and_every_category_is_a_default_one() -> None:
    known = known_merchants()
    assert len(known) > 1000
    assert all(phrase in spellings_of(item.key) for phrase, item in known.items())
    assert {item.category for item in known.values()} <= NAMES | {""}
    assert all(item.merchant.strip() == item.merchant != "" for item in known.values())
    assert list(known) == sorted(known)


@pytest.mark.parametrize(
    ("description", "merchant"),
    [
        ("CARD PAYMENT TO TESCO STORES 3245 LONDON GB", "Tesco"),
        ("SHELL ENERGY RETAIL 1234", "Shell Energy"),
        ("SHELL STATION 12 LEEDS", "Shell"),
        ("EE LIMITED", "EE"),
        ("EE BARBERS", None),
        ("BET365 12345", "Bet365"),
        ("TESCOTTI PIZZA", None),
        ("CORNER CAFE", None),
        ("", None),
    ],
)
def test_the_longest_phrase_names_the_merchant(description: str, merchant: str | None) -> None:
    found = read_statement(description).known
    assert (found.merchant if found else None) == merchant


def _decided(
    amount: str = "-5",
    classification: tuple[str, ...] = (),
    rules: RuleBook | None = None,
    cached: CachedAnswer | None = None,
    names: frozenset[str] = NAMES,
    merchant: str | None = None,
) -> Decision:
    row = RowToEnrich(1, "TESCO STORES 3245", Decimal(amount), merchant, classification)
    return decide(row, row.key, rules or RuleBook([]), cached, names)


def _category(decision: Decision) -> tuple[str, Source] | None:
    return (decision.category.value, decision.category.source) if decision.category else None


def test_the_list_ranks_between_truelayers_two_part_and_broad_categories() -> None:
    assert _category(_decided()) == ("Groceries", Source.KNOWN_MERCHANT)
    assert _category(_decided(classification=("Auto & Transport", "Gas & Fuel"))) == ("Fuel", Source.TRUELAYER)
    assert _category(_decided(classification=("Shopping",))) == ("Groceries", Source.KNOWN_MERCHANT)


def test_rules_and_cached_answers_outrank_the_list() -> None:
    rule = Rule(1, RuleOrigin.USER, RuleMatch.CONTAINS, "tesco", None, None, "Food")
    remembered = CachedAnswer("Tesco Café", "Eating out", 0.9, "m", "p")
    assert _category(_decided(rules=RuleBook([rule]))) == ("Food", Source.RULE)
    assert _category(_decided(cached=remembered)) == ("Eating out", Source.MODEL)


def test_the_list_ignores_incoming_money_and_inactive_categories() -> None:
    assert _decided(amount="5").category is None
    assert _decided(amount="5").merchant is None
    assert _decided(names=NAMES - {"Groceries"}).needs_model


def test_the_list_names_a_merchant_only_if_the_bank_does_not() -> None:
    named = _decided().merchant
    assert named is not None
    assert (named.value, named.source) == ("Tesco", Source.KNOWN_MERCHANT)
    assert _decided(merchant="Tesco Superstore").merchant is None


def test_the_list_is_read_once_at_first_use() -> None:
    code = (
        "from bankimport.enrichment.statements.known_merchants import known_merchants as k\n"
        "import bankimport.enrichment.run.run\n"
        "before = k.cache_info().currsize; k(); k(); print(before, k.cache_info().misses)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["0", "1"]
