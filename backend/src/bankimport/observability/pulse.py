"""Record each process's heartbeat and own figures, so that any API process can report all of them.

A worker does not serve HTTP, and processes may run on several machines; PostgreSQL is what they share.
"""

import functools
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psutil
import structlog
from sqlalchemy import ColumnElement, Table, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bankimport import __version__
from bankimport.clock import offset, utc_now
from bankimport.db.session import get_engine, watch_scope
from bankimport.observability.models import PeriodicRun, RunningProcess
from bankimport.secrets import key_id, load_keys
from bankimport.settings import get_settings

log = structlog.get_logger(__name__)

BEATS_EVERY_S = 10.0
GONE_AFTER = timedelta(seconds=30)
"""A process without a heartbeat for this long counts as dead."""

FORGOTTEN_AFTER = timedelta(hours=1)

Figures = dict[str, float]


def is_alive(now: datetime) -> ColumnElement[bool]:
    """Whether a process counts as alive at this time."""
    return RunningProcess.seen_at > now - GONE_AFTER


def process_name() -> str:
    """The name of this process as shown to people."""
    return f"{socket.gethostname()}:{os.getpid()}"


def start_pulse(kind: str, figures: Callable[[], Figures] = dict) -> None:
    """Start writing heartbeats for this process, an "api", a "worker" or "beat", every few seconds.

    `figures` returns the numbers that only this process knows. The thread ends with the process, which then soon counts
    as dead.
    """

    def run() -> None:
        while True:
            try:
                beat_once(kind, figures())
            except (SQLAlchemyError, OSError) as error:
                log.warning("pulse.missed", error=type(error).__name__)
            time.sleep(BEATS_EVERY_S)

    threading.Thread(target=run, name="pulse", daemon=True).start()


def beat_once(kind: str, figures: Figures) -> None:
    """Write a heartbeat now, and delete processes that died long ago."""
    process = _this_process()
    name, now = process_name(), utc_now()
    values = {
        "kind": kind,
        "version": __version__,
        "started_at": datetime.fromtimestamp(process.create_time(), UTC) + offset(),
        "seen_at": now,
        "figures": {**_pool_figures(), "memory_bytes": float(process.memory_info().rss), **figures},
        "key_ids": [key_id(key) for key in load_keys(get_settings())],
    }
    table = RunningProcess.__table__
    assert isinstance(table, Table)
    forgotten = delete(table).where(table.c.seen_at < now - FORGOTTEN_AFTER, table.c.name != name).cte()
    statement = insert(table).values(name=name, **values)
    with watch_scope() as session:
        session.connection().execute(
            statement.on_conflict_do_update(index_elements=["name"], set_=values).add_cte(forgotten)
        )
    if (file := get_settings().pulse_file) is not None:
        file.touch()


@functools.lru_cache(maxsize=1)
def _process(pid: int) -> psutil.Process:
    return psutil.Process(pid)


def _this_process() -> psutil.Process:
    """This process, which remembers when it began."""
    return _process(os.getpid())


def note_periodic_run(task: str) -> None:
    """Record that a task sent by beat has just succeeded."""
    now = utc_now()
    try:
        with watch_scope() as session:
            session.execute(
                insert(PeriodicRun)
                .values(task=task, last_run_at=now)
                .on_conflict_do_update(index_elements=["task"], set_={"last_run_at": now})
            )
    except SQLAlchemyError as error:
        log.warning("periodic_run.not_noted", task=task, error=type(error).__name__)


def _pool_figures() -> Figures:
    pool = get_engine().pool
    if not isinstance(pool, QueuePool):
        return {}
    return {"db_pool_size": float(pool.size() + pool._max_overflow), "db_pool_used": float(pool.checkedout())}
