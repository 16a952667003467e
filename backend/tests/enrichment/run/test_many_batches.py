"""Many batches: caps hold at every one of them, and memory does not grow with the number of rows."""

import gc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text
from tests.support.servers.model_server import ModelServer
from tests.support.steps.enrichment import PATH, PRICE, add, add_many, enrich, read_job, set_up, words
from tests.support.steps.record import Record

from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentJob
from bankimport.enrichment.quality.score import read_labelled
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.rules.rule_store import PAGE
from bankimport.enrichment.run.estimate import MOST_ROWS_READ
from bankimport.enrichment.run.run import run_enrichment
from bankimport.enrichment.run.side_by_side import MOST_ROWS
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.transactions.models import Transaction

MERCHANTS = 300


def test_no_cap_is_exceeded_over_many_batches_and_all_of_it_can_be_spent(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(record, *(words(number) for number in range(MERCHANTS)))
    job = enrich(record, cap="0.016 USD")
    assert job["job_status"] == "stopped"
    assert len(model.requests) >= 3
    spent = len(model.asked) * PRICE
    assert Decimal(job["total_cost"]) == spent <= Decimal("0.016")
    assert f"{MERCHANTS} of {MERCHANTS} transactions are left" in job["error_message"]

    set_up(monkeypatch, LLM_MONTHLY_CAP="0.018 USD")
    other = enrich(record)
    assert other["job_status"] == "stopped"
    assert "the month's cap" in other["error_message"]
    month = record.client.get(f"{PATH}/spend").json()
    assert spent < Decimal(month["amount"]) == len(model.asked) * PRICE <= Decimal("0.018")
    assert sorted(model.asked) == sorted(set(model.asked)), "what a stopped job learned is remembered"

    set_up(monkeypatch, LLM_MONTHLY_CAP="1 USD")
    last = enrich(record)
    assert (last["job_status"], last["successful"]) == ("completed", MERCHANTS)
    assert Decimal(record.client.get(f"{PATH}/spend").json()["amount"]) == MERCHANTS * PRICE


def test_a_server_that_counts_too_many_tokens_exceeds_a_cap_by_at_most_one_batch(
    record: Record, model: ModelServer
) -> None:
    add(record, *(words(number) for number in range(MERCHANTS)))
    model.tokens_times = 100
    job = enrich(record, cap="0.05 USD")
    assert job["job_status"] == "stopped"
    assert len(model.requests) == 1
    assert Decimal(job["total_cost"]) == 100 * len(model.asked) * PRICE > Decimal("0.05")


def test_rows_are_read_page_by_page_after_the_last_id_and_freed(record: Record) -> None:
    pages = 3
    add_many(record, [f"{words(number % 50)}" for number in range(pages * MOST_ROWS)])
    statements: list[str] = []
    alive: list[int] = []

    def noted(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)
        if "transactions.id > " in statement:
            alive.append(sum(isinstance(item, RowToEnrich) for item in gc.get_objects()))

    with session_scope() as session:
        engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", noted)
    try:
        job = enrich(record, uses_model=False)
    finally:
        event.remove(engine, "before_cursor_execute", noted)

    assert (job["job_status"], job["processed"]) == ("completed", pages * MOST_ROWS)
    assert max(alive) <= 2 * MOST_ROWS
    order = "ORDER BY transactions.id"
    paged = [one for one in statements if order in one and "LIMIT" in one.rpartition(order)[2]]
    assert len(paged) == pages + 1
    assert not [one for one in paged if "transactions.id > " not in one or "OFFSET" in one]
    with session_scope() as session:
        assert session.scalar(text("SELECT max(cursor) - max(last_id) FROM truelayer_enrichment_jobs")) == 0


def test_a_job_searches_from_its_first_row_on_and_ends_with_its_last_page(record: Record) -> None:
    add_many(record, [words(number) for number in range(5)])
    with session_scope() as session:
        mine = select(Transaction.id).where(Transaction.user_id == record.user_id, Transaction.removed_at.is_(None))
        ids = list(session.scalars(mine.order_by(Transaction.id)))
    wanted = {"transaction_ids": [str(row_id) for row_id in ids[2:4]], "uses_model": False}
    answer = record.client.post(f"{PATH}/jobs", json=wanted)
    assert answer.status_code == 201, answer.text
    created = answer.json()
    with session_scope() as session:
        assert session.get_one(EnrichmentJob, int(created["id"])).cursor == ids[2] - 1
    run_enrichment(int(created["id"]), "test")
    done = read_job(record, created["id"])
    assert (done["job_status"], done["processed"], done["total_transactions"]) == ("completed", 2, 2)


def test_the_preview_equals_what_is_sent_over_many_pages_of_rows(record: Record, model: ModelServer) -> None:
    add_many(record, [words(number // 8) for number in range(5 * PAGE // 2)])
    shown = record.client.post(f"{PATH}/preview?limit=50", json={}).raise_for_status().json()
    estimated = record.client.post(f"{PATH}/estimate", json={}).raise_for_status().json()
    job = enrich(record)
    sent = [request["messages"][-1]["content"] for request in model.requests]
    assert (sent, shown["calls"]) == (shown["prompts"], job["calls"])
    assert (estimated["calls"], estimated["merchants_to_ask"]) == (len(sent), len(model.asked))
    assert job["total_tokens"] <= estimated["most_input_tokens"] + estimated["most_output_tokens"]
    assert Decimal(job["total_cost"]) <= Decimal(estimated["cost"])


def test_an_estimate_of_very_many_rows_is_scaled_up_from_some_of_them(record: Record, model: ModelServer) -> None:
    add_many(record, [words(number // 8 % MERCHANTS) for number in range(2 * MOST_ROWS_READ)])

    estimated = record.client.post(f"{PATH}/estimate", json={}).raise_for_status().json()

    assert (estimated["transactions"], estimated["rows_read"]) == (2 * MOST_ROWS_READ, MOST_ROWS_READ)
    assert estimated["merchants_to_ask"] == 2 * MERCHANTS, "every merchant is among the rows that were read"
    assert estimated["without_model"] == 0
    shown = record.client.post(f"{PATH}/preview?limit=1", json={}).raise_for_status().json()
    assert (len(shown["prompts"]), shown["calls"]) == (1, estimated["calls"])


def test_a_model_is_called_a_few_times_for_a_thousand_new_rows(record: Record, model: ModelServer) -> None:
    """Both samples were written before the lists were measured with them; docs/enrichment.md has the figures."""
    samples = Path(__file__).parents[1] / "quality"
    labelled = [item for name in ("chains.tsv", "payments.tsv") for item in read_labelled((samples / name).read_text())]
    add_many(record, [item.row.description for item in labelled if item.row.direction is Direction.OUT])
    job = enrich(record)
    assert (job["total_transactions"], job["processed"]) == (602, 602)
    assert (len(model.requests), job["calls"]) == (1, 1)
    assert len(model.asked) <= 14
