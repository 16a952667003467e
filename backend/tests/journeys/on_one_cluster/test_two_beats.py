"""Two beats and two workers, killed while schedules are fired: every run exists once, with one import."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from tests.journeys.client import a_connected_user
from tests.journeys.cluster import Cluster
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.clock import utc_now
from truelayer_simulator.launch import RunningSimulator

pytestmark = [pytest.mark.journey, pytest.mark.slow("beats and workers are killed and started again")]

PATH = "/api/truelayer/import/schedules"


@pytest.fixture
def second_beat(running: Cluster) -> Iterator[None]:
    running.start_again("beat 2")
    yield
    running.kill("beat 2")


def test_schedules_are_fired_once_by_two_beats_whatever_is_killed(
    running: Cluster, second_beat: None, simulator: RunningSimulator
) -> None:
    client, connection_id = a_connected_user(running, "nora", "sim-plain")
    ids = [
        client.call(
            "POST", PATH, connection_id=connection_id, incremental=False, days_back=3, overlap="queue", run_time=at
        )["id"]
        for at in ("02:00", "03:00", "04:00")
    ]
    known = ", ".join(map(str, ids))
    with psycopg.connect(running.database_url) as connection:
        connection.execute("UPDATE truelayer_import_schedules SET fires_at = %s", (utc_now(),))
    deadline = time.monotonic() + HANGS_AFTER_S
    victims = ["worker 1", "beat", "worker 2", "beat 2"]
    while True:
        assert time.monotonic() < deadline, (running.log_of("worker 1"), running.log_of("beat"))
        states = [
            str(row["state"])
            for row in running.rows(f"SELECT state FROM import_schedule_runs WHERE schedule_id IN ({known})")
        ]
        if len(states) >= len(ids) and set(states) == {"completed"}:
            break
        if victims and states:
            victim = victims.pop(0)
            running.kill(victim)
            running.start_again(victim)
        time.sleep(0.5)
    runs = {one: client.call("GET", f"{PATH}/{one}/history")["runs"] for one in ids}
    jobs = running.rows(
        "SELECT j.id FROM truelayer_import_jobs j JOIN users u ON u.id = j.user_id WHERE u.email = 'nora@example.org'"
    )

    assert [len(of_one) for of_one in runs.values()] == [1, 1, 1]
    begun = {int(of_one[0]["job_id"]) for of_one in runs.values()}
    assert len(begun) == len(jobs) == 3
    assert begun == {row["id"] for row in jobs}
