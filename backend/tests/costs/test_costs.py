"""Costs add up to their rows, unknown parts are marked as unknown, and nobody sees another user's costs."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.steps.costs import PATH, RECENT, costs, move_first_import_back, rows, sql, with_prices
from tests.support.steps.imports import run_import
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.clock import utc_now, utc_today
from bankimport.costs import report
from bankimport.costs.projection import projected
from bankimport.db.session import session_scope
from bankimport.errors import SettingsInvalid
from bankimport.money import Money
from bankimport.pricing.cost import CostKind, CostPart, total
from bankimport.settings import load_settings


def amount_of(charges: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["amount"]) for row in charges), Decimal())


@pytest.fixture
def spent(installation: Installation) -> tuple[TestClient, list[int]]:
    """A user with two banks and three imports; the calls of the first bank reach back into earlier months."""
    return installation.once("three imports of two banks", lambda: _spent(installation))


def _spent(installation: Installation) -> tuple[TestClient, list[int]]:
    client = installation.signed_in()
    first = installation.connect(client, "sim-plain")
    run_import(installation, client, first, **RECENT)
    run_import(installation, client, first, **RECENT)
    move_first_import_back(timedelta(days=40))
    second = installation.connect(client, "sim-accounts-only")
    run_import(installation, client, second, **RECENT)
    return client, [first, second]


LONG_AGO = (utc_today() - timedelta(days=90)).isoformat()


@pytest.mark.parametrize("by", ["import", "connection", "month"])
def test_every_figure_is_the_sum_of_the_rows_behind_it(
    spent: tuple[TestClient, list[int]], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    client, _ = spent
    with_prices(monkeypatch, month="0.35 GBP", call="0.001 GBP")

    costed = costs(client, **{"from": LONG_AGO, "group_by": by})

    calls = rows(client, costed["calls"]["rows"], "calls")
    assert costed["calls"]["total"] == len(calls) == sql("SELECT count(*) FROM bank_api_calls")
    outside = rows(client, costed["calls"]["outside_imports_rows"], "calls")
    assert costed["calls"]["outside_imports"] == sum(call["job_id"] is None for call in calls) == len(outside) > 0
    months = sql(
        "SELECT count(DISTINCT (connection_id, date_trunc('month', called_at))) FROM bank_api_calls WHERE status = 200"
    )
    parts = {part["what"]: part for part in costed["cost"]["parts"]}
    charged = rows(client, parts["connection_month"]["rows"], "connection_months")
    assert parts["connection_month"]["quantity"] == len(charged) == months >= 3
    assert Decimal(parts["connection_month"]["amount"]) == sum(Decimal(row["amount"]) for row in charged)
    assert Decimal(parts["calls"]["amount"]) == len(calls) * Decimal("0.001")
    assert Decimal(costed["cost"]["amount"]) == months * Decimal("0.35") + len(calls) * Decimal("0.001")
    assert costed["cost"]["currency"] == "GBP"
    charges = rows(client, costed["cost"]["rows"] + "&limit=7", "charges")
    assert [row["charged_at"] for row in charges] == sorted((row["charged_at"] for row in charges), reverse=True)
    assert len({(row["what"], row["id"]) for row in charges}) == len(charges) == months + len(calls)
    assert amount_of(charges) == Decimal(costed["cost"]["amount"])

    imports = rows(client, costed["imports"]["rows"], "imports")
    assert costed["imports"]["count"] == len(imports) == 3
    for figure in ("api_calls", "transactions", "duration_seconds"):
        assert costed["imports"]["planned"][figure] == sum(row["planned"][figure] for row in imports) > 0
        assert costed["imports"]["actual"][figure] == sum(row["actual"][figure] for row in imports)
    assert costed["imports"]["actual"]["imported"] == sql(
        "SELECT count(*) FROM transactions WHERE status = 'booked' AND import_job_id IS NOT NULL"
    )

    assert sum(group["calls"] for group in costed["groups"]) == len(calls)
    amounts = [Decimal(group["cost"]["amount"]) for group in costed["groups"]]
    assert sum(amounts) == Decimal(costed["cost"]["amount"])
    for group in costed["groups"]:
        assert len(rows(client, group["calls_rows"], "calls")) == group["calls"], group["label"]
        of_group = {part["what"]: part["quantity"] for part in group["cost"]["parts"]}
        behind = rows(client, group["connection_months_rows"], "connection_months")
        assert len(behind) == of_group["connection_month"] == group["connection_months"], group["label"]
        assert amount_of(rows(client, group["cost_rows"], "charges")) == Decimal(group["cost"]["amount"]), group[
            "label"
        ]
        if group["imports_rows"] is not None:
            assert len(rows(client, group["imports_rows"], "imports")) == group["imports"], group["label"]


@pytest.mark.parametrize("by", ["import", "connection", "month"])
def test_surplus_groups_are_reported_together_with_their_rows(
    spent: tuple[TestClient, list[int]], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    client, _ = spent
    with_prices(monkeypatch, month="0.35 GBP", call="0.001 GBP")
    whole = costs(client, **{"from": LONG_AGO, "group_by": by})["groups"]
    monkeypatch.setattr(report, "MOST_GROUPS", 1)

    costed = costs(client, **{"from": LONG_AGO, "group_by": by})

    shown, rest = costed["groups"], costed["rest"]
    unnamed = sum(group["key"] is None for group in whole)
    assert (len(shown), rest["groups"]) == (1 + unnamed, len(whole) - 1 - unnamed)
    for figure in ("calls", "imports", "connection_months", "llm_calls"):
        assert sum(group[figure] for group in shown) + rest[figure] == sum(group[figure] for group in whole)
    for figure, name in (("calls", "calls"), ("imports", "imports"), ("connection_months", "connection_months")):
        assert len(rows(client, rest[f"{figure}_rows"], name)) == rest[figure] > 0
    assert amount_of(rows(client, rest["cost_rows"], "charges")) == Decimal(rest["cost"]["amount"]) > 0
    words = f"and {rest['groups']} more"
    assert words in CliRunner().invoke(app, ["costs", "--from", LONG_AGO, "--by", by]).stdout


def test_the_days_of_the_month_add_up_to_it_and_open_their_charges(
    spent: tuple[TestClient, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = spent
    with_prices(monkeypatch, month="0.35 GBP", call="0.001 GBP")
    # One call on the first of the month, in the hour that is still the day before in New York.
    sql(
        "UPDATE bank_api_calls SET called_at = date_trunc('month', :now) + interval '2 hours' "
        "WHERE id = (SELECT max(id) FROM bank_api_calls) RETURNING id",
        now=utc_now(),
    )
    month = costs(client)["month"]
    first = utc_today().replace(day=1)

    assert [day["day"] for day in month["days"]] == [
        (first + timedelta(days=offset)).isoformat() for offset in range(utc_today().day)
    ]
    parts = {part["what"]: part["quantity"] for part in month["spent"]["parts"]}
    assert sum(day["calls"] for day in month["days"]) == parts["calls"] >= month["days"][0]["calls"] >= 1
    assert sum(day["connection_months"] for day in month["days"]) == parts["connection_month"] >= 2
    assert sum(Decimal(day["cost"]["amount"]) for day in month["days"]) == Decimal(month["spent"]["amount"])
    for day in month["days"]:
        assert amount_of(rows(client, day["rows"], "charges")) == Decimal(day["cost"]["amount"]), day["day"]


def test_costs_of_adjacent_ranges_add_up(spent: tuple[TestClient, list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = spent
    with_prices(monkeypatch)
    middle = utc_today() - timedelta(days=10)

    whole = costs(client, **{"from": LONG_AGO})
    early = costs(client, **{"from": LONG_AGO, "to": middle.isoformat()})
    late = costs(client, **{"from": (middle + timedelta(days=1)).isoformat()})

    assert early["calls"]["total"] + late["calls"]["total"] == whole["calls"]["total"]
    assert Decimal(early["cost"]["amount"]) + Decimal(late["cost"]["amount"]) == Decimal(whole["cost"]["amount"])


def test_a_price_that_is_not_set_is_unknown_and_never_zero(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    run_import(installation, client, connection_id, **RECENT)
    with_prices(monkeypatch, month=None)

    costed = costs(client)

    assert costed["prices"] == {"connection_month": None, "call": None}
    assert costed["cost"]["amount"] is None
    assert costed["cost"]["unknown"] == ["connection_month"]
    assert costed["month"]["spent"]["amount"] is None
    assert costed["month"]["projected"]["amount"] is None
    part = next(part for part in costed["cost"]["parts"] if part["what"] == "connection_month")
    assert (part["quantity"], part["amount"]) == (1, None)
    assert "BANKIMPORT_PRICE_CONNECTION_MONTH" in part["note"]
    (month,) = client.get(part["rows"]).json()["connection_months"]
    assert month["amount"] is None


def test_a_plan_costs_a_connections_month_once(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    with_prices(monkeypatch)
    query = {"connection_id": connection_id, **RECENT}

    def planned() -> Any:
        return client.post("/api/truelayer/import/plan", json=query).raise_for_status().json()["cost"]

    # Connecting listed the accounts, which began the month.
    assert Decimal(planned()["amount"]) == 0
    travel(days=40)
    assert (planned()["amount"], planned()["currency"]) == ("0.35", "GBP")
    first = run_import(installation, client, connection_id, **RECENT)
    second = run_import(installation, client, connection_id, **RECENT)
    history = {entry["job_id"]: entry for entry in client.get("/api/truelayer/import/history").json()["imports"]}
    assert (history[first["job_id"]]["cost"], history[first["job_id"]]["cost_currency"]) == ("0.35", "GBP")
    assert Decimal(history[second["job_id"]]["cost"]) == 0
    assert history[first["job_id"]]["planned"]["api_calls"] == history[first["job_id"]]["api_calls"]
    behind = {row["job_id"]: row for row in client.get(f"{PATH}/imports").json()["imports"]}
    assert behind[first["job_id"]]["cost"]["amount"] == behind[first["job_id"]]["planned_cost"]["amount"] == "0.35"
    with_prices(monkeypatch, month=None)
    travel(days=40)
    assert planned()["amount"] is None
    assert planned()["unknown"] == ["connection_month"]


def test_a_new_authorisation_is_charged_again_and_an_extension_is_not(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-rotating")
    with_prices(monkeypatch)
    query = {"connection_id": connection_id, **RECENT}

    def charged() -> int:
        (part,) = (part for part in costs(client)["cost"]["parts"] if part["what"] == "connection_month")
        assert len(rows(client, part["rows"], "connection_months")) == part["quantity"]
        return int(part["quantity"])

    assert client.post(f"/api/truelayer/connections/{connection_id}/extend").json()["extended"]
    run_import(installation, client, connection_id, **RECENT)
    assert charged() == 1

    assert installation.connect(client, "sim-rotating") == connection_id
    assert charged() == 2, "TrueLayer counts the new consent as a connection of its own"
    run_import(installation, client, connection_id, **RECENT)
    assert charged() == 2
    planned = client.post("/api/truelayer/import/plan", json=query).json()["cost"]
    assert Decimal(planned["amount"]) == 0


def test_a_plan_whose_rows_a_model_will_enrich_does_not_know_its_cost(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    monkeypatch.setenv("BANKIMPORT_LLM_MODEL", "openai:gpt-5-mini")
    with_prices(monkeypatch)
    body = {"connection_id": connection_id, **RECENT}

    enriched = client.post("/api/truelayer/import/plan", json=body).json()["cost"]
    bare = client.post("/api/truelayer/import/plan", json={**body, "auto_enrich": False}).json()["cost"]

    assert enriched["unknown"] == ["enrichment"]
    assert enriched["amount"] is None
    assert Decimal(bare["amount"]) == 0


def test_the_report_shows_the_error_of_estimates(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    for _ in range(4):
        run_import(installation, client, connection_id, **RECENT)
    with session_scope() as session:
        session.execute(text("UPDATE truelayer_import_jobs SET job_status = 'failed' WHERE id = 2"))

    (estimate,) = costs(client)["estimates"]

    behind = rows(client, estimate["rows"], "imports")
    assert estimate["imports"] == len(behind) == estimate["learns_from"] == 3
    assert estimate["calls_off_percent"] == 0.0
    off = [
        abs(row["planned"]["transactions"] - row["actual"]["transactions"]) / row["actual"]["transactions"]
        for row in behind
    ]
    assert estimate["transactions_off_percent"] == pytest.approx(100 * sum(off) / len(off), abs=0.06)


def test_another_user_sees_no_cost(installation: Installation, spent: tuple[TestClient, list[int]]) -> None:
    ada, (connection_id, _) = spent
    eve = installation.signed_in("eve@example.org")
    job_id = costs(ada, **{"from": LONG_AGO})["groups"][0]["key"]

    costed = costs(eve, **{"from": LONG_AGO})

    assert (costed["calls"]["total"], costed["imports"]["count"], costed["groups"], costed["estimates"]) == (
        0,
        0,
        [],
        [],
    )
    names = {what: what.replace("-", "_") for what in ("calls", "imports", "connection-months", "charges", "llm-calls")}
    for what, name in names.items():
        for narrowed in ({}, {"connection_id": connection_id}, {"job_id": job_id}):
            assert eve.get(f"{PATH}/{what}", params={"from": LONG_AGO, **narrowed}).json()[name] == []


@pytest.mark.parametrize(
    "query",
    [
        {"from": "1900-01-01", "to": "2026-01-01"},
        {"from": "yesterday"},
        {"group_by": "bank"},
    ],
)
def test_an_invalid_range_is_refused(installation: Installation, query: dict[str, str]) -> None:
    answer = installation.signed_in().get(PATH, params=query)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_report_without_spending_is_empty(installation: Installation) -> None:
    costed = costs(installation.signed_in())

    assert costed["groups"] == []
    assert Decimal(costed["cost"]["amount"]) == 0
    assert costed["month"]["spent"]["unknown"] == []


@pytest.mark.parametrize("value", ["0.35", "GBP 0.35", "0,35 GBP", "-1 GBP", "a lot"])
def test_an_invalid_price_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BANKIMPORT_PRICE_CONNECTION_MONTH", value)

    with pytest.raises(SettingsInvalid, match=r"BANKIMPORT_PRICE_CONNECTION_MONTH.*for example.*0\.35 GBP"):
        load_settings()


parts = st.lists(
    st.builds(
        CostPart,
        st.sampled_from(CostKind),
        st.integers(0, 9),
        st.one_of(st.none(), st.decimals(0, 100, places=2)),
        st.sampled_from(["GBP", "USD"]),
        st.just(""),
    )
)


@given(parts)
def test_a_sum_with_an_unknown_part_is_unknown(given_parts: list[CostPart]) -> None:
    cost = total(given_parts)

    is_known = all(part.amount is not None for part in given_parts)
    currencies = {part.currency for part in given_parts if part.amount}
    assert (cost.amount is not None) == (is_known and len(currencies) < 2)
    for money in cost.amounts:
        assert money == Money(
            sum((part.amount or Decimal() for part in given_parts if part.currency == money.currency), Decimal()),
            money.currency,
        )


@given(st.integers(0, 10_000), st.integers(0, 30 * 86_400 - 1))
def test_a_projection_is_never_less_than_the_spending(so_far: int, second: int) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=second)

    assert so_far <= projected(so_far, now) <= so_far * 30


def test_the_command_line_shows_the_same(
    installation: Installation, spent: tuple[TestClient, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = spent
    with_prices(monkeypatch)

    def command(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["costs", "--from", LONG_AGO, *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    costed = json.loads(command("--by", "connection", "--json"))
    assert costed["groups"] == costs(client, **{"from": LONG_AGO, "group_by": "connection"})["groups"]
    assert costed["cost"] == costs(client, **{"from": LONG_AGO})["cost"]
    assert json.loads(command("--rows", "calls", "--json", "--limit", "3"))["next_cursor"]
    for words in ("", "--by month", "--rows calls", "--rows imports", "--rows connection-months", "--rows charges"):
        assert command(*words.split())
    assert "1.05 GBP" in command() or "1.40 GBP" in command()
    refused = CliRunner().invoke(app, ["costs", "--rows", "everything"])
    assert refused.exit_code == 2
