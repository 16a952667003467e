"""A user with an account and a card, to whose record a test adds its own rows."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.transactions.models import Transaction, TransactionStatus
from tests.support.steps.imports import accounts_by_kind, run_import
from tests.support.steps.installation import Installation

EXPORT = "/api/transactions/export"

HOSTILE = [
    'quotes " and \\ backslash \\" \\n',
    "first\nsecond\r\nthird\ttab",
    "</NAME><NAME>x</STMTTRN></OFX>",
    "&lt;/NAME&gt; &amp;nbsp; &nbsp; ]]> <!-- -->",
    "=cmd|' /C calc'!A0",
    "+44 20 7946 0000",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    "'t Hoekje",
    "＝１＋１",
    "🙂 café 食費 \u202eabc",
    "bell \x07 escape \x1b delete \x7f nel \x85 odd \ufffe",
    "long " * 60,
    "x" * 300,
    "\n" * 100,
    ";comment, #tag ^link 2026-01-01 * open",
    "",
    " ",
]
"""Descriptions that break code without escaping."""

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Record:
    """A signed-in client and the objects that its rows belong to."""

    client: TestClient
    connection_id: int
    user_id: int
    account_id: int
    card_id: int
    job_id: int
    raw_response_id: int

    def add(self, session: Session, **fields: Any) -> Transaction:
        """Add a booked row; it becomes visible to others when the session commits."""
        day = fields.get("date", date(2026, 3, 5))
        values: dict[str, Any] = {
            "user_id": self.user_id,
            "account_id": self.account_id,
            "status": TransactionStatus.BOOKED,
            "date": day,
            "timestamp": datetime.combine(day, time(), UTC),
            "has_time": False,
            "amount": Decimal("-3.50"),
            "currency": "GBP",
            "description": "COFFEE BAR",
            "dedupe_key": f"test {next(_keys)}",
            "content_hash": hashlib.blake2b(b"").digest(),
            "import_job_id": self.job_id,
            "raw_response_id": self.raw_response_id,
            "raw_position": 0,
            "classification": [],
            "flags": [],
            "meta": {},
        }
        row = Transaction(**{**values, **fields})
        session.add(row)
        session.flush()
        return row

    def add_hostile(self) -> None:
        """Add a row for each hostile text, as description, merchant and category, to the account and to the card."""
        with session_scope() as session:
            for number, text_ in enumerate(HOSTILE):
                self.add(
                    session,
                    account_id=(self.account_id, self.card_id)[number % 2],
                    date=date(2026, 3, 1) + timedelta(days=number % 5),
                    description=text_,
                    merchant=text_[:90] or None,
                    category=text_[:90] or None,
                    classification=["Food & Dining", text_[:40]],
                    transaction_id=text_[:40] or None,
                    amount=Decimal(("-12.30", "0", "0.00000001", "-999999999999999.99", "1E+3", "7")[number % 6]),
                )

    def add_many(self, rows: int) -> None:
        """Add this many booked rows at once, over ten years."""
        with session_scope() as session:
            session.execute(
                text(
                    "INSERT INTO transactions (user_id, account_id, status, date, timestamp, has_time, amount,"
                    " currency, description, merchant, classification, transaction_id, meta, dedupe_key, content_hash,"
                    " import_job_id, raw_response_id, raw_position)"
                    " SELECT :user, CASE WHEN i % 4 = 0 THEN CAST(:card AS bigint) ELSE :account END, 'booked',"
                    " date '2016-01-01' + i % 3650, timestamptz '2016-01-01Z' + (i % 3650) * interval '1 day', false,"
                    " ((i * 7919) % 2000001 - 1000000) / 100.0, 'GBP', 'PAYMENT NUMBER ' || i || repeat(' words', 10),"
                    " 'Merchant ' || i % 500, ARRAY['Shopping', 'Shop ' || i % 20], 'bank-id-' || i,"
                    " jsonb_build_object('note', repeat('x', 200)), 'many ' || i, '\\x00', :job, :raw, i"
                    " FROM generate_series(1, :rows) AS i"
                ),
                {
                    "user": self.user_id,
                    "account": self.account_id,
                    "card": self.card_id,
                    "job": self.job_id,
                    "raw": self.raw_response_id,
                    "rows": rows,
                },
            )

    def rows(self, *, status: str | None = "booked") -> list[Transaction]:
        """The stored live rows, by day and id."""
        t = Transaction
        statement = select(t).where(t.user_id == self.user_id, t.removed_at.is_(None)).order_by(t.date, t.id)
        if status is not None:
            statement = statement.where(t.status == status)
        with session_scope() as session:
            return list(session.scalars(statement))


def a_record(installation: Installation, email: str = "ada@example.org") -> Record:
    """A user who imported a few days of an account and a card."""
    return installation.once(f"record of {email}", lambda: _import_record(installation, email))


def _import_record(installation: Installation, email: str) -> Record:
    client = installation.signed_in(email)
    connection_id = installation.connect(client, "sim-plain")
    run_import(installation, client, connection_id, from_date=(utc_today() - timedelta(days=10)).isoformat())
    listed = accounts_by_kind(client, connection_id)
    with session_scope() as session:
        account_id = int(listed["account"][0]["account_id"])
        row = session.scalars(select(Transaction).where(Transaction.account_id == account_id).limit(1)).one()
        return Record(
            client=client,
            connection_id=connection_id,
            user_id=row.user_id,
            account_id=account_id,
            card_id=int(listed["card"][0]["account_id"]),
            job_id=row.import_job_id,
            raw_response_id=row.raw_response_id,
        )


def remove_rows(*conditions: ColumnElement[bool]) -> None:
    """Act as if an undo had removed the matching rows; without a condition, all rows."""
    with session_scope() as session:
        session.execute(update(Transaction).where(*conditions).values(removed_at=utc_now()))
