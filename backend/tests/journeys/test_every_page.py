"""Every page with the demonstration's data: accessible, in light and dark, on a phone and on a wide screen.

If BANKIMPORT_SCREENSHOTS names a folder, a picture of each is stored there; `make screenshots` does that.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.browser import (
    DESKTOP,
    PHONE,
    SCHEMES,
    assert_accessible,
    assert_fits,
    assert_moved_nothing,
    assert_tab_reaches_what_is_seen,
    schemes_at,
    watch_shifts,
    window,
)
from tests.journeys.demonstration import assert_imported_twice
from tests.journeys.machine import command, environment
from tests.journeys.views import SETTLED, VIEWS, View, draw_view, prepare_view
from tests.support.suite.lanes import in_deep, is_deep
from tests.support.suite.waiting import HANGS_AFTER_S

pytestmark = pytest.mark.journey

SIZES = {"desktop": DESKTOP, "phone": PHONE}
PICTURES = os.environ.get("BANKIMPORT_SCREENSHOTS")
LAST, YEARS = ("2y", 2.0) if PICTURES else in_deep(("2y", 2.0), else_=("2m", 0.16))
LINK = re.compile(r"(http://[^/\s]+)(/\S+)")
PAGE_SCRIPTS = """() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
    .filter((path) => /^\\/assets\\/\\w+(Page|Wizard|Layout)-.*\\.js$/.test(path))"""
"""The scripts of pages that were loaded, beside what they share."""


class Demo(NamedTuple):
    """The demonstration's address, the path of a one-time sign-in link, and its output before that."""

    url: str
    link: str
    said: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The running demonstration."""
    env = environment(tmp_path_factory.mktemp("home"))
    process = subprocess.Popen(
        command("demo", "--last", LAST), env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        said = ""
        for line in process.stdout:
            said += line
            if "sign in once" in line and (link := LINK.search(line)):
                break
        else:
            raise AssertionError(said)
        yield Demo(link.group(1), link.group(2), said)
    finally:
        process.terminate()
        process.wait(HANGS_AFTER_S)
        process.stdout.close()


@pytest.fixture(scope="module")
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    with window(browser, demo.url) as signed_in:
        signed_in.goto(demo.link)
        signed_in.get_by_role("button", name="Sign in").click()
        signed_in.get_by_role("navigation", name="Pages").wait_for()
        watch_shifts(signed_in)
        yield signed_in


def picture(page: Page, name: str, size: str) -> None:
    """Store a picture of the page in both schemes if pictures are wanted."""
    if not PICTURES:
        return
    page.evaluate("() => window.scrollTo(0, 0)")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(100)
        page.screenshot(path=Path(PICTURES) / f"{name}-{size}-{scheme}.png", full_page=True, caret="initial")
    page.emulate_media(color_scheme="light")


@pytest.mark.slow("the demonstration starts every process and imports twice")
def test_the_demonstration_imports_seven_accounts_and_then_only_duplicates(demo: Demo) -> None:
    assert_imported_twice(demo.said, YEARS)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_page_is_accessible(view: View, page: Page) -> None:
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        if name == "desktop" or is_deep() or PICTURES:
            draw_view(page, view)
            if name == "desktop":
                assert_moved_nothing(page)
            prepare_view(page, view)
        else:
            page.wait_for_function(SETTLED)
        assert_accessible(page, schemes_at(name))
        assert_fits(page)
        picture(page, view.name, name)


@pytest.mark.parametrize("name", [view.name for view in VIEWS] if is_deep() else ["overview", "transfers", "costs"])
def test_tab_reaches_only_what_is_seen(name: str, page: Page) -> None:
    view = next(view for view in VIEWS if view.name == name)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    draw_view(page, view)
    assert_tab_reaches_what_is_seen(page)


def test_the_document_names_the_scripts_of_its_page(page: Page) -> None:
    for path in ("/imports/new", "/settings/security"):
        page.goto(path)
        page.get_by_role("heading", level=1).wait_for()
        document = page.request.get(path).text()
        loaded = page.evaluate(PAGE_SCRIPTS)

        assert loaded
        assert [script for script in loaded if script not in document] == []


def test_the_sign_in_is_accessible(browser: Browser, demo: Demo) -> None:
    for name, size in SIZES.items():
        with window(browser, demo.url, size) as stranger:
            stranger.goto("/")
            stranger.get_by_role("heading", name="Sign in to bankimport").wait_for()
            assert_accessible(stranger, schemes_at(name))
            assert_fits(stranger)
            picture(stranger, "sign-in", name)


def test_the_api_is_described_without_another_server(browser: Browser, demo: Demo) -> None:
    with window(browser, demo.url) as reader:
        requested: list[str] = []
        reader.on("request", lambda request: requested.append(request.url))
        reader.goto("/api/docs")
        reader.locator("[data-path='/api/auth/login']").wait_for()

    assert {url.split("/")[2] for url in requested if not url.startswith("data:")} == {demo.url.split("/")[2]}


def test_the_phone_menu_reaches_every_page_and_moves_the_focus(page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto("/imports")
    page.get_by_role("button", name="Open the menu").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Banks and accounts").click()
    page.get_by_role("heading", level=1, name="Banks and accounts").wait_for()

    assert page.title() == "Banks and accounts · bankimport"
    assert page.evaluate("() => document.activeElement?.id") == "content"
    assert page.get_by_role("button", name="Open the menu").get_attribute("aria-expanded") == "false"


def test_a_page_whose_parts_an_upgrade_removed_is_reloaded(page: Page) -> None:
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.goto("/imports")
    page.get_by_role("heading", level=1, name="Imports").wait_for()
    page.route("**/assets/HealthPage-*.js", lambda route: route.fulfill(status=404, body="gone"), times=1)
    page.evaluate("() => { window.isOld = true; }")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Health").click()

    page.get_by_role("heading", level=1, name="Health").wait_for()
    assert page.evaluate("() => window.isOld") is None
