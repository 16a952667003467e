"""Parsing of each country's and bank's statement format: the key before and now, the rail, and people."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.enrichment.statements.merchant_key import key_version, merchant_key
from bankimport.enrichment.statements.phrases import table
from bankimport.enrichment.statements.plain_text import MOST_TEXT, plain, words_of
from bankimport.enrichment.statements.rails import Rail
from bankimport.enrichment.statements.statement_formats import read_statement

KEYS = [line.split("\t") for line in (Path(__file__).parent / "keys.tsv").read_text(encoding="utf-8").splitlines()[1:]]
"""A description, its old key (the first four words of the whole text), and its present key."""


@pytest.mark.parametrize(("description", "before", "now"), KEYS)
def test_a_key_consists_of_the_payees_words_not_the_banks(description: str, before: str, now: str) -> None:
    assert merchant_key(description) == now


def test_unrelated_payments_that_once_shared_a_key_have_different_keys() -> None:
    shared: dict[str, set[str]] = {}
    for _, before, now in KEYS:
        if now:
            shared.setdefault(before, set()).add(now)
    assert len(shared["bizum a favor de"]) == 2
    assert len(shared["europe s a r"]) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LIDL GB NOTTINGHAM", "LIDL GB DERBY"),
        ("GAILS BAKERY HIGHGATE", "GAILS BAKERY BARNES"),
        ("D/D OCTOPUS ENERGY", "OCTOPUS ENERGY A-1B2C"),
        ("TESCO STORES 3245", "TESCO EXPRESS LEEDS"),
        ("AMZN MKTP DE*2A3B4", "AMAZON.DE*AB12C"),
        ("LOEWEN APOTHEKE BERLIN", "LOEWEN APOTHEKE//BERLIN/DE"),
        ("CORNER CAFE LEEDS GB", "SumUp *Corner Café"),
        ("SØREN KJÆR", "SOREN KJAER"),
    ],
)
def test_one_merchant_has_one_key(one: str, other: str) -> None:
    assert merchant_key(one) == merchant_key(other) != ""


def test_a_supermarket_and_its_fuel_are_two_merchants() -> None:
    assert len({merchant_key(text) for text in ("TESCO STORES 12", "TESCO PFS 12", "TESCO MOBILE", "TESCO BANK")}) == 4


def test_a_key_never_consists_of_rail_words_alone() -> None:
    assert [row["phrase"] for row in table("rails.tsv") if merchant_key(row["phrase"])] == []


@pytest.mark.parametrize(
    ("description", "rail", "is_person"),
    [
        ("BIZUM A FAVOR DE JUAN PEREZ", Rail.PERSON, True),
        ("SWISH ANNA ANDERSSON", Rail.PERSON, True),
        ("BETALING VIA TIKKIE AAN LISA", Rail.PERSON, True),
        ("PRZELEW NA TELEFON BLIK ANNA KOWALSKA", Rail.PERSON, True),
        ("FASTER PAYMENTS RECEIPT REF.RENT FROM EMMA CLARK", Rail.TRANSFER, True),
        ("FASTER PAYMENT ACME WIDGETS LTD", Rail.TRANSFER, False),
        ("VIR INST M DURAND", Rail.TRANSFER, True),
        ("DIRECT DEBIT NORTH ELECTRICITY", Rail.DEBIT, False),
        ("KORTKÖP 260312 BLÅ PORTEN", Rail.CARD, False),
    ],
)
def test_the_rail_and_people_are_recognised(description: str, rail: Rail, is_person: bool) -> None:
    found = read_statement(description)
    assert (found.rail, found.is_person) == (rail, is_person)


@given(st.text(max_size=2000))
def test_any_text_is_parsed_within_bounds(text: str) -> None:
    assert len(merchant_key(text)) <= 60
    assert len(plain(text)) <= 20 * MOST_TEXT
    assert all(word == word.strip() != "" for word in words_of(text))


@pytest.mark.parametrize("part", ["a@", "a.", "a-", "x", "1", "/name/", "www.", "naam: ", "1.", "-1", "ab12"])
def test_a_very_long_text_is_cut_before_any_pattern_reads_it(part: str) -> None:
    whole = part * 10_000
    assert merchant_key(whole) == merchant_key(whole[:MOST_TEXT])


def test_the_version_of_keys_is_the_same_until_the_lists_change() -> None:
    assert key_version() == key_version() != ""
