"""Every view of the page, as tests and pictures visit it. A new view is one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


def _nothing(page: Page) -> None:
    """Leave the view as it opens."""


def _choose_a_day(page: Page) -> None:
    """Open a day of the newest month in detail."""
    page.get_by_role("group", name="Months").first.get_by_role("button").last.click()
    page.get_by_role("group", name="Days").get_by_role("button", disabled=False).first.click()
    page.get_by_text("closing balance").or_(page.get_by_text("The balances before and after")).first.wait_for()


def _tab(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("tab", name=name).click()


def _click(name: str) -> Callable[[Page], None]:
    def click(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        page.get_by_role("dialog").wait_for()

    return click


def _wait_for(text: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_text(text).first.wait_for()


def _with_rules(page: Page) -> None:
    """Create three rules, one of them disabled."""
    path = "/api/truelayer/enrichment/rules"
    if not page.request.get(path).json()["rules"]:
        for pattern, merchant, category in (
            ("tfl travel", "Transport for London", "Public transport"),
            ("pret a manger", None, "Coffee"),
            ("acme widgets", None, "Salary"),
        ):
            wanted = {"pattern": pattern, "merchant": merchant, "category": category}
            made = page.request.post(path, data=wanted).json()
        page.request.patch(f"{path}/{made['id']}", data={"is_enabled": False})
        page.reload()
    page.get_by_role("list").filter(has_text="acme widgets").wait_for()


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, its address, what it shows once it is drawn, and what to do then.

    In the address `{job}` is the newest import, `{account}` an account and `{row}` a transaction.
    """

    name: str
    path: str
    drawn: str
    prepare: Callable[[Page], None] = _nothing


VIEWS = [
    View("overview", "/", "Overview"),
    View("imports", "/imports", "Imports"),
    View("imports-none-fits", "/imports?status=undone", "Imports"),
    View("wizard-days", "/imports/new?range=custom&from=2026-01-10", "New import"),
    View("wizard-accounts", "/imports/new?step=2", "New import"),
    View("wizard-settings", "/imports/new?step=3&batch=100&repeat=daily", "New import"),
    View("wizard-review", "/imports/new?step=4&range=all", "New import"),
    View("queue", "/queue", "Queue"),
    View("import", "/imports/{job}", "Import {job}"),
    View("import-events", "/imports/{job}", "Import {job}", _tab("Events")),
    View("import-rejected", "/imports/{job}", "Import {job}", _tab("Rejected rows")),
    View("import-undo", "/imports/{job}", "Import {job}", _click("Undo")),
    View("connections-remove", "/connections", "Banks and accounts", _click("Remove")),
    View("connections", "/connections", "Banks and accounts"),
    View("transactions", "/transactions", "Transactions"),
    View("transfers", "/transfers", "Transfers"),
    View("enrichment", "/enrichment", "Enrichment"),
    View("settings-names", "/settings/names", "Private names", _wait_for("From your banks")),
    View("enrichment-new", "/enrichment/new", "Enrich rows"),
    View("doubts", "/enrichment/doubts", "Doubts"),
    View("rules", "/enrichment/rules", "Rules", _with_rules),
    View("rule-new", "/enrichment/rules/new?row={row}&category=Groceries", "New rule", _wait_for("would change")),
    View("categories", "/enrichment/categories", "Categories"),
    View("schedules", "/schedules", "Schedules"),
    View("schedule-new", "/schedules/new", "New schedule"),
    View("costs", "/costs", "Costs"),
    View("cost-calls", "/costs/calls", "Calls to banks"),
    View("proof", "/proof?account={account}", "Coverage and proof", _choose_a_day),
    View("review", "/review", "Review"),
    View("notifications", "/notifications", "Notifications"),
    View("settings", "/settings", "Profile"),
    View("settings-security", "/settings/security", "Security"),
    View("settings-tokens", "/settings/tokens", "API tokens"),
    View("settings-truelayer", "/settings/truelayer", "TrueLayer"),
    View("settings-notifications", "/settings/notifications", "Notification settings"),
    View("settings-prices", "/settings/prices", "Prices and caps"),
    View("settings-appearance", "/settings/appearance", "Appearance"),
    View("settings-users", "/settings/users", "Users"),
    View("settings-audit", "/settings/audit", "Audit log"),
    View("health", "/health", "Health"),
    View("not-found", "/no/such/page", "Page not found"),
]


SETTLED = "() => !document.querySelector('[aria-busy=true]')"


def open_view(page: Page, view: View) -> None:
    """Open a view as tests and pictures show it."""
    draw_view(page, view)
    prepare_view(page, view)


def draw_view(page: Page, view: View) -> None:
    """Open a view and wait until it is drawn: its heading is there and nothing is loading any more."""
    names = {"job": "", "account": "", "row": ""}
    if "{row}" in view.path:
        names["row"] = str(page.request.get("/api/transactions?limit=1").json()["transactions"][0]["id"])
    if "{job}" in view.path + view.drawn:
        history = page.request.get("/api/truelayer/import/history?limit=1").json()
        names["job"] = str(history["imports"][0]["job_id"])
    if "{account}" in view.path + view.drawn:
        connection = page.request.get("/api/truelayer/connections").json()["connections"][0]["id"]
        accounts = page.request.get(f"/api/truelayer/connections/{connection}/accounts").json()["accounts"]
        names["account"] = accounts[0]["account_id"]
    page.goto(view.path.format(**names))
    page.get_by_role("heading", level=1, name=view.drawn.format(**names)).wait_for()
    page.wait_for_function(SETTLED)


def prepare_view(page: Page, view: View) -> None:
    """Do in a drawn view what it is shown with."""
    view.prepare(page)
    page.wait_for_function(SETTLED)
