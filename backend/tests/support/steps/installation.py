"""An installation whose tasks run in the test itself, and what its users do: sign in, connect a bank."""

import functools
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, LiteralString, TypeVar, cast
from urllib.parse import parse_qs, urlsplit

import psycopg
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import exists, select
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bankimport import queue
from bankimport.app import create_app
from bankimport.clock import utc_now
from bankimport.connections.calls import clients
from bankimport.connections.calls.application_token import forget_application_token
from bankimport.connections.calls.credentials import forget_credentials
from bankimport.connections.models import BankConnection
from bankimport.connections.repository import connections_of
from bankimport.db import session as db_session
from bankimport.db.session import session_scope
from bankimport.edge.guard import Guard
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.run.run import run_enrichment
from bankimport.imports import fairness
from bankimport.imports.run.after_import import settle_enriching
from bankimport.imports.run.recover import RESEND_AFTER
from bankimport.imports.run.run import run_fairest
from bankimport.operations import READINESS, RECORD
from bankimport.processes.postgres import RunningPostgres
from bankimport.proof.coverage import accounts_read
from bankimport.proof.schemas import AccountWithCoverage
from bankimport.realtime.outbox import outbox
from bankimport.settings import get_settings
from bankimport.users.access import USUAL_SCOPES, Scope
from bankimport.users.models import User
from bankimport.users.service import create_api_token, create_user
from tests.support.servers.embedded import TEST_DATABASE, restore_database, store_database
from tests.support.suite.loopback import http_get
from truelayer_simulator.launch import RunningSimulator

PASSWORD = "correct horse battery"
PSU_IP = "X-PSU-IP"
PUBLIC_ADDRESS = "81.2.69.142"

_OF_A_TEST: "tuple[functools._lru_cache_wrapper[Any], ...]" = (get_settings,)
"""Cached settings of a process, which differ per test."""

_OF_A_BROKER: "tuple[functools._lru_cache_wrapper[Any], ...]" = (queue.celery_app, outbox)


_MADE: dict[str, tuple[object, datetime]] = {}
"""The results of `Installation.once` in this process, by name, with their times."""

T = TypeVar("T")


@functools.cache
def _application() -> FastAPI:
    """One application for all tests: each new one would prepare its routes again at its first request."""
    return create_app()


@functools.cache
def _app() -> Guard:
    return Guard(_application())


_AT_END = ExitStack()


@functools.cache
def _event_loop() -> BlockingPortal:
    """One event loop for all clients: otherwise each request starts one, with threads of its own."""
    return _AT_END.enter_context(start_blocking_portal())


def stop_event_loop() -> None:
    """End the clients' event loop."""
    _AT_END.close()
    _event_loop.cache_clear()


def openapi_document() -> dict[str, Any]:
    """The API's OpenAPI document, made once per test process, as that takes over a second."""
    return _application().openapi()


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation whose tasks run in the test itself, one after the other."""

    server: RunningPostgres
    simulator: RunningSimulator

    def user(self, email: str = "ada@example.org", password: str | None = None) -> int:
        with session_scope() as session:
            return create_user(session, email, password).id

    @property
    def owner_url(self) -> str:
        """The test's database for the owner of its tables."""
        return self.server.url(TEST_DATABASE)

    def as_owner(self, *statements: LiteralString) -> None:
        """Run statements that the application may not: they change tables."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def client(self, *, comes_from: str = "127.0.0.1", **headers: str) -> TestClient:
        """A client at an address, served as by uvicorn: it believes X-Forwarded-For of trusted proxies only."""
        app: Any = _app()
        behind_proxies: Any = ProxyHeadersMiddleware(app, list(get_settings().trusted_proxies))
        made = TestClient(
            behind_proxies,
            base_url=get_settings().browser_url,
            headers=headers,
            follow_redirects=False,
            client=(comes_from, 50_000),
        )
        made.portal = _event_loop()
        return made

    def signed_in(self, email: str = "ada@example.org") -> TestClient:
        """A client with a bearer token of a new user, who is present and whose password is `PASSWORD`."""
        scopes = (*USUAL_SCOPES, Scope.ATTENDED)
        with session_scope() as session:
            _, token = create_api_token(session, create_user(session, email, PASSWORD).id, "test", scopes)
        return self.client(Authorization=f"Bearer {token}", **{PSU_IP: PUBLIC_ADDRESS})

    def connect(self, client: TestClient, bank_id: str, user: str = "john") -> int:
        """Consent to share a simulated bank, as its user would, and return the connection's id."""
        authorisation = client.post(
            "/api/truelayer/connections/authorize", json={"provider_ids": [bank_id]}
        ).raise_for_status()
        landed = self.consent(client, authorisation.json()["authorization_url"], user)
        assert "problem" not in landed, landed
        return int(landed["connected"])

    def consent(self, client: TestClient, link: str, user: str = "john") -> dict[str, str]:
        """Confirm at the simulated bank as one of its users, return, and give back what the page receives."""
        signed = f"{link}&simulator_user={user}&simulator_password=doe{user.removeprefix('john')}"
        back = http_get(signed, follow_redirects=False).headers["location"]
        query = parse_qs(urlsplit(client.get(back).headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """The result of `make` with the rows it leaves: made by the first test that needs it, copied for later ones.

        If the test already has users, `make` is called normally. Each test gets its own clients and lists.
        """
        with session_scope() as session:
            has_users = session.scalars(select(exists().where(User.id > 0))).one()
        if has_users:
            return make()
        if name in _MADE:
            close_connections()
            restore_database(self.server, f"stored {name}")
            self._not_before(_MADE[name][1])
        else:
            _MADE[name] = (make(), utc_now())
            close_connections()
            store_database(self.server, f"stored {name}")
        return cast(T, self._own(_MADE[name][0]))

    def _own(self, made: Any) -> Any:
        """The same for one test: its clients have no cookies of another's, and what it changes is not shared."""
        match made:
            case TestClient():
                kept = ("authorization", PSU_IP)
                return self.client(**{name: made.headers[name] for name in kept if name in made.headers})
            case tuple() | list():
                return type(made)(self._own(item) for item in made)
            case dict():
                return {key: self._own(value) for key, value in made.items()}
        if is_dataclass(made) and not isinstance(made, type):
            return replace(made, **{each.name: self._own(getattr(made, each.name)) for each in fields(made)})
        return made

    def _not_before(self, moment: datetime) -> None:
        """Move the clock to when the copied rows were made, so that the test's actions come later."""
        from tests.support.suite.clock import travel_to

        if utc_now() < moment:
            travel_to(moment)

    def run_tasks(self, *, enriches: bool = True) -> int:
        """Run every due task until none is left, and then enrichments; returns how many attempts were made."""
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
                run_fairest(account_import_id, "test")
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


def forget_settings() -> None:
    """Make this process read its settings again, because the next test has others."""
    RECORD.forget()
    READINESS.forget()
    forget_application_token()
    forget_credentials()
    for cache in _OF_A_TEST:
        cache.cache_clear()


def forget_broker() -> None:
    """Connect to the broker again at the next message, because its address has changed."""
    for cache in _OF_A_BROKER:
        cache.cache_clear()


def close_connections() -> None:
    """Close this process's connections to the database; the engines stay, with their compiled statements."""
    for engine in (db_session.get_engine, db_session.watch_engine, db_session.metrics_engine):
        if engine.cache_info().currsize:
            engine().dispose()


def close_bank_connections() -> None:
    """Close this process's connections to the bank; tests share them."""
    if clients.transport.cache_info().currsize:
        clients.transport().close()
        clients.transport.cache_clear()
