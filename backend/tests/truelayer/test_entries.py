"""Reading lists field by field: an odd entry affects only itself."""

import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.truelayer.answers import parse_entries, parse_rows
from bankimport.truelayer.schemas import Account, AccountNumber, Balance, Card

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
GOOD = {"account_id": "good", "display_name": "Main", "currency": "GBP", "account_number": {"number": "12345678"}}


def body(*entries: Any) -> bytes:
    return json.dumps({"results": entries, "status": "Succeeded"}).encode()


@given(odd=st.dictionaries(st.sampled_from(["account_id", *GOOD, "account_type", "provider"]), ANYTHING) | ANYTHING)
def test_no_entry_affects_another_one(odd: Any) -> None:
    entries = parse_entries(body(odd, GOOD), Account).read

    assert entries[-1] == Account("good", None, "Main", "GBP", AccountNumber(number="12345678"))
    assert all(isinstance(entry.account_id, str) and "\0" not in entry.account_id for entry in entries)


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("display_name", "Main\0\0", "Main"),
        ("display_name", "\0", None),
        ("display_name", {"en": "Main"}, None),
        ("account_type", "CRYPTO_VAULT", "CRYPTO_VAULT"),
        ("account_id", 12345, "12345"),
        ("currency", 826, "826"),
        ("account_number", "12345678", None),
        ("account_number", {"number": 12345678, "iban": []}, AccountNumber(number="12345678")),
    ],
)
def test_odd_fields_are_handled(field: str, value: Any, read: Any) -> None:
    (entry,) = parse_entries(body(GOOD | {field: value}), Account).read

    assert getattr(entry, field) == read


def test_an_entry_without_an_id_is_left_out_and_reported_without_values() -> None:
    found = parse_entries(body(GOOD | {"account_id": None, "display_name": "secret"}, "secret"), Account)

    assert found == ([], ("account 1 has no account_id", "account 2 is not an object"), 2)


def test_a_byte_order_mark_and_numbers_that_json_lacks_cost_no_other_row() -> None:
    row = {"timestamp": "2026-06-01", "description": "A, NaN Bakery", "currency": "GBP", "transaction_type": "DEBIT"}
    rows = [row | {"amount": math.nan}, row | {"amount": -1, "meta": {"rate": -math.inf, "name": 'say "NaN"'}}]

    bad, good = parse_rows(b"\xef\xbb\xbf" + body(*rows))

    assert bad.transaction is not None
    assert good.transaction is not None
    assert (bad.transaction.amount, good.transaction.amount) == (None, Decimal(-1))
    assert (good.transaction.description, good.transaction.meta) == (
        "A, NaN Bakery",
        {"rate": None, "name": 'say "NaN"'},
    )


def test_a_text_of_digits_that_comes_as_a_number_costs_no_row() -> None:
    row = {"timestamp": "2026-06-01", "amount": -1, "currency": "GBP", "transaction_type": "DEBIT"}

    (read,) = parse_rows(body(row | {"description": 12345, "transaction_id": 6}))

    assert read.transaction is not None
    assert (read.transaction.description, read.transaction.transaction_id) == ("12345", "6")


def test_amounts_are_exact_as_numbers_and_as_texts() -> None:
    raw = b'{"results":[{"current":160.10,"available":"-0.30","currency":"GBP"}]}'

    assert parse_entries(raw, Balance).read == [Balance("GBP", Decimal("160.10"), Decimal("-0.30"))]


def test_only_a_cards_id_is_required() -> None:
    assert parse_entries(body({"account_id": "c1"}), Card) == ([Card("c1")], (), 0)
