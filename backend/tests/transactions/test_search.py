"""Filters, totals and categories: what is listed, what it adds up to, and that both agree."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from tests.support.steps.installation import Installation
from tests.support.steps.record import EXPORT, Record, a_record

from bankimport.db.session import session_scope
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from bankimport.transactions.models import Transaction, TransactionStatus
from bankimport.transactions.sorting import Sort, sorted_page

URL = "/api/transactions"
SHOPS = ("Bakery", "Cinema", None)


@pytest.fixture
def record(installation: Installation) -> Record:
    """Rows of two accounts, two currencies, three categories and both signs, one of them pending."""
    made = a_record(installation)
    with session_scope() as session:
        for number in range(60):
            made.add(
                session,
                account_id=(made.account_id, made.card_id)[number % 2],
                date=date(2026, 3, 1 + number % 9),
                amount=Decimal(number * 7 % 23 - 11) / 2,
                currency=("GBP", "EUR")[number % 5 == 0],
                category=SHOPS[number % 3],
                status=TransactionStatus.PENDING if number == 7 else TransactionStatus.BOOKED,
                description=f"ROW {number}",
            )
    return made


def listed(record: Record, **params: Any) -> list[int]:
    """The ids of all matching rows, page by page."""
    found: list[int] = []
    cursor: str | None = None
    while True:
        query = {**params, "limit": 7, **({"cursor": cursor} if cursor else {})}
        page = record.client.get(URL, params=query).raise_for_status().json()
        found += [int(row["id"]) for row in page["transactions"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


FILTERS: list[tuple[dict[str, Any], Any]] = [
    ({"category": "Bakery"}, lambda row: row.category == "Bakery"),
    ({"categorised": False}, lambda row: row.category is None),
    ({"categorised": True, "from": "2026-03-05"}, lambda row: row.category and row.date >= date(2026, 3, 5)),
    ({"direction": "in"}, lambda row: row.amount > 0),
    ({"direction": "out", "q": "row 1"}, lambda row: row.amount < 0 and "ROW 1" in row.description),
    ({"least_amount": "3", "most_amount": "4.5"}, lambda row: Decimal(3) <= abs(row.amount) <= Decimal("4.5")),
    ({"most_amount": "0"}, lambda row: row.amount == 0),
    ({"status": "pending"}, lambda row: row.status is TransactionStatus.PENDING),
]


@pytest.mark.parametrize(("params", "fits"), FILTERS)
def test_a_filter_lists_sums_and_exports_the_same_rows(record: Record, params: dict[str, Any], fits: Any) -> None:
    expected = [row for row in reversed(record.rows(status=None)) if fits(row)]

    assert listed(record, **params) == [row.id for row in expected]
    totals = record.client.get(f"{URL}/totals", params=params).raise_for_status().json()
    assert totals["rows"] == len(expected)
    assert totals["pending"] == sum(row.status is TransactionStatus.PENDING for row in expected)
    for total in totals["currencies"]:
        amounts = [row.amount for row in expected if row.currency == total["currency"]]
        assert total["rows"] == len(amounts)
        assert Decimal(total["money_in"]) == sum(amount for amount in amounts if amount > 0)
        assert Decimal(total["money_out"]) == sum(amount for amount in amounts if amount < 0)
        assert Decimal(total["net"]) == sum(amounts)
    exported = record.client.get(EXPORT, params={"format": "ndjson", "status": "all", **params})
    assert exported.headers["X-Export-Rows"] == str(len(expected))


def test_rows_are_filtered_by_account_and_by_import(record: Record) -> None:
    rows = record.rows(status=None)
    of_card = [row.id for row in rows if row.account_id == record.card_id]
    assert sorted(listed(record, account_id=record.card_id)) == sorted(of_card)
    assert sorted(listed(record, import_job_id=record.job_id)) == sorted(row.id for row in rows)
    assert listed(record, import_job_id=record.job_id + 1) == []
    assert record.client.get(f"{URL}/totals", params={"account_id": "99999"}).json()["code"] == "account_not_found"


def test_rows_are_listed_in_every_order(record: Record) -> None:
    rows = record.rows(status=None)
    by_day = sorted((row.date, row.id) for row in rows)
    by_amount = sorted((abs(row.amount), row.id) for row in rows)

    for sort, expected in (
        ("newest", by_day[::-1]),
        ("oldest", by_day),
        ("largest", by_amount[::-1]),
        ("smallest", by_amount),
    ):
        assert listed(record, sort=sort) == [row_id for _, row_id in expected]
    for cursor in ("2026-03-05_9", "NaN_9", "5"):
        answer = record.client.get(URL, params={"sort": "largest", "cursor": cursor})
        assert answer.json()["code"] == "invalid_request"


@pytest.mark.parametrize("params", [{}, {"direction": "out"}])
def test_months_add_up_to_the_totals(record: Record, params: dict[str, str]) -> None:
    with session_scope() as session:
        record.add(session, date=date(2026, 1, 31), amount=Decimal("-4.50"))

    months = record.client.get(f"{URL}/months", params=params).raise_for_status().json()["months"]
    totals = record.client.get(f"{URL}/totals", params=params).json()["currencies"]

    names = [month["month"] for month in months]
    assert names == sorted(names, reverse=True)
    assert {"2026-03-01", "2026-01-01"} <= set(names)
    for total in totals:
        of_currency = [month for month in months if month["currency"] == total["currency"]]
        assert sum(month["rows"] for month in of_currency) == total["rows"]
        assert sum(Decimal(month["net"]) for month in of_currency) == Decimal(total["net"])
        assert sum(Decimal(month["money_out"]) for month in of_currency) == Decimal(total["money_out"])


def test_the_largest_amounts_are_found_through_their_index(record: Record) -> None:
    with session_scope() as session:
        for cheaper_for_so_few_rows in ("seqscan", "bitmapscan", "sort"):
            session.execute(text(f"SET LOCAL enable_{cheaper_for_so_few_rows} = off"))
        conditions = live_and_fitting(session, record.user_id, TransactionFilter())
        statement = sorted_page(select(Transaction.id).where(*conditions), Sort.LARGEST, cursor="3.5_9", limit=100)
        shown = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(text(f"EXPLAIN {shown}")))

    assert "ix_transactions_user_id_amount" in plan
    assert "Incremental Sort" in plan


def test_categories_in_use_have_their_numbers_of_rows(record: Record) -> None:
    found = record.client.get(f"{URL}/categories").raise_for_status().json()
    rows = record.rows(status=None)

    counts = Counter(row.category for row in rows)
    uncategorised = counts.pop(None, 0)
    assert counts.keys() >= {"Bakery", "Cinema"}
    assert {item["name"]: item["rows"] for item in found["categories"]} == counts
    assert found["uncategorised"] == uncategorised


@pytest.mark.parametrize(
    "params",
    [
        {"least_amount": "5", "most_amount": "4"},
        {"least_amount": "-1"},
        {"most_amount": "NaN"},
        {"direction": "sideways"},
        {"import_job_id": "x"},
    ],
)
def test_an_invalid_filter_is_refused(record: Record, params: dict[str, str]) -> None:
    for path in (URL, f"{URL}/totals"):
        assert record.client.get(path, params=params).json()["code"] == "invalid_request"


def test_another_user_sees_no_rows(installation: Installation, record: Record) -> None:
    eve = installation.signed_in("eve@example.org")
    (row, *_) = record.rows()

    assert eve.get(URL, params={"import_job_id": record.job_id}).json()["transactions"] == []
    assert eve.get(f"{URL}/totals").json() == {"rows": 0, "pending": 0, "currencies": []}
    assert eve.get(f"{URL}/categories").json() == {"categories": [], "uncategorised": 0}
    assert eve.get(f"{URL}/{row.id}").json()["code"] == "transaction_not_found"
    assert record.client.get(f"{URL}/{row.id}").json()["id"] == str(row.id)


def test_a_deep_page_is_found_through_the_index(record: Record) -> None:
    with session_scope() as session:
        for cheaper_for_so_few_rows in ("seqscan", "bitmapscan", "sort"):
            session.execute(text(f"SET LOCAL enable_{cheaper_for_so_few_rows} = off"))
        plan = "\n".join(
            session.scalars(
                text(
                    "EXPLAIN SELECT id FROM transactions WHERE user_id = 1 AND removed_at IS NULL"
                    " AND (date, id) < ('2026-03-05', 9) ORDER BY date DESC, id DESC LIMIT 100"
                )
            )
        )
    assert "ix_transactions_user_id_date_id" in plan
    assert "Index Cond" in plan
    assert "ROW(date, id)" in plan


def test_a_rare_amount_is_found_through_its_index(installation: Installation, record: Record) -> None:
    record.add_many(3000)
    with session_scope() as session:
        session.execute(text("UPDATE transactions SET amount = raw_position WHERE dedupe_key LIKE 'many %'"))
    installation.as_owner("ANALYZE transactions")

    with session_scope() as session:
        conditions = live_and_fitting(session, record.user_id, TransactionFilter(least=Decimal(2995)))
        statement = select(Transaction.id).where(*conditions).order_by(Transaction.date.desc(), Transaction.id.desc())
        shown = statement.limit(100).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(text(f"EXPLAIN {shown}")))

    assert "ix_transactions_user_id_amount" in plan
