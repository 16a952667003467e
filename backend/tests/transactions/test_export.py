"""Exports equal the stored rows: a third-party parser reads each format, and the result is compared."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text, update
from tests.support.steps.installation import Installation
from tests.support.steps.record import EXPORT, HOSTILE, Record, a_record

from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.db.session import get_engine, session_scope
from bankimport.transactions.export.as_csv import COLUMNS, unguarded
from bankimport.transactions.export.as_ofx import ofx_text
from bankimport.transactions.models import Transaction, TransactionStatus


@pytest.fixture
def record(installation: Installation) -> Record:
    """Imported rows, and hostile ones."""
    made = a_record(installation)
    made.add_hostile()
    return made


def exported(record: Record, form: str, **params: Any) -> bytes:
    answer = record.client.get(EXPORT, params={"format": form, **params})
    assert answer.status_code == 200, answer.text
    return answer.content


def ids(record: Record, **params: Any) -> list[int]:
    return [int(json.loads(line)["id"]) for line in exported(record, "ndjson", **params).splitlines()]


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def read_ofx(content: bytes) -> Any:
    from ofxtools.Parser import OFXTree

    tree = OFXTree()
    tree.parse(io.BytesIO(content))
    return tree.convert()


def read_ledger(content: bytes) -> list[Any]:
    # Both readers are slow to import, and each test process collects this module.
    from beancount import loader

    entries, errors, _ = loader.load_string(content.decode())
    assert errors == []
    return entries


def test_csv_is_every_booked_row_exactly(record: Record) -> None:
    with session_scope() as session:
        session.execute(
            update(Account).where(Account.id == record.account_id).values(listed_name='=HYPERLINK("http://x")')
        )

    content = exported(record, "csv")
    lines, rows = read_csv(content), record.rows()

    assert content.startswith(",".join(COLUMNS).encode() + b"\r\n")
    assert len(lines) == len(rows) > len(HOSTILE)
    for line, row in zip(lines, rows, strict=True):
        assert int(line["id"]) == row.id
        assert int(line["account_id"]) == row.account_id
        assert date.fromisoformat(line["date"]) == row.date
        assert line["timestamp"] == row.timestamp.isoformat().replace("+00:00", "Z")
        assert Decimal(line["amount"]) == row.amount
        assert line["amount"] == format(row.amount, "f")
        assert line["currency"] == row.currency
        assert unguarded(line["description"]) == row.description
        assert unguarded(line["merchant"]) == (row.merchant or "")
        assert unguarded(line["category"]) == (row.category or "")
        assert unguarded(line["transaction_id"]) == (row.transaction_id or "")
        assert line["status"] == "booked"
        assert int(line["import_job_id"]) == row.import_job_id
    assert {unguarded(line["description"]) for line in lines} >= set(HOSTILE)
    texts = [line[name] for line in lines for name in ("account_name", "description", "merchant", "category")]
    assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_ndjson_equals_the_apis_rows(record: Record) -> None:
    lines = [json.loads(line) for line in exported(record, "ndjson").split(b"\n")[:-1]]

    page = record.client.get("/api/transactions", params={"status": "booked", "limit": 1000}).json()["transactions"]
    assert lines == page[::-1]
    assert lines


def test_ofx_has_a_statement_for_each_account_and_card(record: Record) -> None:
    with session_scope() as session:
        record.add(session, currency="USD", amount=Decimal("5.10"), description="Refund abroad")
    ofx = read_ofx(exported(record, "ofx"))
    rows = {str(row.id): row for row in record.rows()}
    with session_scope() as session:
        account = session.get_one(Account, record.account_id)
        card = session.get_one(Account, record.card_id)

    statements = {statement.account.acctid: statement for statement in ofx.statements}
    assert {str(record.account_id), str(record.card_id), f"{record.account_id}-USD"} <= statements.keys()
    assert type(statements[str(record.account_id)]).__name__ == "STMTRS"
    assert type(statements[str(record.card_id)]).__name__ == "CCSTMTRS"
    assert statements[str(record.account_id)].ledgerbal.balamt == account.balance_current
    assert statements[str(record.card_id)].ledgerbal.balamt == card.balance_current
    assert abs(statements[str(record.account_id)].ledgerbal.dtasof - account.balance_at).total_seconds() < 1
    assert statements[f"{record.account_id}-USD"].curdef == "USD"
    assert statements[f"{record.account_id}-USD"].ledgerbal.dtasof.year == 1970
    seen: list[str] = []
    for statement in ofx.statements:
        assert statement.transactions.dtstart.date() == min(line.dtposted.date() for line in statement.transactions)
        assert statement.transactions.dtend.date() == max(line.dtposted.date() for line in statement.transactions)
        for line in statement.transactions:
            row = rows[line.fitid]
            seen.append(line.fitid)
            assert statement.account.acctid.split("-")[0] == str(row.account_id)
            assert statement.curdef == row.currency
            assert line.trnamt == row.amount
            assert line.dtposted.date() == row.date
            assert len(line.name or "") <= 32
            assert _escaped(line.memo) == ofx_text(row.description, 255)
            assert _escaped(line.name) == ofx_text(row.merchant or row.description, 32)
    assert len(seen) == len(set(seen)) == len(rows)


def test_ofx_omits_and_counts_rows_in_an_unsupported_currency(record: Record) -> None:
    before = record.client.get(EXPORT, params={"format": "ofx"})
    with session_scope() as session:
        for amount in ("0.00000001", "-0.5"):
            record.add(session, currency="BTC", amount=Decimal(amount), description="coin")

    answer = record.client.get(EXPORT, params={"format": "ofx"})

    read_ofx(answer.content)
    assert answer.headers["X-Export-Rows"] == before.headers["X-Export-Rows"]
    assert answer.headers["X-Export-Left-Out"] == "2"
    assert answer.headers["X-Export-Left-Out-Currencies"] == "BTC"
    assert b"<!-- left out: 2 rows in BTC, which OFX does not support -->" in answer.content
    assert b"<CURDEF>BTC" not in answer.content
    others = record.client.get(EXPORT, params={"format": "csv", "byte_order_mark": True})
    assert others.headers["X-Export-Left-Out"] == "0"
    assert others.content.startswith(b"\xef\xbb\xbfid,")
    assert [line["amount"] for line in read_csv(others.content[3:]) if line["currency"] == "BTC"] == [
        "0.00000001",
        "-0.5",
    ]
    assert not exported(record, "ndjson", byte_order_mark=True).startswith(b"\xef")


def _escaped(read: str | None) -> str:
    return ofx_text(read or "", 1000)


def test_a_beancount_ledger_has_no_error_and_balances(record: Record) -> None:
    from beancount.core import data
    from beancount.core.amount import Amount

    with session_scope() as session:
        record.add(session, status=TransactionStatus.PENDING, description="not yet")

    entries = read_ledger(exported(record, "beancount", status="all"))

    rows = {str(row.id): row for row in record.rows(status=None)}
    found = [entry for entry in entries if isinstance(entry, data.Transaction)]
    assert {type(entry) for entry in entries} == {data.Open, data.Transaction}
    assert sorted(entry.meta["id"] for entry in found) == sorted(rows)
    for entry in found:
        row = rows[entry.meta["id"]]
        ours, other = entry.postings
        assert entry.date == row.date
        assert entry.flag == ("!" if row.status is TransactionStatus.PENDING else "*")
        assert (entry.payee or "") == (row.merchant or "")
        assert entry.narration == row.description
        assert ours.account.endswith(f"-{row.account_id}")
        assert ours.account.startswith("Liabilities:" if row.account_id == record.card_id else "Assets:")
        assert other.account.startswith("Expenses:" if row.amount < 0 else "Income:")
        assert ours.units == Amount(row.amount, row.currency)
        assert other.units == Amount(-row.amount, row.currency)


@pytest.mark.parametrize(
    ("form", "media_type", "ending"),
    [
        ("csv", "text/csv; charset=utf-8; header=present", "csv"),
        ("ndjson", "application/x-ndjson", "ndjson"),
        ("ofx", "application/x-ofx", "ofx"),
        ("beancount", "text/x-beancount; charset=utf-8", "beancount"),
    ],
)
def test_an_empty_export_is_a_valid_file_of_its_kind(
    installation: Installation, form: str, media_type: str, ending: str
) -> None:
    client = installation.signed_in()

    answer = client.get(EXPORT, params={"format": form})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="transactions.{ending}"'
    assert answer.headers["x-export-rows"] == "0"
    assert client.get(EXPORT, params={"format": form}).content == answer.content
    match form:
        case "csv":
            assert read_csv(answer.content) == []
        case "ndjson":
            assert answer.content == b""
        case "ofx":
            assert read_ofx(answer.content).statements == []
        case "beancount":
            assert read_ledger(answer.content) == []


def test_the_file_is_named_after_its_days(record: Record) -> None:
    answer = record.client.get(EXPORT, params={"format": "csv", "from": "2026-03-02", "to": "2026-03-03"})

    assert 'filename="transactions-2026-03-02-2026-03-03.csv"' in answer.headers["content-disposition"]


def test_filters_choose_the_rows(record: Record) -> None:
    with session_scope() as session:
        pending = record.add(session, status=TransactionStatus.PENDING, description="needle in hay").id
        removed = record.add(session, description="needle gone", removed_at=utc_now()).id
        found = record.add(session, account_id=record.card_id, description="a NEEDLE").id

    assert ids(record, q="needle") == [found]
    assert ids(record, q="needle", status="all") == [pending, found]
    assert ids(record, q="needle", status="pending") == [pending]
    assert removed not in ids(record, status="all")
    rows = record.rows()
    assert ids(record) == [row.id for row in rows]
    assert ids(record, account_id=record.card_id) == [row.id for row in rows if row.account_id == record.card_id]
    expected = [row.id for row in rows if date(2026, 3, 2) <= row.date <= date(2026, 3, 3)]
    assert ids(record, **{"from": "2026-03-02", "to": "2026-03-03"}) == expected


@pytest.mark.parametrize("form", ["csv", "ndjson", "ofx", "beancount"])
def test_another_users_rows_never_appear(installation: Installation, record: Record, form: str) -> None:
    eve = a_record(installation, "eve@example.org")
    with session_scope() as session:
        eve.add(session, description="OF EVE ALONE")
        record.add(session, description="OF ADA ALONE")

    of_ada, of_eve = exported(record, form, status="all"), exported(eve, form, status="all")

    assert b"OF ADA ALONE" in of_ada
    assert b"OF EVE ALONE" not in of_ada
    assert b"OF EVE ALONE" in of_eve
    assert b"OF ADA ALONE" not in of_eve
    answer = eve.client.get(EXPORT, params={"format": form, "account_id": record.account_id})
    assert (answer.status_code, answer.json()["code"]) == (404, "account_not_found")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "invalid_request"),
        ({"format": "xlsx"}, "invalid_request"),
        ({"format": "csv", "status": "lost"}, "invalid_request"),
        ({"format": "csv", "from": "2026-02-30"}, "invalid_request"),
        ({"format": "csv", "q": "a\x00b"}, "invalid_request"),
        ({"format": "csv", "account_id": "9" * 30}, "invalid_request"),
        ({"format": "csv", "account_id": "99999"}, "account_not_found"),
        ({"format": "csv", "bookmark": "abc"}, "bookmark_invalid"),
        ({"format": "csv", "until": ""}, "bookmark_invalid"),
        ({"format": "csv", "bookmark": "é" * 20}, "bookmark_invalid"),
        ({"format": "csv", "bookmark": "a" * 201}, "invalid_request"),
    ],
)
def test_an_impossible_export_is_refused_before_anything_is_sent(
    installation: Installation, params: dict[str, str], code: str
) -> None:
    answer = installation.signed_in().get(EXPORT, params=params)

    assert answer.status_code == (404 if code == "account_not_found" else 422)
    assert answer.json()["code"] == code


def test_the_session_lives_as_long_as_the_stream_and_no_longer(record: Record) -> None:
    record.add_many(3000)
    rows = len(record.rows())

    # One more than the pool could lend if each kept its own.
    for _ in range(21):
        answer = record.client.get(EXPORT, params={"format": "csv"})
        assert len(read_csv(answer.content)) == int(answer.headers["x-export-rows"]) == rows

    with session_scope() as session:
        busy = session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state LIKE 'idle in transaction%'"
            )
        )
    assert busy == 0
    assert get_engine().pool.status().count("Current Checked out connections: 0") == 1


def test_a_row_always_keeps_its_fitid(record: Record) -> None:
    with session_scope() as session:
        row_id = record.add(session, description="NUMBER ONE").id
    before = _fitid_of(record, "NUMBER ONE")
    with session_scope() as session:
        session.execute(
            update(Transaction)
            .where(Transaction.id == row_id)
            .values(description="NUMBER TWO", date=date(2026, 3, 9), amount=Decimal("-4"), transaction_id="other")
        )

    assert _fitid_of(record, "NUMBER TWO") == before == str(row_id)


def _fitid_of(record: Record, memo: str) -> str:
    ofx = read_ofx(exported(record, "ofx"))
    (fitid,) = [line.fitid for statement in ofx.statements for line in statement.transactions if line.memo == memo]
    return str(fitid)
