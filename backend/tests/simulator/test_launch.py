"""A simulator that another process started."""

import subprocess
import sys

import psutil

STARTER = """
from truelayer_simulator.launch import running_simulator
with running_simulator() as simulator:
    print(simulator.pid, flush=True)
    input()
"""


def test_a_simulator_stops_when_the_process_that_started_it_is_killed() -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with starter:
        assert starter.stdout is not None
        simulator = psutil.Process(int(starter.stdout.readline()))

        starter.kill()

        simulator.wait()
