"""Which address reaches the bank, through the API, for each kind of caller; and which calls are counted."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.steps.imports import start, status_of
from tests.support.steps.installation import PASSWORD, PSU_IP, PUBLIC_ADDRESS, Installation
from tests.support.steps.schedules import a_schedule, make_due_since
from tests.support.suite.clock import travel, travel_to
from tests.support.suite.waiting import wait_for

from bankimport.clock import utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.schedules.fire import keep_schedules
from bankimport.settings import get_settings
from bankimport.users.access import Scope
from bankimport.users.service import create_api_token

PROXY = "10.0.3.7"
STRANGER = "93.184.216.34"


@pytest.fixture(autouse=True)
def _behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.3.0/24")
    get_settings.cache_clear()


def connected(installation: Installation, bank_id: str = "sim-four-a-day") -> tuple[TestClient, int]:
    """A program without the scope `attended`, and a connection to a bank with one account, consented to just now."""
    installation.simulator.admin("PATCH", f"profiles/{bank_id}", accounts=1, cards=0)
    client = installation.signed_in()
    client.headers.pop(PSU_IP)
    with session_scope() as session:
        _, token = create_api_token(session, 1, "usual")
    program = installation.client(Authorization=f"Bearer {token}")
    return program, installation.connect(client, bank_id)


def browser(installation: Installation, comes_from: str, **headers: str) -> TestClient:
    made = installation.client(comes_from=comes_from, **headers)
    made.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD}).raise_for_status()
    return made


def sent_during(installation: Installation, act: Callable[[], object]) -> set[str | None]:
    """The addresses that the bank receives meanwhile; None: no address."""
    before = len(installation.simulator.admin("GET", "calls"))
    act()
    installation.run_tasks()
    calls = installation.simulator.admin("GET", "calls")[before:]
    assert calls
    return {call["psu_ip"] for call in calls if not call["path"].endswith("/me")}  # that asks TrueLayer, not the bank


def ledger() -> list[tuple[bool, bool]]:
    with session_scope() as session:
        rows = session.execute(
            text("SELECT attended, in_consent_window FROM bank_api_calls WHERE endpoint = 'transactions' ORDER BY id")
        )
        return [(row.attended, row.in_consent_window) for row in rows]


def imported(installation: Installation, client: TestClient, connection_id: int) -> Any:
    job_id = start(client, connection_id, job_type="incremental", from_date=None)
    installation.run_tasks()
    return status_of(client, job_id)


def test_a_bank_learns_an_address_only_when_its_person_asks(installation: Installation) -> None:
    program, connection_id = connected(installation, "sim-plain")
    with session_scope() as session:
        _, token = create_api_token(session, 1, "app", tuple(Scope))
    app = installation.client(Authorization=f"Bearer {token}")
    clicked, forwarded = {"X-Gesture-Age": "3"}, {"X-Forwarded-For": PUBLIC_ADDRESS}
    faked = {"X-Forwarded-For": f"{STRANGER}, {PUBLIC_ADDRESS}"}
    lately = {"from_date": str(utc_today() - timedelta(days=3))}

    for client, address in (
        (browser(installation, PROXY, **clicked, **forwarded), PUBLIC_ADDRESS),
        (browser(installation, PROXY, **clicked, **faked), PUBLIC_ADDRESS),
        (browser(installation, STRANGER, **clicked, **forwarded), STRANGER),
        (browser(installation, PROXY, **{"X-Gesture-Age": "301"}, **forwarded), None),
        (browser(installation, "127.0.0.1", **clicked), None),
        (program, None),
        (installation.client(Authorization=app.headers["authorization"], **{PSU_IP: PUBLIC_ADDRESS}), PUBLIC_ADDRESS),
    ):
        assert sent_during(installation, lambda: start(client, connection_id, **lately)) == {address}  # noqa: B023

    schedule_id = a_schedule(program, connection_id)
    make_due_since(schedule_id, utc_now())
    assert sent_during(installation, lambda: keep_schedules(utc_now())) == {None}
    assert ledger()[-1] == (False, False)


def test_an_attempt_that_takes_longer_than_its_person_is_present_ends_without_their_address(
    installation: Installation,
) -> None:
    _, connection_id = connected(installation, "sim-plain")
    there = browser(installation, PROXY, **{"X-Forwarded-For": PUBLIC_ADDRESS, "X-Gesture-Age": "0"})
    start(there, connection_id, from_date=str(utc_today() - timedelta(days=3)))
    before = len(installation.simulator.admin("GET", "calls"))
    worker = threading.Thread(target=installation.run_tasks)

    with psycopg.connect(installation.owner_url) as owner:
        owner.execute("LOCK TABLE raw_responses IN SHARE MODE")
        worker.start()
        wait_for(lambda: not worker.is_alive() or waits_for_a_lock(owner))
        travel(minutes=16)
    worker.join()

    first, *later = installation.simulator.admin("GET", "calls")[before:]
    assert (first["psu_ip"], {call["psu_ip"] for call in later}) == (PUBLIC_ADDRESS, {None})
    with session_scope() as session:
        rows = session.execute(text("SELECT attended FROM bank_api_calls ORDER BY id DESC LIMIT 3"))
        assert [row.attended for row in rows] == [False, False, True]


def waits_for_a_lock(owner: psycopg.Connection) -> bool:
    """Whether some session waits for a lock."""
    return bool(owner.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() != (0,))


@pytest.mark.parametrize(
    ("address", "status", "code"), [(PUBLIC_ADDRESS, 403, "forbidden"), ("127.0.0.1", 422, "invalid_request")]
)
def test_an_address_that_may_not_be_passed_on_is_refused(
    installation: Installation, address: str, status: int, code: str
) -> None:
    program, connection_id = connected(installation, "sim-plain")
    if code == "invalid_request":
        with session_scope() as session:
            _, token = create_api_token(session, 1, "app", tuple(Scope))
        program = installation.client(Authorization=f"Bearer {token}")

    answer = program.post(
        "/api/truelayer/import/plan", json={"connection_id": connection_id}, headers={PSU_IP: address}
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert status == 422 or answer.json()["details"]["needed_scope"] == "attended"


def test_who_comes_back_from_the_bank_in_their_own_browser_is_present(installation: Installation) -> None:
    connected(installation, "sim-plain")
    there = browser(installation, PROXY, **{"X-Forwarded-For": PUBLIC_ADDRESS, "Accept": "text/html"})

    assert sent_during(installation, lambda: installation.connect(there, "sim-plain", "john1")) == {PUBLIC_ADDRESS}


def test_in_the_hour_after_consent_a_program_imports_as_often_as_it_likes(installation: Installation) -> None:
    program, connection_id = connected(installation)

    after_consent = [imported(installation, program, connection_id)["status"] for _ in range(6)]
    travel(minutes=61)
    later = [imported(installation, program, connection_id) for _ in range(5)]

    assert after_consent == ["completed"] * 6
    assert [status["status"] for status in later] == ["completed"] * 4 + ["waiting"]
    assert set(ledger()[:6]) == {(False, True)}
    assert ledger()[6:] == [(False, False)] * 4


def test_without_that_hour_the_fifth_import_waits_and_says_what_to_do(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANKIMPORT_CONSENT_WINDOW_MINUTES", "0")
    monkeypatch.setenv("BANKIMPORT_PUBLIC_URL", "https://money.example.org")
    get_settings.cache_clear()
    program, connection_id = connected(installation)

    statuses = [imported(installation, program, connection_id) for _ in range(5)]

    assert [status["status"] for status in statuses] == ["completed"] * 4 + ["waiting"]
    (account,) = statuses[4]["accounts"]
    assert account["error"]["code"] == "daily_allowance_spent"
    until = account["next_attempt_at"][:16].replace("T", " ")
    assert account["error"]["message"].startswith(
        "Simulated bank (four-a-day) allows 4 calls a day without you, and all of them are used. "
        f"The import continues at {until} UTC. Open the page and press Resume there to continue now."
    )


def test_resume_continues_at_once_only_when_its_user_is_present(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANKIMPORT_CONSENT_WINDOW_MINUTES", "0")
    get_settings.cache_clear()
    program, connection_id = connected(installation)
    waiting = [imported(installation, program, connection_id) for _ in range(5)][4]
    path = f"/api/truelayer/import/{waiting['job_id']}/resume"
    there = browser(installation, PROXY, **{"X-Forwarded-For": PUBLIC_ADDRESS, "X-Gesture-Age": "0"})

    program.post(path).raise_for_status()
    installation.run_tasks()
    assert status_of(program, waiting["job_id"])["status"] == "waiting"

    assert sent_during(installation, lambda: there.post(path).raise_for_status()) == {PUBLIC_ADDRESS}
    assert status_of(program, waiting["job_id"])["status"] == "completed"


def test_a_bank_that_counts_the_calls_after_consent_makes_the_import_wait_and_loses_nothing(
    installation: Installation,
) -> None:
    installation.simulator.admin("PATCH", "profiles/sim-four-a-day", counts_calls_in_consent_window=True)
    travel_to(utc_now().replace(hour=12))  # banks count by day
    tomorrow = utc_today() + timedelta(days=1)
    program, connection_id = connected(installation)

    statuses = [imported(installation, program, connection_id) for _ in range(6)]

    assert [status["status"] for status in statuses] == ["completed"] * 4 + ["waiting"] * 2
    (account,) = statuses[4]["accounts"]
    assert account["next_attempt_at"].startswith(f"{tomorrow}T00:05")
    assert f"The import continues at {tomorrow} 00:05 UTC. " in account["error"]["message"]
    assert "reconnect the bank and press Resume within 60 minutes" in account["error"]["message"]
    stored = program.get("/api/transactions").json()["transactions"]
    assert stored

    travel(days=1)
    installation.run_tasks()

    assert {status_of(program, status["job_id"])["status"] for status in statuses} == {"completed"}
    kept = {row["id"] for row in program.get("/api/transactions", params={"limit": 500}).json()["transactions"]}
    assert {row["id"] for row in stored} <= kept
