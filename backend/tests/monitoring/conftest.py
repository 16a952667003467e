"""An installation with everything running."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.support.monitoring.whole import START, Whole
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation

from bankimport.processes.guardian import Guardian
from bankimport.processes.valkey import RunningValkey, start_valkey
from bankimport.proof.freshness import keep_freshness
from bankimport.queue import celery_app
from bankimport.settings import get_settings


@pytest.fixture
def whole(
    installation: Installation, guardian: Guardian, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Whole]:
    """An installation with a worker and a beat that send heartbeats, a finished import, and a schedule."""
    monkeypatch.setenv("BANKIMPORT_ALLOW_PRIVATE_TARGETS", "true")
    get_settings.cache_clear()

    def make() -> tuple[TestClient, int]:
        client = installation.signed_in()
        connection_id = installation.connect(client, "sim-plain")
        start(client, connection_id, from_date=START)
        installation.run_tasks()
        client.post(
            "/api/truelayer/import/schedules",
            json={
                "connection_id": connection_id,
                "name": "daily",
                "frequency": "daily",
                "run_time": "06:30",
                "time_zone": "Europe/London",
                "days_back": 7,
                "incremental": True,
            },
        ).raise_for_status()
        keep_freshness()
        return client, connection_id

    def own_broker() -> RunningValkey:
        valkey = start_valkey(tmp_path, guardian)
        brokers.append(valkey)
        monkeypatch.setenv("REDIS_URL", valkey.url)
        for cache in (get_settings, celery_app):
            cache.cache_clear()
        return valkey

    brokers: list[RunningValkey] = []
    client, connection_id = installation.once("an import and a schedule", make)
    yield Whole(installation, client, connection_id, tmp_path, own_broker)
    for broker in brokers:
        broker.child.stop()
