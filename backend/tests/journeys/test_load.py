"""Ten imports at once with two workers: every one succeeds, and none waits for the others to end."""

from datetime import timedelta
from typing import Any

import pytest
from tests.journeys.cluster import cluster
from tests.journeys.load import quantile, ten_at_once

from bankimport.clock import utc_today
from bankimport.processes.guardian import Guardian
from truelayer_simulator.launch import RunningSimulator

pytestmark = pytest.mark.journey

BANK = "sim-plain"
FIRST = utc_today() - timedelta(days=550)


def test_ten_imports_of_a_thousand_rows_per_account_all_succeed_and_none_starves(
    tmp_path: Any, guardian: Guardian, simulator: RunningSimulator
) -> None:
    simulator.admin("PATCH", f"profiles/{BANK}", delay_ms=300)
    with cluster(tmp_path, guardian, simulator) as running:
        seen = ten_at_once(running, BANK, FIRST.isoformat())
        rows = running.rows(
            "SELECT user_id, count(*) AS n FROM transactions WHERE status = 'booked' AND removed_at IS NULL GROUP BY 1"
        )
        jobs = running.rows(
            "SELECT served_from, completed_at FROM truelayer_import_jobs j JOIN (SELECT p.job_id, "
            "min(a.started_at) AS served_from FROM import_attempts a JOIN truelayer_import_progress p "
            "ON p.id = a.account_import_id GROUP BY 1) a ON a.job_id = j.id"
        )

    happened = {
        (kind, number): len(
            simulator.truth(provider_id=BANK, kind=kind, number=str(number), **{"from": FIRST.isoformat()})
        )
        for kind, number in (("account", 0), ("account", 1), ("card", 0))
    }
    assert min(happened.values()) > 1000
    assert [row["n"] for row in rows] == [sum(happened.values())] * 10
    for one in seen:
        assert one.status["status"] in ("completed", "enriching")
        assert sorted(account["synced"] for account in one.status["accounts"]) == sorted(happened.values())
        assert one.looks > 1
    assert max(str(job["served_from"]) for job in jobs) < min(str(job["completed_at"]) for job in jobs)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (0.0, 1), (1.0, 10), (0.51, 6)])
def test_a_quantile_is_one_of_the_values(share: float, expected: int) -> None:
    assert quantile([float(number) for number in range(10, 0, -1)], share) == expected
