"""A bookmark marks where an export ended: the next one continues there, no row is lost in between or repeated."""

import json
import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest
from beancount import loader
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update
from tests.support.steps.imports import run_import
from tests.support.steps.installation import Installation
from tests.support.steps.record import EXPORT, Record, a_record

from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.transactions import repository
from bankimport.transactions.export import rows
from bankimport.transactions.export.bookmark import Bookmark, BookmarkInvalid, read_bookmark
from bankimport.transactions.models import ChangeKind, Transaction, TransactionStatus

NUMBERS = st.integers(0, 10**18 - 1)
FORMATS = ["csv", "ndjson", "ofx", "beancount"]


def ago(days: int) -> str:
    return (utc_today() - timedelta(days=days)).isoformat()


@pytest.fixture
def record(installation: Installation) -> Record:
    return a_record(installation)


def exported(record: Record, form: str = "ndjson", **params: Any) -> tuple[bytes, str]:
    """The file and its bookmark."""
    answer = record.client.get(EXPORT, params={"format": form, **params})
    assert answer.status_code == 200, answer.text
    return answer.content, answer.headers["x-export-bookmark"]


def ids(content: bytes) -> list[int]:
    return [int(json.loads(line)["id"]) for line in content.splitlines()]


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_bookmark_is_read_back(user_id: int, row_id: int, booking_id: int) -> None:
    bookmark = Bookmark(user_id, row_id, booking_id)

    assert read_bookmark(str(bookmark), user_id) == bookmark
    assert str(bookmark).isascii()
    assert str(bookmark).isalnum()
    assert len(str(bookmark)) <= 120
    with pytest.raises(BookmarkInvalid):
        read_bookmark(str(bookmark), user_id + 1)


@given(st.integers(1, 10**6), st.data())
def test_a_truncated_or_mistyped_bookmark_is_refused(row_id: int, data: st.DataObject) -> None:
    written = str(Bookmark(1, row_id, 7))
    place = data.draw(st.integers(0, len(written) - 2))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c.lower() != written[place]))

    for wrong in (written[:place], written[:place] + other + written[place + 1 :]):
        with pytest.raises(BookmarkInvalid):
            read_bookmark(wrong, 1)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_range_is_the_same_bytes(record: Record, form: str) -> None:
    content, bookmark = exported(record, form)

    assert exported(record, form) == (content, bookmark)
    if form in ("ofx", "beancount"):
        assert content.rstrip(b"-> \n").endswith(f"bookmark: {bookmark}".encode())


@pytest.mark.parametrize("form", FORMATS)
def test_a_closed_range_gives_the_same_bytes_after_more_imports(
    installation: Installation, record: Record, form: str
) -> None:
    _, start = exported(record, form)
    run_import(installation, record.client, record.connection_id, from_date=ago(20))
    _, end = exported(record, form)
    before = [exported(record, form, until=end), exported(record, form, bookmark=start, until=end)]

    run_import(installation, record.client, record.connection_id, from_date=ago(40))

    after = [exported(record, form, until=end), exported(record, form, bookmark=start, until=end)]
    assert after == before
    assert exported(record, form)[1] != end
    assert len({content for content, _ in before}) == 2


def test_consecutive_exports_make_up_the_whole_record(record: Record) -> None:
    first, bookmark = exported(record)
    empty, same = exported(record, bookmark=bookmark)
    with session_scope() as session:
        new = [record.add(session, date=day).id for day in (date(2026, 3, 9), date(2020, 1, 1), date(2026, 3, 1))]
    second, end = exported(record, bookmark=bookmark)
    whole, whole_end = exported(record)

    assert (empty, same) == (b"", bookmark)
    assert ids(second) == [new[1], new[2], new[0]]
    assert sorted(ids(first) + ids(second)) == sorted(ids(whole)) == [row.id for row in _by_id(record)]
    assert end == whole_end


@pytest.mark.parametrize("recent", [0, 1, 10_000])
def test_a_bookmark_ends_at_the_newest_row_wherever_it_is_found(
    record: Record, monkeypatch: pytest.MonkeyPatch, recent: int
) -> None:
    newest = _by_id(record)[-1].id
    monkeypatch.setattr(rows, "_RECENT", recent)

    assert read_bookmark(exported(record)[1], record.user_id).row_id == newest


def _by_id(record: Record) -> list[Transaction]:
    return sorted(record.rows(), key=lambda row: row.id)


