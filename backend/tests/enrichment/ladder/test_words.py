"""The meaning of money words, trade words and listed merchants, by direction, and the traps between them."""

from decimal import Decimal

import pytest

from bankimport.enrichment.categories.taxonomy import DEFAULT_CATEGORIES
from bankimport.enrichment.ladder.ladder import Decision, decide
from bankimport.enrichment.rows import RowToEnrich, Source
from bankimport.enrichment.rules.rules import RuleBook
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.enrichment.statements.phrases import table

NAMES = frozenset(name for name, _, _ in DEFAULT_CATEGORIES)
NO_RULES = RuleBook([])


def decided(text: str, amount: str = "-5", words: tuple[str, ...] = (), kind: str | None = None) -> Decision:
    row = RowToEnrich(1, text, Decimal(amount), None, words, kind)
    return decide(row, row.key, NO_RULES, None, NAMES)


def category(text: str, amount: str = "-5", words: tuple[str, ...] = (), kind: str | None = None) -> str | None:
    found = decided(text, amount, words, kind).category
    return found.value if found else None


@pytest.mark.parametrize("name", ["money_words.tsv", "trade_words.tsv"])
def test_lists_are_sorted_and_use_default_categories(name: str) -> None:
    rows = table(name)
    assert [row["phrase"] for row in rows] == sorted(row["phrase"] for row in rows)
    assert {row["category"] for row in rows} <= NAMES
    assert {row.get("direction", "out") for row in rows} <= set(Direction)


@pytest.mark.parametrize(
    ("text", "amount", "expected", "reason"),
    [
        ("ABONO NOMINA MARZO", "5", "Salary", "nomina"),
        ("LOHN/GEHALT 03/2026", "5", "Salary", "lohn gehalt"),
        ("VIR SALAIRE MARS", "5", "Salary", "vir salaire"),
        ("ACCREDITO STIPENDIO", "5", "Salary", "stipendio"),
        ("WYNAGRODZENIE ZA MARZEC", "5", "Salary", "wynagrodzenie"),
        ("LÖN MARS", "5", "Salary", "lon mars"),
        ("LØNOVERFØRSEL", "5", "Salary", "lonoverforsel"),
        ("PALKKA", "5", "Salary", "palkka"),
        ("SALARIS MAART", "5", "Salary", "salaris"),
        ("DIRECT DEP PAYROLL", "5", "Salary", None),
        ("DWP PIP", "5", "Benefits", "dwp"),
        ("FAMILIENKASSE KINDERGELD", "5", "Benefits", None),
        ("ERSTATTUNG ZALANDO", "5", "Refunds", "erstattung"),
        ("DEVOLUCION COMPRA AMAZON", "5", "Refunds", "devolucion compra"),
        ("INTERESSI CREDITORI", "5", "Interest", "interessi creditori"),
        ("DIVIDEND VODAFONE GRP", "5", "Savings and investments", "dividend"),
        ("RETRAIT DAB 12/03", "-5", "Cash", "retrait dab"),
        ("WYPLATA Z BANKOMATU", "-5", "Cash", "wyplata z bankomatu"),
        ("KONTOFUEHRUNGSGEBUEHR", "-5", "Fees and charges", "kontofuehrungsgebuehr"),
        ("HUUR APPARTEMENT MAART", "-5", "Rent and mortgage", "huur appartement"),
        ("UMBUCHUNG TAGESGELD", "-5", "Transfers", None),
        ("TRANSFER TO ISA", "-5", "Savings and investments", "to isa"),
    ],
)
def test_money_words_give_a_category_by_direction_with_their_reason(
    text: str, amount: str, expected: str, reason: str | None
) -> None:
    found = decided(text, amount).category
    assert found is not None
    assert (found.value, found.source) == (expected, Source.MONEY_WORD)
    assert reason in (None, found.reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("THE PLOUGH PUB", "Eating out"),
        ("HILLSIDE DENTAL PRACTICE", "Health"),
        ("BÄCKEREI AM MARKT", "Groceries"),
        ("STADTBÄCKEREI AM MARKT", "Groceries"),
        ("FARMACIA LOPEZ", "Pharmacy"),
        ("KAPSALON HAIR4U", "Personal care"),
        ("FRYZJER DAMSKI", "Personal care"),
        ("TANDLÆGE JENSEN", "Health"),
        ("COIFFURE ELLE ET LUI", "Personal care"),
        ("CHINESE TAKEAWAY", "Takeaway"),
        ("ORIENTAL CHEF TAKEAW", "Takeaway"),
        ("CASTLE VETS BARNARD", "Children and pets"),
        ("SUNRISE DRY CLEANERS", "Personal care"),
        ("CAFE ZARA", "Coffee"),
        ("ROSSI MECCANICA SPA", None),
        ("BLUE DOOR", None),
        ("SPECIALISED CARGO", None),
    ],
)
def test_a_trade_in_the_name_gives_the_category_unless_it_is_a_trap(text: str, expected: str | None) -> None:
    assert category(text) == expected


@pytest.mark.parametrize(
    ("text", "amount", "expected"),
    [
        ("ATM MILANO", "-5", "Public transport"),
        ("ATM WITHDRAWAL MILANO", "-5", "Cash"),
        ("NOTEMACHINE SPAR LEEDS", "-5", "Cash"),
        ("SIXT RENT A CAR", "-5", "Travel"),
        ("LEAP CARD TOP UP", "-5", "Public transport"),
        ("ROYAL LONDON", "-5", "Insurance"),
        ("TESCO BANK", "-5", None),
        ("TESCO STORES LTD", "5", None),
        ("PAYPAL", "-5", None),
        ("SHOPIFY* 1234", "-5", None),
        ("KLARNA", "-5", None),
        ("ZURICH", "-5", "Insurance"),
        ("SPRUENGLI ZURICH", "-5", None),
    ],
)
def test_ambiguous_words_get_the_right_meaning(text: str, amount: str, expected: str | None) -> None:
    assert category(text, amount) == expected


@pytest.mark.parametrize(
    ("text", "words", "kind", "amount", "expected"),
    [
        ("TESCO PFS 12", ("Shopping", "Groceries"), None, "-5", "Fuel"),
        ("UBER *EATS", ("Auto & Transport", "Taxi"), None, "-5", "Takeaway"),
        ("BP CONNECT", ("Shopping", "Groceries"), None, "-5", "Fuel"),
        ("TESCO STORES", ("Shopping", "Clothing"), None, "-5", "Clothing"),
        ("BOOTS 12", ("Personal Care", "Beauty"), None, "-5", "Pharmacy"),
        ("BLUE DOOR", (), "ATM", "-5", "Cash"),
        ("ZARA UK", (), "PURCHASE", "5", "Refunds"),
        ("J SMITH", (), "TRANSFER", "-5", "Transfers"),
        ("ACME LTD", (), "TRANSFER", "-5", None),
    ],
)
def test_narrow_entries_beat_truelayers_two_part_categories_and_broad_ones_do_not(
    text: str, words: tuple[str, ...], kind: str | None, amount: str, expected: str | None
) -> None:
    assert category(text, amount, words, kind) == expected
