"""A real worker is killed in the middle of a batch: nothing is charged twice, and nothing is lost."""

import os
import signal
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from tests.support.servers.model_server import ModelServer
from tests.support.steps.enrichment import PATH, PRICE, add, read_job, words
from tests.support.steps.record import Record
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.enrichment.run.recover import recover_enrichment
from bankimport.processes.child import Child
from bankimport.processes.guardian import Guardian
from bankimport.processes.valkey import start_valkey
from bankimport.queue import celery_app
from bankimport.settings import get_settings

MERCHANTS = 120


def a_worker(folder: Path, guardian: Guardian) -> Child:
    """A Celery worker process, started as by `bankimport worker`."""
    folder.mkdir()
    ready = folder / "ready"
    worker = Child(
        "worker",
        [sys.executable, "-m", "bankimport.cli", "worker", "--ready-file", str(ready)],
        log=folder / "log",
        is_ready=ready.exists,
        guardian=guardian,
        environment=dict(os.environ),
    )
    worker.wait_until_ready()
    return worker


def wait_for(what: str, is_so: object) -> None:
    deadline = time.monotonic() + HANGS_AFTER_S
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_after_a_kill_one_batch_is_asked_twice_and_the_sums_are_exact(
    record: Record, model: ModelServer, tmp_path: Path, guardian: Guardian, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(record, *(words(number) for number in range(MERCHANTS)))
    valkey = start_valkey(tmp_path / "broker", guardian)
    monkeypatch.setenv("REDIS_URL", valkey.url)
    get_settings.cache_clear()
    celery_app.cache_clear()
    model.moods = ["good", "hangs"]
    first = a_worker(tmp_path / "first", guardian)
    job_id = record.client.post(f"{PATH}/jobs", json={}).json()["id"]
    wait_for("the second batch was not asked", lambda: len(model.requests) == 2)

    os.killpg(first.pid, signal.SIGKILL)
    first.stop()
    model.release.set()
    with session_scope() as session:
        # What the ledger holds of the lost call, and the lease that would run out by itself.
        lost = session.scalars(select(LlmCall).where(LlmCall.status == LlmCallStatus.RESERVED)).one()
        session.execute(update(EnrichmentJob).values(lease_expires_at=utc_now()))
    second = a_worker(tmp_path / "second", guardian)
    assert recover_enrichment() == [int(job_id)]
    wait_for("it did not resume", lambda: read_job(record, job_id)["job_status"] == "completed")
    second.stop()
    valkey.child.stop()

    job = read_job(record, job_id)
    asked_once = Counter(model.asked)
    assert len(asked_once) == MERCHANTS
    twice = sorted(text for text, times in asked_once.items() if times > 1)
    assert max(asked_once.values()) == 2
    assert len(twice) == lost.merchants < MERCHANTS
    assert (job["successful"], job["failed"], job["processed"]) == (MERCHANTS, 0, MERCHANTS)
    assert lost.cost is not None
    assert Decimal(job["total_cost"]) == MERCHANTS * PRICE + lost.cost
    assert job["total_tokens"] == MERCHANTS * 30 + lost.input_tokens + lost.output_tokens
    assert job["calls"] == len(model.requests)
    with session_scope() as session:
        assert session.scalar(select(func.sum(LlmCall.cost))) == Decimal(job["total_cost"])
        statuses = Counter(session.scalars(select(LlmCall.status)))
    assert statuses == {LlmCallStatus.RESERVED: 1, LlmCallStatus.ANSWERED: job["calls"] - 1}
