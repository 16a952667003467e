"""The page in a real browser: sign in, connect a bank through its consent page, plan, import, look at the rows."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.browser import open_page, sign_in
from tests.journeys.machine import Machine, machine

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("processes")]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("home")) as running:
        running.run("user", "create", "ada@example.org")
        yield running


@pytest.fixture
def page(up: Machine) -> Iterator[Page]:
    with open_page(up) as window:
        yield window


def test_from_an_empty_installation_to_imported_rows(page: Page, up: Machine) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in to bankimport")).to_be_visible()

    sign_in(page, up)
    expect(page.get_by_text("Nothing was imported yet.")).to_be_visible()
    expect(page.get_by_text("Connect a bank first")).to_be_visible()

    page.get_by_role("navigation", name="Pages").get_by_text("Banks and accounts").click()
    expect(page.get_by_text("No bank is connected yet.")).to_be_visible()
    page.get_by_role("button", name="Connect a bank").click()
    page.get_by_label("Bank", exact=True).select_option("sim-plain")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("The bank is connected.")).to_be_visible()
    expect(page.get_by_role("cell", name=re.compile("TRANSACTION ACCOUNT 1"))).to_be_visible()

    page.get_by_role("navigation", name="Pages").get_by_text("Imports").click()
    page.get_by_role("button", name="3 months").click()
    page.get_by_label("TRANSACTION ACCOUNT 2").uncheck()
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_text("2 accounts and cards")).to_be_visible()
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("2 of 2 accounts")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("completed").first).to_be_visible()

    page.get_by_role("navigation", name="Pages").get_by_text("Transactions").click()
    rows = page.get_by_role("grid", name="Transactions").get_by_role("row")
    expect(rows.nth(5)).to_be_visible()
    assert rows.count() < 80, "only the rows in sight are drawn"
    page.get_by_label("Search").fill("no such shop")
    expect(page.get_by_role("heading", name="No transaction fits these filters")).to_be_visible()
    assert page.url.endswith("q=no+such+shop") or "q=no%20such%20shop" in page.url

    page.get_by_role("button", name="Signed in as ada@example.org").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to bankimport")).to_be_visible()


def test_a_consent_that_is_cancelled_says_so(page: Page, up: Machine) -> None:
    sign_in(page, up)
    page.goto("/connections")
    page.get_by_role("button", name="Connect a bank").click()
    page.get_by_role("button", name="Cancel", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("you cancelled at the bank")


def test_an_import_is_paused_resumed_and_cancelled_while_it_is_watched(page: Page, up: Machine) -> None:
    sign_in(page, up)
    page.goto("/connections")
    page.get_by_role("button", name="Connect a bank").click()
    page.get_by_label("Bank", exact=True).select_option("sim-slow")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("The bank is connected.")).to_be_visible(timeout=30_000)
    slow = next(row["id"] for row in up.read("connections")["connections"] if row["bank_id"] == "sim-slow")
    job_id = up.read("import", "--last", "2y", "--connection", str(slow), "--no-wait")["job_id"]

    page.goto(f"/imports/{job_id}")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_text("paused", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Resume", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text("cancelled", exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="Try again what failed")).to_be_visible()
