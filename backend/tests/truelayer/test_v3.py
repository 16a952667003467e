"""What v3's bytes become: errors by their kind, rows in v1's terms; nothing odd costs more than its row."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.truelayer.errors import (
    AccessDenied,
    AccountGone,
    BankTimeout,
    BankUnavailable,
    ConsentExpired,
    EndpointNotSupported,
    RateLimited,
    RequestRefused,
    TokenRejected,
    TrueLayerError,
    UnexpectedResponse,
)
from bankimport.truelayer.v3.errors import error_from_problem
from bankimport.truelayer.v3.pages import PENDING, SETTLED, joined, read_state, rows_of_pages


@pytest.mark.parametrize(
    ("status", "problem", "kind"),
    [
        (400, {"type": "https://x/docs#invalid-parameters"}, RequestRefused),
        (400, {"type": "https://x/docs#invalid_state"}, ConsentExpired),
        (400, {"type": "https://x/docs#invalid-state"}, ConsentExpired),
        (400, {"title": "Invalid State"}, ConsentExpired),
        (401, {"type": "https://x/docs#unauthenticated"}, TokenRejected),
        (403, {"type": "https://x/docs#forbidden"}, AccessDenied),
        (404, {"type": "https://x/docs#not-found"}, AccountGone),
        (429, {"type": "https://x/docs#rate-limit-exceeded"}, RateLimited),
        (500, {"type": "https://x/docs#unknown-error"}, BankUnavailable),
        (502, {"type": "https://x/docs#provider-error"}, BankUnavailable),
        (502, {"type": "https://x/docs#new-word", "title": "Feature Not Supported"}, EndpointNotSupported),
        (504, {"type": "https://x/docs#gateway-timeout"}, BankTimeout),
        (503, {"type": 7, "title": None}, BankUnavailable),
        (418, {}, UnexpectedResponse),
        (404, "<html>", AccountGone),
    ],
)
def test_an_error_is_known_by_its_type_then_its_title_then_its_status(
    status: int, problem: Any, kind: type[TrueLayerError]
) -> None:
    body = problem.encode() if isinstance(problem, str) else json.dumps(problem).encode()

    assert type(error_from_problem(status, {}, body)) is kind


def item(**changes: Any) -> dict[str, Any]:
    return {
        "id": "a1",
        "timestamp": "2026-06-01T00:00:00Z",
        "description": "COFFEE",
        "currency": "GBP",
        "amount_in_minor": -350,
        "status": "settled",
        **changes,
    }


def body_of(*pages: list[dict[str, Any]]) -> bytes:
    return joined(
        [json.dumps({"id": "r", "status": "completed", "result": {"items": page}}).encode() for page in pages]
    )


def test_a_row_is_read_in_the_terms_of_v1() -> None:
    enrichment = {"merchant_name": "Cafe", "transaction_category": {"category_code": "C", "category_name": "Food"}}
    (row,) = rows_of_pages(body_of([item(enrichment=enrichment)]), SETTLED)

    assert row.transaction is not None
    assert (row.transaction.amount, row.transaction.transaction_type) == (Decimal("-3.50"), "DEBIT")
    assert row.transaction.merchant_name == "Cafe"
    assert row.transaction.meta == {"transaction_category": {"category_code": "C", "category_name": "Food"}}
    assert row.transaction.provider_transaction_id is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"currency": "JPY"}, "minor unit"),
        ({"amount_in_minor": -3.5}, "int"),
        ({"amount_in_minor": "-350"}, "int"),
        ({"status": "reversed"}, "neither settled nor pending"),
        ({"timestamp": None}, "timestamp"),
    ],
)
def test_a_row_that_cannot_be_read_comes_with_its_problem(changes: dict[str, Any], problem: str) -> None:
    (row,) = rows_of_pages(body_of([item(**changes)]), SETTLED)

    assert row.transaction is None
    assert problem in (row.problem or "")


def test_odd_enrichment_costs_no_row() -> None:
    (row,) = rows_of_pages(body_of([item(enrichment={"merchant_name": 7})]), SETTLED)

    assert row.transaction is not None
    assert row.transaction.merchant_name is None


def test_a_pending_row_that_comes_on_every_page_is_one_row_and_positions_count_all_rows() -> None:
    pending = item(id="p", status="pending")
    body = body_of([pending, item(id="a")], [pending, item(id="b")])

    assert [row.position for row in rows_of_pages(body, PENDING)] == [0]
    assert [row.position for row in rows_of_pages(body, SETTLED)] == [1, 3]


@pytest.mark.parametrize(
    ("pagination", "items", "cursor"),
    [
        ({"next_cursor": "c"}, [item()], "c"),
        ({"next_cursor": None}, [item()], None),
        ({"next_cursor": ""}, [item()], None),
        ({}, [item()], None),
        (None, [item()], None),
        ({"next_cursor": "c"}, [], None),
    ],
)
def test_the_last_page_is_the_one_without_a_cursor_or_without_rows(pagination: Any, items: Any, cursor: Any) -> None:
    result = {"items": items, "pagination": pagination}

    assert read_state(json.dumps({"status": "completed", "result": result}).encode()).next_cursor == cursor


@given(st.lists(st.lists(st.integers(-(10**9), 10**9), max_size=5), max_size=5))
def test_pages_joined_give_every_amount_once_and_in_order(pages: list[list[int]]) -> None:
    body = body_of(*([item(amount_in_minor=amount) for amount in page] for page in pages))

    found = [row.transaction.amount for row in rows_of_pages(body, SETTLED) if row.transaction is not None]

    assert found == [Decimal(amount) / 100 for page in pages for amount in page]


@given(st.binary(max_size=60))
def test_bytes_that_are_not_an_answer_are_an_unexpected_response(body: bytes) -> None:
    try:
        read_state(body)
    except UnexpectedResponse:
        return
    assert isinstance(json.loads(body), dict)
