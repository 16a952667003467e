"""Pages without a model are written side by side: stopped anywhere, nothing is lost, doubled or counted twice."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import text, update
from tests.support.steps.enrichment import PATH, add_many, enrich, read_job
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.clock import utc_now
from bankimport.db.session import plain_url, session_scope
from bankimport.enrichment.models import EnrichmentJob
from bankimport.enrichment.run import side_by_side
from bankimport.enrichment.run.recover import recover_enrichment
from bankimport.enrichment.run.run import run_enrichment

PAGE = 4
ROWS = 8 * PAGE + 1
HELD_PAGE = 2
"""The page that waits in the middle of its writing, from 0."""

GATE = 4242
KEPT = "SELECT t.id, t.merchant, t.merchant_source, t.category, t.category_source FROM transactions t ORDER BY t.id"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "MOST_ROWS", PAGE)


def fetched(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with session_scope() as session:
        return [tuple(row) for row in session.execute(text(statement), values)]


def wait_until(what: str, statement: str) -> None:
    deadline = time.monotonic() + HANGS_AFTER_S
    while not fetched(statement)[0][0]:
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def fill(record: Record) -> list[int]:
    """Rows that TrueLayer or the bank's words name, in pages; returns their ids."""
    add_many(record, [f"TESCO STORES {number}" if number % 3 else f"QX {number}" for number in range(ROWS)])
    return [row_id for (row_id,) in fetched("SELECT id FROM transactions WHERE removed_at IS NULL ORDER BY id")]


@dataclass
class Gate:
    """The writing of one row waits as long as this gate is closed."""

    connection: "psycopg.Connection[Any]"

    def open(self) -> None:
        self.connection.execute("SELECT pg_advisory_unlock_all()")

    def wait_until_reached(self) -> None:
        """Until the held page waits at the gate, all before it are committed, and the one after it is written or being
        written."""
        waiting = "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4242 AND NOT granted"
        wait_until("no page reached the gate", waiting)
        written = (
            "SELECT count(DISTINCT pid) = 2 FROM pg_locks WHERE mode = 'RowExclusiveLock'"
            " AND relation = 'transaction_enrichments'::regclass"
        )
        wait_until("no page is written behind it", written)
        before = f"SELECT max(processed) = {HELD_PAGE * PAGE} FROM truelayer_enrichment_jobs"
        wait_until("the pages before it are not committed", before)


@contextmanager
def gate_at(installation: Installation, row_id: int) -> Iterator[Gate]:
    installation.as_owner(
        "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN PERFORM pg_advisory_xact_lock_shared({GATE}); RETURN NEW; END $$",
        "CREATE TRIGGER hold BEFORE INSERT ON transaction_enrichments FOR EACH ROW "
        f"WHEN (NEW.transaction_id = {row_id}) EXECUTE FUNCTION hold()",
    )
    with psycopg.connect(plain_url(os.environ["DATABASE_URL"]), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (GATE,))
        try:
            yield Gate(connection)
        finally:
            connection.execute("SELECT pg_advisory_unlock_all()")
            installation.as_owner("DROP TRIGGER hold ON transaction_enrichments", "DROP FUNCTION hold()")


def create(record: Record) -> str:
    made = record.client.post(f"{PATH}/jobs", json={"uses_model": False})
    assert made.status_code == 201, made.text
    job_id: str = made.json()["id"]
    return job_id


@contextmanager
def held(installation: Installation, record: Record, ids: list[int]) -> Iterator[tuple[str, Gate, "Future[None]"]]:
    """A job that runs, with one page held in the middle of its writing."""
    with ThreadPoolExecutor(1) as pool, gate_at(installation, ids[HELD_PAGE * PAGE + 1]) as gate:
        job_id = create(record)
        run = pool.submit(run_enrichment, int(job_id), "test")
        try:
            gate.wait_until_reached()
            yield job_id, gate, run
        finally:
            gate.open()


def check_done_once(record: Record, job_id: str, ids: list[int]) -> None:
    """Every row is enriched and changed once by the job, and counted once."""
    job = read_job(record, job_id)
    named = [number for number in range(ROWS) if number % 3]
    assert (job["job_status"], job["processed"], job["successful"]) == ("completed", ROWS, len(named))
    changes = fetched(
        "SELECT transaction_id FROM transaction_changes WHERE enrichment_job_id = :id ORDER BY transaction_id",
        id=int(job_id),
    )
    assert [row_id for (row_id,) in changes] == [ids[number] for number in named]
    assert fetched("SELECT changed, cursor FROM truelayer_enrichment_jobs WHERE id = :id", id=int(job_id)) == [
        (len(named), ids[-1])
    ]
    origins = fetched("SELECT transaction_id, job_id FROM transaction_enrichments ORDER BY transaction_id")
    assert origins == [(row_id, int(job_id)) for row_id in ids]
    events = fetched("SELECT event_id, (payload ->> 'processed')::int FROM enrichment_events ORDER BY event_id")
    assert [number for number, _ in events] == list(range(1, len(events) + 1))
    counted = [processed for _, processed in events]
    assert counted == sorted(counted)


