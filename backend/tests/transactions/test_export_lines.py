"""Lines that PostgreSQL writes equal, byte for byte, what Python's `csv` and the API's model write of the same rows."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from tests.support.steps.installation import Installation
from tests.support.steps.record import HOSTILE, Record, a_record

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.transactions.export.as_csv import csv_field, csv_line, guarded
from bankimport.transactions.export.as_ndjson import ndjson_line
from bankimport.transactions.export.lines import read_lines
from bankimport.transactions.models import Transaction, TransactionStatus, Transfer, TransferStatus
from bankimport.transactions.schemas import TransactionRead

# What PostgreSQL can store: everything but NUL and lone surrogates.
TEXTS = (
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
    | st.text("'\"=+-@\t\r\n\\,/\x1f\x7fab 🙂é＝＋\u2028", max_size=12)
    | st.sampled_from(HOSTILE)
)
AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=8) | st.sampled_from(
    [Decimal("0"), Decimal("-0.10"), Decimal("1E+3"), Decimal("0.00000001"), Decimal("7")]
)
MOMENTS = st.integers(0, 4 * 10**15).map(lambda us: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))
ROWS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(TransactionStatus),
        "date": st.dates(date(1970, 1, 1), date(2100, 1, 1)),
        "timestamp": MOMENTS | MOMENTS.map(lambda moment: moment.replace(microsecond=0)),
        "has_time": st.booleans(),
        "amount": AMOUNTS,
        "currency": st.sampled_from(["GBP", "EUR", "=X", "a,b"]),
        "description": TEXTS,
        "classification": st.lists(TEXTS, max_size=3),
        "running_balance": st.none() | AMOUNTS,
        "flags": st.lists(TEXTS, max_size=2),
        "still_pending": st.booleans(),
        **{
            name: st.none() | TEXTS
            for name in (
                "merchant",
                "merchant_source",
                "category",
                "category_source",
                "transaction_type",
                "transaction_category",
                "transaction_id",
                "provider_transaction_id",
                "normalised_provider_transaction_id",
            )
        },
    }
)
PAIRS = st.tuples(st.sampled_from(TransferStatus), st.booleans())
"""The status of a pair, and whether its other row was removed."""


def as_csv(row: Transaction, account_name: str) -> str:
    """A row's line as the `csv` module writes it."""
    transfer = row.transfer
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow(
        (
            row.id,
            row.account_id,
            guarded(account_name),
            row.date.isoformat(),
            row.timestamp.isoformat().replace("+00:00", "Z"),
            "true" if row.has_time else "false",
            format(row.amount, "f"),
            guarded(row.currency),
            guarded(row.description),
            guarded(row.merchant or ""),
            guarded(row.category or ""),
            guarded(" / ".join(row.classification)),
            guarded(row.transaction_type or ""),
            guarded(row.transaction_category or ""),
            row.status.value,
            "" if row.running_balance is None else format(row.running_balance, "f"),
            guarded(row.transaction_id or ""),
            guarded(row.provider_transaction_id or ""),
            guarded(row.normalised_provider_transaction_id or ""),
            row.import_job_id,
            transfer["id"] if transfer is not None and transfer["status"] == TransferStatus.CONFIRMED else "",
        )
    )
    return written.getvalue()


def lines_of(session: Session, line: ColumnElement[str], ids: list[int]) -> list[str]:
    """The lines that PostgreSQL writes of these rows, by day and id."""
    return [written for page in read_lines(session, line, [Transaction.id.in_(ids)]) for written in page]


def add_rows(
    session: Session, record: Record, rows: list[dict[str, Any]], pair: tuple[TransferStatus, bool]
) -> list[int]:
    """Store rows, the first two of which are a pair if there are so many; returns their ids."""
    stored = [record.add(session, **fields) for fields in rows]
    if len(stored) > 1:
        status, is_other_removed = pair
        first, second = stored[:2]
        session.add(
            Transfer(
                user_id=record.user_id,
                out_id=first.id,
                in_id=second.id,
                status=status,
                confidence=Decimal("0.9"),
                days_apart=0,
                alternatives=0,
            )
        )
        second.removed_at = utc_now() if is_other_removed else None
        session.flush()
    return [row.id for row in stored]


def test_lines_are_what_python_would_write(installation: Installation) -> None:
    record = a_record(installation)

    @settings(max_examples=20)
    @given(st.lists(ROWS, min_size=1, max_size=6), PAIRS, TEXTS)
    def check(rows: list[dict[str, Any]], pair: tuple[TransferStatus, bool], account_name: str) -> None:
        with session_scope() as session:
            ids = add_rows(session, record, rows, pair)
            by_csv = lines_of(session, csv_line(record.user_id, {record.account_id: account_name}), ids)
            by_json = lines_of(session, ndjson_line(record.user_id), ids)
            t = Transaction
            session.expire_all()
            stored = list(session.scalars(select(t).where(t.id.in_(ids)).order_by(t.date, t.id)))
            assert by_csv == [as_csv(row, account_name) for row in stored]
            assert by_json == [TransactionRead.of(row).model_dump_json() + "\n" for row in stored]
            session.rollback()

    check()


@given(TEXTS)
def test_a_field_is_read_back_from_its_line(text: str) -> None:
    line = f"{csv_field(text)},{csv_field('end')}\r\n"

    assert list(csv.reader(io.StringIO(line, newline=""))) == [[guarded(text), "end"]]
