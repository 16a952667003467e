"""Forks end with their parent and with each other."""

import signal
import subprocess
import sys

import pytest

FORKS = """
import os, signal, sys
from bankimport.processes.forks import run_in_forks, watch_parent

def run(number):
    os.write(1, f"{os.getpid()}\\n".encode())
    if number == 1 and sys.argv[1] == "7":
        sys.exit(7)
    if number == 2 and sys.argv[1] == "again":
        os.execv(sys.executable, [*sys.orig_argv[:-1], "as a new program"])
    signal.sigwait({signal.SIGUSR1})

watch_parent()
if sys.argv[1] == "as a new program":
    run(0)
run_in_forks(3, run)
"""


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL), (None, 7)])
def test_forks_end_with_their_parent_and_with_each_other(stop: signal.Signals | None, code: int) -> None:
    command = [sys.executable, "-c", FORKS, "7" if stop is None else "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        if stop is not None:
            assert len({int(parent.stdout.readline()) for _ in range(3)}) == 3
            parent.send_signal(stop)

        # The pipe's end comes when the last process that has it is gone.
        parent.stdout.read()
        assert parent.wait() == code


def test_a_fork_that_became_a_new_program_ends_with_its_parent() -> None:
    command = [sys.executable, "-c", FORKS, "again"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        assert len([int(parent.stdout.readline()) for _ in range(4)]) == 4
        parent.kill()

        parent.stdout.read()
