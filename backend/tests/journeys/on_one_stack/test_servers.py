"""An installation on configured servers instead of the embedded ones."""

from pathlib import Path

import pytest
from tests.journeys.machine import Machine
from tests.support.suite.loopback import http_get
from tests.support.suite.waiting import HANGS_AFTER_S

pytestmark = pytest.mark.journey


def test_configured_servers_replace_the_embedded_ones(up: Machine) -> None:
    assert up.running("postgres") == up.running("valkey-server") == []
    ready = http_get(f"{up.url}/readyz", timeout=HANGS_AFTER_S).json()
    assert ready["checks"] == {"database": True, "queue": True}
    assert not (Path(up.env["BANKIMPORT_HOME"]) / "postgres").exists()
