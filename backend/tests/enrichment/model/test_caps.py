"""Caps of a job and a month: never exceeded, not even by calls of unknown price, and the rest is reported."""

from datetime import datetime

import pytest
from sqlalchemy import text
from tests.support.servers.model_server import ModelServer
from tests.support.steps.enrichment import PATH, add, enrich, read_job, row, set_up
from tests.support.steps.record import Record

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentJob
from bankimport.enrichment.run.recover import recover_enrichment
from bankimport.enrichment.run.run import run_enrichment
from bankimport.pricing.prices import next_month_start
from bankimport.settings import get_settings


def test_a_job_stops_before_its_cap_and_reports_what_is_left(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = add(record, "SHOP ONE", "NO MODEL NEEDED")
    record.client.post(f"{PATH}/rules", json={"pattern": "no model", "category": "Cash"}).raise_for_status()
    job = enrich(record, cap="0.0001 USD")
    assert job["job_status"] == "stopped"
    assert "2 of 2 transactions are left" in job["error_message"]
    assert model.requests == []
    assert row(ids[1]).category == "Cash"
    notified = record.client.get("/api/truelayer/notifications").text + record.client.get("/api/notifications").text
    assert "cap" in notified
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
    estimate = record.client.post(f"{PATH}/estimate", json={"cap": "100 USD"}).json()
    job = enrich(record, cap="100 USD")
    assert (job["job_status"], model.requests) == ("stopped", [])
    for said in (job["error_message"], estimate["fault"]):
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
    assert "would exceed the month's cap of 0.004 USD" in counted["error_message"]
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
    assert "earlier calls to openai:other, paid in EUR is unknown in" in stopped["error_message"]
    assert len(model.requests) == asked + 1


def test_jobs_stopped_at_the_monthly_cap_resume_next_month(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row_id,) = add(record, "SHOP ONE")
    set_up(monkeypatch, LLM_MONTHLY_CAP="0.0001 USD")
    job = enrich(record)
    begins = next_month_start(utc_now())
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
