"""Read an account's proof, and make rows to prove."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from starlette.testclient import TestClient

from bankimport.proof.path import ProvableRow
from tests.support.steps.imports import accounts_by_kind

SURE = ("proven", "balanced")
FIRST = date(2026, 3, 1)
DAY = FIRST + timedelta(days=10)
"""The day of rows to prove, unless they have another one."""


def proof_of(client: TestClient, account_id: str) -> Any:
    return client.get(f"/api/truelayer/accounts/{account_id}/proof").raise_for_status().json()


def days_that_are(proof: Any, *words: str) -> set[date]:
    found: set[date] = set()
    for item in proof["strip"]:
        first, last = date.fromisoformat(item["from"]), date.fromisoformat(item["to"])
        if item["proof"] in words:
            found |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return found


def accounts(client: TestClient, connection_id: int, kind: str = "account") -> list[str]:
    return [account["account_id"] for account in accounts_by_kind(client, connection_id)[kind]]


def wrong_days(mine: Counter[tuple[str, str]], true: Counter[tuple[str, str]]) -> set[date]:
    return {date.fromisoformat(day) for day, _ in (mine - true) + (true - mine)}


def row(amount: str, balance: str | None, day: date = DAY) -> ProvableRow:
    """A row to prove."""
    return ProvableRow(day, Decimal(amount), None if balance is None else Decimal(balance))


def listed(rows: list[ProvableRow], answer: int, oldest_first: bool) -> list[ProvableRow]:
    """The rows as one bank answer lists them."""
    places = range(len(rows)) if oldest_first else range(len(rows), 0, -1)
    return [row._replace(answer=answer, position=place) for row, place in zip(rows, places, strict=True)]
