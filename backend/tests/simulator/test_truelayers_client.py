"""TrueLayer's own npm client runs against the simulator, unchanged except for the base URLs."""

import json
import subprocess
from pathlib import Path

import pytest

from truelayer_simulator.launch import RunningSimulator

FOLDER = Path(__file__).parent.parent / "npm_client"


@pytest.mark.real_clock
def test_the_npm_client_signs_in_and_reads_everything(simulator: RunningSimulator) -> None:
    assert (FOLDER / "node_modules").is_dir(), "run the tests by `make test`, which installs the npm client"

    run = subprocess.run(
        ["node", "check.js", simulator.url], cwd=FOLDER, capture_output=True, text=True, timeout=120, check=False
    )

    assert run.returncode == 0, run.stderr
    got = json.loads(run.stdout.splitlines()[-1])
    assert got["state"] == "s1"
    assert got["isValid"] is True
    assert got["me"] == "mock"
    assert (got["accounts"], got["cards"]) == (5, 2)
    assert got["account"] == "TRANSACTION ACCOUNT 2"
    assert (got["balance"], got["cardBalance"]) == ("GBP", "GBP")
    assert got["rows"] > 60
    assert got["cardRows"] > 10
    assert got["types"] == ["CREDIT", "DEBIT"]
    assert got["providers"] > 20
