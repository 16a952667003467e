"""An answer that came before, byte for byte, is stored without being read, with the same result as when it is read."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from starlette.testclient import TestClient
from tests.support.steps.imports import limit_accounts, record_of, run_import
from tests.support.steps.installation import Installation
from tests.support.steps.record import a_record
from tests.support.steps.rows import a_row, as_stored

from bankimport.days import Days
from bankimport.db.session import session_scope
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.answers.raw import body_of
from bankimport.imports.answers.repeats import mark_repeats
from bankimport.imports.match.match import match_rows
from bankimport.imports.match.pairing import StoredRow
from bankimport.imports.models import ImportEvent, ImportWindow, RawResponse, ReviewItem, ReviewKind
from bankimport.transactions.digest import digest_of, digest_of_stored
from bankimport.transactions.models import Transaction

EMAIL = "ada@example.org"
FIRST = date(2026, 3, 1)
ALL_DAYS = Days(date(2000, 1, 1), date(2099, 1, 1))

rows = st.builds(
    a_row,
    st.integers(0, 4).map(lambda days: FIRST + timedelta(days=days)),
    st.sampled_from(["-3.50", "-3.5", "4"]),
    st.sampled_from(["COFFEE", "TEA \x1f", ""]),
    transaction_id=st.sampled_from([None, "a", "b"]),
    provider=st.sampled_from([None, "p", "q"]),
    normalised=st.sampled_from([None, "n"]),
)


def with_positions(found: list[NewTransaction]) -> list[NewTransaction]:
    return [msgspec.structs.replace(row, position=number) for number, row in enumerate(found)]


def contents(found: list[Any]) -> Counter[Any]:
    return Counter((row.date, row.content_hash, row.transaction_id, row.provider_transaction_id) for row in found)


@given(st.lists(rows, max_size=8), st.lists(rows, max_size=3), st.randoms(use_true_random=False))
def test_equal_digests_mean_that_matching_finds_nothing_to_do(
    fetched: list[NewTransaction], others: list[NewTransaction], random: Any
) -> None:
    fetched = with_positions(fetched)
    mark_repeats(fetched)
    listed = random.choice([fetched, fetched[:-1], fetched + others, others])
    stored: list[StoredRow] = [as_stored(row, number) for number, row in enumerate(random.sample(listed, len(listed)))]
    if digest_of(stored) != digest_of(fetched) or any(row.repeat_of is not None for row in fetched):
        return

    found = match_rows(fetched, stored, covered_from=FIRST, covered_to=FIRST + timedelta(days=9))

    assert (found.new, found.missing, found.repeats) == ([], [], [])
    assert contents([match.fetched for match in found.matches]) == contents(stored)
    assert all(match.fetched.date == match.stored.date for match in found.matches)


@given(st.lists(rows, max_size=6), st.lists(rows, max_size=6))
def test_only_the_same_rows_have_the_same_digest(left: list[NewTransaction], right: list[NewTransaction]) -> None:
    def content(found: list[NewTransaction]) -> Counter[Any]:
        ids = ("normalised_provider_transaction_id", "provider_transaction_id", "transaction_id")
        return Counter(
            (
                row.date,
                format(row.amount, "f"),
                row.description,
                row.content_hash,
                *(getattr(row, name) for name in ids),
            )
            for row in found
        )

    assert (digest_of(left) == digest_of(right)) is (content(left) == content(right))


def test_postgresql_computes_the_same_digest(installation: Installation) -> None:
    record = a_record(installation)
    record.add_hostile()
    with session_scope() as session:
        live = [row for row in record.rows() if row.account_id == record.account_id]
        counted = Days(live[0].date, live[-1].date - timedelta(days=1))

        found = digest_of_stored(session, record.account_id, ALL_DAYS, counted=counted)

        assert found.digest == digest_of(live)
        assert found.counted == sum(row.date <= counted.last for row in live) < len(live)


def windows_of(job_id: str) -> list[Any]:
    w = ImportWindow
    columns = (w.account_id, w.window_from, w.window_to, w.state, w.stored_to, w.rows_in_answer, w.rows_in_window)
    statement = select(*columns).join(RawResponse, RawResponse.id == w.raw_response_id)
    with session_scope() as session:
        found = session.execute(statement.where(RawResponse.job_id == int(job_id)).order_by(w.account_id, w.id))
        return [tuple(row) for row in found]


def logged_of(job_id: str) -> list[Any]:
    with session_scope() as session:
        events = session.scalars(select(ImportEvent).where(ImportEvent.job_id == int(job_id))).all()
        return sorted((event.type, event.account_id or 0, str(event.payload.get("duplicates"))) for event in events)


def bodies_of(job_id: str) -> list[bytes]:
    statement = select(RawResponse.body).where(
        RawResponse.job_id == int(job_id), RawResponse.endpoint == "transactions"
    )
    with session_scope() as session:
        return sorted(body for body in session.scalars(statement) if body is not None)


def mark_bodies() -> None:
    """Compress the stored bodies differently, which shows later whether a body was copied or compressed again."""
    with session_scope() as session:
        for response in session.scalars(select(RawResponse)):
            assert response.body is not None
            response.body = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(body_of(response))


@pytest.fixture
def imported(installation: Installation) -> tuple[TestClient, int]:
    """An import whose answers are marked."""

    def make() -> tuple[TestClient, int]:
        limit_accounts(installation, "sim-plain")
        client = installation.signed_in(EMAIL)
        connection_id = installation.connect(client, "sim-plain")
        run_import(installation, client, connection_id)
        mark_bodies()
        return client, connection_id

    return installation.once("an import with marked answers", make)


def test_an_equal_answer_has_the_same_result_whether_or_not_it_is_read(
    installation: Installation, imported: tuple[TestClient, int]
) -> None:
    client, connection_id = imported
    marked = set(bodies_of("1"))
    before = record_of(EMAIL)

    quick = run_import(installation, client, connection_id)
    with session_scope() as session:
        session.execute(update(RawResponse).values(rows_digest=None))
    read = run_import(installation, client, connection_id)

    assert marked >= set(bodies_of(quick["job_id"]))
    assert marked.isdisjoint(bodies_of(read["job_id"]))
    assert quick["total_so_far"] == read["total_so_far"]
    assert quick["total_so_far"]["duplicates"] > 0
    assert windows_of(quick["job_id"]) == windows_of(read["job_id"])
    assert logged_of(quick["job_id"]) == logged_of(read["job_id"])
    assert record_of(EMAIL) == before


def test_an_equal_answer_is_read_where_the_record_has_changed(
    installation: Installation, imported: tuple[TestClient, int]
) -> None:
    client, connection_id = imported
    with session_scope() as session:
        booked = select(Transaction).where(Transaction.status == "booked", Transaction.removed_at.is_(None))
        gone, listed, *_ = session.scalars(booked.order_by(Transaction.date.desc()))
        other = session.scalars(booked.where(Transaction.account_id != gone.account_id)).first()
        assert other is not None
        session.execute(text("UPDATE transactions SET description = 'x' WHERE id = :id"), {"id": other.id})
        session.add(
            ReviewItem(
                user_id=listed.user_id,
                job_id=listed.import_job_id,
                transaction_id=listed.id,
                kind=ReviewKind.BANK_LACKS_ROW,
                ours={},
                banks={},
            )
        )
        session.execute(delete(Transaction).where(Transaction.id == gone.id))
    marked = set(bodies_of("1"))

    again = run_import(installation, client, connection_id)

    assert again["total_so_far"]["synced"] >= 1
    assert marked.isdisjoint(bodies_of(again["job_id"]))
    with session_scope() as session:
        assert session.scalars(select(ReviewItem.decided_at)).one() is not None
