"""The page while an import runs and processes die: nothing is missed, nothing blocks, nobody else sees it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect
from tests.journeys.browser import window
from tests.journeys.client import Client, a_connected_user
from tests.journeys.cluster import Cluster
from tests.journeys.machine import PASSWORD
from tests.support.bank.held import hold_bank, release_bank
from tests.support.suite.waiting import wait_for

from truelayer_simulator.launch import RunningSimulator

pytestmark = pytest.mark.journey

PACKET = re.compile(r"^4[23]\d*(\[.*\])$", re.DOTALL)
BANK = "sim-plain"


@pytest.fixture(scope="module", autouse=True)
def quiet_bank(simulator_process: RunningSimulator) -> None:
    simulator_process.admin("POST", "reset")
    simulator_process.admin("PATCH", f"profiles/{BANK}", rows_per_day=1, card_rows_per_day=1)


@pytest.fixture(scope="module")
def eve(running: Cluster) -> tuple[Client, int]:
    return a_connected_user(running, "eve", BANK)


@pytest.fixture(scope="module")
def dan(running: Cluster) -> tuple[Client, int]:
    return a_connected_user(running, "dan", BANK)


@pytest.fixture
def held(simulator_process: RunningSimulator, eve: tuple[Client, int]) -> Iterator[RunningSimulator]:
    """The simulator, whose bank answers no import until the test releases it."""
    hold_bank(simulator_process, BANK)
    yield simulator_process
    release_bank(simulator_process, BANK)


class Heard:
    """The numbers of the events that a page received, over all of its sockets."""

    def __init__(self, page: Page) -> None:
        self.numbers: set[int] = set()
        page.on("websocket", self._listen)

    def until(self, page: Page, number: int) -> None:
        """Wait until the page received this event."""
        while number not in self.numbers:
            page.wait_for_timeout(100)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._take)

    def _take(self, frame: str | bytes) -> None:
        packet = PACKET.match(frame) if isinstance(frame, str) else None
        if packet is None:
            return
        for part in json.loads(packet[1]):
            if isinstance(part, dict):
                for event in part.get("events", [part] if "from_event_id" in part else []):
                    self.numbers.update(range(event["from_event_id"], event["event_id"] + 1))


def sign_in(page: Page, email: str = "eve@example.org") -> None:
    page.goto("/")
    answer = page.request.post("/api/auth/login", data={"email": email, "password": PASSWORD})
    assert answer.ok, answer.text()


def planned(user: tuple[Client, int]) -> int:
    client, connection_id = user
    body = {"connection_id": connection_id, "from_date": "2025-01-01", "auto_enrich": False}
    return int(client.call("POST", "/api/truelayer/import/plan", **body)["job_id"])


def begin(user: tuple[Client, int]) -> int:
    job_id = planned(user)
    user[0].call("POST", "/api/truelayer/import/start", job_id=job_id)
    return job_id


def expect_connection(page: Page, wanted: str) -> None:
    expect(page.locator("[data-connection]").first).to_have_attribute("data-connection", wanted)


def status_of(user: tuple[Client, int], job_id: int) -> dict[str, Any]:
    status: dict[str, Any] = user[0].call("GET", f"/api/truelayer/import/status/{job_id}")
    return status


def events_of(running: Cluster, job_id: int) -> int:
    (row,) = running.rows(f"SELECT count(*) AS events FROM import_events WHERE job_id = {job_id}")
    return int(str(row["events"]))


def expect_finished(page: Page, user: tuple[Client, int], job_id: int) -> None:
    """The page shows the end, and exactly the number of stored rows."""
    expect(page.get_by_text("completed", exact=True).first).to_be_visible()
    synced = status_of(user, job_id)["total_so_far"]["synced"]
    expect(page.get_by_role("main")).to_contain_text(re.compile(f"{synced}|{synced:,}"))


@pytest.mark.slow("an API is killed and started again")
def test_a_socket_that_is_cut_reconnects_and_misses_nothing(
    running: Cluster, browser: Browser, eve: tuple[Client, int], held: RunningSimulator
) -> None:
    with window(browser, running.url) as page:
        heard = Heard(page)
        sign_in(page)
        job_id = planned(eve)
        page.goto(f"/imports/{job_id}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        eve[0].call("POST", "/api/truelayer/import/start", job_id=job_id)
        page.goto(f"/imports/{job_id}")
        expect_connection(page, "live")
        running.kill("api")
        missed = events_of(running, job_id)
        expect_connection(page, "polling")
        release_bank(held, BANK)
        wait_for(lambda: events_of(running, job_id) > missed)
        running.start_again("api")

        expect_finished(page, eve, job_id)
        last = status_of(eve, job_id)["last_event_id"]
        heard.until(page, last)
        assert heard.numbers >= set(range(2, last + 1))


@pytest.mark.slow("two workers are killed and started again")
def test_workers_killed_while_the_page_follows_are_replaced_and_the_import_ends(
    running: Cluster, browser: Browser, eve: tuple[Client, int], held: RunningSimulator
) -> None:
    with window(browser, running.url) as page:
        sign_in(page)
        job_id = begin(eve)
        page.goto(f"/imports/{job_id}")
        expect_connection(page, "live")
        for worker in ("worker 1", "worker 2"):
            running.kill(worker)
        for worker in ("worker 1", "worker 2"):
            running.start_again(worker)
        release_bank(held, BANK)

        expect_finished(page, eve, job_id)


def test_without_a_socket_the_page_polls_and_says_so(
    running: Cluster, browser: Browser, eve: tuple[Client, int], held: RunningSimulator
) -> None:
    with window(browser, running.url) as page:
        page.route("**/socket.io/**", lambda route: route.abort())
        page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
        sign_in(page)
        job_id = begin(eve)
        page.goto(f"/imports/{job_id}")

        expect_connection(page, "polling")
        release_bank(held, BANK)
        expect_finished(page, eve, job_id)


def test_another_user_sees_nothing_of_it(
    running: Cluster, browser: Browser, dan: tuple[Client, int], eve: tuple[Client, int], held: RunningSimulator
) -> None:
    with window(browser, running.url) as page:
        heard = Heard(page)
        sign_in(page, "dan@example.org")
        job_id = begin(eve)
        page.goto(f"/imports/{job_id}")
        expect(page.get_by_role("main")).to_contain_text(f"no import {job_id}")
        page.goto("/imports")
        expect(page.get_by_role("main")).not_to_contain_text(BANK)
        release_bank(held, BANK)
        while status_of(eve, job_id)["completed_at"] is None:
            page.wait_for_timeout(200)

        assert heard.numbers == set()
        expect(page.get_by_role("link", name=re.compile(rf"\b{job_id}\b"))).to_have_count(0)
