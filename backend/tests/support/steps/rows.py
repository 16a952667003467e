"""Rows for tests of the pure stages."""

import hashlib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.match.pairing import StoredRow
from bankimport.truelayer.schemas import Transaction


def a_wire_row(**fields: Any) -> Transaction:
    """A booked row as a bank sends it."""
    values: dict[str, Any] = {
        "timestamp": "2026-03-05T00:00:00Z",
        "description": "COFFEE BAR",
        "amount": Decimal("-3.50"),
        "currency": "GBP",
        "transaction_type": "DEBIT",
        "transaction_category": "PURCHASE",
        "transaction_id": "t1",
    }
    return Transaction(**{**values, **fields})


def a_row(
    day: date = date(2026, 3, 5),
    amount: str = "-3.50",
    description: str = "COFFEE BAR",
    *,
    position: int = 0,
    transaction_id: str | None = None,
    provider: str | None = None,
    normalised: str | None = None,
    at: time = time(),
) -> NewTransaction:
    """A fetched row, normalised."""
    moment = datetime.combine(day, at, UTC)
    content = repr((moment, Decimal(amount), description)).encode()
    return NewTransaction(
        position=position,
        date=day,
        timestamp=moment,
        has_time=at != time(),
        amount=Decimal(amount),
        currency="GBP",
        description=description,
        merchant=None,
        transaction_type="DEBIT",
        transaction_category=None,
        classification=(),
        transaction_id=transaction_id,
        provider_transaction_id=provider,
        normalised_provider_transaction_id=normalised,
        running_balance=None,
        written_meta=b"{}",
        flags=(),
        content_hash=hashlib.blake2b(content, digest_size=16).digest(),
    )


def as_stored(row: NewTransaction, row_id: int, *, is_pending: bool = False, key: str | None = None) -> StoredRow:
    """The row in its stored form."""
    return StoredRow(
        id=row_id,
        is_pending=is_pending,
        date=row.date,
        timestamp=row.timestamp,
        amount=row.amount,
        currency=row.currency,
        description=row.description,
        transaction_id=row.transaction_id,
        provider_transaction_id=row.provider_transaction_id,
        normalised_provider_transaction_id=row.normalised_provider_transaction_id,
        dedupe_key=key or f"key{row_id}",
        content_hash=row.content_hash,
    )
