"""What tests stand on: a real PostgreSQL of this test process, a simulator, and an installation that uses both."""

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg import sql
from sqlalchemy import select

from bankimport import queue, secrets
from bankimport.app import create_app
from bankimport.clock import utc_now
from bankimport.connections.calls import clients
from bankimport.connections.models import BankConnection
from bankimport.connections.repository import connections_of
from bankimport.db import session as db_session
from bankimport.db.migrate import upgrade
from bankimport.db.session import session_scope
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.run.run import run_enrichment
from bankimport.imports import fairness
from bankimport.imports.run.after_import import settle_enriching
from bankimport.imports.run.recover import RESEND_AFTER
from bankimport.imports.run.run import run_account_import
from bankimport.operations import RECORD
from bankimport.processes.guardian import Guardian
from bankimport.processes.ports import free_port
from bankimport.processes.postgres import RunningPostgres, create_database, start_postgres
from bankimport.processes.stack import simulator_settings
from bankimport.proof.coverage import accounts_read
from bankimport.proof.schemas import AccountWithCoverage
from bankimport.settings import get_settings, variable_of
from bankimport.users.service import create_user
from tests.support.clock import start_clock
from truelayer_simulator.launch import RunningSimulator, running_simulator

pytest_plugins = ["tests.properties", "tests.support.clock", "tests.support.dated"]

_database_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def guardian() -> Iterator[Guardian]:
    made = Guardian()
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, guardian: Guardian) -> Iterator[RunningPostgres]:
    """One server a test process, with a migrated database that others are copied from."""
    server = start_postgres(tmp_path_factory.mktemp("postgres"), guardian, durable=False)
    create_database(server, "template_migrated")
    upgrade(server.url("template_migrated"))
    yield server
    server.child.stop()


@pytest.fixture
def database_url(postgres: RunningPostgres) -> Iterator[str]:
    """An empty migrated database of this test's own."""
    name = f"test_{next(_database_numbers)}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template_migrated STRATEGY file_copy").format(sql.Identifier(name))
        )
    yield postgres.url(name)
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[RunningSimulator]:
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(simulator_process: RunningSimulator, request: pytest.FixtureRequest) -> RunningSimulator:
    """The simulator of this test process, as good as new; the day starts once all servers run."""
    start_clock(request.node)
    simulator_process.admin("POST", "reset")
    return simulator_process


_CACHES: "tuple[functools._lru_cache_wrapper[Any], ...]" = (
    get_settings,
    db_session.get_engine,
    db_session._session_factory,
    db_session.watch_engine,
    clients.transport,
    clients.data_client,
    clients.auth_client,
    queue.celery_app,
    secrets._cipher,
)


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation whose tasks run in the test itself, one after the other."""

    simulator: RunningSimulator

    def user(self, email: str = "ada@example.org", password: str | None = None) -> int:
        with session_scope() as session:
            return create_user(session, email, password).id

    def client(self, **headers: str) -> TestClient:
        return TestClient(
            create_app(),
            base_url=get_settings().browser_url,
            headers=headers,
            follow_redirects=False,
            client=("127.0.0.1", 50_000),
        )

    def signed_in(self, email: str = "ada@example.org") -> TestClient:
        """A client that sends a bearer token of this user, who is made when needed."""
        client = self.client()
        password = "correct horse battery"
        self.user(email, password)
        client.post("/api/auth/login", json={"email": email, "password": password}).raise_for_status()
        token = client.post("/api/auth/tokens", json={"name": "test"}).raise_for_status().json()["token"]
        return self.client(Authorization=f"Bearer {token}")

    def connect(self, client: TestClient, bank_id: str, user: str = "john") -> int:
        """Consent to share a simulated bank, as its user would, and return the connection's id."""
        asked = client.post("/api/truelayer/connections/authorize", json={"provider_ids": [bank_id]}).raise_for_status()
        landed = self.consent(client, asked.json()["authorization_url"], user)
        assert "problem" not in landed, landed
        return int(landed["connected"])

    def consent(self, client: TestClient, link: str, user: str = "john") -> dict[str, str]:
        """Confirm at the simulated bank as one of its users, come back, and return what the page is told."""
        signed = f"{link}&simulator_user={user}&simulator_password=doe{user.removeprefix('john')}"
        back = httpx2.get(signed, follow_redirects=False, timeout=30).headers["location"]
        query = parse_qs(urlsplit(client.get(back).headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    def run_tasks(self, *, enriches: bool = True) -> int:
        """Run every task that is due, until none is, and then enrichments; returns how many accounts were imported."""
        ran = 0
        while True:
            with session_scope() as session:
                now = utc_now()
                due = fairness.unsent(session, now, now + RESEND_AFTER * 100, 1000)
            if not due:
                if enriches:
                    self._enrich()
                return ran
            for account_import_id in due:
                run_account_import(account_import_id, "test")
                ran += 1

    def _enrich(self) -> None:
        with session_scope() as session:
            statement = select(EnrichmentJob.id).where(EnrichmentJob.job_status == EnrichmentStatus.QUEUED)
            waiting = session.scalars(statement.order_by(EnrichmentJob.id)).all()
        for job_id in waiting:
            run_enrichment(job_id, "test")
        settle_enriching()

    def accounts(self, user_id: int) -> list[AccountWithCoverage]:
        with session_scope() as session:
            connections: list[BankConnection] = connections_of(session, user_id)
            return [
                account
                for connection in connections
                for account in accounts_read(session, user_id, connection.id).accounts
            ]


@pytest.fixture
def installation(
    database_url: str, simulator: RunningSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    values = {
        "database_url": database_url,
        "redis_url": f"redis://127.0.0.1:{free_port()}/0",
        "home": str(tmp_path),
        "port": "8000",
        **simulator_settings(simulator.url),
    }
    for name, value in values.items():
        monkeypatch.setenv(variable_of(name), value)
    _clear_caches()
    yield Installation(simulator)
    db_session.get_engine().dispose()
    db_session.watch_engine().dispose()
    clients.transport().close()
    _clear_caches()


def _clear_caches() -> None:
    RECORD.forget()
    for cache in _CACHES:
        cache.cache_clear()
