"""The record in a real browser: found, edited, traced to the bank, proven, healed, decided, committed, exported."""

import csv
import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.journeys.browser import (
    PHONE,
    SCHEMES,
    assert_accessible,
    assert_fits,
    assert_moved_nothing,
    schemes_at,
    sign_in,
    watch_shifts,
    window,
)
from tests.journeys.machine import Machine, connect, run_import
from tests.journeys.views import SETTLED
from tests.support.suite.waiting import wait_for

from truelayer_simulator.launch import RunningSimulator

pytestmark = pytest.mark.journey


def check(page: Page, name: str) -> None:
    """The present page is accessible, on a wide screen and a phone; stores pictures if wanted."""
    size = page.viewport_size
    assert size is not None
    folder = os.environ.get("BANKIMPORT_SCREENSHOTS")
    for kind, (width, height) in {"desktop": (size["width"], size["height"]), "phone": PHONE}.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
        assert_accessible(page, schemes_at(kind))
        assert_fits(page)
        for scheme in SCHEMES if folder else ():
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(100)
            page.screenshot(path=Path(folder or "") / f"{name}-{kind}-{scheme}.png", full_page=True, caret="initial")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)


def assert_apart(one: Locator, other: Locator) -> None:
    """Both elements are inside the window, and neither covers the other."""
    box, next_box = one.bounding_box(), other.bounding_box()
    window_size = one.page.viewport_size
    assert box is not None
    assert next_box is not None
    assert window_size is not None
    for item in (box, next_box):
        assert 0 <= item["y"] <= window_size["height"] - item["height"], (box, next_box)
    upper, lower = sorted((box, next_box), key=lambda item: item["y"])
    assert upper["y"] + upper["height"] <= lower["y"], (box, next_box)


def get(page: Page, path: str) -> Any:
    answer = page.request.get(path)
    assert answer.ok, answer.text()
    return answer.json()


def proof_of(page: Page, account_id: str) -> Any:
    return get(page, f"/api/truelayer/accounts/{account_id}/proof")["days"]


def accounts_of(page: Page, connection_id: str) -> list[Any]:
    accounts: list[Any] = get(page, f"/api/truelayer/connections/{connection_id}/accounts")["accounts"]
    return accounts


