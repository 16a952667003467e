"""People import at the same time and keep polling; what each saw, and when."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.journeys.client import Client, a_connected_user
from tests.journeys.cluster import Cluster
from tests.support.suite.waiting import HANGS_AFTER_S


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person saw of their import; moments are seconds on one clock."""

    client: Client
    status: dict[str, Any]
    started_at: float
    first_progress_at: float
    ended_at: float
    looks: int

    @property
    def until_progress_s(self) -> float:
        """Seconds from the start request to the first poll that showed a row or progress in days."""
        return self.first_progress_at - self.started_at


def import_and_watch(client: Client, job_id: int, looked: set[int]) -> Seen:
    """Start the import and poll its status five times a second until it has ended; the first look adds it to
    `looked`."""
    started_at = time.monotonic()
    client.call("POST", "/api/truelayer/import/start", job_id=job_id)
    first_progress_at, looks, percent = None, 0, 0
    while True:
        status = client.call("GET", f"/api/truelayer/import/status/{job_id}")
        now = time.monotonic()
        looks += 1
        looked.add(job_id)
        assert status["progress"]["percent"] >= percent, "progress went back"
        percent = status["progress"]["percent"]
        if first_progress_at is None and (percent or status["total_so_far"]["synced"]):
            first_progress_at = now
        if status["completed_at"]:
            return Seen(client, status, started_at, first_progress_at or now, now, looks)
        assert now - started_at < HANGS_AFTER_S, status
        time.sleep(0.2)


def all_at_once(
    running: Cluster, bank_id: str, from_date: str, people: int = 10, looked: set[int] | None = None
) -> list[Seen]:
    """Connect that many people to the bank, start all their imports together and follow them until they end.

    `looked` gets the number of each job once its person has seen its status.
    """
    seen = set[int]() if looked is None else looked
    planned = []
    for number in range(people):
        client, connection_id = a_connected_user(running, f"load{number}", bank_id)
        job = client.call("POST", "/api/truelayer/import/plan", connection_id=connection_id, from_date=from_date)
        planned.append((client, int(job["job_id"])))
    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(lambda pair: import_and_watch(pair[0], pair[1], seen), planned))


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * share // 1).__int__() - 1))]