def test_a_pending_row_is_exported_once_it_is_booked(record: Record) -> None:
    """It is booked with the id that it always had, from before the bookmark."""
    with session_scope() as session:
        row_id = record.add(session, status=TransactionStatus.PENDING).id
    first, bookmark = exported(record)
    with session_scope() as session:
        session.execute(update(Transaction).where(Transaction.id == row_id).values(status=TransactionStatus.BOOKED))
        repository.insert_changes(session, [(row_id, record.job_id, ChangeKind.BOOKED.value, {}, {})])

    second, end = exported(record, bookmark=bookmark)
    third, _ = exported(record, bookmark=end)

    assert row_id not in ids(first)
    assert ids(second) == [row_id]
    assert ids(third) == []
    assert sorted(ids(first) + ids(second)) == [row.id for row in _by_id(record)]
    assert ids(exported(record, until=bookmark)[0]) == ids(first)


def test_real_imports_are_continued_without_a_gap(installation: Installation) -> None:
    client = installation.signed_in("bob@example.org")
    connection_id = installation.connect(client, "sim-plain")
    seen: list[int] = []
    bookmark: dict[str, str] = {}
    for days in ({"from_date": ago(30), "to_date": ago(20)}, {"from_date": ago(60)}, {"from_date": ago(90)}):
        run_import(installation, client, connection_id, **days)
        answer = client.get(EXPORT, params={"format": "ndjson", **bookmark}).raise_for_status()
        seen += ids(answer.content)
        bookmark = {"bookmark": answer.headers["x-export-bookmark"]}

    whole = ids(client.get(EXPORT, params={"format": "ndjson"}).content)
    assert len(seen) == len(set(seen))
    assert sorted(seen) == sorted(whole)
    assert seen


def test_rows_removed_between_two_exports_are_exported_when_restored(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-accounts-only")
    job_id = run_import(installation, client, connection_id, from_date=ago(10))["job_id"]
    whole = client.get(EXPORT, params={"format": "ndjson"})
    client.post(f"/api/truelayer/import/{job_id}/undo").raise_for_status()
    between = client.get(EXPORT, params={"format": "ndjson"})
    assert between.content == b""
    client.post(f"/api/truelayer/import/{job_id}/redo").raise_for_status()

    after = client.get(EXPORT, params={"format": "ndjson", "bookmark": between.headers["x-export-bookmark"]})

    assert len(ids(after.content)) > 50
    assert ids(after.content) == ids(whole.content)
    rest = client.get(EXPORT, params={"format": "ndjson", "bookmark": after.headers["x-export-bookmark"]})
    assert rest.content == b""


def test_an_export_waits_for_rows_that_are_being_stored(record: Record) -> None:
    """Rows get their numbers before they are committed: a bookmark past them would lose them for good."""
    answers: list[tuple[bytes, str]] = []
    reader = threading.Thread(target=lambda: answers.append(exported(record)))
    with session_scope() as session:
        repository.begin_writing(session, record.user_id)
        slow = record.add(session).id
        with session_scope() as other:
            repository.begin_writing(other, record.user_id)
            # Of another account: an account is written by one at a time.
            quick = record.add(other, account_id=record.card_id).id
        reader.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        while reader.is_alive() and not session.scalar(waiting):
            time.sleep(0.01)
    reader.join()

    ((content, bookmark),) = answers
    assert slow < quick
    assert {slow, quick} <= set(ids(content))
    assert ids(exported(record, bookmark=bookmark)[0]) == []


def test_a_continued_ledger_is_valid_alone_and_after_the_first(record: Record) -> None:
    first, bookmark = exported(record, "beancount")
    with session_scope() as session:
        record.add(session, category="Something New", date=date(1999, 1, 1))
        record.add(session, account_id=record.card_id)
    second, _ = exported(record, "beancount", bookmark=bookmark)

    for ledger in (first, second, first + second):
        _, errors, _ = loader.load_string(ledger.decode())
        assert errors == []


def test_a_reversed_range_is_refused(record: Record) -> None:
    _, bookmark = exported(record)
    with session_scope() as session:
        record.add(session)
    _, later = exported(record)

    answer = record.client.get(EXPORT, params={"format": "csv", "bookmark": later, "until": bookmark})

    assert (answer.status_code, answer.json()["code"]) == (422, "bookmark_invalid")


def test_another_users_bookmark_is_refused(installation: Installation, record: Record) -> None:
    _, bookmark = exported(record)

    answer = installation.signed_in("eve@example.org").get(EXPORT, params={"format": "csv", "bookmark": bookmark})

    assert (answer.status_code, answer.json()["code"]) == (422, "bookmark_invalid")
