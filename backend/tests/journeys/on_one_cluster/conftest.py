"""One cluster for the journeys of this folder; each module has users of its own."""

from collections.abc import Iterator

import pytest
from tests.journeys.cluster import Cluster, cluster
from tests.support.suite.clock import start_clock

from bankimport.processes.guardian import Guardian
from truelayer_simulator.launch import RunningSimulator


@pytest.fixture(scope="package", autouse=True)
def clock_of_the_module(request: pytest.FixtureRequest) -> None:
    """Start this folder at the suite's day: the time of its running processes must not go back between modules."""
    start_clock(request.node)


@pytest.fixture(scope="package")
def running(
    tmp_path_factory: pytest.TempPathFactory, guardian: Guardian, simulator_process: RunningSimulator
) -> Iterator[Cluster]:
    """The running processes."""
    simulator_process.admin("POST", "reset")
    with cluster(tmp_path_factory.mktemp("cluster"), guardian, simulator_process) as started:
        yield started
