"""The page in a real browser: from an empty installation to rows, by mouse and by keyboard only, and back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.browser import assert_accessible, connect_bank
from tests.journeys.machine import Machine, connect
from tests.support.bank.held import hold_bank, set_delay
from tests.support.servers.receiver import receiving

from truelayer_simulator.launch import RunningSimulator

pytestmark = pytest.mark.journey

SLOW = "sim-slow"


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", level=1, name=name).wait_for()


@pytest.fixture
def slow_bank(simulator_process: RunningSimulator) -> Iterator[RunningSimulator]:
    """The simulator, whose bank "sim-slow" answers as slowly as a test wants and as usual afterwards."""
    yield simulator_process
    set_delay(simulator_process, SLOW, 2000)


def count_rows(page: Page) -> int:
    totals: dict[str, Any] = page.request.get("/api/transactions?limit=200").json()
    return len(totals["transactions"])


@pytest.mark.slow("the folder's processes start, and a slow bank is followed to the end")
def test_from_an_empty_installation_through_pause_and_undo(
    page: Page, mine: Machine, slow_bank: RunningSimulator
) -> None:
    page.goto("/")
    page.get_by_role("heading", name="Welcome to bankimport").wait_for()
    menu(page, "Imports")
    page.get_by_role("heading", name="No imports yet").wait_for()
    page.get_by_role("link", name="Start the first import").click()
    page.get_by_role("heading", name="No bank is connected yet").wait_for()
    page.get_by_role("link", name="Go to banks and accounts").click()
    page.get_by_role("heading", name="No bank is connected yet").wait_for()
    connect_bank(page, "sim-slow")
    page.get_by_role("region", name="sim", exact=False).get_by_role("link", name="Import").first.click()

    page.get_by_text("3 months", exact=True).click()
    expect(page.get_by_role("region", name="Days requested and already stored")).to_contain_text("91 days requested")
    page.get_by_role("button", name="Next: Accounts").click()
    page.get_by_role("checkbox", name="TRANSACTION ACCOUNT 2").uncheck()
    page.get_by_role("button", name="Next: Settings").click()
    page.get_by_role("button", name="Next: Review").click()
    plan = page.get_by_role("region", name="The plan")
    expect(plan).to_contain_text("TRANSACTION ACCOUNT 1")
    expect(plan).not_to_contain_text("TRANSACTION ACCOUNT 2")
    hold_bank(slow_bank, SLOW)
    page.get_by_role("button", name="Start the import").dblclick()

    page.get_by_text("running", exact=True).first.wait_for()
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_text("pausing", exact=True).first.wait_for()
    set_delay(slow_bank, SLOW, 200)
    page.get_by_text("paused", exact=True).first.wait_for()
    page.get_by_role("button", name="Resume", exact=True).click()
    page.get_by_text("100 %,", exact=False).wait_for()
    page.get_by_text("completed", exact=True).first.wait_for()
    page.get_by_role("tab", name="Events").click()
    page.get_by_text("Paused by you").wait_for()
    brought = count_rows(page)
    assert brought > 0
    imports = page.request.get("/api/truelayer/import/history").json()["imports"]
    assert len(imports) == 1, "the second of two quick clicks started an import of its own"

    menu(page, "Imports")
    row = page.get_by_role("table", name="Imports").get_by_role("row").nth(1)
    expect(row).to_contain_text("completed")
    menu(page, "Transactions")
    page.get_by_role("grid", name="Transactions").get_by_role("row").nth(5).wait_for()

    menu(page, "Imports")
    row.get_by_role("link").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"[\d,]+ rows imported by it will be removed"))
    dialog.get_by_role("button", name="Undo it").click()
    page.get_by_role("button", name="Redo").wait_for()
    assert count_rows(page) == 0
    page.get_by_role("button", name="Redo").click()
    page.get_by_role("button", name="Undo", exact=True).wait_for()
    assert count_rows(page) == brought

    page.get_by_role("button", name=f"Signed in as {mine.user}").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("heading", name="Sign in to bankimport").wait_for()


def focus_by_tab(page: Page, role: str, name: str) -> None:
    """Press Tab until the element with this role and name has the focus, as a keyboard user does."""
    wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    wanted.wait_for(state="attached")
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {role} {name!r}")


def test_the_wizard_works_with_only_the_keyboard(page: Page, mine: Machine) -> None:
    connect(mine, "sim-plain")
    page.goto("/imports/new")

    focus_by_tab(page, "radio", "30 days")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="7 days")).to_be_checked()
    focus_by_tab(page, "button", "Next: Accounts")
    page.keyboard.press("Enter")
    focus_by_tab(page, "checkbox", "TRANSACTION ACCOUNT 2")
    page.keyboard.press("Space")
    focus_by_tab(page, "button", "Next: Settings")
    page.keyboard.press("Enter")
    focus_by_tab(page, "switch", "Dry run")
    page.keyboard.press("Space")
    focus_by_tab(page, "button", "Next: Review")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="The plan")).to_contain_text("dry run")
    focus_by_tab(page, "button", "Start the dry run")
    page.keyboard.press("Enter")

    page.get_by_role("link", name="Review the changes").wait_for()
    assert count_rows(page) == 0


def test_going_back_keeps_all_choices(page: Page, mine: Machine) -> None:
    connect(mine, "sim-plain")
    page.goto("/imports/new")
    page.get_by_text("Custom range", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Choose the first day to import.")
    expect(page.get_by_role("button", name="Next: Accounts")).to_be_disabled()
    page.get_by_label("First day").fill("2026-03-10")
    page.get_by_label("Last day").fill("2026-03-01")
    expect(page.get_by_role("alert")).to_contain_text("Swap them")
    page.get_by_label("Last day").fill("2026-04-02")
    expect(page.get_by_role("navigation", name="Pages").locator("[aria-current=page]")).to_have_text("New import")
    strip = page.get_by_role("region", name="Days requested and already stored").locator("li > div").first
    expect(strip).to_have_css("height", "10px")
    expect(strip).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    page.get_by_role("button", name="Next: Accounts").click()
    page.get_by_role("checkbox", name=re.compile("^All ")).click()
    page.get_by_text("Choose at least one account or card.").wait_for()
    page.get_by_role("checkbox", name="TRANSACTION ACCOUNT 2").check()
    page.get_by_role("button", name="Next: Settings").click()
    page.get_by_text("Own", exact=True).click()
    page.get_by_label("Rows at a time").fill("50")
    page.get_by_text("At a set time", exact=True).click()
    page.get_by_label("Enrich at").fill("04:30")
    page.get_by_role("button", name="Next: Review").click()
    plan = page.get_by_role("region", name="The plan")
    expect(plan).to_contain_text(re.compile("merchants and categories, .*4:30"))
    expect(plan).to_contain_text("10 Mar 2026 – 2 Apr 2026")
    expect(plan).to_contain_text("50 rows")

    for _ in range(3):
        page.go_back()
    expect(page.get_by_label("First day")).to_have_value("10 Mar 2026")
    expect(page.get_by_label("Last day")).to_have_value("2 Apr 2026")
    for _ in range(3):
        page.go_forward()
    expect(plan).to_contain_text("TRANSACTION ACCOUNT 2")
    page.reload()
    expect(plan).to_contain_text("50 rows")
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_label("Rows at a time")).to_have_value("50")
    expect(page.get_by_label("Enrich at")).to_have_value("04:30")
    assert page.request.get("/api/truelayer/import/history").json()["imports"] == []


def test_the_wizard_schedules_what_it_imports(page: Page, mine: Machine) -> None:
    connection_id = connect(mine, "sim-plain")
    page.goto(f"/imports/new?connection={connection_id}&range=7d&step=3")
    page.get_by_role("switch", name="Schedule it").check()
    page.get_by_role("button", name="Next: Review").click()
    page.get_by_role("button", name="Start the import").click()
    page.get_by_text("completed", exact=True).first.wait_for()

    (schedule,) = page.request.get("/api/truelayer/import/schedules").json()["schedules"]
    assert (schedule["frequency"], schedule["run_time"], schedule["time_zone"]) == (
        "daily",
        "06:00:00",
        "Europe/London",
    )

    page.goto("/queue?show=recent")
    page.get_by_role("checkbox", name="Select all: Recently finished").check()
    expect(page.get_by_role("group", name="Actions for the selected imports")).to_contain_text("1 import selected")
    page.get_by_role("button", name="Pause all").click()
    page.get_by_text("Your imports are paused").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Resume all").click()
    expect(page.get_by_text("Your imports are paused")).to_have_count(0)

    menu(page, "Banks and accounts")
    page.get_by_role("button", name="Remove", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 schedule of this bank will stop fetching")
    dialog.get_by_role("button", name="Remove the connection").click()
    page.get_by_role("heading", name="No bank is connected yet").wait_for()
    assert count_rows(page) > 0


def test_a_cancelled_consent_is_reported(page: Page) -> None:
    page.goto("/connections")
    page.get_by_role("button", name="Connect a bank").first.click()
    page.get_by_role("button", name="Cancel", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("You cancelled at the bank")


def test_an_import_is_cancelled_while_it_is_followed(page: Page, mine: Machine, slow_bank: RunningSimulator) -> None:
    slow = connect(mine, "sim-slow")
    hold_bank(slow_bank, SLOW)
    job_id = mine.read("import", "--last", "2y", "--connection", slow, "--no-wait")["job_id"]

    page.goto(f"/imports/{job_id}")
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the import").click()
    page.get_by_text("cancelled", exact=True).first.wait_for()
    page.get_by_role("button", name="Retry what failed").wait_for()

    page.goto("/imports?status=nonsense")
    page.get_by_role("table", name="Imports").get_by_role("row").nth(1).wait_for()
    page.goto("/imports/nonsense")
    page.get_by_role("heading", name="Page not found").wait_for()


def test_an_import_notifies_the_page_and_a_webhook_which_is_tested_and_replayed(
    page: Page, up: Machine, mine: Machine
) -> None:
    with receiving() as receiver:
        connection_id = connect(mine, "sim-plain")
        page.goto("/settings/notifications")
        page.get_by_label("Name of the webhook").fill("ledger")
        page.get_by_label("Address", exact=False).last.fill(receiver.url)
        page.get_by_role("button", name="Add webhook").click()
        alert = page.get_by_role("alert").filter(has_text="shown only once")
        secret = alert.locator("code").inner_text()
        webhook = page.get_by_role("article", name="ledger")
        webhook.get_by_role("button", name="Send a test").click()
        webhook.get_by_text("The test arrived.").wait_for()

        planned = page.request.post("/api/truelayer/import/plan", data={"connection_id": connection_id}).json()
        page.request.post("/api/truelayer/import/start", data={"job_id": planned["job_id"]})
        page.get_by_role("link", name="Notifications, 1 unread").wait_for()
        delivered = webhook.get_by_role("row").filter(has_text="is complete")
        delivered.get_by_text("delivered").wait_for()
        assert_accessible(page)
        before = len(receiver.got)
        delivered.get_by_role("button", name="Replay").click()
        page.get_by_role("link", name="Notifications, 1 unread").click()
        page.get_by_role("heading", level=1, name="Notifications").wait_for()
        assert_accessible(page)
        page.get_by_role("link", name="is complete").click()
        expect(page).to_have_url(f"{up.url}/imports/{planned['job_id']}")
        page.get_by_role("link", name="Notifications", exact=True).wait_for()
        while len(receiver.got) <= before:
            page.wait_for_timeout(100)

        events = receiver.events(secret)
        assert {event["type"] for _, event in events} == {"test", "import.finished"}
        finished = [message_id for message_id, event in events if event["type"] == "import.finished"]
        assert len(finished) >= 2
        assert len(set(finished)) == 1, "a replay bears the same id"
