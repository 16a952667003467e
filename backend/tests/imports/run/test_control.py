"""Pause, resume, cancel and retry at every point of an import: reported correctly, and harmless when repeated."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from starlette.testclient import TestClient
from tests.support.bank.held import hold_bank, release_bank
from tests.support.steps.imports import IMPORT, LONG_AGO, account_imports, do, happened, start, status_of, stored
from tests.support.steps.installation import Installation
from tests.support.suite.loopback import http_get
from tests.support.suite.waiting import wait_for

from bankimport.clock import utc_now, utc_today
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.imports import choose, repository
from bankimport.imports.models import AccountImport
from bankimport.imports.run.run import run_fairest


@pytest.fixture
def connected(installation: Installation) -> tuple[TestClient, int]:
    installation.simulator.admin("PATCH", "profiles/sim-plain", rows_per_day=1, card_rows_per_day=1)
    client = installation.signed_in()
    return client, installation.connect(client, "sim-plain")


def test_a_job_paused_before_it_began_waits_until_it_is_resumed(
    installation: Installation, connected: tuple[TestClient, int]
) -> None:
    client, connection_id = connected
    job_id = start(client, connection_id)

    assert do(client, job_id, "pause")["status"] == "paused"
    assert installation.run_tasks() == 0
    assert do(client, job_id, "resume")["status"] in ("queued", "running")
    installation.run_tasks()

    assert status_of(client, job_id)["status"] == "completed"


def test_a_pause_lets_the_current_request_finish_and_requests_no_window_twice(
    installation: Installation, connected: tuple[TestClient, int]
) -> None:
    client, connection_id = connected
    account_id = client.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"][0]["account_id"]
    hold_bank(installation.simulator, "sim-plain")
    job_id = start(
        client, connection_id, account_ids=[account_id], from_date=(utc_today() - timedelta(days=700)).isoformat()
    )
    worker = threading.Thread(target=run_fairest, args=(account_imports(job_id)[0], "test"))

    worker.start()
    wait_for(lambda: status_of(client, job_id)["status"] == "running")
    assert do(client, job_id, "pause")["status"] == "pausing"
    release_bank(installation.simulator, "sim-plain")
    worker.join()
    paused = status_of(client, job_id)
    do(client, job_id, "resume")
    installation.run_tasks()

    assert paused["status"] == "paused"
    assert paused["accounts"][0]["status"] == "pending"
    assert status_of(client, job_id)["status"] == "completed"
    asked = [call["query"] for call in installation.simulator.admin("GET", "calls") if "from=" in call["query"]]
    assert len(asked) == len(set(asked)) >= 2
    assert stored(account_id) == happened(installation, "sim-plain", "account", 0, utc_today() - timedelta(days=700))


def test_pausing_one_account_does_not_stop_the_others(
    installation: Installation, connected: tuple[TestClient, int]
) -> None:
    client, connection_id = connected
    job_id = start(client, connection_id)
    first = status_of(client, job_id)["accounts"][0]["account_id"]

    do(client, job_id, "pause", account_ids=[first])
    installation.run_tasks()
    status = status_of(client, job_id)

    assert status["status"] == "paused"
    assert Counter(account["status"] for account in status["accounts"]) == {"completed": 2, "pending": 1}
    do(client, job_id, "resume", account_ids=[first])
    installation.run_tasks()
    assert status_of(client, job_id)["status"] == "completed"


def test_a_cancel_takes_effect_at_once_and_what_was_stored_stays(
    installation: Installation, connected: tuple[TestClient, int]
) -> None:
    client, connection_id = connected
    hold_bank(installation.simulator, "sim-plain")
    job_id = start(client, connection_id)
    worker = threading.Thread(target=run_fairest, args=(account_imports(job_id)[0], "test"))

    worker.start()
    wait_for(lambda: status_of(client, job_id)["status"] == "running")
    cancelled = do(client, job_id, "cancel")
    release_bank(installation.simulator, "sim-plain")
    worker.join()

    assert cancelled["status"] == "cancelled"
    assert {account["status"] for account in cancelled["accounts"]} == {"cancelled"}
    assert status_of(client, job_id) == cancelled
    assert do(client, job_id, "cancel") == cancelled
    assert stored(cancelled["accounts"][0]["account_id"]) == Counter()
    assert installation.run_tasks() == 0


def test_retry_tries_only_what_failed(installation: Installation, connected: tuple[TestClient, int]) -> None:
    client, connection_id = connected
    installation.simulator.admin("POST", "faults", kind="status", path="/cards/", status=403, error="access_denied")
    job_id = start(client, connection_id)
    installation.run_tasks()
    assert status_of(client, job_id)["status"] == "partly_failed"
    installation.simulator.admin("DELETE", "faults")
    before = len(installation.simulator.admin("GET", "calls"))

    do(client, job_id, "retry")
    installation.run_tasks()

    status = status_of(client, job_id)
    assert status["status"] == "completed"
    assert all("/cards" in call["path"] for call in installation.simulator.admin("GET", "calls")[before:])
    card = next(account for account in status["accounts"] if account["kind"] == "card")
    assert stored(card["account_id"]) == happened(installation, "sim-plain", "card", 0, LONG_AGO)
    assert card["percent"] == 100


def test_days_refused_after_the_consent_window_are_imported_by_reconnecting(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-sca-strict")
    installation.simulator.admin("POST", "clock", advance_seconds=600)
    with session_scope() as session:
        session.get_one(BankConnection, connection_id).authorised_at -= timedelta(seconds=600)
    job_id = start(client, connection_id)
    installation.run_tasks()
    assert status_of(client, job_id)["status"] == "failed"

    asked = client.post(f"{IMPORT}/{job_id}/reauthorize").raise_for_status().json()
    link = asked["authorization_url"] + "&simulator_user=john&simulator_password=doe"
    landed = client.get(http_get(link, follow_redirects=False).headers["location"])
    assert landed.headers["location"] == f"/imports/{job_id}"
    installation.run_tasks()

    status = status_of(client, job_id)
    assert status["status"] == "completed", status
    account_id = status["accounts"][0]["account_id"]
    assert stored(account_id) == happened(installation, "sim-sca-strict", "account", 0, LONG_AGO)


@pytest.mark.parametrize("action", ["pause", "resume", "retry"])
def test_what_makes_no_sense_is_refused_with_a_reason(
    installation: Installation, connected: tuple[TestClient, int], action: str
) -> None:
    client, connection_id = connected
    job_id = start(client, connection_id)
    installation.run_tasks()

    answer = client.post(f"{IMPORT}/{job_id}/{action}")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible_now")
    assert client.post(f"{IMPORT}/{job_id}/cancel").json()["code"] == "not_possible_now"


def test_the_whole_queue_pauses_and_resumes(installation: Installation, connected: tuple[TestClient, int]) -> None:
    client, connection_id = connected
    first = start(client, connection_id)

    client.post(f"{IMPORT}/queue/pause").raise_for_status()
    second = start(client, connection_id)
    resumed = do(client, first, "resume")
    assert (resumed["status"], resumed["is_queue_paused"]) == ("paused", True)
    queue = client.get(f"{IMPORT}/queue").json()

    assert queue["is_paused"]
    assert [int(entry["job_id"]) for entry in queue["paused"]] == [first, second]
    assert installation.run_tasks() == 0
    client.post(f"{IMPORT}/queue/resume").raise_for_status()
    installation.run_tasks()
    queue = client.get(f"{IMPORT}/queue").json()
    assert [int(entry["job_id"]) for entry in queue["recent"]] == [second, first]
    assert {entry["status"] for entry in queue["recent"]} == {"completed"}


def test_the_queue_shows_what_it_waits_for_and_until_when(
    installation: Installation, connected: tuple[TestClient, int]
) -> None:
    client, connection_id = connected
    installation.simulator.admin(
        "POST",
        "faults",
        kind="status",
        path="/transactions",
        status=429,
        error="provider_too_many_requests",
        retry_after_s=120,
    )
    job_id = start(client, connection_id)
    installation.run_tasks()

    (entry,) = client.get(f"{IMPORT}/queue").json()["waiting"]

    assert entry["job_id"] == str(job_id)
    assert entry["why"]
    assert entry["until"] > (utc_now() + timedelta(seconds=60)).isoformat()
    assert client.get(f"{IMPORT}/queue", params={"status": "completed"}).json()["waiting"] == []


def test_several_jobs_are_controlled_at_once(installation: Installation, connected: tuple[TestClient, int]) -> None:
    client, connection_id = connected
    done = start(client, connection_id)
    installation.run_tasks()
    waiting = start(client, connection_id)

    answer = client.post(f"{IMPORT}/queue/bulk", json={"action": "cancel", "job_ids": [done, waiting]})

    assert answer.json()["outcomes"] == {str(done): "not_possible_now", str(waiting): "cancelled"}
    assert client.post(f"{IMPORT}/queue/bulk", json={"action": "pause", "job_ids": [999]}).status_code == 404


def test_another_user_cannot_control_a_job(installation: Installation, connected: tuple[TestClient, int]) -> None:
    client, connection_id = connected
    job_id = start(client, connection_id)
    eve = installation.signed_in("eve@example.org")

    for action in ("next", "pause", "resume", "cancel", "retry"):
        assert eve.post(f"{IMPORT}/{job_id}/{action}").status_code == 404
    eve.post(f"{IMPORT}/queue/pause")
    assert status_of(client, job_id)["status"] == "queued"


def test_one_users_many_accounts_do_not_delay_another_users_single_one(installation: Installation) -> None:
    ada, bob = installation.signed_in("ada@example.org"), installation.signed_in("bob@example.org")
    many = [start(ada, installation.connect(ada, "sim-many"), max_parallel=16) for _ in range(2)]
    one = start(bob, installation.connect(bob, "sim-accounts-only"))
    order: list[int] = []

    with session_scope() as session:
        bobs = {row.id for row, _ in repository.account_imports_of(session, one)}
    for _ in range(4):
        with session_scope() as session:
            chosen = choose.fairest(session, utc_now())
            assert chosen is not None
            order.append(chosen)
            row = repository.locked_account_import(session, chosen)
            assert row is not None
            row.status, row.lease_expires_at = "syncing", utc_now() + timedelta(minutes=1)  # type: ignore[assignment]

    assert len(many) == 2
    assert len(bobs & set(order)) == 2
    assert order[1] in bobs


def test_workers_that_choose_at_the_same_time_take_work_of_different_users(installation: Installation) -> None:
    users = [installation.signed_in(f"user{number}@example.org") for number in range(2)]
    jobs = [start(user, installation.connect(user, "sim-many"), max_parallel=16) for user in users]

    with session_scope() as one, session_scope() as another:
        chosen = [choose.fairest(session, utc_now()) for session in (one, another)]

    with session_scope() as session:
        rows = [session.get_one(AccountImport, number) for number in chosen if number is not None]
        assert sorted(row.job_id for row in rows) == sorted(int(job) for job in jobs)


def test_the_next_job_is_found_from_the_front_of_an_index(installation: Installation) -> None:
    client = installation.signed_in()
    start(client, installation.connect(client, "sim-many"))
    asked: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    with session_scope() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_sort = off"))
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", keep)
        assert choose.fairest(session, utc_now()) is not None
        event.remove(connection, "before_cursor_execute", keep)
        statement, parameters = next(one for one in asked if "SKIP LOCKED" in one[0])
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()

    assert any("ix_truelayer_import_jobs_turn" in line for line in plan)
    assert not any("Seq Scan" in line or "Sort" in line for line in plan), plan
    assert len(asked) <= 3


def test_with_one_slot_users_take_turns_regardless_of_the_age_of_their_jobs(installation: Installation) -> None:
    users = [installation.signed_in(f"user{number}@example.org") for number in range(3)]
    jobs = [start(user, installation.connect(user, "sim-many"), from_date=utc_today().isoformat()) for user in users]

    for _ in range(12):
        run_fairest(0, "test")

    ended = [status_of(user, job)["progress"]["completed_accounts"] for user, job in zip(users, jobs, strict=True)]
    assert ended == [4, 4, 4]


def test_a_job_that_its_user_wants_next_is_taken_before_their_others(
    installation: Installation, connected: tuple[TestClient, int]
) -> None:
    client, connection_id = connected
    first, second, third = (start(client, connection_id, from_date=utc_today().isoformat()) for _ in range(3))

    assert client.post(f"{IMPORT}/{second}/next").status_code == 200
    client.post(f"{IMPORT}/queue/bulk", json={"action": "next", "job_ids": [third]}).raise_for_status()
    queue = client.get(f"{IMPORT}/queue").json()
    queued = [(entry["job_id"], entry["place"], entry["runs_next"]) for entry in queue["queued"]]
    for _ in range(3):
        run_fairest(0, "test")

    assert queued == [(str(third), 1, True), (str(second), 2, True), (str(first), 3, False)]
    assert queue["queued"][0]["why"] == "waits for a free worker"
    assert queue["queued"][2]["why"] == "2 of your imports start before it"
    assert queue["counts"] == {"queued": 3}
    assert [status_of(client, job)["status"] for job in (first, second, third)] == ["queued", "queued", "completed"]
    client.post(f"{IMPORT}/{second}/next", json={"wanted": False}).raise_for_status()
    run_fairest(0, "test")
    # The first has given the third its turn since the second did.
    assert [status_of(client, job)["status"] for job in (first, second)] == ["queued", "running"]
    assert client.post(f"{IMPORT}/{third}/next").json()["code"] == "not_possible_now"


def test_moving_a_job_changes_nothing_for_other_users(installation: Installation) -> None:
    users = [installation.signed_in(f"user{number}@example.org") for number in range(2)]
    connections = [installation.connect(user, "sim-many") for user in users]
    today = utc_today().isoformat()
    older, theirs = (
        start(user, connection, from_date=today) for user, connection in zip(users, connections, strict=True)
    )
    newer = start(users[0], connections[0], from_date=today)
    users[0].post(f"{IMPORT}/{newer}/next").raise_for_status()

    for _ in range(6):
        run_fairest(0, "test")

    # Three jobs take turns; the newer one gets those of the older one too.
    ended = [
        status_of(user, job)["progress"]["completed_accounts"]
        for user, job in ((users[0], older), (users[0], newer), (users[1], theirs))
    ]
    assert ended == [0, 4, 2]


def test_deep_history_that_ends_soon_is_taken_before_a_job_wanted_next(installation: Installation) -> None:
    client = installation.signed_in()
    with session_scope() as session:
        old = installation.connect(client, "sim-accounts-only")
        session.get_one(BankConnection, old).authorised_at = utc_now() - timedelta(hours=1)
    wanted = start(client, old, from_date=utc_today().isoformat())
    deep = start(client, installation.connect(client, "sim-plain"))
    client.post(f"{IMPORT}/{wanted}/next").raise_for_status()

    with session_scope() as session:
        chosen = choose.fairest(session, utc_now())
        assert chosen is not None
        assert session.get_one(AccountImport, chosen).job_id == deep
