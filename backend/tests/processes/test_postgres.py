"""The embedded PostgreSQL starts again with its data, however it ended."""

import os
import signal
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.support.suite.waiting import wait_for

from bankimport.processes import postgres
from bankimport.processes.child import ProcessFailed
from bankimport.processes.guardian import Guardian
from bankimport.processes.postgres import RunningPostgres, start_postgres

WORKS_FOR_MINUTES = "SELECT count(*) FROM generate_series(1, 20000000) a CROSS JOIN generate_series(1, 1000) b"


def begin_to_work(server: RunningPostgres) -> tuple[psutil.Process, threading.Thread]:
    """A connection process that is at work, and so does not notice that its server dies."""
    connection = psycopg.connect(server.url(), autocommit=True)

    def work() -> None:
        with suppress(psycopg.Error), connection:
            connection.execute(WORKS_FOR_MINUTES)

    thread = threading.Thread(target=work)
    thread.start()
    active = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND state = 'active'"
    with psycopg.connect(server.url(), autocommit=True) as watcher:
        wait_for(lambda: watcher.execute(active, [connection.info.backend_pid]).fetchone() == (1,))
    return psutil.Process(connection.info.backend_pid), thread


def test_it_starts_again_while_children_of_the_killed_server_still_work(tmp_path: Path, guardian: Guardian) -> None:
    first = start_postgres(tmp_path, guardian)
    with psycopg.connect(first.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    child, thread = begin_to_work(first)
    os.kill(first.child.pid, signal.SIGKILL)
    first.child.stop()
    assert child.is_running(), "a child has to outlive its server, or this shows nothing"

    second = start_postgres(tmp_path, guardian, durable=False)
    try:
        thread.join()
        with psycopg.connect(second.url()) as connection:
            assert connection.execute("SELECT one FROM kept").fetchall() == [(1,)]
    finally:
        second.child.stop()


def test_a_server_that_is_just_stopping_is_waited_for(tmp_path: Path, guardian: Guardian) -> None:
    first = start_postgres(tmp_path, guardian, durable=False)
    os.kill(first.child.pid, signal.SIGSTOP)
    first.child.ask_to_stop()

    def end_it() -> None:
        os.kill(first.child.pid, signal.SIGCONT)
        first.child.stop()

    reaper = threading.Timer(1.0, end_it)
    reaper.start()

    start_postgres(tmp_path, guardian, durable=False).child.stop()
    reaper.join()


def test_a_server_that_keeps_running_is_left_alone_and_reported(
    tmp_path: Path, guardian: Guardian, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "STOPPING_WITHIN_S", 0.3)
    first = start_postgres(tmp_path, guardian, durable=False)
    try:
        with pytest.raises(ProcessFailed, match=f"process {first.child.pid}"):
            start_postgres(tmp_path, guardian, durable=False)
        with psycopg.connect(first.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        first.child.stop()
