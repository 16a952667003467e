"""Imports followed over Socket.IO while processes die: who may listen, and that nobody misses anything."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.journeys.client import Client, a_connected_user
from tests.journeys.cluster import Cluster
from tests.journeys.listener import Listener
from tests.support.bank.held import hold_bank, release_bank
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.clock import utc_now
from bankimport.imports.events import BatchStored, PendingReplaced, WindowCompleted
from truelayer_simulator.launch import RunningSimulator

pytestmark = pytest.mark.journey

BANK = "sim-plain"
RUNNING_TOTALS = {event.word() for event in (BatchStored, WindowCompleted, PendingReplaced)}


@pytest.fixture(scope="module", autouse=True)
def quiet_bank(simulator_process: RunningSimulator) -> None:
    simulator_process.admin("POST", "reset")
    simulator_process.admin("PATCH", f"profiles/{BANK}", rows_per_day=1, card_rows_per_day=1)


@pytest.fixture
def held(simulator_process: RunningSimulator, ada: tuple[Client, int]) -> Iterator[RunningSimulator]:
    """The simulator, whose bank answers no import until the test releases it."""
    hold_bank(simulator_process, BANK)
    yield simulator_process
    release_bank(simulator_process, BANK)


@pytest.fixture(scope="module")
def second_api(running: Cluster) -> Iterator[str]:
    yield running.start_another_api()
    running.kill("api 2")


@pytest.fixture(scope="module")
def ada(running: Cluster) -> tuple[Client, int]:
    return a_connected_user(running, "ada", BANK)


@pytest.fixture(scope="module")
def bob(running: Cluster) -> tuple[Client, int]:
    return a_connected_user(running, "bob", BANK)


def planned(user: tuple[Client, int], from_date: str = "2025-01-01") -> int:
    client, connection_id = user
    return int(
        client.call(
            "POST",
            "/api/truelayer/import/plan",
            connection_id=connection_id,
            from_date=from_date,
            auto_enrich=False,
        )["job_id"]
    )


def start(user: tuple[Client, int], job_id: int) -> None:
    user[0].call("POST", "/api/truelayer/import/start", job_id=job_id)


def all_events(user: tuple[Client, int], job_id: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = user[0].call("GET", f"/api/truelayer/import/{job_id}/events?limit=1000")["events"]
    return events


def assert_all_heard(user: tuple[Client, int], job_id: int, listener: Listener, *, after: int = 0) -> None:
    """Every number covered once, in order; every event that is not a mere count received unchanged."""
    events = [event for event in all_events(user, job_id) if event["event_id"] > after]
    assert listener.covered == [event["event_id"] for event in events]
    heard = {row["event_id"]: row["type"] for row in listener.heard}
    for event in events:
        if event["type"] not in RUNNING_TOTALS:
            assert heard.get(event["event_id"]) == event["type"]
    last = listener.heard[-1]
    assert (last["type"], last["status"], last["percent"]) == ("job_finished", "completed", 100)


@pytest.mark.slow("the folder's processes start")
def test_only_signed_in_users_can_connect_and_only_from_our_own_page(running: Cluster, ada: tuple[Client, int]) -> None:
    token = ada[0].token

    async def knock() -> list[bool]:
        return [
            await Listener().is_refused(running.url),
            await Listener().is_refused(running.url, "bi_wrong"),
            await Listener().is_refused(running.url, headers={"Cookie": "bankimport_session=wrong"}),
            await Listener().is_refused(running.url, token, headers={"Origin": "https://elsewhere.example"}),
            await Listener().is_refused(running.url, token),
            await Listener().is_refused(running.url, auth={"token": token}),
            await Listener().is_refused(running.url, token, headers={"Origin": running.url}),
        ]

    assert asyncio.run(knock()) == [True, True, True, True, False, False, False]


def test_another_users_job_is_not_found_and_invalid_messages_are_refused(
    running: Cluster, ada: tuple[Client, int], bob: tuple[Client, int]
) -> None:
    job_id = planned(ada)

    async def ask() -> list[dict[str, Any]]:
        listener = Listener()
        await listener.connect(running.url, bob[0].token)
        answers = [
            await listener.subscribe(job_id),
            await listener.subscribe(10**15),
            await listener.subscribe("1; DROP TABLE"),
            await listener.subscribe(job_id, last_event_id=-1),
            await listener.sio.call("subscribe_import_job", timeout=HANGS_AFTER_S),
            await listener.sio.call("subscribe_import_job", ["x"], timeout=HANGS_AFTER_S),
            await listener.sio.call("unsubscribe_import_job", None, timeout=HANGS_AFTER_S),
        ]
        start(ada, job_id)
        start(bob, planned(bob))
        while not listener.changes:
            await asyncio.sleep(0.05)
        await listener.sio.disconnect()
        assert listener.heard == []
        assert {change["topic"] for change in listener.changes} >= {"imports"}
        return answers

    answers = asyncio.run(ask())

    assert not any(answer["ok"] for answer in answers[:6])
    codes = [answer["code"] for answer in answers]
    assert codes == ["import_not_found"] * 2 + ["invalid_request"] * 5


@pytest.mark.slow("a second API starts, and a slow bank is imported")
def test_sockets_of_two_apis_receive_all_events_of_one_import(
    running: Cluster, second_api: str, ada: tuple[Client, int]
) -> None:
    job_id = planned(ada)

    async def follow() -> tuple[Listener, Listener, dict[str, Any]]:
        first, second = Listener(), Listener()
        await first.connect(running.url, ada[0].token)
        await second.connect(second_api, ada[0].token, transports=["polling"])
        answer = await first.subscribe(job_id, last_event_id=None)
        await second.subscribe(job_id, last_event_id=10**12)
        await asyncio.to_thread(start, ada, job_id)
        await asyncio.gather(first.until_finished(), second.until_finished())
        late = Listener()
        await late.connect(second_api, ada[0].token)
        replay = await late.subscribe(job_id, last_event_id=2)
        for listener in (first, second, late):
            await listener.sio.disconnect()
        assert (answer["ok"], answer["snapshot"]["status"], answer["events"]) == (True, "planned", [])
        return first, second, replay

    first, second, replay = asyncio.run(follow())

    assert_all_heard(ada, job_id, first)
    assert_all_heard(ada, job_id, second)
    assert [event["event_id"] for event in replay["events"]] == [
        event["event_id"] for event in all_events(ada, job_id) if event["event_id"] > 2
    ]
    assert replay["snapshot"]["status"] == "completed"
    assert "Handler error" not in running.log_of("api"), "a hint between processes was not understood"
    assert not replay["is_cut"]
    windows = running.rows("SELECT window_from, window_to, state, rows_in_answer, error_code FROM import_windows")
    assert sum(int(str(row["rows_in_answer"] or 0)) for row in windows) > 100, windows


def test_an_enrichment_is_followed_like_an_import_and_only_by_its_user(
    running: Cluster, second_api: str, ada: tuple[Client, int], bob: tuple[Client, int]
) -> None:
    soon = (utc_now() + timedelta(seconds=3)).isoformat()
    job_id = int(ada[0].call("POST", "/api/truelayer/enrichment/jobs", enrich_at=soon)["id"])

    async def follow() -> tuple[Listener, dict[str, Any], dict[str, Any]]:
        listener, late, stranger = Listener(), Listener(), Listener()
        await listener.connect(running.url, ada[0].token)
        await stranger.connect(running.url, bob[0].token)
        refused = await stranger.subscribe(job_id, kind="enrichment_job")
        answer = await listener.subscribe(job_id, kind="enrichment_job", last_event_id=0)
        # News may have come since the answer.
        listener.heard[:0] = answer["events"]
        await listener.until_finished()
        await late.connect(second_api, ada[0].token)
        replay = await late.subscribe(job_id, kind="enrichment_job", last_event_id=1)
        assert stranger.heard == []
        for one in (listener, late, stranger):
            await one.sio.disconnect()
        return listener, refused, replay

    listener, refused, replay = asyncio.run(follow())

    assert (refused["ok"], refused["code"]) == (False, "enrichment_job_not_found")
    logged = ada[0].call("GET", f"/api/truelayer/enrichment/jobs/{job_id}/events")["events"]
    assert listener.covered == [event["event_id"] for event in logged] == list(range(1, len(logged) + 1))
    last = listener.heard[-1]["job"]
    assert (last["job_status"], last["processed"]) == ("completed", last["total_transactions"])
    assert last["processed"] > 100
    assert [event["event_id"] for event in replay["events"]] == [event["event_id"] for event in logged[1:]]


def test_nothing_is_missed_while_the_broker_is_down_and_after_it_returns(
    running: Cluster, ada: tuple[Client, int], held: RunningSimulator
) -> None:
    job_id = planned(ada)

    async def follow() -> Listener:
        listener = Listener()
        await listener.connect(running.url, ada[0].token)
        await listener.subscribe(job_id)
        await asyncio.to_thread(start, ada, job_id)
        await listener.until_heard(2)
        await asyncio.to_thread(running.kill, "valkey")
        known = len(listener.heard)
        await asyncio.to_thread(release_bank, held, BANK)
        await listener.until_heard(known + 1)
        await asyncio.to_thread(running.start_again, "valkey")
        await listener.until_finished()
        await listener.sio.disconnect()
        return listener

    assert_all_heard(ada, job_id, asyncio.run(follow()))


@pytest.mark.slow("an API is killed and started again")
def test_a_client_that_loses_its_api_continues_at_another_one(
    running: Cluster, second_api: str, ada: tuple[Client, int], held: RunningSimulator
) -> None:
    job_id = planned(ada)

    async def follow() -> Listener:
        before, after = Listener(), Listener()
        await before.connect(running.url, ada[0].token)
        await before.subscribe(job_id)
        await asyncio.to_thread(start, ada, job_id)
        await before.until_heard(2)
        await asyncio.to_thread(running.kill, "api")
        await asyncio.to_thread(release_bank, held, BANK)
        await after.connect(second_api, ada[0].token)
        answer = await after.subscribe(job_id, last_event_id=before.newest)
        after.heard[:0] = answer["events"]
        await after.until_finished()
        await after.sio.disconnect()
        await asyncio.to_thread(running.start_again, "api")
        after.heard[:0] = before.heard
        return after

    assert_all_heard(ada, job_id, asyncio.run(follow()))


def test_revoking_a_token_closes_its_socket(running: Cluster, second_api: str, ada: tuple[Client, int]) -> None:
    made = ada[0].new_token("short")

    async def stay() -> bool:
        listener = Listener()
        await listener.connect(second_api, made["token"])
        await asyncio.to_thread(ada[0].call, "DELETE", f"/api/auth/tokens/{made['id']}")
        async with asyncio.timeout(HANGS_AFTER_S):
            await listener.sio.wait()
        return bool(listener.sio.connected)

    assert asyncio.run(stay()) is False
