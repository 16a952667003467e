"""Sessions: one database transaction a scope, with a list of what to do once it is committed."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from bankimport.settings import get_settings

log = structlog.get_logger(__name__)

_AFTER_COMMIT = "after_commit"


def engine_url(database_url: str) -> str:
    """The SQLAlchemy URL for a PostgreSQL URL in any of its usual spellings; the driver is psycopg 3."""
    return "postgresql+psycopg://" + database_url.partition("://")[2]


def plain_url(database_url: str) -> str:
    """The same as libpq and psycopg itself read it."""
    return "postgresql://" + database_url.partition("://")[2]


def make_engine(database_url: str, *, pool_size: int = 10) -> Engine:
    """An engine whose connections, at most twice `pool_size`, speak UTC and notice a server that was restarted.

    Cursors are planned to be read whole, as ours are: PostgreSQL would plan for their first tenth.
    """
    return create_engine(
        engine_url(database_url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC -c cursor_tuple_fraction=1", "connect_timeout": 10},
    )


@functools.cache
def get_engine() -> Engine:
    """The engine of this process, for DATABASE_URL."""
    return make_engine(_database_url(), pool_size=max(10, get_settings().worker_threads * 2))


def _database_url() -> str:
    found = get_settings().database_url
    if found is None:
        raise RuntimeError("DATABASE_URL is not set in this process; start it through `bankimport up`")
    return found


@functools.cache
def _session_factory() -> sessionmaker[Session]:
    return sessionmaker(get_engine(), expire_on_commit=False)


@functools.cache
def watch_engine() -> Engine:
    """Two connections that nothing but monitoring uses, so that it can tell when all others are in use."""
    return make_engine(_database_url(), pool_size=1)


def after_commit(session: Session, action: Callable[[], object]) -> None:
    """Run `action` once this session's transaction is committed, and never if it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(action)


def commit_and_run(session: Session) -> None:
    """Commit, then run the actions that waited for the commit, in order.

    What was committed stays committed whatever an action does, so an action that fails is logged, and the others run.
    """
    session.commit()
    for action in session.info.pop(_AFTER_COMMIT, []):
        try:
            action()
        except Exception:
            log.exception("after_commit.failed")


@contextmanager
def session_scope() -> Iterator[Session]:
    """One database transaction: committed at the end, rolled back on an error; then `after_commit` actions."""
    with _committed(_session_factory()()) as session:
        yield session


@contextmanager
def watch_scope() -> Iterator[Session]:
    """As `session_scope`, over a connection that is kept for monitoring."""
    with _committed(Session(watch_engine(), expire_on_commit=False)) as session:
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


STALLED_AFTER = timedelta(minutes=5)


@contextmanager
def snapshot_scope() -> Iterator[Session]:
    """A session that reads one moment, however long that takes: what is committed later does not show.

    It cannot write. PostgreSQL ends it when its reader asks for nothing for `STALLED_AFTER`, so that one who went to
    sleep in the middle of a download does not keep a connection for ever.
    """
    with session_scope() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        milliseconds = round(STALLED_AFTER.total_seconds() * 1000)
        session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds}"))
        yield session
