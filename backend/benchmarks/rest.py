"""Measure the CPU and memory of an installation at rest, started by `bankimport up` in a new home.

Usage: python -m benchmarks.rest [--seconds N] [--json]
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from bankimport.processes.ports import free_port
from benchmarks.report import show

SETTLES_IN_S = 15
KINDS = ("api", "worker", "beat", "postgres", "valkey", "guardian", "forks")


def measure(seconds: int) -> dict[str, Any]:
    """Per cent of a core, and megabytes of proportional memory, in all and by kind of process."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = os.environ | {"BANKIMPORT_HOME": folder, "BANKIMPORT_PORT": str(free_port())}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environment.pop(name, None)
        with (home / "up.log").open("wb") as log:
            up = subprocess.Popen(
                [sys.executable, "-m", "bankimport.cli", "up"], env=environment, stdout=log, stderr=log
            )
        try:
            while not (home / "run" / "stack.json").exists():
                if up.poll() is not None:
                    raise RuntimeError((home / "up.log").read_text()[-2000:])
                time.sleep(0.1)
            time.sleep(SETTLES_IN_S)
            before, began_at = _cpu_s(up.pid), time.monotonic()
            time.sleep(seconds)
            after, took_s = _cpu_s(up.pid), time.monotonic() - began_at
            memory = _memory_mb(up.pid)
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)
    cpu = {kind: (after[kind] - before.get(kind, 0)) / took_s * 100 for kind in after}
    return {
        "cpu_percent": {"all": round(sum(cpu.values()), 2), **{kind: round(value, 2) for kind, value in cpu.items()}},
        "memory_mb": {"all": round(sum(memory.values())), **{kind: round(value) for kind, value in memory.items()}},
    }


def _processes(up: int) -> list[tuple[str, psutil.Process]]:
    processes = [("up", psutil.Process(up))]
    for process in psutil.Process(up).children(recursive=True):
        # A background process of PostgreSQL has a title of its own, and may end any time.
        words = f"{process.name()} {' '.join(process.cmdline())}"
        processes.append((next((kind for kind in KINDS if f" {kind}" in f" {words.replace('.', ' ')}"), "up"), process))
    return processes


def _cpu_s(up: int) -> dict[str, float]:
    """CPU seconds so far by kind; PostgreSQL's include those of its ended processes."""
    totals: dict[str, float] = {}
    for kind, process in _processes(up):
        times = process.cpu_times()
        ended = times.children_user + times.children_system if kind == "postgres" else 0
        totals[kind] = totals.get(kind, 0) + times.user + times.system + ended
    return totals


def _memory_mb(up: int) -> dict[str, float]:
    totals: dict[str, float] = {}
    for kind, process in _processes(up):
        totals[kind] = totals.get(kind, 0) + process.memory_full_info().pss / 2**20
    return totals


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    show(measure(arguments.seconds), as_json=arguments.json)
