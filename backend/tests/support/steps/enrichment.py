"""Common steps of enrichment tests: add rows, run jobs to their end, set settings."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from bankimport.db.session import session_scope
from bankimport.enrichment.run.run import run_enrichment
from bankimport.settings import get_settings
from bankimport.transactions.models import Transaction
from tests.support.steps.record import Record

PATH = "/api/truelayer/enrichment"
PRICE = Decimal("0.000001") * 20 + Decimal("0.000002") * 10


def set_up(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"BANKIMPORT_{name}", value)
    get_settings.cache_clear()


def enrich(record: Record, **fields: Any) -> dict[str, Any]:
    answer = record.client.post(f"{PATH}/jobs", json=fields)
    assert answer.status_code == 201, answer.text
    job_id = answer.json()["id"]
    run_enrichment(int(job_id), "test")
    return read_job(record, job_id)


def read_job(record: Record, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = record.client.get(f"{PATH}/jobs/{job_id}").raise_for_status().json()
    return found


def add(record: Record, *descriptions: str, **fields: Any) -> list[int]:
    with session_scope() as session:
        return [record.add(session, description=item, **fields).id for item in descriptions]


def add_many(record: Record, descriptions: list[str]) -> None:
    """Add rows of -1 each, in one statement."""
    with session_scope() as session:
        session.execute(
            text(
                "INSERT INTO transactions (user_id, account_id, status, date, timestamp, has_time, amount, currency,"
                " description, dedupe_key, content_hash, import_job_id, raw_response_id, raw_position)"
                " SELECT :user, :account, 'booked', date '2026-01-01', timestamptz '2026-01-01Z', false, -1, 'GBP', d,"
                " 'n' || i, '\\x00', :job, :raw, 0 FROM unnest(CAST(:rows AS text[])) WITH ORDINALITY AS u(d, i)"
            ),
            {
                "user": record.user_id,
                "account": record.account_id,
                "job": record.job_id,
                "raw": record.raw_response_id,
                "rows": descriptions,
            },
        )


def row(row_id: int) -> Transaction:
    with session_scope() as session:
        return session.get_one(Transaction, row_id)


def words(number: int) -> str:
    letters = "".join(chr(ord("A") + digit) for digit in (number // 26 // 26, number // 26 % 26, number % 26))
    return f"SHOP QX{letters} {number}"
