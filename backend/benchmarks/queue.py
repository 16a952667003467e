"""Measure how fast workers take account imports, by how many are due. Each job has twenty, each user one job.

The floor is one transaction that inserts a row into a bare table.

Usage: python -m benchmarks.queue [--due N] [--json]
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bankimport.clock import utc_now
from bankimport.db import tables
from bankimport.db.migrate import upgrade
from bankimport.db.session import get_engine, session_scope
from bankimport.imports import choose
from bankimport.imports.attempt import open_attempt
from bankimport.processes.guardian import Guardian
from bankimport.processes.ports import free_port
from bankimport.processes.postgres import start_postgres
from bankimport.settings import get_settings
from benchmarks.report import show

__all__ = ["tables"]

TAKES = 60

FILL = """
INSERT INTO users (email) SELECT 'u' || n || '@example.org' FROM generate_series(1, %(jobs)s) n;
INSERT INTO bank_connections (user_id, bank_id, bank_name, status, authorised_at, consent_expires_at)
  SELECT id, 'bank', 'Bank', 'active', now() - interval '1 day', now() + interval '80 days' FROM users;
INSERT INTO truelayer_accounts (user_id, bank_id, kind, display_name, currency)
  SELECT id, 'bank', 'account', 'A', 'GBP' FROM users, generate_series(1, 20);
INSERT INTO account_doors (account_id, connection_id, kind, truelayer_id)
  SELECT a.id, c.id, 'account', a.id FROM truelayer_accounts a JOIN bank_connections c USING (user_id);
INSERT INTO truelayer_import_jobs
    (user_id, connection_id, job_status, job_type, from_date, to_date, max_parallel, auto_enrich, started_at)
  SELECT user_id, id, 'queued', 'date_range', current_date - 85, current_date, 3, false, now() FROM bank_connections;
INSERT INTO truelayer_import_progress (job_id, account_id, status, position, days_total)
  SELECT j.id, a.id, 'pending', row_number() OVER (PARTITION BY j.id ORDER BY a.id), 86
  FROM truelayer_import_jobs j JOIN truelayer_accounts a USING (user_id);
"""


def measure(due: int) -> dict[str, Any]:
    """Milliseconds to choose one account import, and to choose and take it, of so many."""
    with tempfile.TemporaryDirectory() as folder:
        guardian = Guardian()
        server = start_postgres(Path(folder) / "postgres", guardian, durable=False)
        try:
            # Nobody listens at the broker's address: messages are hints.
            os.environ |= {
                "DATABASE_URL": server.url(),
                "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
                "BANKIMPORT_HOME": folder,
            }
            get_settings.cache_clear()
            upgrade(server.url())
            with psycopg.connect(server.url(), autocommit=True) as connection:
                for statement in FILL.split(";")[:-1]:
                    connection.execute(statement, {"jobs": due // 20} if "%(jobs)s" in statement else None)
                connection.execute("VACUUM ANALYZE")
                connection.execute("CREATE TABLE floor (id bigint)")
                floor_s = _median(lambda: connection.execute("INSERT INTO floor VALUES (1)"))
            choose_s, take_s = _median(_choose), _median(_take)
            get_engine().dispose()
        finally:
            server.child.stop()
            guardian.close()
    return {
        "due": due,
        "milliseconds": {
            "floor_insert": round(floor_s * 1000, 2),
            "choose": round(choose_s * 1000, 2),
            "choose_and_take": round(take_s * 1000, 2),
        },
        "takes_per_second": round(1 / take_s),
        "ratio_to_floor": round(take_s / floor_s, 1),
    }


def _median(work: Callable[[], Any]) -> float:
    took = []
    for _ in range(TAKES):
        started_at = time.perf_counter()
        work()
        took.append(time.perf_counter() - started_at)
    return statistics.median(took)


def _choose() -> None:
    with session_scope() as session:
        assert choose.fairest(session, utc_now()) is not None
        session.rollback()


def _take() -> None:
    with session_scope() as session:
        chosen = choose.fairest(session, utc_now())
        assert chosen is not None
        assert open_attempt(session, chosen, "benchmark") is not None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    show(measure(arguments.due), as_json=arguments.json)
