"""An installation with everything running."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.imports import start
from tests.support.installation import Installation
from tests.support.monitoring import START, Whole

from bankimport.clock import utc_now
from bankimport.processes.guardian import Guardian
from bankimport.processes.valkey import start_valkey
from bankimport.proof.freshness import keep_freshness
from bankimport.queue import celery_app
from bankimport.settings import get_settings


@pytest.fixture
def whole(
    installation: Installation, guardian: Guardian, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator["Whole"]:
    """An installation with a broker, a worker and a beat that send heartbeats, a finished import, and a schedule."""
    valkey = start_valkey(tmp_path, guardian)
    monkeypatch.setenv("REDIS_URL", valkey.url)
    monkeypatch.setenv("BANKIMPORT_ALLOW_PRIVATE_TARGETS", "true")
    for cache in (get_settings, celery_app):
        cache.cache_clear()
    made = Whole(installation, installation.signed_in(), tmp_path, valkey)
    made.connection_id = installation.connect(made.client, "sim-plain")
    start(made.client, made.connection_id, from_date=START)
    installation.run_tasks()
    made.client.post(
        "/api/truelayer/import/schedules",
        json={
            "connection_id": made.connection_id,
            "name": "daily",
            "frequency": "daily",
            "run_time": "06:30",
            "time_zone": "Europe/London",
            "days_back": 7,
            "incremental": True,
        },
    ).raise_for_status()
    keep_freshness()
    made.now = utc_now()
    made.show_life()
    yield made
    valkey.child.stop()
