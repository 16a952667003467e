"""A long export streams: the API never keeps it whole in memory, and frees everything when its reader leaves."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil
import pytest
from sqlalchemy import text
from tests.support.steps.installation import Installation
from tests.support.steps.record import EXPORT, Record, a_record
from tests.support.suite.lanes import in_deep
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.db.session import session_scope
from bankimport.processes.child import Child
from bankimport.processes.guardian import Guardian
from bankimport.processes.ports import free_port
from bankimport.processes.ready import serves
from bankimport.settings import variable_of

ROWS = in_deep(100_000, else_=25_000)
MOST_BYTES = in_deep(100, else_=40) * 1024 * 1024
FORMATS = ("csv", "ndjson", "ofx", "beancount")


@dataclass(frozen=True, slots=True)
class Serving:
    """A separate API process, and a user's client for it."""

    record: Record
    client: httpx2.Client
    pid: int

    def held_bytes(self) -> int:
        """The present memory of the process."""
        return int(psutil.Process(self.pid).memory_info().rss)


@pytest.fixture
def serving(installation: Installation, guardian: Guardian, tmp_path: Path) -> Iterator[Serving]:
    record = a_record(installation)
    port = free_port()
    client = httpx2.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": record.client.headers["authorization"]},
        timeout=HANGS_AFTER_S,
    )

    api = Child(
        "api",
        [sys.executable, "-m", "bankimport.cli", "api"],
        log=tmp_path / "api.log",
        is_ready=lambda: serves(f"http://127.0.0.1:{port}/healthz"),
        guardian=guardian,
        environment={variable_of("port"): str(port)},
    )
    try:
        api.wait_until_ready()
        yield Serving(record, client, api.pid)
    finally:
        client.close()
        api.stop()


def test_many_rows_stream_in_bounded_memory(serving: Serving) -> None:
    rows = len(serving.record.rows()) + ROWS
    for form in FORMATS:
        serving.client.get(EXPORT, params={"format": form}).raise_for_status()
    serving.record.add_many(ROWS)
    before = serving.held_bytes()

    for form in FORMATS:
        with serving.client.stream("GET", EXPORT, params={"format": form}) as answer:
            answer.raise_for_status()
            size = most = 0
            for piece in answer.iter_bytes():
                size += len(piece)
                most = max(most, serving.held_bytes())
        used = most - before
        sys.stdout.write(f"{form}: a file of {size / 1e6:.1f} MB, {used / 1e6:.1f} MB more memory at most\n")
        assert int(answer.headers["x-export-rows"]) == rows
        assert size > ROWS * 150
        assert used < MOST_BYTES


def test_a_disconnected_reader_keeps_no_session(serving: Serving) -> None:
    serving.record.add_many(20_000)

    for _ in range(25):
        with serving.client.stream("GET", EXPORT, params={"format": "csv"}) as answer:
            next(answer.iter_bytes())

    while _count_open() > 0:
        time.sleep(0.05)
    # The last reader's place gets free a moment after its transaction has ended.
    while (answer := serving.client.get(EXPORT, params={"format": "csv"})).status_code == 429:
        time.sleep(0.05)
    assert answer.status_code == 200


def _count_open() -> int:
    """Open database transactions of others."""
    with session_scope() as session:
        open_now = session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
            )
        )
    return int(open_now or 0)
