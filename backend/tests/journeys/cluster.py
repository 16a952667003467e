"""The separate processes of an installation, each of which can be killed and restarted while the others run."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from cryptography.fernet import Fernet
from psycopg.rows import dict_row
from tests.support.servers.embedded import copy_template
from tests.support.servers.queue_servers import QueueServers

from bankimport.db.migrate import upgrade
from bankimport.processes.child import Child
from bankimport.processes.guardian import Guardian
from bankimport.processes.ports import free_port
from bankimport.processes.postgres import RunningPostgres, start_postgres
from bankimport.processes.ready import serves
from bankimport.processes.stack import simulator_settings
from bankimport.settings import variable_of
from truelayer_simulator.launch import RunningSimulator

VICTIMS = ("worker 1", "worker 2", "beat", "api", "valkey", "valkey wiped", "postgres")


class Cluster:
    """PostgreSQL, Valkey, an API, beat and two workers with separate working folders."""

    def __init__(self, folder: Path, guardian: Guardian, simulator: RunningSimulator) -> None:
        self._folder = folder
        self._guardian = guardian
        self._children: dict[str, Child] = {}
        self.at_end = ExitStack()
        """What must be closed before the processes stop."""
        self._postgres_port = free_port()
        self._second_port = 0
        copy_template(folder / "postgres")
        self._start_postgres()
        self._queue = QueueServers(folder, guardian)
        self._children.update(self._queue.children)
        self.database_url = self._postgres.url()
        upgrade(self.database_url)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            "DATABASE_URL": self._postgres.application_url(),
            "BANKIMPORT_METRICS_DATABASE_URL": self._postgres.metrics_url(),
            **self._queue.environment,
            "BANKIMPORT_PORT": str(port),
            "BANKIMPORT_SECRET_KEYS": Fernet.generate_key().decode(),
            "BANKIMPORT_LEASE_SECONDS": "3",
            "BANKIMPORT_CALLS_PER_MINUTE": "100000",
            variable_of("truelayer_timeout_s"): "300",
            **{variable_of(name): value for name, value in simulator_settings(simulator.url).items()},
        }
        for name in ("api", "worker 1", "worker 2", "beat"):
            self._start(name)
        for child in self._children.values():
            child.wait_until_ready()

    def _start_postgres(self) -> None:
        """Start it as users run it: commits must survive a kill."""
        self._postgres: RunningPostgres = start_postgres(
            self._folder / "postgres", self._guardian, port=self._postgres_port
        )
        self._children["postgres"] = self._postgres.child

    @property
    def broker(self) -> str:
        """The process that has the queue."""
        return self._queue.broker

    def start_another_api(self) -> str:
        """Start a second API next to the first, "api 2", and return its address."""
        self._second_port = free_port()
        self._start("api 2")
        self._children["api 2"].wait_until_ready()
        return f"http://127.0.0.1:{self._second_port}"

    def _start(self, name: str) -> None:
        home = self._folder / name.replace(" ", "-")
        ready = home / "ready"
        home.mkdir(exist_ok=True)
        ready.unlink(missing_ok=True)
        is_api = name.startswith("api")
        port = str(self._second_port) if name == "api 2" else self._environment["BANKIMPORT_PORT"]
        arguments = [name.split()[0]] + ([] if is_api else ["--ready-file", str(ready)])
        self._children[name] = Child(
            name,
            [sys.executable, "-m", "bankimport.cli", *arguments],
            log=home / "log",
            is_ready=(lambda: serves(f"http://127.0.0.1:{port}/healthz")) if is_api else ready.exists,
            guardian=self._guardian,
            environment={**self._environment, "BANKIMPORT_HOME": str(home), "BANKIMPORT_PORT": port},
        )

    def kill(self, victim: str) -> None:
        """Kill a process and its children, without a warning."""
        name = victim.removesuffix(" wiped")
        child = self._children[name]
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.stop()

    @contextmanager
    def workers_suspended(self) -> Iterator[None]:
        """Let no worker take anything meanwhile."""
        workers = [psutil.Process(child.pid) for name, child in self._children.items() if name.startswith("worker")]
        for worker in workers:
            worker.suspend()
        try:
            yield
        finally:
            for worker in workers:
                worker.resume()

    def is_alive(self, name: str) -> bool:
        """Whether the process runs."""
        return self._children[name].exit_code() is None

    def start_again(self, victim: str) -> None:
        """Restart a killed process, with its data or, for a broker that should be wiped, without."""
        if victim == "postgres":
            self._start_postgres()
        elif (name := victim.removesuffix(" wiped")) in self._queue.children:
            if victim != name:
                self._queue.wipe()
            self._queue.start(name)
            self._children[name] = self._queue.children[name]
        else:
            self._start(victim)

    def rows(self, query: str) -> list[dict[str, object]]:
        """Rows from the database."""
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            return connection.execute(query.encode()).fetchall()

    def stop(self) -> None:
        """Stop everything, the databases last."""
        self.at_end.close()
        for name, child in self._children.items():
            if name != "postgres" and name not in self._queue.children:
                child.ask_to_stop()
        for name in reversed(list(self._children)):
            self._children[name].stop()

    def log_of(self, name: str) -> str:
        """The end of a process's log, for a failure's message."""
        return (self._folder / name.replace(" ", "-") / "log").read_text(errors="replace")[-3000:]


@contextmanager
def cluster(folder: Path, guardian: Guardian, simulator: RunningSimulator) -> Iterator[Cluster]:
    running = Cluster(folder, guardian, simulator)
    try:
        yield running
    finally:
        running.stop()


def kill_at_random(running: Cluster, dice: random.Random, kills: int, is_over: Callable[[], bool]) -> list[str]:
    """Kill some processes at random moments and restart each a moment later; returns which."""
    killed: list[str] = []
    for _ in range(kills):
        time.sleep(dice.uniform(0.1, 1.2))
        if is_over():
            break
        victim = dice.choice([*VICTIMS, *({running.broker} - {"valkey"})])
        running.kill(victim)
        killed.append(victim)
        time.sleep(dice.uniform(0.0, 1.0))
        running.start_again(victim)
    return killed
