"""COPY's text brings every value back as it was, and rows go by way of the staging table where a key is taken."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from sqlalchemy import text
from tests.support.steps.installation import Installation
from tests.support.steps.record import HOSTILE, Record, a_record
from tests.support.steps.rows import a_row

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports.match.columns import lines_for_copy
from bankimport.transactions import repository as transactions
from bankimport.transactions.copying import copy_rows
from bankimport.transactions.models import ChangeKind, TransactionStatus

COLUMNS = {
    "a_text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")) | st.sampled_from(HOSTILE),
    "a_word": st.sampled_from(ChangeKind) | st.none(),
    "a_flag": st.booleans(),
    "a_number": st.integers(-(2**63), 2**63 - 1) | st.none(),
    "an_amount": st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**20), max_value=10**20),
    "a_day": st.dates(),
    "a_moment": st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "some_bytes": st.binary(max_size=20),
    "some_texts": st.lists(
        st.text('ab"\\{},\n\té NULL', max_size=5) | st.sampled_from(HOSTILE).filter(lambda value: "\x00" not in value),
        max_size=4,
    ),
    "some_json": st.dictionaries(st.text('a"\\\n', max_size=3), st.text('a"\\\t\n/é', max_size=5) | st.integers(-9, 9)),
}


@given(rows=st.lists(st.tuples(*COLUMNS.values()), max_size=20))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_comes_back_as_it_was(installation: Installation, rows: list[tuple[Any, ...]]) -> None:
    with session_scope() as session:
        session.execute(
            text(
                "CREATE TEMPORARY TABLE copied (id bigint GENERATED ALWAYS AS IDENTITY, a_text text, a_word text, "
                "a_flag boolean, a_number bigint, an_amount numeric, a_day date, a_moment timestamptz, "
                "some_bytes bytea, some_texts text[], some_json jsonb) ON COMMIT DROP"
            )
        )
        connection = session.connection().connection.driver_connection
        assert connection is not None
        values = [(*row[:-1], Jsonb(row[-1], dumps=msgspec.json.encode)) for row in rows]
        with connection.cursor() as cursor:
            copy_rows(cursor, "copied", list(COLUMNS), values)
        found = session.execute(text(f"SELECT {', '.join(COLUMNS)} FROM copied ORDER BY id")).all()

    assert [tuple(row) for row in found] == rows


def test_a_taken_key_costs_no_other_row_and_no_row_is_stored_twice(installation: Installation) -> None:
    record = a_record(installation)
    with session_scope() as session:
        first = transactions.insert_transactions(session, _lines(record, "one", "two"))
    with session_scope() as session:
        second = transactions.insert_transactions(session, _lines(record, "two", "three"))
        third = transactions.insert_transactions(session, _lines(record, "four", "one"))

    assert (first, second, third) == ({"one", "two"}, {"three"}, {"four"})
    with session_scope() as session:
        stored = session.scalars(text("SELECT dedupe_key FROM transactions WHERE description = 'COPIED'")).all()
    assert sorted(stored) == ["four", "one", "three", "two"]


def _lines(record: Record, *keys: str) -> dict[str, str]:
    return lines_for_copy(
        [a_row(description="COPIED") for _ in keys],
        keys,
        TransactionStatus.BOOKED,
        user_id=record.user_id,
        account_id=record.account_id,
        job_id=record.job_id,
        raw_response_id=record.raw_response_id,
        created_at=utc_now(),
    )
