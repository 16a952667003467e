"""Jobs with a real database and a model server over real HTTP: correct results, exact sums, only the user's rows."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text
from tests.support.servers.model_server import ModelServer
from tests.support.steps.enrichment import PATH, PRICE, add, add_many, enrich, read_job, row, set_up, words
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record, a_record
from tests.support.suite.lanes import in_deep

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.enrichment.model import ledger
from bankimport.enrichment.model.prompt import PROMPT_VERSION
from bankimport.enrichment.models import EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.enrichment.quality.evaluate import evaluate_for
from bankimport.enrichment.quality.score import read_labelled
from bankimport.enrichment.run.attempt import begin
from bankimport.enrichment.run.recover import recover_enrichment
from bankimport.enrichment.run.run import run_enrichment
from bankimport.pricing.tokens import Tokens
from bankimport.transactions.models import Transfer, TransferStatus

ROWS, MERCHANTS = in_deep((10_000, 800), else_=(1_500, 120))


def test_rules_and_the_banks_categories_need_no_model(record: Record) -> None:
    ruled, classified, silent = (
        add(record, "CORNER STONE 1"),
        add(record, "X", classification=["Travel"]),
        add(record, "Q"),
    )
    rule = {"pattern": "corner stone", "category": "Groceries", "merchant": "The Corner"}
    assert record.client.post(f"{PATH}/rules/preview", json=rule).json()["changing"] == 1
    record.client.post(f"{PATH}/rules", json=rule).raise_for_status()
    job = enrich(record)
    assert (job["job_status"], job["successful"], job["processed"], job["calls"]) == ("completed", 2, 3, 0)
    assert (row(ruled[0]).merchant, row(ruled[0]).category_source) == ("The Corner", "rule")
    assert (row(classified[0]).category, row(classified[0]).category_source) == ("Travel", "truelayer")
    assert row(silent[0]).category is None
    doubts = record.client.get(f"{PATH}/review").json()["doubts"]
    assert [item["example"] for item in doubts] == ["Q"]


def test_a_transfer_that_the_user_confirmed_is_a_transfer(record: Record) -> None:
    (out,), (into,) = add(record, "TO X"), add(record, "FROM Y", amount=Decimal("3.50"))
    (other,) = add(record, "TO Z")
    with session_scope() as session:
        session.add(
            Transfer(
                user_id=record.user_id,
                out_id=out,
                in_id=into,
                status=TransferStatus.CONFIRMED,
                confidence=Decimal(1),
                days_apart=0,
                alternatives=0,
            )
        )
    enrich(record)
    assert [row(row_id).category for row_id in (out, into, other)] == ["Transfers", "Transfers", None]
    assert row(out).category_source == "transfer"


def test_an_evaluation_with_a_model_records_its_cost_and_caches_nothing(record: Record, model: ModelServer) -> None:
    labelled = read_labelled("SHOP ONE\tout\t\tGroceries\nQUX\tout\t\tunknown\n")
    found = evaluate_for(record.user_id, labelled, with_model=True)
    assert (found.accuracy, found.calls, found.cost_per_1000_rows) == (1.0, 1, PRICE * 1000)
    assert evaluate_for(record.user_id, labelled, with_model=False).accuracy == 0.5
    spent = record.client.get(f"{PATH}/spend").json()
    assert (spent["calls"], Decimal(spent["amount"])) == (1, PRICE * 2)


def test_the_users_edits_are_never_overwritten(record: Record) -> None:
    (row_id,) = add(record, "CORNER STONE")
    record.client.patch(f"/api/transactions/{row_id}", json={"category": "Mine"}).raise_for_status()
    wanted = {"pattern": "corner", "category": "Groceries", "merchant": "C"}
    record.client.post(f"{PATH}/rules", json=wanted).raise_for_status()
    enrich(record)
    assert (row(row_id).category, row(row_id).category_source, row(row_id).merchant) == ("Mine", "user", "C")


def test_a_correction_is_learned_for_its_merchant_and_direction(record: Record) -> None:
    first, other = add(record, "ZED 1001", "ZED 2002")
    (back,) = add(record, "ZED 3003", amount=Decimal(9))
    wanted = {"transaction_id": first, "category": "Groceries", "apply": True}
    assert record.client.post(f"{PATH}/corrections/preview", json=wanted).json()["changing"] == 2
    made = record.client.post(f"{PATH}/corrections", json=wanted).raise_for_status().json()
    run_enrichment(int(made["enrichment_job_id"]), "test")
    assert (row(first).category_source, row(other).category_source) == ("user", "correction")
    assert row(back).category is None


def test_a_merchant_is_asked_once_and_never_again(record: Record, model: ModelServer) -> None:
    ids = add(record, *(f"SHOP {'ABCDEFGH'[number % 8] * 4} 10{number}" for number in range(40)))
    job = enrich(record)
    assert (job["job_status"], job["successful"], job["failed"]) == ("completed", 40, 0)
    assert sorted(model.asked) == sorted(set(model.asked))
    assert len(model.asked) == 8
    assert job["total_tokens"] == 8 * 30
    assert Decimal(job["total_cost"]) == 8 * PRICE
    with session_scope() as session:
        stored = session.get_one(EnrichmentJob, int(job["id"]))
        assert (stored.total_tokens, stored.total_cost) == (8 * 30, 8 * PRICE)
        ledger.reserve(session, stored, "openai:other", Tokens(1, 1), 1).currency = "EUR"
        session.flush()
        ledger.total(session, stored)
        assert stored.total_cost is None, "amounts in two currencies have no sum"
        session.rollback()
    assert (row(ids[0]).category, row(ids[0]).category_source) == ("Groceries", "model")
    again = enrich(record)
    assert (again["calls"], again["total_tokens"], again["cached_hits"]) == (0, 0, 40)
    assert len(model.asked) == 8


@pytest.mark.parametrize("mood", ["429", "malformed", "wrong ids", "refuses", "dies"])
def test_a_model_that_fails_once_is_asked_again_and_every_try_is_counted(
    record: Record, model: ModelServer, mood: str
) -> None:
    (row_id,) = add(record, "SHOP ONE")
    model.moods = [mood]
    job = enrich(record)
    assert (job["job_status"], job["calls"]) == ("completed", 2)
    assert row(row_id).category == "Groceries"
    assert read_job(record, job["id"])["transaction_ids"] == []
    with session_scope() as session:
        first = session.scalars(select(LlmCall).order_by(LlmCall.id).limit(1)).one()
        assert first.status is not LlmCallStatus.ANSWERED
    listed = record.client.get(f"{PATH}/jobs/{job['id']}/calls").raise_for_status().json()
    latest, tried = listed["calls"]
    assert (latest["status"], latest["model"], latest["merchants"]) == ("answered", "openai:test", 1)
    assert (latest["prompt_version"], latest["latency_ms"] >= 0) == (PROMPT_VERSION, True)
    assert tried["status"] != "answered"
    assert sum(call["input_tokens"] + call["output_tokens"] for call in listed["calls"]) == job["total_tokens"]
    assert sum(Decimal(call["amount"]) for call in listed["calls"]) == Decimal(job["total_cost"])
    with session_scope() as session:
        first = session.scalars(select(LlmCall).order_by(LlmCall.id).limit(1)).one()
        assert first.cost is not None
        expected = {"429": Decimal(0), "malformed": PRICE, "wrong ids": PRICE, "refuses": PRICE}
        assert first.cost == expected[mood] if mood in expected else first.cost > PRICE


def test_a_job_waits_for_a_model_that_requests_a_pause(record: Record, model: ModelServer) -> None:
    add(record, "SHOP ONE")
    model.moods = ["429 for long"]
    job = enrich(record)
    assert job["job_status"] == "waiting"
    assert job["next_attempt_at"] > (utc_now() + timedelta(minutes=50)).isoformat()
    assert len(model.requests) == 1


def test_waits_for_an_unavailable_model_grow(record: Record, model: ModelServer) -> None:
    add(record, "SHOP ONE")
    model.moods = ["dies", "429 for 30"] * 2
    begun = utc_now()
    job = enrich(record)
    for seconds in (30, 60):
        goes_on_at = datetime.fromisoformat(read_job(record, job["id"])["next_attempt_at"])
        assert goes_on_at >= begun + timedelta(seconds=seconds)
        with session_scope() as session:
            session.get_one(EnrichmentJob, int(job["id"])).next_attempt_at = utc_now()
        begun = utc_now()
        run_enrichment(int(job["id"]), "test")
    assert (read_job(record, job["id"])["job_status"], len(model.requests)) == ("completed", 5)


def test_a_rejected_api_key_ends_the_job_with_a_reason(record: Record, model: ModelServer) -> None:
    add(record, "SHOP ONE")
    model.moods = ["401"]
    job = enrich(record)
    assert job["job_status"] == "failed"
    assert "401" in job["error_message"]


def test_a_call_whose_worker_crashed_counts_and_the_batch_is_sent_once_more(record: Record, model: ModelServer) -> None:
    (row_id,) = add(record, "SHOP ONE")
    made = record.client.post(f"{PATH}/jobs", json={}).json()
    with session_scope() as session:
        attempt = begin(session, int(made["id"]), "dead")
        assert attempt is not None
        job = session.get_one(EnrichmentJob, attempt.job_id)
        reserved = ledger.reserve(session, job, "openai:test", Tokens(1000, 500), 1).cost
        job.lease_expires_at = utc_now() - timedelta(seconds=1)
    assert recover_enrichment() == [int(made["id"])]
    run_enrichment(int(made["id"]), "test")
    job_now = read_job(record, made["id"])
    assert (job_now["job_status"], job_now["calls"], row(row_id).category) == ("completed", 2, "Groceries")
    assert Decimal(job_now["total_cost"]) == Decimal("0.002") + PRICE
    assert reserved == Decimal("0.002")


def test_two_workers_send_one_merchant_once(record: Record, model: ModelServer) -> None:
    add(record, "SHOP ONE", "SHOP TWO")
    model.delay_s = 0.5
    ids = [int(record.client.post(f"{PATH}/jobs", json={}).json()["id"]) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job_id: run_enrichment(job_id, "test"), ids))
    assert [read_job(record, str(job_id))["job_status"] for job_id in ids] == ["completed", "completed"]
    assert sorted(model.asked) == ["SHOP ONE", "SHOP TWO"]


def test_the_preview_shows_the_exact_bytes_without_accounts_and_names(record: Record, model: ModelServer) -> None:
    add(record, "SHOP GB29NWBK60161331926819 ADA")
    shown = record.client.post(f"{PATH}/preview", json={}).raise_for_status().json()
    assert "ADA" not in str(shown["prompts"])
    assert "60161331926819" not in str(shown["prompts"])
    enrich(record)
    sent = model.requests[0]["messages"]
    assert sent[-1]["content"] == shown["prompts"][0]
    assert shown["instructions"] in json.dumps(sent[0], ensure_ascii=False).replace('\\"', '"')


def test_a_local_only_installation_calls_no_other_machine(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, LLM_LOCAL_ONLY="true")
    add(record, "SHOP ONE")
    assert enrich(record)["job_status"] == "completed"
    set_up(monkeypatch, LLM_BASE_URL="https://models.example.org/v1")
    answer = record.client.post(f"{PATH}/jobs", json={})
    assert answer.status_code >= 400
    assert "loopback" in answer.text


def test_a_new_model_is_asked_again_only_on_request(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(record, "SHOP ONE")
    enrich(record)
    set_up(monkeypatch, LLM_MODEL="openai:newer")
    assert enrich(record)["calls"] == 0
    estimate = record.client.post(f"{PATH}/estimate", json={"is_refresh": True}).json()
    assert (estimate["merchants_to_ask"], estimate["calls"]) == (1, 1)
    assert enrich(record, is_refresh=True)["calls"] == 1
    assert record.client.post(f"{PATH}/estimate", json={"is_refresh": True}).json()["calls"] == 0


def test_a_paused_job_waits_until_resumed_and_a_cancelled_one_stays_cancelled(record: Record) -> None:
    add(record, "A")
    made = record.client.post(f"{PATH}/jobs", json={}).json()
    record.client.post(f"{PATH}/jobs/{made['id']}/pause").raise_for_status()
    run_enrichment(int(made["id"]), "test")
    assert read_job(record, made["id"])["job_status"] == "paused"
    record.client.post(f"{PATH}/jobs/{made['id']}/resume").raise_for_status()
    record.client.post(f"{PATH}/jobs/{made['id']}/cancel").raise_for_status()
    assert recover_enrichment() == []
    assert record.client.post(f"{PATH}/jobs/{made['id']}/resume").status_code == 409


def test_a_job_with_a_time_waits_for_it(record: Record) -> None:
    add(record, "A")
    later = (utc_now() + timedelta(hours=1)).isoformat()
    assert enrich(record, enrich_at=later)["job_status"] == "queued"
    assert recover_enrichment() == []


def a_record_to_be_enriched(installation: Installation) -> Record:
    """A record with one more import, whose enrichment is waiting."""
    record = a_record(installation)
    earlier = (utc_today() - timedelta(days=30)).isoformat()
    wanted = {"connection_id": record.connection_id, "from_date": earlier, "auto_enrich": True}
    job_id = record.client.post("/api/truelayer/import/plan", json=wanted).raise_for_status().json()["job_id"]
    record.client.post("/api/truelayer/import/start", json={"job_id": job_id}).raise_for_status()
    installation.run_tasks(enriches=False)
    return replace(record, job_id=int(job_id))


def test_an_import_with_enrichment_creates_one_job(installation: Installation) -> None:
    record = a_record_to_be_enriched(installation)
    jobs = record.client.get(f"{PATH}/jobs").json()["jobs"]
    assert [job["import_job_id"] for job in jobs] == [str(record.job_id)]
    run_enrichment(int(jobs[0]["id"]), "test")
    assert read_job(record, jobs[0]["id"])["job_status"] == "completed"


def test_undo_and_redo_keep_enriched_values(installation: Installation) -> None:
    record = a_record_to_be_enriched(installation)
    for job in record.client.get(f"{PATH}/jobs").json()["jobs"]:
        run_enrichment(int(job["id"]), "test")
    columns = "id, merchant, merchant_source, category, category_source, removed_at, content_hash, status, date"

    def everything() -> list[Any]:
        with session_scope() as session:
            return [tuple(item) for item in session.execute(text(f"SELECT {columns} FROM transactions ORDER BY id"))]

    before = everything()
    assert any(item[3] for item in before)
    path = f"/api/truelayer/import/{record.job_id}"
    undone = record.client.post(f"{path}/undo")
    assert undone.status_code == 200, undone.text
    record.client.post(f"{path}/redo").raise_for_status()
    assert everything() == before


def test_nobody_can_change_another_users_enrichment(installation: Installation, record: Record) -> None:
    (row_id,) = add(record, "ZED")
    job = enrich(record)
    rule = record.client.post(f"{PATH}/rules", json={"pattern": "a", "category": "Cash"}).json()
    category = record.client.get(f"{PATH}/categories").json()["categories"][0]
    other = installation.signed_in("bob@example.org")
    for method, path, body in (
        ("GET", f"jobs/{job['id']}", None),
        ("GET", f"jobs/{job['id']}/calls", None),
        ("POST", f"jobs/{job['id']}/pause", None),
        ("POST", f"jobs/{job['id']}/resume", None),
        ("POST", f"jobs/{job['id']}/cancel", None),
        ("GET", f"transactions/{row_id}", None),
        ("POST", "jobs", {"transaction_ids": [row_id]}),
        ("POST", "corrections", {"transaction_id": row_id, "category": "Cash"}),
        ("POST", "corrections/preview", {"transaction_id": row_id, "category": "Cash"}),
        ("DELETE", f"rules/{rule['id']}", None),
        ("PATCH", f"categories/{category['id']}", {"is_archived": True}),
        ("POST", "categories", {"name": "X", "parent_id": int(category["id"])}),
    ):
        assert other.request(method, f"{PATH}/{path}", json=body).status_code == 404, path
    assert other.post(f"{PATH}/jobs", json={"import_job_id": record.job_id}).status_code == 422
    for path, name in (("jobs", "jobs"), ("rules", "rules"), ("review", "doubts")):
        assert other.get(f"{PATH}/{path}").json()[name] == []


def test_categories_form_a_tree_and_archived_ones_are_not_assigned(record: Record) -> None:
    made = record.client.post(f"{PATH}/categories", json={"name": "Boats", "colour": "#00ff00"}).json()
    child = record.client.post(f"{PATH}/categories", json={"name": "Oars", "parent_id": int(made["id"])}).json()
    into = record.client.patch(f"{PATH}/categories/{made['id']}", json={"parent_id": int(child["id"])})
    assert into.status_code == 422
    assert record.client.post(f"{PATH}/categories", json={"name": "Boats"}).status_code == 409
    record.client.patch(f"{PATH}/categories/{child['id']}", json={"is_archived": True}).raise_for_status()
    assert record.client.post(f"{PATH}/rules", json={"pattern": "a", "category": "Oars"}).status_code == 422


def test_many_rows_of_fewer_merchants_cost_each_merchant_once(record: Record, model: ModelServer) -> None:
    add_many(record, [words(number % MERCHANTS) for number in range(ROWS)])
    first = enrich(record)
    assert (first["job_status"], first["successful"], first["total_tokens"]) == ("completed", ROWS, MERCHANTS * 30)
    assert len(model.asked) == len(set(model.asked)) == MERCHANTS
    assert Decimal(first["total_cost"]) == MERCHANTS * PRICE
    second = enrich(record)
    assert (second["total_tokens"], second["calls"], second["cached_hits"]) == (0, 0, ROWS)
    assert len(model.asked) == MERCHANTS
    with session_scope() as session:
        assert session.scalar(select(func.count()).select_from(LlmCall)) == first["calls"]
