"""Measure how much CPU the command line uses before it does anything. The floor is `--version`, which loads no command.

Usage: python -m benchmarks.start [--json]
"""

import argparse
import resource
import statistics
import subprocess
import sys
from typing import Any

from benchmarks.report import show

RUNS = 5
COMMANDS = ("--version", "--help", "import --help", "rules add --help", "worker --help")


def _cpu_s(arguments: str) -> float:
    """CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "bankimport.cli", *arguments.split()], stdout=subprocess.DEVNULL, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure() -> dict[str, Any]:
    """The median CPU seconds of each command."""
    return {command: round(statistics.median(_cpu_s(command) for _ in range(RUNS)), 3) for command in COMMANDS}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    show(measure(), as_json=parser.parse_args().json)
