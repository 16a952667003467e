"""One `bankimport up` and one browser for the journeys of this folder, and a new user with a window for each."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.browser import running_browser, sign_in, window
from tests.journeys.machine import Machine, machine
from tests.support.servers.embedded import start_migrated_postgres
from tests.support.sign_in.oidc_provider import Provider, oidc_provider, registered
from tests.support.suite.clock import start_clock

from bankimport.processes.guardian import Guardian
from bankimport.processes.stack import simulator_settings
from bankimport.processes.valkey import start_valkey
from bankimport.settings import variable_of
from truelayer_simulator.launch import RunningSimulator

_NUMBERS = count(1)


@pytest.fixture(scope="package", autouse=True)
def clock_of_the_module(request: pytest.FixtureRequest) -> None:
    """Start this folder at the suite's day: the time of its running processes must not go back between modules."""
    start_clock(request.node)


@pytest.fixture(scope="package")
def provider() -> Iterator[Provider]:
    """A provider of sign-ins, in the settings of the installation."""
    with oidc_provider() as listening:
        yield listening


@pytest.fixture(scope="package")
def up(
    tmp_path_factory: pytest.TempPathFactory,
    guardian: Guardian,
    simulator_process: RunningSimulator,
    provider: Provider,
) -> Iterator[Machine]:
    """The running installation, on configured servers; a test that changes the simulated bank changes it back."""
    folder = tmp_path_factory.mktemp("on_one_stack")
    postgres = start_migrated_postgres(folder / "servers", guardian)
    valkey = start_valkey(folder / "servers", guardian)
    simulator_process.admin("POST", "reset")
    servers = {
        "database_url": postgres.application_url(),
        "owner_database_url": postgres.url(),
        "metrics_database_url": postgres.metrics_url(),
        "redis_url": valkey.url,
        "allow_private_targets": "true",
        "oidc_providers": registered(provider),
        **simulator_settings(simulator_process.url),
    }
    more = {variable_of(name): value for name, value in servers.items()}
    with machine(folder / "home", more=more) as running:
        yield running
    valkey.child.stop()
    postgres.child.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def mine(up: Machine) -> Machine:
    """The installation as a new user's commands see it."""
    email = f"user{next(_NUMBERS)}@example.org"
    up.run("user", "create", email)
    return up.acting_for(email)


@pytest.fixture
def page(up: Machine, mine: Machine, browser: Browser) -> Iterator[Page]:
    """A window in which that user is signed in."""
    with window(browser, up.url) as opened:
        sign_in(opened, up, mine.user)
        yield opened
