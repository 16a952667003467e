"""Rows that may be transfers between own accounts, and the search for them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from starlette.testclient import TestClient

from bankimport.db.session import session_scope
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record, a_record

TRANSFERS = "/api/transactions/transfers"
DAY = date(2026, 3, 5)


def an_empty_record(installation: Installation) -> Record:
    """A user's record without rows."""
    made = a_record(installation)
    with session_scope() as session:
        session.execute(text("DELETE FROM transactions"))
    return made


def move(record: Record, amount: str, *, days: int = 0, out: str = "TO CARD", into: str = "PAYMENT RECEIVED") -> Any:
    """The ids of a row out of the account and a row into the card."""
    with session_scope() as session:
        left = record.add(session, amount=-Decimal(amount), description=out, date=DAY)
        came = record.add(
            session,
            amount=Decimal(amount),
            description=into,
            account_id=record.card_id,
            date=DAY + timedelta(days=days),
        )
        return left.id, came.id


def scan(client: TestClient) -> dict[str, int]:
    found: dict[str, int] = client.post(f"{TRANSFERS}/look").raise_for_status().json()
    return found


def listed(client: TestClient, status: str = "suggested", **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        client.get(TRANSFERS, params={"status": status, **query}).raise_for_status().json()["transfers"]
    )
    return found
