"""Model costs appear in the report, add up to their rows, and are never a guessed zero."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.steps.costs import PATH, RECENT, costs, rows, sql, with_prices
from tests.support.steps.imports import run_import
from tests.support.steps.installation import Installation
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment.model import ledger
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus, LlmCall, LlmCallStatus
from bankimport.pricing.tokens import Tokens
from bankimport.settings import get_settings

SPEND = "/api/truelayer/enrichment/spend"


def a_job(user_id: int, import_job_id: int | None, cached_hits: int = 0) -> int:
    with session_scope() as session:
        job = EnrichmentJob(
            user_id=user_id,
            import_job_id=import_job_id,
            job_status=EnrichmentStatus.COMPLETED,
            uses_model=True,
            is_refresh=False,
            total_transactions=9,
            processed=9,
            cached_hits=cached_hits,
            last_id=0,
            started_at=utc_now(),
        )
        session.add(job)
        session.flush()
        return job.id


def a_call(user_id: int, job_id: int | None, cost: str | None, currency: str | None, **fields: Any) -> None:
    values: dict[str, Any] = {
        "model": "openai:one",
        "status": LlmCallStatus.ANSWERED,
        "merchants": 4,
        "input_tokens": 100,
        "output_tokens": 20,
        "cached_tokens": 10,
        "called_at": utc_now(),
        "prompt_version": "1",
        **fields,
    }
    with session_scope() as session:
        session.add(
            LlmCall(
                user_id=user_id,
                job_id=job_id,
                cost=None if cost is None else Decimal(cost),
                currency=currency,
                **values,
            )
        )


@pytest.fixture
def with_costs(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, int, int]]:
    """A user with an import enriched by two models in two currencies and at an unknown price, and a job outside it."""
    client, connection_id, import_id = installation.once("an import to enrich", lambda: _imported(installation))
    user_id = sql("SELECT id FROM users")
    of_import, of_none = a_job(user_id, import_id, cached_hits=30), a_job(user_id, None)
    a_call(user_id, of_import, "0.04", "USD")
    a_call(user_id, of_import, "0.0125", "GBP", model="anthropic:two", input_tokens=7)
    a_call(user_id, of_import, None, None, model="openai:nobody-knows")
    a_call(user_id, of_none, "0.02", "USD", status=LlmCallStatus.RESERVED)
    a_call(user_id, None, "0.01", "USD", status=LlmCallStatus.FAILED, called_at=utc_now() - timedelta(days=45))
    with_prices(monkeypatch)
    yield client, connection_id, import_id
    get_settings.cache_clear()


def _imported(installation: Installation) -> tuple[TestClient, int, int]:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    import_id = int(run_import(installation, client, connection_id, **RECENT)["job_id"])
    with session_scope() as session:
        session.execute(text("DELETE FROM truelayer_enrichment_jobs"))
    return client, connection_id, import_id


def test_model_costs_are_reported_by_model_and_currency_and_add_up(with_costs: tuple[TestClient, int, int]) -> None:
    client, connection_id, import_id = with_costs
    since = (utc_now() - timedelta(days=60)).date().isoformat()
    report = costs(client, **{"from": since})

    parts = [part for part in report["cost"]["parts"] if part["what"] == "enrichment"]
    assert [(part["currency"], part["quantity"], part["amount"]) for part in parts] == [
        ("GBP", 1, "0.0125"),
        ("USD", 3, "0.07"),
        (None, 1, None),
    ]
    for part in parts:
        behind = rows(client, part["rows"], "llm_calls")
        assert len(behind) == part["quantity"]
        assert part["amount"] is None or sum(Decimal(row["amount"]) for row in behind) == Decimal(part["amount"])
    assert "1 of them" in parts[1]["note"]
    charges = rows(client, report["cost"]["rows"] + "&limit=2", "charges")
    known = {row["currency"]: Decimal(0) for row in charges if row["amount"] is not None}
    for row in charges:
        if row["amount"] is not None:
            known[row["currency"]] += Decimal(row["amount"])
    assert known == {money["currency"]: Decimal(money["amount"]) for money in report["cost"]["amounts"]}
    assert sum(row["amount"] is None for row in charges) == 1
    # One connection month at 0.35 GBP, which two currencies and an unknown price leave without one sum.
    assert (report["cost"]["amount"], report["cost"]["unknown"]) == (None, ["enrichment"])
    assert {money["currency"]: Decimal(money["amount"]) for money in report["cost"]["amounts"]} == {
        "GBP": Decimal("0.3625"),
        "USD": Decimal("0.07"),
    }
    for model in report["enrichment"]["models"]:
        behind = rows(client, model["rows"], "llm_calls")
        assert {row["model"] for row in behind} == {model["model"]}
        assert model["calls"] == len(behind)
        for figure in ("merchants", "input_tokens", "output_tokens", "cached_tokens"):
            assert model[figure] == sum(row[figure] for row in behind) > 0
        failed = rows(client, model["failed_rows"], "llm_calls")
        assert model["failed"] == len(failed) == sum(row["status"] in ("failed", "malformed") for row in behind)
    assert sum(model["calls"] for model in report["enrichment"]["models"]) == sql("SELECT count(*) FROM llm_calls")

    for by, own, other in (("import", str(import_id), None), ("connection", str(connection_id), None)):
        groups = {group["key"]: group for group in costs(client, **{"from": since, "group_by": by})["groups"]}
        assert (groups[own]["llm_calls"], groups[other]["llm_calls"]) == (3, 2)
        for group in groups.values():
            assert len(rows(client, group["llm_calls_rows"], "llm_calls")) == group["llm_calls"], group["label"]
    months = costs(client, **{"from": since, "group_by": "month"})["groups"]
    assert sum(len(rows(client, group["llm_calls_rows"], "llm_calls")) for group in months) == 5

    (imported,) = client.get(f"{PATH}/imports").json()["imports"]
    assert [(money["amount"], money["currency"]) for money in imported["cost"]["amounts"]][-1] == ("0.04", "USD")
    status = client.get(f"/api/truelayer/import/status/{import_id}").json()
    assert status["cost"]["unknown"] == ["enrichment"]


def test_the_cache_saves_what_calls_for_its_rows_would_have_cost(with_costs: tuple[TestClient, int, int]) -> None:
    client, _, _ = with_costs
    saved = costs(client)["enrichment"]["saved"]
    behind = rows(client, saved["rows"], "enrichments")
    assert saved["transactions"] == sum(row["from_memory"] for row in behind) == 30
    assert saved["enrichments"] == len(behind) == 1
    # The most recently paid currency, four merchants at 0.0125: thirty rows.
    assert (Decimal(saved["amount"]), saved["currency"]) == (Decimal("0.09375"), "GBP")


def test_users_see_their_part_of_a_shared_cap_and_its_state_and_calls_stop_at_it(
    with_costs: tuple[TestClient, int, int], installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _, _ = with_costs
    assert costs(client)["month"]["cap"] is None
    for name, value in {"MONTHLY_CAP": "0.40 USD", "INPUT_PRICE": "1 USD", "OUTPUT_PRICE": "2 USD"}.items():
        monkeypatch.setenv(f"BANKIMPORT_LLM_{name}", value)
    get_settings.cache_clear()

    # Pounds do not count towards a cap in dollars, nor do calls before this month.
    alone, spend = costs(client)["month"]["cap"], client.get(SPEND).json()
    assert (alone["is_shared"], alone["state"], Decimal(alone["yours"])) == (False, "free", Decimal("0.06"))
    assert (Decimal(spend["monthly_cap_left"]), spend["monthly_cap_state"]) == (Decimal("0.34"), "free")

    eve = installation.signed_in("eve@example.org")
    eve_id = sql("SELECT id FROM users WHERE email = 'eve@example.org'")
    pages = []
    for cost, state in (("0.20", "free"), ("0.10", "near"), ("0.10", "reached")):
        a_call(eve_id, None, cost, "USD")
        cap, spend = costs(client)["month"]["cap"], client.get(SPEND).json()
        assert cap.pop("state") == spend.pop("monthly_cap_state") == state
        pages.append((cap, spend))
    assert pages[0] == pages[1] == pages[2], "what Eve spent shows in nothing but the state"
    cap, spend = pages[0]
    assert (cap["is_shared"], Decimal(cap["yours"]), cap["yours_percent"]) == (True, Decimal("0.06"), 15.0)
    assert spend["monthly_cap_left"] is None
    shown = CliRunner().invoke(app, ["costs", "--user", "ada@example.org"]).stdout
    assert "0.06 of the cap of 0.40 USD a month (15 %), which all users share: it is used up" in " ".join(shown.split())
    with session_scope() as session:
        session.execute(text("DELETE FROM llm_calls WHERE cost = 0.10"))
        session.execute(text("UPDATE llm_calls SET cost = 0.30 WHERE cost = 0.20"))
    assert sum(Decimal(row["amount"]) for row in rows(client, cap["rows"], "llm_calls")) == Decimal(cap["yours"])
    assert costs(eve)["enrichment"]["models"][0]["calls"] == 1
    assert rows(eve, f"{PATH}/llm-calls?connection_id=0", "llm_calls")[0]["amount"] == "0.30"
    assert rows(eve, f"{PATH}/enrichments?from=2026-01-01", "enrichments") == []
    with session_scope() as session:
        job = session.get_one(EnrichmentJob, a_job(eve_id, None))
        with pytest.raises(ledger.CapReached, match="paid in GBP is unknown in"):
            ledger.reserve(session, job, "openai:one", Tokens(1, 0), 1)
        session.execute(text("DELETE FROM llm_calls WHERE currency IS DISTINCT FROM 'USD'"))
        # 0.04 is left: 40,000 tokens in fit, one more does not.
        ledger.reserve(session, job, "openai:one", Tokens(40_000, 0), 1)
        with pytest.raises(ledger.CapReached, match=r"0\.40 USD, which all users share"):
            ledger.reserve(session, job, "openai:one", Tokens(1, 0), 1)


def test_the_month_is_projected_at_its_rate_and_the_command_line_shows_everything(
    with_costs: tuple[TestClient, int, int],
) -> None:
    client, _, _ = with_costs
    month = costs(client)["month"]
    spent = {money["currency"]: Decimal(money["amount"]) for money in month["spent"]["amounts"]}
    for money in month["projected"]["amounts"]:
        assert Decimal(money["amount"]) >= spent[money["currency"]]
    assert month["projected"]["unknown"] == ["enrichment"]
    today = month["days"][-1]
    assert sum(day["llm_calls"] for day in month["days"]) == today["llm_calls"] == 4
    assert today["cost"]["amounts"] == month["spent"]["amounts"]

    def command(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["costs", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    printed = command()
    for words in ("anthropic:two", "30 rows were answered from the cache", "0.09375", "unknown: enrichment"):
        assert words in " ".join(printed.split()), printed
    assert "openai:one" in command("--rows", "llm-calls")
    assert "30" in command("--rows", "enrichments")
