"""What a browser loads before the page appears is small and compressed, and pages are loaded when opened."""

import json
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bankimport.page import NONCE_MARK, PRELOADS, WEB
from bankimport.page import router as page_router

MOST_BYTES = 250_000
MOST_BYTES_OF_A_ROUTE = 80_000
"""What a route may load beyond the first scripts, compressed by gzip."""


@pytest.fixture(scope="module")
def browser() -> TestClient:
    app = FastAPI()
    app.include_router(page_router)
    return TestClient(app, raise_server_exceptions=False)


def first_scripts() -> set[str]:
    return set(re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', (WEB / "index.html").read_text()))


def test_the_first_scripts_are_at_most_250_kilobytes_and_the_rest_comes_page_by_page(browser: TestClient) -> None:
    first = first_scripts()
    answers = [browser.get(f"/{name}", headers={"accept-encoding": "gzip"}) for name in first]
    scripts = {path.relative_to(WEB).as_posix() for path in (WEB / "assets").glob("*.js")}

    assert first
    assert sum(int(answer.headers["content-length"]) for answer in answers) <= MOST_BYTES
    assert len(scripts - first) >= 10


def test_a_routes_document_names_all_that_it_loads_and_that_is_little(browser: TestClient) -> None:
    # Not a parameter of the test: parameters are read before the page is built.
    routes: dict[str, list[str]] = json.loads((WEB / PRELOADS).read_text())
    assert len(routes) >= 20
    for route, loads in routes.items():
        document = browser.get(re.sub(r"\$\w+", "12", route)).text
        named = set(re.findall(r'href="/(assets/[^"]+)"', document)) - first_scripts()
        sizes = [
            int(browser.get(f"/{name}", headers={"accept-encoding": "gzip"}).headers["content-length"])
            for name in loads
        ]

        assert any(re.match(r"assets/\w+-", name) for name in loads), route
        assert set(loads) <= named, route
        assert not any("chartLibrary" in name for name in named), f"{route}: charts are loaded when they are drawn"
        assert sum(sizes) <= MOST_BYTES_OF_A_ROUTE, route


def test_a_fixed_route_is_preferred_to_one_with_a_parameter(browser: TestClient) -> None:
    assert "assets/ImportWizard-" in browser.get("/imports/new").text
    assert "assets/ImportJobPage-" in browser.get("/imports/12").text
    assert "assets/SettingsLayout-" in browser.get("/settings").text
    assert "assets/ProfilePage-" in browser.get("/settings/").text
    assert browser.get("/no/such/page").text.count("modulepreload") == browser.get("/index.html").text.count(
        "modulepreload"
    )


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_an_asset_is_served_in_the_best_encoding_that_the_browser_accepts(
    browser: TestClient, accepted: str, encoding: str | None
) -> None:
    name = min(first_scripts())
    answer = browser.get(f"/{name}", headers={"accept-encoding": accepted})

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"
    if encoding != "br":  # The test's client reads gzip and plain text.
        assert answer.content == (WEB / name).read_bytes()


def test_each_document_has_a_nonce_of_its_own_and_allows_no_other_inline_style(browser: TestClient) -> None:
    seen = set()
    for path in ("/", "/imports/12", "/index.html", "/api/docs"):
        answer = browser.get(path)
        policy = answer.headers["content-security-policy"]
        (nonce,) = re.findall(r'<meta property="csp-nonce" nonce="([^"]+)"', answer.text)
        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert "unsafe" not in policy
        assert "etag" not in answer.headers, "an old body would not fit a new policy"
        seen.add(nonce)

    assert len(seen) == 4
    assert NONCE_MARK not in seen


def test_an_unknown_path_gets_the_page_and_an_unknown_call_or_asset_does_not(browser: TestClient) -> None:
    assert '<div id="root">' in browser.get("/imports/12").text
    assert browser.get("/%2e%2e/app.py").text.startswith("<!doctype html>")
    assert '<div id="root">' in browser.get("/a%00b").text
    assert '<div id="root">' in browser.get("/" + "x" * 5000).text
    for path in ("/assets/old-page.js", "/assets/%2e%2e/%2e%2e/app.py", "/api/nothing"):
        assert browser.get(path).status_code == 404


def test_a_head_request_gets_the_head_of_the_page(browser: TestClient) -> None:
    answer = browser.head("/imports/12")

    assert (answer.status_code, answer.content) == (200, b"")
