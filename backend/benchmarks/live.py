"""Measure how long after a batch was stored its number appears on the page, in a browser that follows the import.

The clock starts when the batch is committed, by PostgreSQL's own record of commits, and stops when the browser's
document has changed. Browser, API, workers and database share this machine and its clock. The floor is one request.

Usage: python -m benchmarks.live [--json]
"""

import argparse
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import psycopg
from playwright.sync_api import Page
from tests.journeys.browser import running_browser, window
from tests.journeys.client import Client, a_connected_user
from tests.journeys.cluster import Cluster, cluster
from tests.journeys.load import quantile
from tests.journeys.machine import PASSWORD

from bankimport.processes.guardian import Guardian
from benchmarks.report import show
from truelayer_simulator.launch import running_simulator

IMPORTS = 4
BANK = "sim-plain"
ANSWER_MS = 400
FROM_DATE = "2024-01-01"

WATCH = """() => {
  window.seen = [];
  const look = () => {
    const section = document.querySelector('section[aria-label="Progress"]');
    const number = section && /New\\s+([\\d,.]+)/.exec(section.innerText);
    if (!number) return;
    const rows = Number(number[1].replace(/\\D/g, ''));
    if (window.seen.length === 0 || window.seen.at(-1)[1] !== rows) window.seen.push([Date.now(), rows]);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  look();
}"""


def measure() -> dict[str, Any]:
    """Every figure of one run."""
    delays: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Guardian()) as guardian,
        running_simulator() as simulator,
        cluster(Path(folder), guardian, simulator) as running,
        running_browser() as browser,
    ):
        _keep_commit_times(running)
        simulator.admin("PATCH", f"profiles/{BANK}", delay_ms=ANSWER_MS)
        for number in range(IMPORTS):
            client, connection_id = a_connected_user(running, f"live{number}", BANK)
            with window(browser, running.url) as page:
                page.goto("/")
                page.request.post("/api/auth/login", data={"email": f"live{number}@example.org", "password": PASSWORD})
                delays += _delays_of_one(running, page, client, connection_id)
        looks = []
        for _ in range(50):
            started_at = time.perf_counter()
            client.call("GET", "/api/truelayer/import/history?limit=1")
            looks.append(time.perf_counter() - started_at)
    return {
        "imports": IMPORTS,
        "batches": len(delays),
        "floor_request_ms": round(statistics.median(looks) * 1000, 1),
        "to_screen_p50_ms": round(quantile(delays, 0.5) * 1000),
        "to_screen_p95_ms": round(quantile(delays, 0.95) * 1000),
        "to_screen_max_ms": round(max(delays) * 1000),
    }


def _keep_commit_times(running: Cluster) -> None:
    """Have PostgreSQL record when each transaction was committed, which it does from its next start on."""
    with psycopg.connect(running.database_url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    running.kill("postgres")
    running.start_again("postgres")


def _committed_at(running: Cluster, job_id: int) -> dict[int, float]:
    """By number of the event, when it was committed, in seconds of the epoch."""
    rows = running.rows(
        "SELECT job_id, event_id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at FROM import_events"
    )
    return {cast(int, row["event_id"]): cast(float, row["at"]) for row in rows if row["job_id"] == int(job_id)}


def _delays_of_one(running: Cluster, page: Page, client: Client, connection_id: int) -> list[float]:
    """Seconds from each batch to the screen, of one import that is watched from its start to its end."""
    plan = {"connection_id": connection_id, "from_date": FROM_DATE}
    job_id = client.call("POST", "/api/truelayer/import/plan", **plan)["job_id"]
    client.call("POST", "/api/truelayer/import/start", job_id=job_id)
    page.goto(f"/imports/{job_id}")
    page.locator("[data-connection=live]").first.wait_for()
    page.evaluate(WATCH)
    begun_at = page.evaluate("() => Date.now()") / 1000
    page.get_by_text("completed", exact=True).first.wait_for(timeout=120_000)
    seen: list[tuple[float, int]] = [(at / 1000, rows) for at, rows in page.evaluate("() => window.seen")]
    committed_at = _committed_at(running, job_id)
    rows_of: dict[str | None, int] = {}
    delays = []
    for event in client.call("GET", f"/api/truelayer/import/{job_id}/events?limit=1000")["events"]:
        if event["type"] not in ("batch_stored", "window_completed"):
            continue
        before = sum(rows_of.values())
        rows_of[event["account_id"]] = event["payload"]["synced"]
        total = sum(rows_of.values())
        stored_at = committed_at[event["event_id"]]
        if total > before and stored_at > begun_at:
            shown_at = next(at for at, rows in seen if rows >= total)
            delays.append(shown_at - stored_at)
    return delays


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    show(measure(), as_json=parser.parse_args().json)
