"""Several imports at once with two workers: every one succeeds, and none waits for the others to end.

A deep run has ten people with over a thousand rows per account, `make test` four with over a hundred.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.journeys.cluster import Cluster
from tests.journeys.load import all_at_once, quantile
from tests.support.bank.held import hold_from_call, set_delay
from tests.support.suite.lanes import in_deep
from tests.support.suite.waiting import wait_for

from bankimport.clock import utc_today
from truelayer_simulator.launch import RunningSimulator

pytestmark = pytest.mark.journey

BANK = "sim-plain"
PEOPLE, DAYS, ROWS = in_deep((10, 550, 1000), else_=(4, 60, 100))
THEIRS = "(SELECT id FROM users WHERE email LIKE 'load%')"
THREADS_OF_BOTH_WORKERS = 8
FIRST = utc_today() - timedelta(days=DAYS)


def served(running: Cluster) -> int:
    """How many of the imports a worker has begun."""
    (row,) = running.rows(
        "SELECT count(DISTINCT p.job_id) AS jobs FROM import_attempts a JOIN truelayer_import_progress p "
        f"ON p.id = a.account_import_id JOIN truelayer_import_jobs j ON j.id = p.job_id WHERE j.user_id IN {THEIRS}"
    )
    return int(str(row["jobs"]))


@pytest.mark.slow("a stack of processes imports for several people at once")
def test_all_of_several_imports_at_once_succeed_and_none_starves(running: Cluster, simulator: RunningSimulator) -> None:
    looked: set[int] = set()
    set_delay(simulator, BANK, 300)
    hold_from_call(simulator, BANK, "/transactions", 0)
    with ThreadPoolExecutor(1) as others:
        with running.workers_suspended():
            following = others.submit(all_at_once, running, BANK, FIRST.isoformat(), PEOPLE, looked)
            wait_for(lambda: following.done() or len(looked) == PEOPLE)
        wait_for(lambda: following.done() or served(running) >= min(PEOPLE, THREADS_OF_BOTH_WORKERS))
        simulator.admin("DELETE", "faults")
        seen = following.result()
    rows = running.rows(
        f"SELECT user_id, count(*) AS n FROM transactions WHERE user_id IN {THEIRS} "
        "AND status = 'booked' AND removed_at IS NULL GROUP BY 1"
    )
    jobs = running.rows(
        "SELECT served_from, completed_at FROM truelayer_import_jobs j JOIN (SELECT p.job_id, "
        "min(a.started_at) AS served_from FROM import_attempts a JOIN truelayer_import_progress p "
        f"ON p.id = a.account_import_id GROUP BY 1) a ON a.job_id = j.id WHERE j.user_id IN {THEIRS}"
    )

    happened = {
        (kind, number): len(
            simulator.truth(provider_id=BANK, kind=kind, number=str(number), **{"from": FIRST.isoformat()})
        )
        for kind, number in (("account", 0), ("account", 1), ("card", 0))
    }
    assert min(happened.values()) > ROWS
    assert [row["n"] for row in rows] == [sum(happened.values())] * PEOPLE
    for one in seen:
        assert one.status["status"] in ("completed", "enriching")
        assert sorted(account["synced"] for account in one.status["accounts"]) == sorted(happened.values())
        assert one.looks > 1
    assert max(str(job["served_from"]) for job in jobs) < min(str(job["completed_at"]) for job in jobs)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (0.0, 1), (1.0, 10), (0.51, 6)])
def test_a_quantile_is_one_of_the_values(share: float, expected: int) -> None:
    assert quantile([float(number) for number in range(10, 0, -1)], share) == expected
