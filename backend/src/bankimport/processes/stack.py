"""Start everything that one machine needs, in order, and report each step; stop all of it in every case."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO
from urllib.parse import urlsplit

from bankimport.db.migrate import upgrade
from bankimport.db.roles import prepare_roles
from bankimport.processes.child import Child
from bankimport.processes.guardian import Guardian
from bankimport.processes.home import hold_home
from bankimport.processes.own_program import Loading
from bankimport.processes.ports import api_port, free_port
from bankimport.processes.postgres import RunningPostgres, start_postgres
from bankimport.processes.ready import serves
from bankimport.processes.valkey import start_valkey
from bankimport.secrets import load_keys
from bankimport.settings import Settings, variable_of

WATCH_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Step:
    """A started component: its name, its address, and the seconds it took."""

    name: str
    where: str
    seconds: float


@dataclass(frozen=True, slots=True)
class StackOptions:
    """Which processes to run besides the databases, the API and beat; each worker is so many processes."""

    workers: int = 1
    processes_of_worker: int = 1
    with_simulator: bool = False
    with_flower: bool = False
    simulator_seed: int = 1


@dataclass(slots=True)
class Stack:
    """The running processes."""

    settings: Settings
    environment: dict[str, str]
    urls: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    clients: list[Child] = field(default_factory=list)
    """The children that only use the servers: API, workers, beat, Flower."""

    def first_dead(self) -> Child | None:
        """A process that ended unexpectedly, or None."""
        return next((child for child in self.children if child.exit_code() is not None), None)


@contextmanager
def running_stack(settings: Settings, options: StackOptions, report: Callable[[Step], None]) -> Iterator[Stack]:
    """Start everything, and stop it at the end: first the processes that use the servers, then the servers in reverse.

    The embedded servers are used unless `settings` name others. With the simulator, TrueLayer's addresses and
    credentials are the simulator's, regardless of the settings.

    If a stack with the same home was killed recently, this waits until its processes have ended.

    Raises:
        AlreadyRunning: the home is in use.
        ProcessFailed: a process did not start; those started before it are stopped.
        SettingsInvalid: the port is taken, or the home cannot be created.
    """
    home = settings.home.expanduser().resolve()
    with hold_home(home) as lock, _guardian(lock) as guardian:
        stack = Stack(settings, {})
        try:
            _start_all(stack, home, guardian, options, report)
            yield stack
        finally:
            with _deaf_to_interrupts():
                for child in stack.clients:
                    child.ask_to_stop()
                for child in reversed(stack.children):
                    child.stop()


@contextmanager
def embedded_database(home: Path) -> Iterator[RunningPostgres]:
    """The embedded PostgreSQL, which runs until the end with nothing else beside it.

    Raises:
        AlreadyRunning: the home is in use.
        ProcessFailed: the server did not start.
        SettingsInvalid: the home cannot be created.
    """
    with hold_home(home) as lock, _guardian(lock) as guardian:
        server = start_postgres(home, guardian)
        try:
            yield server
        finally:
            with _deaf_to_interrupts():
                server.child.stop()


def wait_for_end(stack: Stack) -> None:
    """Return when the user asks to stop.

    Raises:
        ProcessFailed: a process ended unexpectedly.
    """
    stopping = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        while not stopping.wait(WATCH_EVERY_S):
            dead = stack.first_dead()
            if dead is not None:
                raise dead.failure()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interrupts_on_termination() -> Iterator[None]:
    """Treat SIGTERM and SIGHUP like Ctrl-C, so that they stop everything too."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _start_all(
    stack: Stack, home: Path, guardian: Guardian, options: StackOptions, report: Callable[[Step], None]
) -> None:
    settings, environment = stack.settings, stack.environment

    def set_variable(name: str, value: str) -> None:
        environment[variable_of(name)] = value

    def ours(name: str, command: list[str], is_ready: Callable[[], bool]) -> Child:
        child = Child(
            name,
            [sys.executable, "-m", *command],
            log=home / "logs" / f"{name.replace(' ', '-')}.log",
            is_ready=is_ready,
            guardian=guardian,
            # Our processes need not be able to change tables; an empty variable is as none.
            environment={**environment, variable_of("owner_database_url"): ""},
            may_fork=True,
        )
        stack.children.append(child)
        return child

    set_variable("home", str(home))
    loading = Loading()
    clock = time.monotonic()
    if settings.database_url is None:
        postgres = start_postgres(home, guardian)
        stack.children.append(postgres.child)
        set_variable("database_url", postgres.application_url())
        set_variable("metrics_database_url", postgres.metrics_url())
        owner_url, metrics_url = postgres.url(), postgres.metrics_url()
        report(Step("PostgreSQL", f"127.0.0.1:{postgres.port}, data in {home / 'postgres'}", _since(clock)))
    else:
        set_variable("database_url", settings.database_url)
        owner_url, metrics_url = settings.owner_url or "", settings.metrics_url or ""
    clock = time.monotonic()
    if settings.redis_url is None:
        valkey = start_valkey(home, guardian)
        stack.children.append(valkey.child)
        set_variable("redis_url", valkey.url)
        report(Step("Valkey", f"127.0.0.1:{valkey.port}, data in {home / 'valkey'}", _since(clock)))
    else:
        set_variable("redis_url", settings.redis_url)
    clock = time.monotonic()
    upgrade(owner_url)
    prepare_roles(owner_url, environment[variable_of("database_url")], metrics_url)
    report(Step("migrations", "tables are up to date", _since(clock)))
    load_keys(settings.model_copy(update={"home": home}))
    loading.wait()
    if options.with_simulator:
        clock = time.monotonic()
        url = f"http://127.0.0.1:{free_port()}"
        command = ["truelayer_simulator.cli", "serve", "--port", str(urlsplit(url).port)]
        command += ["--seed", str(options.simulator_seed), "--state-file", str(home / "simulator.json")]
        ours("simulator", command, lambda: serves(f"{url}/simulator/health")).wait_until_ready()
        for name, value in simulator_settings(url).items():
            set_variable(name, value)
        stack.urls["simulator"] = url
        report(Step("simulator", url, _since(clock)))
    host, port = settings.host, api_port(settings.host, settings.port)
    set_variable("host", host)
    set_variable("port", str(port))
    url = f"http://{host}:{port}"
    stack.urls["api"] = url
    stack.urls["page"] = settings.public_url or url
    flower_url = f"http://127.0.0.1:{free_port()}"
    if options.with_flower:
        set_variable("flower_url", flower_url)
        stack.urls["flower"] = flower_url
    clock = time.monotonic()
    started = [("API", url, ours("api", ["bankimport.cli", "api"], lambda: serves(f"{url}/readyz")))]
    processes = options.processes_of_worker
    forked = ["--processes", str(processes)] if processes > 1 else []
    tasks = f"{processes * settings.worker_threads} tasks at a time"
    started += [
        (name, tasks, _celery(ours, name, ["worker", *forked], home))
        for name in (f"worker {number}" for number in range(1, options.workers + 1))
    ]
    started += [("beat", "sends due tasks", _celery(ours, "beat", ["beat"], home))]
    if options.with_flower:
        command = ["bankimport.cli", "flower", "--port", str(urlsplit(flower_url).port)]
        started += [("Flower", flower_url, ours("flower", command, lambda: serves(f"{flower_url}/healthcheck")))]
    stack.clients += [child for _, _, child in started]
    for name, where, child in started:
        child.wait_until_ready()
        report(Step(name, where, _since(clock)))


def simulator_settings(url: str) -> dict[str, str]:
    """The settings, by field name, that make the simulator the bank."""
    return {
        "truelayer_auth_url": url,
        "truelayer_api_url": url,
        "truelayer_client_id": "sandbox-simulator",
        "truelayer_client_secret": "simulator-secret",
    }


def _celery(
    start: Callable[[str, list[str], Callable[[], bool]], Child], name: str, command: list[str], home: Path
) -> Child:
    """Start a worker or beat, which writes a file when it is ready."""
    ready_file = home / "run" / f"{name.replace(' ', '-')}.ready"
    ready_file.parent.mkdir(exist_ok=True)
    ready_file.unlink(missing_ok=True)
    return start(name, ["bankimport.cli", *command, "--ready-file", str(ready_file)], ready_file.exists)


def _since(moment: float) -> float:
    return time.monotonic() - moment


@contextmanager
def _guardian(lock: IO[str]) -> Iterator[Guardian]:
    guardian = Guardian(keep_open=lock)
    try:
        yield guardian
    finally:
        guardian.close()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ignore further Ctrl-C while we stop, so that nothing is left running."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            with suppress(TypeError):
                signal.signal(number, handler)
