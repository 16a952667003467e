"""Measure how long ten people who import at once wait for the first sign of progress, and for the end.

Two workers, one API process and a simulated bank on this machine; every status is requested five times a second by
each. The floor is one status request when nothing runs.

Usage: python -m benchmarks.load [--people N] [--json]
"""

import argparse
import statistics
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.journeys.cluster import cluster
from tests.journeys.load import all_at_once, quantile

from bankimport.clock import utc_today
from bankimport.processes.guardian import Guardian
from benchmarks.report import show
from truelayer_simulator.launch import running_simulator

DAYS = 550


def measure(people: int) -> dict[str, Any]:
    """Every figure of one run."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Guardian()) as guardian,
        running_simulator() as simulator,
        cluster(Path(folder), guardian, simulator) as running,
    ):
        first = utc_today() - timedelta(days=DAYS)
        results = all_at_once(running, "sim-plain", first.isoformat(), people)
        (stored,) = running.rows("SELECT count(*) AS n FROM transactions WHERE status = 'booked'")
        looks = []
        for _ in range(50):
            started_at = time.perf_counter()
            results[0].client.call("GET", f"/api/truelayer/import/status/{results[0].status['job_id']}")
            looks.append(time.perf_counter() - started_at)
    floor_s = statistics.median(looks)
    waits = [one.until_progress_s for one in results]
    whole_s = max(one.ended_at for one in results) - min(one.started_at for one in results)
    return {
        "people": people,
        "rows": stored["n"],
        "seconds": {
            "floor_status": round(floor_s, 4),
            "progress_p50": round(quantile(waits, 0.5), 3),
            "progress_p95": round(quantile(waits, 0.95), 3),
            "end_of_last": round(whole_s, 3),
        },
        "rows_per_second": round(int(str(stored["n"])) / whole_s),
        "progress_p95_to_floor": round(quantile(waits, 0.95) / floor_s, 1),
        "status_requests": sum(one.looks for one in results),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    show(measure(arguments.people), as_json=arguments.json)


if __name__ == "__main__":
    main()
