"""Measure how fast due schedules are fired and their imports begun. Each user has one schedule of three accounts.

The floor is one transaction that inserts a row into a bare table.

Usage: python -m benchmarks.schedules [--due N] [--json]
"""

import argparse
import logging
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg
import structlog

from bankimport.clock import utc_now
from bankimport.db import tables
from bankimport.db.migrate import upgrade
from bankimport.db.session import get_engine
from bankimport.processes.guardian import Guardian
from bankimport.processes.postgres import start_postgres
from bankimport.processes.valkey import start_valkey
from bankimport.schedules import fire
from bankimport.settings import get_settings
from benchmarks.report import show

__all__ = ["tables"]

FLOORS = 60

FILL = """
INSERT INTO users (email) SELECT 'u' || n || '@example.org' FROM generate_series(1, %(due)s) n;
INSERT INTO bank_connections (user_id, bank_id, bank_name, status, authorised_at, consent_expires_at)
  SELECT id, 'bank', 'Bank', 'active', now() - interval '1 day', now() + interval '80 days' FROM users;
INSERT INTO truelayer_accounts (user_id, bank_id, kind, display_name, currency)
  SELECT id, 'bank', 'account', 'A', 'GBP' FROM users, generate_series(1, 3);
INSERT INTO account_doors (account_id, connection_id, kind, truelayer_id)
  SELECT a.id, c.id, 'account', a.id FROM truelayer_accounts a JOIN bank_connections c USING (user_id);
INSERT INTO truelayer_import_schedules
    (user_id, connection_id, name, frequency, run_time, time_zone, days_back, incremental, auto_enrich, overlap,
     catch_up, jitter_minutes, enabled, in_force_since, next_run, fires_at)
  SELECT user_id, id, 's', 'daily', (now() AT TIME ZONE 'UTC')::time(0) - interval '1 minute', 'UTC', 7, true, false,
    'skip', 'one', 0, true, now() - interval '2 days', date_trunc('minute', now()) - interval '1 minute',
    date_trunc('minute', now()) - interval '1 minute'
  FROM bank_connections;
"""


def measure(due: int) -> dict[str, Any]:
    """Schedules per second, and the CPU of each, when so many are due."""
    # Standard output is for the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        guardian = Guardian()
        server = start_postgres(Path(folder) / "postgres", guardian, durable=False)
        try:
            broker = start_valkey(Path(folder), guardian)
            os.environ |= {"DATABASE_URL": server.url(), "REDIS_URL": broker.url, "BANKIMPORT_HOME": folder}
            get_settings.cache_clear()
            upgrade(server.url())
            with psycopg.connect(server.url(), autocommit=True) as connection:
                for statement in FILL.split(";")[:-1]:
                    connection.execute(statement, {"due": due} if "%(due)s" in statement else None)
                connection.execute("VACUUM ANALYZE")
                connection.execute("CREATE TABLE floor (id bigint)")
                began_at = time.perf_counter()
                for _ in range(FLOORS):
                    connection.execute("INSERT INTO floor VALUES (1)")
                floor_s = (time.perf_counter() - began_at) / FLOORS
            before, began_at = _cpu_s(server.child.pid), time.perf_counter()
            fired = fire.fire_due(utc_now())
            between, fired_at = _cpu_s(server.child.pid), time.perf_counter()
            begun = fire.begin_due(utc_now())
            after, ended_at = _cpu_s(server.child.pid), time.perf_counter()
            get_engine().dispose()
            broker.child.stop()
        finally:
            server.child.stop()
            guardian.close()
    assert fired == begun == due, (fired, begun)
    return {
        "due": due,
        "milliseconds": {
            "floor_insert": round(floor_s * 1000, 2),
            "fire": round((fired_at - began_at) / due * 1000, 2),
            "begin": round((ended_at - fired_at) / due * 1000, 2),
        },
        "cpu_milliseconds": {
            "fire": [round((b - a) / due * 1000, 2) for a, b in zip(before, between, strict=True)],
            "begin": [round((b - a) / due * 1000, 2) for a, b in zip(between, after, strict=True)],
        },
        "per_second": round(due / (ended_at - began_at)),
        "ratio_to_floor": round((ended_at - began_at) / due / floor_s, 1),
    }


def _cpu_s(server: int) -> tuple[float, float]:
    """CPU seconds so far of this process, and of PostgreSQL."""
    total = 0.0
    for process in (psutil.Process(server), *psutil.Process(server).children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system
    return time.process_time(), total


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--due", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    show(measure(arguments.due), as_json=arguments.json)
