"""Schedules, consents and costs in a real browser: created, changed, previewed, fired, paused; figures equal the
rows."""

import json
import os
import re
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.browser import (
    DESKTOP,
    PHONE,
    SCHEMES,
    assert_accessible,
    sign_in,
    window,
)
from tests.journeys.machine import Machine, connect, machine
from tests.support.servers.model_server import running_model_server
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.clock import utc_now

pytestmark = pytest.mark.journey

SETTINGS = {
    "BANKIMPORT_PRICE_CONNECTION_MONTH": "0.35 GBP",
    "BANKIMPORT_PRICE_CALL": "0.001 GBP",
    "BANKIMPORT_LLM_MODEL": "openai:test",
    "BANKIMPORT_LLM_INPUT_PRICE": "100 GBP",
    "BANKIMPORT_LLM_OUTPUT_PRICE": "200 GBP",
    "BANKIMPORT_LLM_MONTHLY_CAP": "500 GBP",
}


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with (
        running_model_server() as model,
        machine(
            tmp_path_factory.mktemp("home"), "--simulator", more={**SETTINGS, "BANKIMPORT_LLM_BASE_URL": model.url}
        ) as running,
    ):
        running.run("user", "create", "ada@example.org")
        yield running


@pytest.fixture
def page(up: Machine, browser: Browser) -> Iterator[Page]:
    with window(browser, up.url) as opened:
        yield opened


def pictures(page: Page, name: str) -> None:
    """Store pictures of the page in both schemes, on a desktop and a phone, if wanted."""
    folder = os.environ.get("BANKIMPORT_SCREENSHOTS")
    for (width, height), where in ((DESKTOP, "desktop"), (PHONE, "phone")):
        page.set_viewport_size({"width": width, "height": height})
        # Charts and menus follow a change of the window a moment later.
        page.wait_for_function("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        if folder:
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=Path(folder) / f"{name}-{where}-{scheme}.png", full_page=True, caret="initial")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def sql(up: Machine, query: str) -> Any:
    """A value from the installation's database, read as its owner, who sees all users' rows."""
    note = json.loads((Path(up.env["BANKIMPORT_HOME"]) / "run" / "stack.json").read_text())
    with psycopg.connect(note["environment"]["DATABASE_URL"]) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.slow("a stack of processes starts, and the whole life of a schedule is followed")
def test_a_schedule_is_created_previewed_fired_changed_paused_and_removed(page: Page, up: Machine) -> None:
    sign_in(page, up)
    connect(up, "sim-plain")
    page.goto("/")
    page.get_by_role("navigation", name="Pages").get_by_text("Schedules").click()
    page.get_by_text("No schedules yet").wait_for()
    assert_accessible(page)
    pictures(page, "schedules-empty")

    page.get_by_role("link", name="New schedule").click()
    preview = page.get_by_role("region", name="Preview")
    preview.get_by_text("Every day at 02:00, Europe/London").wait_for()
    expect(preview.get_by_role("table", name="Next runs").locator("tbody tr")).to_have_count(8)
    page.get_by_text("Weekly", exact=True).click()
    page.get_by_label("Name").fill("Wages")
    preview.get_by_text("Every Monday at 02:00, Europe/London").wait_for()
    expect(preview.get_by_text(re.compile("Mon .*02:00"))).to_have_count(8)
    page.get_by_text("Cron", exact=True).click()
    page.get_by_label("Cron expression").fill("*/5 * * * *")
    expect(preview.get_by_role("alert")).to_contain_text("caches answers for an hour")
    assert_accessible(page)
    page.get_by_label("Cron expression").fill("0 */4 * * *")
    preview.get_by_text(re.compile("of the 4 calls that banks allow")).first.wait_for()
    assert_accessible(page)
    pictures(page, "schedule-form")
    page.get_by_text("Daily", exact=True).click()
    page.get_by_label("Random delay in minutes").fill("0")
    preview.get_by_text("Every day at 02:00, Europe/London").wait_for()
    page.get_by_role("button", name="Schedule it").click()
    page.get_by_role("heading", name="Wages", level=1).wait_for()
    page.get_by_text("No runs yet.").wait_for()
    schedule_id = int(page.url.rsplit("/", 1)[1])

    # Its time comes: beat fires it, as an unattended import.
    sql(up, f"UPDATE truelayer_import_schedules SET fires_at = '{utc_now()}' WHERE id = {schedule_id} RETURNING id")
    runs = page.get_by_role("table", name="Runs")
    runs.get_by_text("on time").wait_for()
    runs.get_by_text("completed").wait_for()
    assert sql(up, "SELECT count(*) FROM bank_api_calls WHERE job_id IS NOT NULL AND attended") == 0
    assert_accessible(page)
    pictures(page, "schedule")

    page.get_by_role("link", name="Change").click()
    page.get_by_label("Time", exact=True).fill("07:30")
    preview.get_by_text("Every day at 07:30, Europe/London").wait_for()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Next run:").first).to_contain_text("07:30")

    page.get_by_role("button", name="Run now").click()
    page.get_by_text(re.compile(r"Import \d+ started")).wait_for()
    runs.get_by_text("by you").wait_for()
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_label("Why").fill("moving house")
    page.get_by_role("button", name="Pause it").click()
    page.get_by_text("moving house").wait_for()
    page.get_by_role("navigation", name="Pages").get_by_text("Schedules").click()
    page.get_by_role("article", name="Wages").get_by_text("paused", exact=True).wait_for()
    assert_accessible(page)
    pictures(page, "schedules")
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("button", name="Pause", exact=True).wait_for()

    page.get_by_role("button", name="Remove").click()
    page.get_by_text("No schedules yet").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("article", name="Wages").wait_for()


