"""Read an account's proof."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from starlette.testclient import TestClient

from tests.support.steps.imports import accounts_by_kind

SURE = ("proven", "balanced")


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
