"""A real browser for journeys: windows on the page, sign-in, and accessibility checks with axe-core."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.journeys.machine import Machine
from tests.support.suite.lanes import in_deep, is_deep

from bankimport.clock import offset

ROOT = Path(__file__).parents[3]
BROWSER = ROOT / ".cache" / "browser"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
NO_FEATURES = (
    # Two pages that Chromium prepares for the address bar of each window: a second of processor time.
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    # What Playwright disables: of two such flags Chromium takes the last alone.
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    f"--disable-features={NO_FEATURES}",
]
PATIENCE_MS = 240_000
"""How long to wait for an element; a changed page text costs this much."""

expect.set_options(timeout=PATIENCE_MS)

COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""Axe's rules on colour, except those that it skips unless they are named."""

AXE_RUN = "(options) => axe.run(document, { resultTypes: ['violations'], ...options })"
ONLY_COLOURS = {"runOnly": COLOUR_RULES}
NOT_COLOURS = {"rules": {rule: {"enabled": False} for rule in COLOUR_RULES}}

ANIMATIONS_END = """() => Promise.allSettled(document.getAnimations()
    .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
    .map((animation) => animation.finished))"""

ANSWERS_ONE_BY_ONE = """() => { const send = globalThis.fetch; let before = Promise.resolve();
    const drawn = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    globalThis.fetch = (...request) => { const answer = send(...request); answer.catch(() => undefined);
        const mine = before.then(() => answer); before = mine.then(drawn, drawn); return mine; } }"""
"""Gives the page each answer of the API only once the one before it is drawn, as on a slow network."""

WATCH_SHIFTS = """() => { globalThis.shifted = 0;
    globalThis.addShifts = (shifts) => { for (const shift of shifts)
        if (!shift.hadRecentInput) globalThis.shifted += shift.value };
    globalThis.shifts = new PerformanceObserver((list) => globalThis.addShifts(list.getEntries()));
    globalThis.shifts.observe({ type: 'layout-shift', buffered: true }) }"""
SHIFTED = """async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    globalThis.addShifts(globalThis.shifts.takeRecords());
    return globalThis.shifted }"""
MOST_SHIFT = 0.02
"""How far the parts of a page may move while it loads, as browsers score that; 0.1 is called good."""

WIDE_TABLES = """() => [...document.querySelectorAll('table')]
    .filter(({ parentElement: place }) => place.parentElement.scrollWidth > place.parentElement.clientWidth)
    .map((table) => table.ariaLabel)"""
"""The names of the tables that scroll sideways; each is in a box in the box that scrolls."""

TAB_STOP = """() => {
    const stop = document.activeElement;
    if (stop === null || stop === document.body) return null;
    const own = [stop, ...(stop.labels ?? [])], seen = own.map((part) => part.getBoundingClientRect())
        .find(({ width, height }) => width > 1 && height > 1);
    const name = stop.ariaLabel || stop.textContent || stop.labels?.[0]?.textContent || stop.placeholder;
    const said = `${stop.tagName} ${name}`;
    if (!name?.trim()) return [said, 'has no name'];
    if (!seen) return [said, 'has no size'];
    const x = seen.left + seen.width / 2, y = Math.min(seen.top + seen.height / 2, innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    if (!top) return [said, 'is outside the window'];
    const isFree = own.some((part) => part.contains(top) || top.contains(part));
    return [said, isFree ? '' : `is below ${top.tagName} ${top.textContent.slice(0, 40)}`] }"""
"""What Tab has reached, and what is wrong with it; null for nothing."""
MOST_TAB_STOPS = 200

MOVED_DATE = """(moved) => { globalThis.Date = new Proxy(Date, {
    construct: (real, given, self) => Reflect.construct(real, given.length ? given : [real.now() + moved], self),
    apply: () => new Date().toString(),
    get: (real, name) => name === 'now' ? () => real.now() + moved : Reflect.get(real, name),
}) }"""
"""The page's clock, moved like that of all processes."""

POLICY = "Content Security Policy"
"""In what the browser says of a style or script that it did not apply."""

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
DESKTOP = (1280, 900)
PHONE = (390, 844)


