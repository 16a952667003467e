"""Whatever is killed at whatever moment, the import ends correctly without help.

`make test` runs one seeded round over two months, `make chaos` fifty over a year. BANKIMPORT_CHAOS_ROUNDS sets how
many, BANKIMPORT_CHAOS_FIRST_SEED the first seed.
"""

import os
import random
import time
from collections import Counter
from datetime import timedelta

import psycopg
import pytest
from tests.journeys.client import Client, a_connected_user
from tests.journeys.cluster import Cluster, kill_at_random
from tests.support.bank.held import hold_bank, set_delay
from tests.support.suite.lanes import in_deep, is_deep
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.clock import utc_today
from truelayer_simulator.launch import RunningSimulator

pytestmark = [pytest.mark.journey, pytest.mark.slow("real processes are killed and started while imports run")]

ROUNDS = int(os.environ.get("BANKIMPORT_CHAOS_ROUNDS", in_deep("3", else_="1")))
FIRST_SEED = int(os.environ.get("BANKIMPORT_CHAOS_FIRST_SEED", "1"))
BANK = "sim-many"
SINCE = (utc_today() - timedelta(days=in_deep(360, else_=60))).isoformat()


def start(client: Client, connection_id: int) -> int:
    planned = client.call(
        "POST",
        "/api/truelayer/import/plan",
        connection_id=connection_id,
        from_date=SINCE,
        max_parallel=8,
        auto_enrich=is_deep(),
    )
    client.call("POST", "/api/truelayer/import/start", job_id=planned["job_id"])
    return int(planned["job_id"])


def is_ended(running: Cluster, job_id: int) -> bool:
    try:
        (row,) = running.rows(f"SELECT completed_at FROM truelayer_import_jobs WHERE id = {job_id}")
    except psycopg.OperationalError:
        return False
    return row["completed_at"] is not None


def unfinished(client: Client, job_id: int) -> str:
    """The unfinished parts of the job, for a failure's message; as plain text, which pytest does not shorten."""
    status = client.call("GET", f"/api/truelayer/import/status/{job_id}")
    rows = [
        (
            account["status"],
            account["next_attempt_at"],
            account["error"],
            len(account["attempts"]),
            account["attempts"][-1:],
        )
        for account in status["accounts"]
        if account["completed_at"] is None
    ]
    return "\n".join([status["status"], *map(str, rows)])