def test_every_row_is_enriched_once_and_an_undo_restores_all(record: Record) -> None:
    ids = fill(record)
    before = fetched(KEPT)
    job = enrich(record, uses_model=False)
    check_done_once(record, job["id"], ids)
    assert fetched(KEPT) != before
    undone = record.client.post(f"{PATH}/jobs/{job['id']}/undo").raise_for_status().json()
    assert undone["rows_back"] == sum(number % 3 > 0 for number in range(ROWS))
    assert fetched(KEPT) == before


def test_a_killed_process_leaves_whole_pages_and_the_next_one_continues(
    installation: Installation, record: Record
) -> None:
    ids = fill(record)
    with gate_at(installation, ids[HELD_PAGE * PAGE + 1]) as gate:
        job_id = create(record)
        program = (
            "import sys; import bankimport.db.tables; from bankimport.enrichment.run import run, side_by_side;"
            f"side_by_side.MOST_ROWS = {PAGE}; run.run_enrichment(int(sys.argv[1]), 'killed')"
        )
        child = subprocess.Popen([sys.executable, "-c", program, job_id])
        try:
            gate.wait_until_reached()
        finally:
            child.kill()
            child.wait()
        gate.open()
        others = (
            "SELECT count(*) = 0 FROM pg_locks WHERE relation = 'transactions'::regclass AND pid <> pg_backend_pid()"
        )
        wait_until("the killed process's transactions did not end", others)
    job = read_job(record, job_id)
    assert (job["job_status"], job["processed"]) == ("running", HELD_PAGE * PAGE)
    done = fetched("SELECT transaction_id FROM transaction_enrichments ORDER BY transaction_id")
    assert [row_id for (row_id,) in done] == ids[: HELD_PAGE * PAGE]

    with session_scope() as session:
        session.execute(update(EnrichmentJob).values(lease_expires_at=utc_now()))
    assert recover_enrichment() == [int(job_id)]
    run_enrichment(int(job_id), "test")
    check_done_once(record, job_id, ids)


def test_a_pause_waits_for_no_page_and_pages_under_way_are_not_stored(
    installation: Installation, record: Record
) -> None:
    ids = fill(record)
    with held(installation, record, ids) as (job_id, gate, run):
        record.client.post(f"{PATH}/jobs/{job_id}/pause").raise_for_status()
        gate.open()
        run.result(HANGS_AFTER_S)
        job = read_job(record, job_id)
        assert (job["job_status"], job["processed"]) == ("paused", HELD_PAGE * PAGE)
        done = fetched("SELECT transaction_id FROM transaction_enrichments ORDER BY transaction_id")
        assert [row_id for (row_id,) in done] == ids[: HELD_PAGE * PAGE]
        record.client.post(f"{PATH}/jobs/{job_id}/resume").raise_for_status()
    run_enrichment(int(job_id), "test")
    check_done_once(record, job_id, ids)


def test_pages_give_way_to_somebody_who_holds_the_job_and_wants_their_rows(
    installation: Installation, record: Record
) -> None:
    """Undoing an import does so: it stops the enrichment, and then removes rows."""
    ids = fill(record)
    with held(installation, record, ids) as (job_id, gate, run):
        with session_scope() as session:
            session.execute(text("SELECT 1 FROM truelayer_enrichment_jobs FOR UPDATE"))
            gate.open()
            for page in (HELD_PAGE, HELD_PAGE + 1):
                session.execute(
                    text("UPDATE transactions SET raw_position = 1 WHERE id = :id"), {"id": ids[page * PAGE]}
                )
        run.result(HANGS_AFTER_S)
    check_done_once(record, job_id, ids)


def test_a_page_that_fails_stores_none_of_the_pages_after_it(installation: Installation, record: Record) -> None:
    ids = fill(record)
    installation.as_owner(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$",
        "CREATE TRIGGER fail BEFORE INSERT ON transaction_enrichments FOR EACH ROW "
        f"WHEN (NEW.transaction_id = {ids[HELD_PAGE * PAGE]}) EXECUTE FUNCTION fail()",
    )
    try:
        job = enrich(record, uses_model=False)
    finally:
        installation.as_owner("DROP TRIGGER fail ON transaction_enrichments", "DROP FUNCTION fail()")
    assert (job["job_status"], job["processed"]) == ("waiting", HELD_PAGE * PAGE)
    done = fetched("SELECT transaction_id FROM transaction_enrichments ORDER BY transaction_id")
    assert [row_id for (row_id,) in done] == ids[: HELD_PAGE * PAGE]
    with session_scope() as session:
        session.execute(update(EnrichmentJob).values(next_attempt_at=utc_now()))
    run_enrichment(int(job["id"]), "test")
    check_done_once(record, job["id"], ids)
