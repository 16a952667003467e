"""Sessions: one database transaction per scope, with actions to run after its commit."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from bankimport.db.acting import Group, Viewer, acting_for, find_everyone_role, for_everyone, statement_for
from bankimport.settings import get_settings

log = structlog.get_logger(__name__)

_AFTER_COMMIT = "after_commit"
_EVERYONE_ROLE = "everyone_role"
_VIEWER = "viewer"

POOL_PATIENCE_S = 10
"""How long a thread waits for a connection of the pool before `sqlalchemy.exc.TimeoutError`."""

STALLED_AFTER = timedelta(minutes=5)
"""How long a transaction may be idle before PostgreSQL ends it and frees its locks and its connection."""


def engine_url(database_url: str) -> str:
    """The SQLAlchemy URL for a PostgreSQL URL in any of its usual spellings; the driver is psycopg 3."""
    return "postgresql+psycopg://" + database_url.partition("://")[2]


def plain_url(database_url: str) -> str:
    """The same URL as libpq and psycopg read it."""
    return "postgresql://" + database_url.partition("://")[2]


def make_engine(database_url: str, *, pool_size: int = 10) -> Engine:
    """An engine with at most twice `pool_size` connections, which use UTC and detect a restarted server.

    PostgreSQL plans cursors for reading all their rows, as we do; by default it plans for the first tenth.

    Each transaction says for whom it works (`acting`), so that PostgreSQL shows it no other rows.

    Behind a pooler that shares connections by transaction, nothing outlives one: each transaction sets its options, and
    no statement is prepared.
    """
    options = {
        "timezone": "UTC",
        "cursor_tuple_fraction": 1,
        "idle_in_transaction_session_timeout": _milliseconds(STALLED_AFTER),
    }
    is_pooled = get_settings().database_pooler
    at_start = {"options": " ".join(f"-c {name}={value}" for name, value in options.items())}
    engine = create_engine(
        engine_url(database_url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_PATIENCE_S,
        pool_pre_ping=True,
        # The connection used last already has plans for the next statements; in turn, each would have to make them.
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 10, **({"prepare_threshold": None} if is_pooled else at_start)},
    )
    always = [f"SET LOCAL {name} = '{value}'" for name, value in options.items()] if is_pooled else []

    @event.listens_for(engine, "connect")
    def learn_role(made: Any, record: ConnectionPoolEntry) -> None:
        record.info[_EVERYONE_ROLE] = find_everyone_role(made)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        info = connection.connection.info
        info[_VIEWER] = viewer = acting_for()
        everyone = info[_EVERYONE_ROLE]
        is_narrowed = everyone is not None and viewer is not Group.NOBODY
        statements = [*always, statement_for(viewer, everyone)] if is_narrowed else always
        if statements:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            driver.execute("; ".join(statements).encode(), prepare=False)

    return engine


@contextmanager
def seeing(session: Session, viewer: Viewer) -> Iterator[None]:
    """Within the session's transaction, act for another viewer: see everyone's rows to check a shared limit, or only
    one user's rows in a task that handles all users."""
    connection = session.connection().connection
    info, driver = connection.info, connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    before, everyone = info[_VIEWER], info[_EVERYONE_ROLE]
    if everyone is None or before == viewer:
        yield
        return
    session.flush()
    driver.execute(statement_for(viewer, everyone).encode(), prepare=False)
    info[_VIEWER] = viewer
    try:
        yield
        session.flush()
    finally:
        info[_VIEWER] = before
        # A failed transaction takes no more statements, and ends.
        if driver.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
            driver.execute(statement_for(before, everyone).encode(), prepare=False)


@contextmanager
def bulk_cursor(session: Session) -> Iterator["psycopg.Cursor[tuple[Any, ...]]"]:
    """A cursor on the session's own connection, inside its transaction, on which COPY works.

    PostgreSQL copies into no table whose rows it has to check one by one. So what is written with this cursor is
    checked by no policy: write only rows of the user for whom the transaction works.
    """
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with seeing(session, Group.EVERYONE), driver.cursor() as cursor:
        yield cursor


def _milliseconds(time: timedelta) -> int:
    return round(time.total_seconds() * 1000)


@functools.cache
def get_engine() -> Engine:
    """The engine of this process for DATABASE_URL."""
    return make_engine(_database_url(), pool_size=max(10, get_settings().worker_threads * 2))


def _database_url() -> str:
    url = get_settings().database_url
    if url is None:
        raise RuntimeError("DATABASE_URL is not set in this process; start it through `bankimport up`")
    return url


@functools.cache
def _session_factory() -> sessionmaker[Session]:
    return sessionmaker(get_engine(), expire_on_commit=False)


@functools.cache
def watch_engine() -> Engine:
    """Two connections reserved for monitoring, so that it can report when all others are in use."""
    return make_engine(_database_url(), pool_size=1)


@functools.cache
def metrics_engine() -> Engine:
    """Two connections of the role that only reads."""
    return make_engine(get_settings().metrics_url or _database_url(), pool_size=1)


def after_commit(session: Session, action: Callable[[], object]) -> None:
    """Run `action` after this session's transaction is committed; never if it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(action)


def commit_and_run(session: Session) -> None:
    """Commit, then run the actions that were waiting for the commit, in order.

    An action cannot change what was committed, so if one fails, the failure is logged and the others still run.
    """
    session.commit()
    for action in session.info.pop(_AFTER_COMMIT, []):
        try:
            action()
        except Exception:
            log.exception("after_commit.failed")


@contextmanager
def session_scope() -> Iterator[Session]:
    """One database transaction: committed at the end, rolled back on an error; then the `after_commit` actions run."""
    with _committed(_session_factory()()) as session:
        yield session


@contextmanager
def watch_scope() -> Iterator[Session]:
    """Like `session_scope`, with a connection reserved for monitoring."""
    with for_everyone(), _committed(Session(watch_engine(), expire_on_commit=False)) as session:
        yield session


@contextmanager
def metrics_scope() -> Iterator[Session]:
    """A session of the role that only reads, with a connection reserved for metrics and health."""
    with for_everyone(), _committed(Session(metrics_engine(), expire_on_commit=False)) as session:
        yield session


@contextmanager
def _committed(session: Session) -> Iterator[Session]:
    try:
        yield session
        commit_and_run(session)
    except BaseException:
        session.rollback()
        session.info.pop(_AFTER_COMMIT, None)
        raise
    finally:
        session.close()


@contextmanager
def snapshot_scope() -> Iterator[Session]:
    """A read-only session that sees the database as it was at one moment, however long it stays open.

    Like any session it ends if its reader requests nothing for `STALLED_AFTER`, so that a client that stalls during
    a download does not keep a connection forever.
    """
    with session_scope() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        yield session
