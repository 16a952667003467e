"""An installation on configured servers instead of the embedded ones, with Flower."""

import re
from pathlib import Path

import pytest
from tests.journeys.machine import Machine
from tests.support.loopback import http_get
from tests.support.waiting import HANGS_AFTER_S

pytestmark = pytest.mark.journey


def test_configured_servers_replace_the_embedded_ones_and_flower_shows_the_queue(up: Machine) -> None:
    assert up.running("postgres") == up.running("valkey-server") == []
    ready = http_get(f"{up.url}/readyz", timeout=HANGS_AFTER_S).json()
    assert ready["checks"] == {"database": True, "queue": True}
    flower = next(line for line in up.said.splitlines() if "Flower" in line)
    address = re.search(r"http://127\.0\.0\.1:\d+", flower)
    assert address is not None
    assert http_get(f"{address[0]}/healthcheck", timeout=HANGS_AFTER_S).status_code == 200
    assert not (Path(up.env["BANKIMPORT_HOME"]) / "postgres").exists()
