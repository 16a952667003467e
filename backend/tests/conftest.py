"""Shared fixtures: a real PostgreSQL and Valkey per test process, a simulator, and an installation of them."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
import structlog
from _pytest.terminal import TerminalReporter
from cryptography.fernet import Fernet
from xdist.remote import Producer

from bankimport.processes.guardian import Guardian
from bankimport.processes.postgres import RunningPostgres
from bankimport.processes.stack import simulator_settings
from bankimport.processes.valkey import RunningValkey
from bankimport.settings import variable_of
from tests.support.servers.embedded import TEST_DATABASE, empty_database, start_migrated_postgres, stop_emptying
from tests.support.servers.engines import further_settings, start_broker, stop_poolers, url_of
from tests.support.steps.installation import (
    Installation,
    close_bank_connections,
    close_connections,
    forget_broker,
    forget_settings,
    stop_event_loop,
)
from tests.support.suite.choosing import ByUnit, choose, scheduler
from tests.support.suite.connections_in_hand import none_while_waiting
from tests.support.suite.loopback import refuse_other_machines
from tests.support.suite.reporting import conditions, write_summary
from truelayer_simulator.launch import RunningSimulator, running_simulator

pytest_plugins = ["tests.support.suite.properties", "tests.support.suite.clock", "tests.support.suite.dated"]

refuse_other_machines()

# What is imported and collected stays until the end, so looking for garbage meanwhile is in vain.
gc.disable()

# Printing a traceback with the values of all variables takes seconds.
_plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _plain])

SECRET_KEY = Fernet.generate_key().decode()
"""The same for all tests of a process, so that each can read a stored copy of a database."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pure", action="store_true", help="run only tests that start no process")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("dist") not in ("no", "loadfile") and not config.getoption("--pure"):
        raise pytest.UsageError("with -n, say --dist loadfile: the tests of a module share what they build up")


def pytest_report_header() -> str:
    return f"conditions: {conditions(os.environ) or 'as usual'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    choose(config, items)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByUnit | None:
    return scheduler(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    write_summary(terminalreporter)


@pytest.fixture(scope="session")
def guardian() -> Iterator[Guardian]:
    made = Guardian()
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the test process's PostgreSQL."""
    return tmp_path_factory.mktemp("postgres")


@pytest.fixture(scope="session")
def postgres(postgres_home: Path, guardian: Guardian) -> Iterator[RunningPostgres]:
    """One server per test process, with a migrated database that others are copied from."""
    server = start_migrated_postgres(postgres_home, guardian)
    yield server
    stop_event_loop()
    close_connections()
    stop_emptying()
    stop_poolers()
    server.child.stop()


@pytest.fixture
def database_url(postgres: RunningPostgres) -> str:
    """A separate empty, migrated database for each test."""
    return empty_database(postgres)


@pytest.fixture
def engine_url(postgres: RunningPostgres, database_url: str, guardian: Guardian, postgres_home: Path) -> str:
    """The URL of the same database as the installation reaches it: through a pooler or TLS in `make test-engines`."""
    assert database_url.endswith(f"/{TEST_DATABASE}")
    return url_of(postgres.application_url(TEST_DATABASE), postgres, postgres_home, guardian)


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory, guardian: Guardian) -> Iterator[RunningValkey]:
    """One broker per test process."""
    server = start_broker(tmp_path_factory.mktemp("valkey"), guardian)
    yield server
    server.child.stop()


@pytest.fixture(scope="session")
def broker(valkey: RunningValkey) -> Iterator["redis.Redis"]:
    """A connection to the broker."""
    with redis.Redis.from_url(valkey.url) as client:
        yield client


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[RunningSimulator]:
    with running_simulator() as simulator:
        yield simulator
        close_bank_connections()


@pytest.fixture
def simulator(simulator_process: RunningSimulator, start_of_day: Callable[[], None]) -> RunningSimulator:
    """This test process's simulator in its initial state; the day starts once all servers run."""
    start_of_day()
    simulator_process.admin("POST", "reset")
    return simulator_process


@pytest.fixture
def installation(
    postgres: RunningPostgres,
    engine_url: str,
    valkey: RunningValkey,
    broker: "redis.Redis",
    simulator: RunningSimulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Installation]:
    """A separate installation for each test, with an empty record and an empty queue."""
    values = {
        # Its processes work as the application, not as the tables' owner.
        "database_url": engine_url,
        "metrics_database_url": postgres.metrics_url(TEST_DATABASE),
        "redis_url": valkey.url,
        "home": str(tmp_path),
        "port": "8000",
        "secret_keys": SECRET_KEY,
        "password_memory_mib": "1",
        # The longest that is allowed: a bank that a test holds must not be given up on a slow machine.
        "truelayer_timeout_s": "300",
        **simulator_settings(simulator.url),
    }
    for name, value in values.items():
        monkeypatch.setenv(variable_of(name), value)
    for name, value in further_settings().items():
        monkeypatch.setenv(name, value)
    broker.flushdb()
    forget_settings()
    with none_while_waiting(monkeypatch):
        yield Installation(postgres, simulator)
    if os.environ[variable_of("redis_url")] != valkey.url:
        forget_broker()
    forget_settings()
