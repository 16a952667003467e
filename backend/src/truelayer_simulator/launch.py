"""Run a simulator as a separate process for a test or a demo."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2

CLIENT_ID = "sandbox-simulator"
CLIENT_SECRET = "simulator-secret"  # noqa: S105 - accepted only by the simulator


@dataclass(frozen=True, slots=True)
class RunningSimulator:
    """A simulator process and its admin endpoints."""

    url: str
    pid: int
    http: httpx2.Client
    """One client for all calls, because each new client would read every certificate authority."""

    def admin(self, method: str, path: str, /, **body: Any) -> Any:
        """Call an admin endpoint and return its JSON, or None for an empty answer."""
        response = self.http.request(method, f"{self.url}/simulator/{path}", json=body)
        response.raise_for_status()
        return response.json() if response.content else None

    def truth(self, **filters: str) -> list[dict[str, str]]:
        """The real movements at a bank, one dict each."""
        response = self.http.get(f"{self.url}/simulator/truth", params=filters)
        response.raise_for_status()
        return [json.loads(line) for line in response.text.splitlines()]


@contextmanager
def running_simulator(
    *, seed: int = 1, today: date | None = None, port: int = 0, state_file: Path | None = None
) -> Iterator[RunningSimulator]:
    """Start a simulator, wait until it listens, and stop it by its process id at the end.

    The simulator holds the other end of a pipe, so it also stops if this process is killed.
    """
    command = [sys.executable, "-m", "truelayer_simulator.cli", "serve", "--json", "--until-input-ends"]
    command += ["--seed", str(seed), "--port", str(port)]
    if today is not None:
        command += ["--today", today.isoformat()]
    if state_file is not None:
        command += ["--state-file", str(state_file)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the simulator did not start: exit code {process.wait()}")
        # Close idle connections before the simulator would.
        with httpx2.Client(timeout=60, trust_env=False, limits=httpx2.Limits(keepalive_expiry=1)) as http:
            yield RunningSimulator(json.loads(line)["url"], process.pid, http)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
