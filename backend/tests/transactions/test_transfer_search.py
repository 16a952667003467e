"""The search for transfers: its memory, its statement, and what it locks."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, text, update
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record
from tests.support.steps.transfers import an_empty_record, listed, move
from tests.support.suite.lanes import in_deep
from tests.support.suite.waiting import wait_for

from bankimport.db.session import session_scope
from bankimport.imports.models import ImportJob
from bankimport.imports.run.transfer_scan import look_for_transfers
from bankimport.transactions.transfers.suggest import (
    amounts_of_job,
    lock_transfers,
    rows_to_pair,
    suggest_transfers,
    unfit_suggestions,
)

LITERAL = {"literal_binds": True}


@pytest.fixture
def record(installation: Installation) -> Record:
    """A user's record with only what a test adds."""
    return an_empty_record(installation)


def test_many_rows_are_scanned_in_bounded_memory(record: Record) -> None:
    rows = in_deep(50_000, else_=5_000)
    record.add_many(rows)
    with session_scope() as session:
        session.execute(
            text(
                "UPDATE transactions SET amount ="
                " CASE WHEN account_id = :card THEN 1 ELSE -1 END * (1 + (raw_position - 1) / 4)"
                " WHERE raw_response_id = :raw AND dedupe_key LIKE 'many %'"
            ),
            {"card": record.card_id, "raw": record.raw_response_id},
        )
    tracemalloc.start()
    with session_scope() as session:
        looked = suggest_transfers(session, record.user_id)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert looked.suggested == looked.new > rows / 5
    # The statement for a page of suggestions (12 MB), a block of rows at a time, and little for each row.
    assert peak < 20_000_000 + rows * 800


def test_the_search_reads_each_row_once_though_statistics_do_not_know_the_user(
    installation: Installation, record: Record
) -> None:
    installation.as_owner("ANALYZE transactions")
    record.add_many(4000)
    with session_scope() as session:
        amounts = amounts_of_job(session, record.job_id)
        statement = rows_to_pair(record.user_id, amounts).compile(session.get_bind(), compile_kwargs=LITERAL)
        (plan,) = (
            session.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}").execution_options(no_parameters=True))
            .scalars()
            .one()
        )

    assert len(amounts) > 3000
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in _nodes(plan["Plan"])) < 40_000
    assert all(node.get("Rows Removed by Join Filter", 0) == 0 for node in _nodes(plan["Plan"]))


def test_unfit_suggestions_are_found_without_pairing_all_rows(record: Record) -> None:
    with session_scope() as session:
        statement = unfit_suggestions(record.user_id).compile(session.get_bind(), compile_kwargs=LITERAL)
        explained = text(f"EXPLAIN (FORMAT JSON) {statement}").execution_options(no_parameters=True)
        (plan,) = session.scalars(explained).one()

    joins = [node for node in _nodes(plan["Plan"]) if len(node.get("Plans", ())) == 2]
    assert len(joins) == 2
    for join in joins:
        assert "transfers" in {node.get("Relation Name") for node in _nodes(join)}


def test_the_search_leaves_the_job_free_while_it_waits_to_write(record: Record) -> None:
    move(record, "250.00")
    with session_scope() as session:
        session.execute(update(ImportJob).values(transfers_looked_at=None))
    with session_scope() as holder, ThreadPoolExecutor(1) as threads:
        lock_transfers(holder, record.user_id)
        looking = threads.submit(look_for_transfers)
        with session_scope() as session:
            waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            wait_for(lambda: session.scalar(waiting) == 1)
            assert session.scalars(select(ImportJob.id).with_for_update(nowait=True)).all() == [record.job_id]
            assert look_for_transfers() == 0, "another search of the same user is left alone"
        holder.commit()
        assert looking.result() == 1

    assert len(listed(record.client)) == 1


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in _nodes(part))]