def pounds(amount: Decimal) -> str:
    """An amount as the page shows it: two decimals, and more only if it has them."""
    exact = f"{amount:f}".rstrip("0") if "." in f"{amount:f}" else f"{amount:f}."
    whole, _, part = exact.partition(".")
    return f"£{int(whole):,}.{part.ljust(2, '0')}"


def settle(up: Machine) -> None:
    """Wait until no import and no enrichment is in progress, so that figures do not change."""
    deadline = time.monotonic() + HANGS_AFTER_S
    while sql(
        up,
        "SELECT (SELECT count(*) FROM truelayer_import_jobs WHERE started_at IS NOT NULL AND completed_at IS NULL) "
        "+ (SELECT count(*) FROM truelayer_enrichment_jobs WHERE completed_at IS NULL)",
    ):
        assert time.monotonic() < deadline, "an import or its enrichment does not end"
        time.sleep(0.2)


@pytest.mark.slow("two imports are enriched by a model, and every page of costs is checked")
def test_the_cost_pages_figures_equal_the_rows(page: Page, up: Machine) -> None:
    connection_id = connect(up, "sim-many-countries")
    up.read("import", "--last", "30d", "--connection", connection_id)
    settle(up)
    # The merchants are cached after the first request: the older rows of the same shops cost nothing.
    up.read("import", "--last", "3m", "--connection", connection_id)
    settle(up)
    sign_in(page, up)
    page.goto("/costs")
    calls = sql(up, "SELECT count(*) FROM bank_api_calls")
    months = sql(
        up,
        "SELECT count(DISTINCT (connection_id, date_trunc('month', called_at AT TIME ZONE 'UTC'))) "
        "FROM bank_api_calls WHERE status = 200",
    )
    rows = sql(
        up,
        "SELECT sum(rows_in_window) FROM import_windows WHERE state = 'completed'",
    )
    asked = sql(up, "SELECT count(*) FROM llm_calls")
    models = sql(up, "SELECT coalesce(sum(cost), 0) FROM llm_calls")
    tokens = sql(up, "SELECT coalesce(sum(input_tokens), 0) FROM llm_calls")
    remembered = sql(up, "SELECT sum(cached_hits) FROM truelayer_enrichment_jobs")
    per_merchant = sql(up, "SELECT sum(cost) / sum(merchants) FROM llm_calls WHERE status = 'answered'")
    assert asked
    assert remembered

    expect(page.get_by_role("region", name="Calls to banks").get_by_role("link").first).to_have_text(f"{calls:,}")
    spent = page.get_by_role("region", name="Spent")
    expect(spent.get_by_role("link").first).to_have_text(
        pounds(months * Decimal("0.35") + calls * Decimal("0.001") + models)
    )
    expect(spent).to_contain_text(re.compile(rf"{asked} calls? to models: {re.escape(pounds(models))}"))
    expect(page.get_by_role("region", name="Rows, actual and planned").get_by_role("link").first).to_have_text(
        f"{rows:,} rows"
    )
    by_model = page.get_by_role("region", name="Enrichment by model")
    expect(by_model.get_by_role("row", name="openai:test")).to_contain_text(f"{tokens:,}")
    expect(by_model.get_by_role("row", name="openai:test")).to_contain_text(pounds(models))
    expect(by_model).to_contain_text(
        f"{remembered:,} rows answered from the cache: calls for them would have cost about "
        f"{pounds(round(per_merchant * remembered, 6))}"
    )
    month = page.get_by_role("region", name="will come to")
    expect(month).to_contain_text(f"Your enrichment used {pounds(models)}")
    expect(month).to_contain_text("of the cap of £500.00")
    assert_accessible(page)
    pictures(page, "costs")
    for split, shown in (
        ("By bank", "Costs by connection"),
        ("By month", "Costs by month"),
        ("By import", "Costs by import"),
    ):
        page.get_by_text(split, exact=True).click()
        # The previous table stays until the answer is there.
        rows_of_groups = page.get_by_role("region", name=shown).get_by_role("table", name="Costs").locator("tbody tr")
        rows_of_groups.first.wait_for()
        of_groups = rows_of_groups.locator("td:nth-child(2)")
        assert sum(int(text.replace(",", "")) for text in of_groups.all_inner_texts()) == calls
        of_groups = rows_of_groups.locator("td:nth-child(8)")
        assert sum(int(text.replace(",", "")) for text in of_groups.all_inner_texts()) == asked

    by_model.get_by_role("link", name=f"{asked} calls to openai:test", exact=True).click()
    expect(page.get_by_role("table", name="Calls to models").locator("tbody tr")).to_have_count(asked)
    assert_accessible(page)
    pictures(page, "costs-models")
    page.get_by_role("link", name="← Costs").click()
    page.get_by_role("region", name="Calls to banks").get_by_role("link").first.click()
    page.get_by_role("heading", name="Calls to banks").wait_for()
    expect(page.get_by_role("table", name="Calls").locator("tbody tr")).to_have_count(min(calls, 100))
    assert_accessible(page)
    pictures(page, "costs-calls")
    page.get_by_role("link", name="← Costs").click()
    page.get_by_role("region", name="Import calls").get_by_role("link").first.click()
    page.get_by_role("table", name="Imports").locator("tbody tr").first.wait_for()
    assert_accessible(page)
    page.go_back()
    page.get_by_role("region", name="Spent").get_by_role("link").first.click()
    paid_for = months + calls + asked
    charges = page.get_by_role("table", name="Charges").locator("tbody tr")
    expect(charges).to_have_count(min(paid_for, 100))
    assert_accessible(page)
    page.go_back()
    page.get_by_role("region", name="Spent").get_by_role("link", name="connection month").click()
    expect(page.get_by_role("table", name="Connection months").locator("tbody tr")).to_have_count(months)
    assert_accessible(page)
