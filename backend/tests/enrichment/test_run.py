"""Jobs over a real database and a model server over real HTTP: right results, exact sums, caps, nobody else's rows."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text
from tests.conftest import Installation
from tests.enrichment.model_server import ModelServer, running_model_server
from tests.transactions.record import Record, a_record

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment import ledger
from bankimport.enrichment.attempt import begin
from bankimport.enrichment.models import EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.enrichment.prices import Tokens
from bankimport.enrichment.prompt import PROMPT_VERSION
from bankimport.enrichment.quality.evaluate import evaluate_for
from bankimport.enrichment.quality.score import read_labelled
from bankimport.enrichment.recover import recover_enrichment
from bankimport.enrichment.run import run_enrichment
from bankimport.settings import get_settings
from bankimport.transactions.models import Transaction, Transfer, TransferStatus

PATH = "/api/truelayer/enrichment"
PRICE = Decimal("0.000001") * 20 + Decimal("0.000002") * 10


@pytest.fixture
def model(record: Record, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with running_model_server() as server:
        set_up(
            monkeypatch,
            LLM_MODEL="openai:test",
            LLM_BASE_URL=server.url,
            LLM_INPUT_PRICE="1 USD",
            LLM_OUTPUT_PRICE="2 USD",
            LLM_TIMEOUT_SECONDS="20",
        )
        yield server


def set_up(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"BANKIMPORT_{name}", value)
    get_settings.cache_clear()


def enrich(record: Record, **wanted: Any) -> dict[str, Any]:
    answer = record.client.post(f"{PATH}/jobs", json=wanted)
    assert answer.status_code == 201, answer.text
    job_id = answer.json()["id"]
    run_enrichment(int(job_id), "test")
    return read_job(record, job_id)


def read_job(record: Record, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = record.client.get(f"{PATH}/jobs/{job_id}").raise_for_status().json()
    return found


def add(record: Record, *descriptions: str, **fields: Any) -> list[int]:
    with session_scope() as session:
        return [record.add(session, description=item, **fields).id for item in descriptions]


def add_many(record: Record, descriptions: list[str]) -> None:
    """Rows of -1 each, in one statement."""
    with session_scope() as session:
        session.execute(
            text(
                "INSERT INTO transactions (user_id, account_id, status, date, timestamp, has_time, amount, currency,"
                " description, dedupe_key, content_hash, import_job_id, raw_response_id, raw_position)"
                " SELECT :user, :account, 'booked', date '2026-01-01', timestamptz '2026-01-01Z', false, -1, 'GBP', d,"
                " 'n' || i, '\\x00', :job, :raw, 0 FROM unnest(CAST(:rows AS text[])) WITH ORDINALITY AS u(d, i)"
            ),
            {
                "user": record.user_id,
                "account": record.account_id,
                "job": record.job_id,
                "raw": record.raw_response_id,
                "rows": descriptions,
            },
        )


def row(row_id: int) -> Transaction:
    with session_scope() as session:
        return session.get_one(Transaction, row_id)


def test_rules_and_the_banks_word_need_no_model(record: Record) -> None:
    ruled, told, silent = add(record, "CORNER SHOP 1"), add(record, "X", classification=["Travel"]), add(record, "Q")
    rule = {"pattern": "corner shop", "category": "Groceries", "merchant": "The Corner"}
    assert record.client.post(f"{PATH}/rules/preview", json=rule).json()["changing"] == 1
    record.client.post(f"{PATH}/rules", json=rule).raise_for_status()
    job = enrich(record)
    assert (job["job_status"], job["successful"], job["processed"], job["calls"]) == ("completed", 2, 3, 0)
    assert (row(ruled[0]).merchant, row(ruled[0]).category_source) == ("The Corner", "rule")
    assert (row(told[0]).category, row(told[0]).category_source) == ("Travel", "truelayer")
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


def test_an_evaluation_with_a_model_counts_what_it_costs_and_remembers_nothing(
    record: Record, model: ModelServer
) -> None:
    labelled = read_labelled("SHOP ONE\tout\t\tGroceries\nQUX\tout\t\tunknown\n")
    found = evaluate_for(record.user_id, labelled, with_model=True)
    assert (found.accuracy, found.calls, found.cost_per_1000_rows) == (1.0, 1, PRICE * 1000)
    assert evaluate_for(record.user_id, labelled, with_model=False).accuracy == 0.5
    spent = record.client.get(f"{PATH}/spend").json()
    assert (spent["calls"], Decimal(spent["amount"])) == (1, PRICE * 2)


def test_what_the_user_said_is_never_overwritten(record: Record) -> None:
    (row_id,) = add(record, "CORNER SHOP")
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
    ids = add(record, *(f"SHOP {'ABCDEFGH'[number % 8] * 3} 10{number}" for number in range(40)))
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
        assert stored.total_cost is None, "money of two currencies is no sum"
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
    told = record.client.get(f"{PATH}/jobs/{job['id']}/calls").raise_for_status().json()
    latest, tried = told["calls"]
    assert (latest["status"], latest["model"], latest["merchants"]) == ("answered", "openai:test", 1)
    assert (latest["prompt_version"], latest["latency_ms"] >= 0) == (PROMPT_VERSION, True)
    assert tried["status"] != "answered"
    assert sum(call["input_tokens"] + call["output_tokens"] for call in told["calls"]) == job["total_tokens"]
    assert sum(Decimal(call["amount"]) for call in told["calls"]) == Decimal(job["total_cost"])
    with session_scope() as session:
        first = session.scalars(select(LlmCall).order_by(LlmCall.id).limit(1)).one()
        assert first.cost is not None
        expected = {"429": Decimal(0), "malformed": PRICE, "wrong ids": PRICE, "refuses": PRICE}
        assert first.cost == expected[mood] if mood in expected else first.cost > PRICE


def test_a_model_that_asks_for_patience_lets_the_job_wait(record: Record, model: ModelServer) -> None:
    add(record, "SHOP ONE")
    model.moods = ["429 for long"]
    job = enrich(record)
    assert job["job_status"] == "waiting"
    assert job["next_attempt_at"] > (utc_now() + timedelta(minutes=50)).isoformat()
    assert len(model.requests) == 1


def test_a_model_that_is_away_for_long_is_waited_for_longer_each_time(record: Record, model: ModelServer) -> None:
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


def test_a_key_that_the_model_does_not_take_ends_the_job_with_a_reason(record: Record, model: ModelServer) -> None:
    add(record, "SHOP ONE")
    model.moods = ["401"]
    job = enrich(record)
    assert job["job_status"] == "failed"
    assert "401" in job["error_message"]


def test_a_job_stops_before_its_cap_and_says_what_is_left(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = add(record, "SHOP ONE", "NO MODEL NEEDED")
    record.client.post(f"{PATH}/rules", json={"pattern": "no model", "category": "Cash"}).raise_for_status()
    job = enrich(record, cap="0.0001 USD")
    assert job["job_status"] == "stopped"
    assert "2 of 2 transactions are left" in job["error_message"]
    assert model.requests == []
    assert row(ids[1]).category == "Cash"
    told = record.client.get("/api/truelayer/notifications").text + record.client.get("/api/notifications").text
    assert "cap" in told
    record.client.post(f"{PATH}/jobs/{job['id']}/resume", json={"cap": "1 USD"}).raise_for_status()
    run_enrichment(int(job["id"]), "test")
    assert read_job(record, job["id"])["job_status"] == "completed"
    set_up(monkeypatch, LLM_MONTHLY_CAP="0.001 USD")
    add(record, "SHOP TWO")
    assert enrich(record)["job_status"] == "stopped"


def test_with_a_cap_a_model_of_unknown_price_is_not_asked(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(record, "SHOP ONE")
    monkeypatch.delenv("BANKIMPORT_LLM_INPUT_PRICE")
    get_settings.cache_clear()
    told = record.client.post(f"{PATH}/estimate", json={"cap": "100 USD"}).json()
    job = enrich(record, cap="100 USD")
    assert (job["job_status"], model.requests) == ("stopped", [])
    for said in (job["error_message"], told["fault"]):
        assert "the price of the model openai:test is unknown: set BANKIMPORT_LLM_INPUT_PRICE" in said
        assert "BANKIMPORT_LLM_ALLOW_UNKNOWN_COST=true" in said
    free = enrich(record)
    assert (free["job_status"], free["total_cost"]) == ("completed", None)
    set_up(monkeypatch, LLM_ALLOW_UNKNOWN_COST="true")
    add(record, "SHOP TWO")
    allowed = enrich(record, cap="100 USD")
    assert (allowed["job_status"], allowed["total_cost"], allowed["calls"]) == ("completed", None, 1)


def test_calls_of_unknown_price_count_in_a_cap_by_todays_price_or_stop_the_job(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(record, "SHOP ONE")
    monkeypatch.delenv("BANKIMPORT_LLM_INPUT_PRICE")
    model.tokens_times = 100
    get_settings.cache_clear()
    assert enrich(record)["total_tokens"] == 3000
    add(record, "SHOP TWO")
    asked = len(model.requests)

    set_up(monkeypatch, LLM_INPUT_PRICE="1 USD", LLM_MONTHLY_CAP="0.004 USD")
    counted = enrich(record)
    assert "would pass the month's cap of 0.004 USD" in counted["error_message"]
    assert enrich(record, cap="1 EUR")["error_message"].startswith("this job's cap is 1 EUR and the model")
    set_up(monkeypatch, LLM_MODEL="openai:other", LLM_INPUT_PRICE="1 EUR", LLM_OUTPUT_PRICE="2 EUR")
    set_up(monkeypatch, LLM_MONTHLY_CAP="10 EUR")
    assert enrich(record)["job_status"] == "completed", "what an earlier call cost is said by today's price"
    set_up(monkeypatch, LLM_INPUT_PRICE="1 USD", LLM_OUTPUT_PRICE="2 USD", LLM_MONTHLY_CAP="10 USD")
    add(record, "SHOP THREE")
    with session_scope() as session:
        session.execute(text("UPDATE llm_calls SET cost = 1, currency = 'USD' WHERE currency IS NULL"))
    spent = record.client.get(f"{PATH}/spend").raise_for_status().json()
    assert [money["currency"] for money in spent["amounts"]] == ["EUR", "USD"]
    assert (spent["amount"], spent["currency"]) == (None, None), "currencies are never added up"
    stopped = enrich(record)
    assert "earlier calls to openai:other, paid in EUR that it would have to count" in stopped["error_message"]
    assert len(model.requests) == asked + 1


def test_what_stopped_at_the_months_cap_goes_on_when_the_next_month_begins(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row_id,) = add(record, "SHOP ONE")
    set_up(monkeypatch, LLM_MONTHLY_CAP="0.0001 USD")
    job = enrich(record)
    begins = ledger.month_start(ledger.month_start(utc_now()) + timedelta(days=32))
    assert (job["job_status"], datetime.fromisoformat(job["next_attempt_at"])) == ("stopped", begins)
    assert recover_enrichment() == []
    set_up(monkeypatch, LLM_RESUME_NEXT_MONTH="false")
    rests = enrich(record)
    assert (rests["job_status"], rests["next_attempt_at"]) == ("stopped", None)
    with session_scope() as session:
        session.get_one(EnrichmentJob, int(job["id"])).next_attempt_at = utc_now()
    set_up(monkeypatch, LLM_MONTHLY_CAP="1 USD")
    assert recover_enrichment() == [int(job["id"])]
    run_enrichment(int(job["id"]), "test")
    assert (read_job(record, job["id"])["job_status"], row(row_id).category) == ("completed", "Groceries")


def test_a_call_whose_worker_died_counts_and_the_batch_is_asked_once_more(record: Record, model: ModelServer) -> None:
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


def test_two_workers_ask_for_one_merchant_once(record: Record, model: ModelServer) -> None:
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


def test_a_local_only_installation_asks_no_other_machine(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, LLM_LOCAL_ONLY="true")
    add(record, "SHOP ONE")
    assert enrich(record)["job_status"] == "completed"
    set_up(monkeypatch, LLM_BASE_URL="https://models.example.org/v1")
    answer = record.client.post(f"{PATH}/jobs", json={})
    assert answer.status_code >= 400
    assert "loopback" in answer.text


def test_a_new_model_asks_again_only_when_told_to(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(record, "SHOP ONE")
    enrich(record)
    set_up(monkeypatch, LLM_MODEL="openai:newer")
    assert enrich(record)["calls"] == 0
    told = record.client.post(f"{PATH}/estimate", json={"is_refresh": True}).json()
    assert (told["merchants_to_ask"], told["calls"]) == (1, 1)
    assert enrich(record, is_refresh=True)["calls"] == 1
    assert record.client.post(f"{PATH}/estimate", json={"is_refresh": True}).json()["calls"] == 0


def test_a_paused_job_rests_until_it_is_resumed_and_a_cancelled_one_for_ever(record: Record) -> None:
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


def test_an_import_that_is_to_be_enriched_makes_one_job(installation: Installation) -> None:
    record = a_record(installation)
    jobs = record.client.get(f"{PATH}/jobs").json()["jobs"]
    assert [job["import_job_id"] for job in jobs] == [str(record.job_id)]
    run_enrichment(int(jobs[0]["id"]), "test")
    assert read_job(record, jobs[0]["id"])["job_status"] == "completed"


def test_undo_and_redo_keep_what_enrichment_said(installation: Installation) -> None:
    record = a_record(installation)
    for job in record.client.get(f"{PATH}/jobs").json()["jobs"]:
        run_enrichment(int(job["id"]), "test")
    columns = "id, merchant, merchant_source, category, category_source, removed_at, content_hash, status, date"

    def everything() -> list[Any]:
        with session_scope() as session:
            return [tuple(item) for item in session.execute(text(f"SELECT {columns} FROM transactions ORDER BY id"))]

    before = everything()
    assert any(item[3] for item in before)
    path = f"/api/truelayer/import/{record.job_id}"
    record.client.post(f"{path}/undo").raise_for_status()
    record.client.post(f"{path}/redo").raise_for_status()
    assert everything() == before


def test_nobody_touches_anothers_enrichment(installation: Installation, record: Record) -> None:
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


def test_categories_form_a_tree_and_archived_ones_are_given_no_more(record: Record) -> None:
    made = record.client.post(f"{PATH}/categories", json={"name": "Boats", "colour": "#00ff00"}).json()
    child = record.client.post(f"{PATH}/categories", json={"name": "Oars", "parent_id": int(made["id"])}).json()
    into = record.client.patch(f"{PATH}/categories/{made['id']}", json={"parent_id": int(child["id"])})
    assert into.status_code == 422
    assert record.client.post(f"{PATH}/categories", json={"name": "Boats"}).status_code == 409
    record.client.patch(f"{PATH}/categories/{child['id']}", json={"is_archived": True}).raise_for_status()
    assert record.client.post(f"{PATH}/rules", json={"pattern": "a", "category": "Oars"}).status_code == 422


def test_ten_thousand_rows_of_eight_hundred_merchants_cost_eight_hundred_keys_once(
    record: Record, model: ModelServer
) -> None:
    add_many(record, [words(number % 800) for number in range(10_000)])
    first = enrich(record)
    assert (first["job_status"], first["successful"], first["total_tokens"]) == ("completed", 10_000, 800 * 30)
    assert len(model.asked) == len(set(model.asked)) == 800
    assert Decimal(first["total_cost"]) == 800 * PRICE
    second = enrich(record)
    assert (second["total_tokens"], second["calls"], second["cached_hits"]) == (0, 0, 10_000)
    assert len(model.asked) == 800
    with session_scope() as session:
        assert session.scalar(select(func.count()).select_from(LlmCall)) == first["calls"]


def words(number: int) -> str:
    letters = "".join(chr(ord("A") + digit) for digit in (number // 26 // 26, number // 26 % 26, number % 26))
    return f"SHOP {letters} {number}"