def browser_path() -> str:
    """The path of the browser that `make test` found or installed."""
    assert BROWSER.exists(), "run the tests by `make test`, which finds or installs a browser"
    return BROWSER.read_text().strip()


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, url: str, size: tuple[int, int] = DESKTOP) -> Iterator[Page]:
    """A window with its own cookies; it fails at its end if the page threw an error or broke its security policy."""
    faults: list[str] = []
    width, height = size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.add_init_script(f"({MOVED_DATE})({offset().total_seconds() * 1000})")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if POLICY in message.text else None)
    yield page
    context.close()
    assert faults == []


def sign_in(page: Page, up: Machine, email: str = "ada@example.org") -> None:
    """Sign in as an existing user, with what the form of a one-time link sends; no page is opened yet."""
    _, _, token = up.read("user", "login-link", email)["url"].partition("?token=")
    answer = page.request.post("/api/auth/link", form={"token": token})
    assert answer.ok, answer.text()


def connect_bank(page: Page, bank_id: str) -> int:
    """Consent to share a simulated bank through its own pages; returns the connection's id."""
    page.goto("/connections")
    page.get_by_role("button", name="Connect a bank").first.click()
    page.get_by_label("Bank", exact=True).select_option(bank_id)
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="Import everything the bank gives").wait_for()
    connections = page.request.get("/api/truelayer/connections").json()["connections"]
    return int(connections[-1]["id"])


def schemes_at(size: str) -> tuple[Scheme, ...]:
    """The colour schemes to check a page in; one is enough on a phone, whose colours are the same."""
    return SCHEMES if size == "desktop" else in_deep(SCHEMES, else_=("light",))


def _options(scheme: Scheme, schemes: tuple[Scheme, ...]) -> dict[str, Any] | None:
    """What axe checks: in dark colours alone, as the rest is the same; all but colours in light alone, for phones."""
    if is_deep():
        return None
    if scheme == "dark":
        return ONLY_COLOURS
    return None if "dark" in schemes else NOT_COLOURS


def assert_accessible(page: Page, schemes: tuple[Scheme, ...] = SCHEMES) -> None:
    """Fail on each serious or critical violation that axe-core finds on the present page, in light and dark.

    In light alone colours are not checked, which cost as much as all other rules together.
    """
    found: list[str] = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("(wanted) => document.documentElement.dataset.mantineColorScheme === wanted", arg=scheme)
        # Colour changes begin with the next frame.
        page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        page.evaluate(ANIMATIONS_END)
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE.read_text())
        answer: dict[str, Any] = page.evaluate(AXE_RUN, _options(scheme, schemes))
        found += [
            f"{scheme} {page.url}: {violation['id']} ({violation['impact']}): {_where(violation)}"
            for violation in answer["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
    page.emulate_media(color_scheme="light")
    assert found == [], "\n".join(found)


def _where(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"][:3]
    return "; ".join(f"{node['html'][:160]} {re.sub(chr(10), ' ', node['failureSummary'])[:260]}" for node in nodes)


def watch_shifts(page: Page) -> None:
    """From the next page on, draw each answer of the API alone, and add up how far parts of the page move."""
    page.add_init_script(f"({ANSWERS_ONE_BY_ONE})()")
    page.add_init_script(f"({WATCH_SHIFTS})()")


def assert_moved_nothing(page: Page) -> None:
    """Fail if a part of the page moved while it loaded."""
    shifted: float = page.evaluate(SHIFTED)
    assert shifted < MOST_SHIFT, f"parts of {page.url} moved by {shifted:.3f}"


def assert_fits(page: Page) -> None:
    """Fail if the page is wider than its window, or a table than its place, so that a reader has to scroll sideways."""
    wide: int = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than its window"
    tables: list[str] = page.evaluate(WIDE_TABLES)
    assert tables == [], f"{page.url} has tables that are wider than their place: {tables}"


def assert_tab_reaches_what_is_seen(page: Page) -> None:
    """Fail if Tab stops at something without a name, or at something that cannot be seen."""
    for _ in range(MOST_TAB_STOPS):
        page.keyboard.press("Tab")
        stop: tuple[str, str] | None = page.evaluate(TAB_STOP)
        if stop is None:
            return
        assert stop[1] == "", f"Tab at {page.url} stops at {stop[0]!r}, which {stop[1]}"
    raise AssertionError(f"Tab at {page.url} comes to no end")