def counted(running: Cluster, user_email: str) -> dict[int, Counter[tuple[str, str]]]:
    found: dict[int, Counter[tuple[str, str]]] = {}
    for row in running.rows(
        "SELECT t.account_id, t.date::text AS day, round(t.amount, 2)::text AS amount FROM transactions t "
        "JOIN users u ON u.id = t.user_id WHERE t.removed_at IS NULL AND t.status = 'booked' "
        f"AND u.email = '{user_email}'"
    ):
        found.setdefault(int(str(row["account_id"])), Counter())[str(row["day"]), str(row["amount"])] += 1
    return found


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + ROUNDS))
def test_an_import_of_twenty_accounts_ends_correctly_whatever_is_killed(
    running: Cluster, simulator: RunningSimulator, seed: int
) -> None:
    dice = random.Random(seed)
    simulator.admin(
        "PATCH", f"profiles/{BANK}", twins=True, churn="call", provider_ids_churn=True, delay_ms=dice.choice((50, 200))
    )
    simulator.admin("POST", "faults", kind="drop", path="/transactions", times=1, after_calls=dice.randrange(10))
    name = f"seed{seed}"
    client, connection_id = a_connected_user(running, name, BANK)
    job_id = start(client, connection_id)

    killed = kill_at_random(running, dice, kills=4, is_over=lambda: is_ended(running, job_id))
    deadline = time.monotonic() + HANGS_AFTER_S
    while not is_ended(running, job_id):
        assert time.monotonic() < deadline, f"{killed} {unfinished(client, job_id)}"
        time.sleep(0.3)

    status = client.call("GET", f"/api/truelayer/import/status/{job_id}")
    assert status["status"] in ("completed", "enriching"), (killed, status)
    stored = counted(running, f"{name}@example.org")
    accounts = client.call("GET", f"/api/truelayer/connections/{connection_id}/accounts")["accounts"]
    assert len(accounts) == 20
    for kind in ("account", "card"):
        for number, account in enumerate(row for row in accounts if row["kind"] == kind):
            truth = simulator.truth(provider_id=BANK, kind=kind, number=str(number), **{"from": SINCE})
            happened = Counter((row["date"], f"{float(row['amount']):.2f}") for row in truth)
            assert stored[int(account["account_id"])] == happened, (killed, kind, number)
    total = sum(sum(rows.values()) for rows in stored.values())
    (entry,) = client.call("GET", "/api/truelayer/import/history")["imports"]
    assert status["total_so_far"]["synced"] == entry["transactions_imported"] == total, killed
    assert sum(account["synced"] for account in status["accounts"]) == total
    windows = running.rows(
        "SELECT w.fetches, p.id, p.attempt_number FROM import_windows w JOIN truelayer_import_progress p "
        f"ON p.id = w.account_import_id WHERE p.job_id = {job_id}"
    )
    again: Counter[int] = Counter()
    for row in windows:
        again[int(str(row["id"]))] += int(str(row["fetches"])) - 1
    attempts = {int(str(row["id"])): int(str(row["attempt_number"])) for row in windows}
    assert all(again[account] < attempts[account] for account in attempts), "an attempt repeats one window at most"
    events = client.call("GET", f"/api/truelayer/import/{job_id}/events?limit=1000")["events"]
    assert [event["event_id"] for event in events] == list(range(1, len(events) + 1))


def test_two_workers_on_two_hosts_share_a_job_and_one_may_crash(running: Cluster, simulator: RunningSimulator) -> None:
    client, connection_id = a_connected_user(running, "hosts", BANK)
    # Each worker takes as many accounts as it has threads, and no worker ends one before the other has begun.
    hold_bank(simulator, BANK)
    job_id = start(client, connection_id)

    def workers() -> set[str]:
        rows = running.rows(
            "SELECT DISTINCT a.worker FROM import_attempts a JOIN truelayer_import_progress p "
            f"ON p.id = a.account_import_id WHERE p.job_id = {job_id}"
        )
        return {str(row["worker"]) for row in rows}

    deadline = time.monotonic() + HANGS_AFTER_S
    while len(workers()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    running.kill("worker 1")
    set_delay(simulator, BANK, 300)
    while not is_ended(running, job_id):
        assert time.monotonic() < deadline, f"{unfinished(client, job_id)} {running.log_of('worker 2')}"
        time.sleep(0.3)
    running.start_again("worker 1")

    status = client.call("GET", f"/api/truelayer/import/status/{job_id}")["status"]
    assert status in ("completed", "enriching")


def test_workers_survive_a_broker_that_dies_repeatedly_while_they_hold_messages(
    running: Cluster, simulator: RunningSimulator
) -> None:
    simulator.admin("PATCH", f"profiles/{BANK}", delay_ms=400)
    client, connection_id = a_connected_user(running, "broker", BANK)
    job_id = start(client, connection_id)

    for _ in range(6):
        time.sleep(1.5)
        running.kill(running.broker)
        time.sleep(0.7)
        running.start_again(running.broker)
    deadline = time.monotonic() + HANGS_AFTER_S
    while not is_ended(running, job_id):
        assert time.monotonic() < deadline, f"{unfinished(client, job_id)} {running.log_of('worker 2')}"
        time.sleep(0.3)

    again = start(client, connection_id)
    while not is_ended(running, again):
        assert time.monotonic() < deadline, f"{unfinished(client, again)} {running.log_of('worker 2')}"
        time.sleep(0.3)
    assert all(running.is_alive(name) for name in ("worker 1", "worker 2"))