def test_rows_are_found_edited_in_place_and_the_edit_is_undone(page: Page, mine: Machine) -> None:
    run_import(mine, connect(mine, "sim-pending"))
    page.goto("/transactions")
    grid = page.get_by_role("grid", name="Transactions")
    totals = page.get_by_role("region", name="Totals")
    page.get_by_role("region", name="Pending").wait_for()
    check(page, "transactions")

    page.get_by_label("Search").fill("tfl")
    page.wait_for_url("**q=tfl**")
    expect(totals).to_contain_text(re.compile(r"^\d\d? transactions?"))
    row = grid.get_by_role("row").filter(has_text="TFL TRAVEL").first
    row.get_by_role("gridcell").nth(4).get_by_role("button").click()
    page.get_by_role("combobox", name=re.compile("^Category of TFL")).fill("Commuting")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Commuting")
    page.get_by_text("Category: Commuting").wait_for()
    page.get_by_role("button", name="Undo").click()
    # A toast stays while the pointer is on it.
    toast = page.get_by_role("alert").filter(has_text="Edit undone.")
    toast.hover()
    expect(row).not_to_contain_text("Commuting")
    assert get(page, "/api/transactions?category=Commuting")["transactions"] == []

    grid.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    selected = page.get_by_role("region", name="Selected rows")
    expect(selected).to_contain_text("2 selected")
    for width, height in (PHONE, (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        toast.hover()
        assert_apart(toast, selected)
    selected.get_by_role("combobox", name="Category for all of them").fill("Weekend away")
    selected.get_by_role("button", name="Set for all").click()
    page.get_by_text("Category of 2 rows: Weekend away").wait_for()
    assert len(get(page, "/api/transactions?category=Weekend+away")["transactions"]) == 2

    page.goto("/transactions?category=Weekend+away")
    expect(totals).to_contain_text("2 transactions")
    page.get_by_role("button", name="Remove the filter category Weekend away").click()
    expect(totals).not_to_contain_text(re.compile("^2 transactions"))
    page.get_by_role("button", name="More filters").click()
    page.get_by_label("Amount from").fill("100000")
    page.get_by_role("heading", name="No transactions match these filters").wait_for()
    assert page.url.endswith("?least=100000")


def test_a_row_shows_where_it_came_from_down_to_the_banks_answer(page: Page, mine: Machine) -> None:
    job_id = run_import(mine, connect(mine, "sim-real-times"))
    page.goto(f"/transactions?job={job_id}")
    grid = page.get_by_role("grid", name="Transactions")
    grid.get_by_role("row").nth(3).wait_for()
    grid.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    detail = page.get_by_role("dialog", name="Transaction")
    detail.get_by_role("link", name=f"import {job_id}").wait_for()
    row_id = int(re.findall(r"row=(\d+)", page.url)[0])
    source = get(page, f"/api/transactions/{row_id}/provenance")
    for fact in (source["sha256"], source["correlation_id"], source["request"], f"row {source['position'] + 1},"):
        expect(detail).to_contain_text(fact)

    detail.get_by_role("combobox", name="Merchant").fill("Corner shop")
    detail.get_by_role("button", name="Save").click()
    expect(detail).to_contain_text("You edited it")
    detail.get_by_role("form", name="Edit").get_by_text("set by you").wait_for()
    check(page, "transaction-detail")
    detail.get_by_role("button", name="Next").click()
    expect(detail).not_to_contain_text("You edited it")
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    assert "row=" not in page.url


def test_broken_days_are_shown_and_healed_from_the_page(
    page: Page, mine: Machine, simulator_process: RunningSimulator
) -> None:
    connection_id = connect(mine, "sim-accounts-only")
    simulator_process.admin("PATCH", "profiles/sim-accounts-only", dropped=True)
    run_import(mine, connection_id)
    simulator_process.admin("PATCH", "profiles/sim-accounts-only", dropped=False)
    account = next(item for item in accounts_of(page, connection_id) if proof_of(page, item["account_id"])["broken"])
    account_id = account["account_id"]

    watch_shifts(page)
    page.goto(f"/proof?account={account_id}")
    named = page.get_by_role("region", name=account["display_name"], exact=True)
    card = named.filter(has_text="accounts-only")
    expect(card).to_contain_text(re.compile(r"days? proven, .* days? broken"))
    page.wait_for_function(SETTLED)
    assert_moved_nothing(page)
    card.get_by_role("group", name="Months").get_by_role("button", name=re.compile("broken")).last.click()
    day = card.get_by_role("group", name="Days").get_by_role("button", name=re.compile("broken")).last
    day.click()
    detail = card.get_by_role("region", name=re.compile(r"^\d+ \w+ 20\d\d$"))
    expect(detail).to_contain_text("missing")
    expect(detail).to_contain_text("Opening balance")
    check(page, "proof")

    card.get_by_role("button", name="Fetch broken days again…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("rows are never invented")
    dialog.get_by_role("button", name="Fetch again").click()
    page.get_by_text(re.compile(r"Fetched again: \d+ missing rows? found")).wait_for()
    assert proof_of(page, account_id)["broken"] == 0
    expect(card).not_to_contain_text("broken")


def test_one_dry_run_is_previewed_and_committed_and_another_discarded(page: Page, mine: Machine) -> None:
    connection_id = connect(mine, "sim-twins")
    job_id = run_import(mine, connection_id, "--dry-run")
    assert get(page, f"/api/transactions?import_job_id={job_id}")["transactions"] == []
    calls = get(page, f"/api/truelayer/import/status/{job_id}")["api_calls"]

    page.goto(f"/imports/{job_id}/diff")
    page.get_by_text("Committing does not call the bank again").wait_for()
    totals = page.get_by_role("status").filter(has_text="Total:")
    expect(totals).to_contain_text(re.compile(r"[\d,]+ new, 0 changed"))
    new = int(re.findall(r"([\d,]+) new", totals.inner_text())[0].replace(",", ""))
    check(page, "dry-run")
    page.get_by_role("button", name="Commit").click()
    page.wait_for_url(f"**/imports/{job_id}")
    page.get_by_text("completed").first.wait_for()

    assert get(page, f"/api/transactions/totals?import_job_id={job_id}&status=booked")["rows"] == new
    assert get(page, f"/api/truelayer/import/status/{job_id}")["api_calls"] == calls
    page.goto(f"/imports/{job_id}/diff")
    page.get_by_text("There are no changes to show.").wait_for()

    other = run_import(mine, connection_id, "--dry-run")
    page.goto(f"/imports/{other}/diff")
    page.get_by_text("Nothing changes: all rows are already stored.").first.wait_for()
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Discard it").click()
    page.wait_for_url(f"**/imports/{other}")
    assert get(page, f"/api/truelayer/import/status/{other}")["is_discarded"]


def test_a_conflict_is_decided_and_the_decision_undone(
    page: Page, mine: Machine, simulator_process: RunningSimulator
) -> None:
    # Which answers lack rows depends on how many this bank gave before, so no other journey uses it.
    connection_id = connect(mine, "sim-no-zones")
    run_import(mine, connection_id)
    simulator_process.admin("PATCH", "profiles/sim-no-zones", dropped=True)
    for _ in range(2):
        run_import(mine, connection_id)
    simulator_process.admin("PATCH", "profiles/sim-no-zones", dropped=False)
    waiting = get(page, "/api/reviews?limit=200")["reviews"]
    assert len(waiting) > 1
    rows = get(page, "/api/transactions/totals")["rows"]

    page.goto("/review")
    rows_shown = page.get_by_role("grid", name="Review").get_by_role("row").filter(has=page.get_by_role("gridcell"))
    expect(rows_shown).to_have_count(min(50, len(waiting)))
    check(page, "review")
    rows_shown.first.get_by_role("button", name="Remove the row").click()
    page.get_by_text("Bank's values used.").wait_for()
    assert get(page, "/api/transactions/totals")["rows"] == rows - 1
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Decision undone.").wait_for()
    assert get(page, "/api/transactions/totals")["rows"] == rows

    page.get_by_role("checkbox", name="Select all shown").click()
    page.get_by_role("button", name=re.compile(r"^Keep \d+$")).click()
    page.get_by_text(re.compile(r"Stored row kept: \d+ rows")).wait_for()
    page.get_by_text("Decided", exact=True).click()
    page.get_by_text("kept the stored row").first.wait_for()


def test_transfers_are_confirmed_together_undone_and_marked_on_their_rows(page: Page, mine: Machine) -> None:
    run_import(mine, connect(mine, "sim-transfers"))
    suggested = "/api/transactions/transfers?min_confidence=0.5"
    wait_for(lambda: get(page, suggested)["matching"] > 0)
    pairs = get(page, suggested)
    assert pairs["matching"] >= 3

    page.goto("/transfers")
    table = page.get_by_role("grid", name="Transfers")
    shown = table.get_by_role("row").filter(has=page.get_by_role("gridcell"))
    expect(shown.first).to_contain_text("Equal amounts 1 day apart")
    check(page, "transfers")
    page.get_by_role("combobox", name="Minimum confidence").click()
    page.get_by_role("option", name=re.compile("^Possible or higher")).click()
    page.wait_for_url("**least=0.5")
    page.get_by_role("button", name=re.compile(r"^Confirm all \d+$")).click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm all").click()
    page.get_by_text(re.compile(r"\d+ transfers confirmed\.")).wait_for()
    assert get(page, "/api/transactions/transfers")["counts"]["confirmed"] == pairs["matching"]
    page.get_by_role("button", name="Undo").click()
    page.get_by_text(re.compile("decisions undone")).wait_for()
    assert get(page, "/api/transactions/transfers")["counts"]["confirmed"] == 0

    shown.first.get_by_role("button", name="Not a transfer").press("Enter")
    page.get_by_text("it will not be suggested again").wait_for()
    expect(shown.first.get_by_role("button", name="Confirm")).to_be_enabled()
    expect(table).to_be_focused()
    page.keyboard.press("c")
    page.get_by_text("Confirmed as a transfer.").wait_for()
    counts = get(page, "/api/transactions/transfers")["counts"]
    assert (counts["confirmed"], counts["refused"]) == (1, 1)
    page.get_by_text(re.compile("^Confirmed 1$")).click()
    page.wait_for_url("**status=confirmed**")
    table.get_by_role("link").first.click()
    detail = page.get_by_role("dialog", name="Transaction")
    detail.get_by_role("link", name="between your accounts, confirmed").click()
    page.wait_for_url("**/transfers?pair=*")
    table.get_by_role("button", name="Undo the decision").click()
    page.get_by_text("Decision undone.").wait_for()


def test_filtered_rows_are_exported_and_an_imports_evidence_is_downloaded(
    page: Page, mine: Machine, tmp_path: Path
) -> None:
    job_id = run_import(mine, connect(mine, "sim-reversed"))
    page.goto(f"/transactions?job={job_id}&direction=out")
    page.get_by_role("grid", name="Transactions").wait_for()
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export transactions")
    expect(dialog).to_contain_text(re.compile(r"Filtered rows: \d+"))
    check(page, "export")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    lines = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    assert file.suffix == ".csv"
    assert (
        len(lines) == get(page, f"/api/transactions/totals?import_job_id={job_id}&direction=out&status=booked")["rows"]
    )
    assert all(line["amount"].startswith("-") for line in lines)
    dialog.get_by_role("button", name="Use it now").click()
    with page.expect_download():
        dialog.get_by_role("button", name="Export").click()
    dialog.get_by_text(re.compile(r"^0 rows exported to")).wait_for()

    page.goto("/proof")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Evidence pack of import {job_id}").click()
    pack = tmp_path / download.value.suggested_filename
    download.value.save_as(pack)
    assert mine.read("verify", str(pack))["is_sound"]


def test_a_doubt_becomes_a_rule_that_is_applied_and_undone_and_its_category_renamed(page: Page, mine: Machine) -> None:
    job_id = run_import(mine, connect(mine, "sim-many-countries"))
    enriched = mine.read("enrichment", "run", "--import", str(job_id))["id"]
    page.goto(f"/enrichment/jobs/{enriched}")
    page.get_by_text("completed", exact=True).wait_for()

    page.get_by_role("navigation", name="Enrichment").get_by_role("link", name="Doubts").click()
    doubt = page.get_by_role("article").filter(has_text="QXZ HOLDING").first
    doubt.get_by_role("combobox").fill("Educ")
    page.get_by_role("option", name="Education").click()
    expect(doubt.get_by_role("table", name="Rows that would change")).to_contain_text("category Education")
    doubt.get_by_role("link", name="Create a rule…").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("qxz"))
    page.get_by_role("button", name="Save the rule").click()
    page.get_by_role("heading", level=1, name=re.compile(r"^Rule \d+$")).wait_for()
    apply = page.get_by_role("button", name=re.compile(r"^Apply to \d+ rows?$"))
    rows = int(re.findall(r"\d+", apply.inner_text())[0])
    assert get(page, "/api/transactions?category=Education")["transactions"] == []
    apply.click()
    applied = page.get_by_text(re.compile(rf"Applied: {rows} rows? changed"))
    applied.wait_for()
    check(page, "rule-applied")

    page.get_by_role("navigation", name="Enrichment").get_by_role("link", name="Categories").click()
    page.get_by_role("button", name="Change Education").click()
    dialog = page.get_by_role("dialog", name="Change Education")
    dialog.get_by_label("Name").fill("Schooling")
    expect(dialog.get_by_role("status")).to_contain_text(f"{rows} row")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_text("Education is now called Schooling.").wait_for()
    page.get_by_role("button", name="Archive Schooling").click()
    page.get_by_text("Schooling was archived. Rows that have it keep it.").wait_for()
    taught = get(page, "/api/transactions?category=Schooling")["transactions"]
    assert get(page, "/api/transactions/totals?category=Schooling")["rows"] == rows

    page.goto(f"/transactions?category=Schooling&row={taught[0]['id']}")
    detail = page.get_by_role("dialog", name="Transaction")
    said = detail.get_by_role("table", name="Source of merchant and category")
    expect(said).to_contain_text("set by one of your rules")
    check(page, "transaction-said-by")
    said.get_by_role("link", name=re.compile("qxz")).click()
    page.get_by_role("heading", level=1, name=re.compile(r"^Rule \d+$")).wait_for()
    page.go_back()
    said.get_by_role("link", name=re.compile(r"^enrichment \d+$")).first.click()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    page.get_by_role("dialog").get_by_role("button", name="Undo it").click()
    page.get_by_text("undone", exact=True).wait_for()
    assert get(page, "/api/transactions?category=Schooling")["transactions"] == []


def test_another_user_sees_nothing_of_the_record(page: Page, up: Machine, mine: Machine) -> None:
    job_id = run_import(mine, connect(mine, "sim-seven-digits"))
    row = get(page, f"/api/transactions?import_job_id={job_id}")["transactions"][0]
    up.run("user", "create", "eve@example.org")
    browser = page.context.browser
    assert browser is not None
    with window(browser, up.url) as hers:
        sign_in(hers, up, "eve@example.org")
        hers.goto("/transactions")
        hers.get_by_role("heading", name="No transactions yet").wait_for()
        hers.goto(f"/transactions?row={row['id']}")
        hers.get_by_text(f"you have no transaction {row['id']}").first.wait_for()
        hers.goto(f"/imports/{job_id}/diff")
        hers.get_by_text(f"you have no import {job_id}").first.wait_for()
        hers.goto("/review")
        hers.get_by_role("heading", name="Nothing to review").wait_for()
        hers.goto("/transfers")
        hers.get_by_role("heading", name="No suggested transfers").wait_for()
        hers.goto("/proof")
        hers.get_by_role("heading", name="No accounts yet").wait_for()
