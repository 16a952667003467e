"""Play a part of a day of many connections, with time compressed: schedules fire, jobs run, calls are counted.

The tables are filled with so many connections, each with a daily schedule, spread over 24 hours. Then simulated seconds
pass as fast as this machine can: beat's tasks run at their intervals, and every message they send is carried out at
once, by the same functions that workers call. Only HTTP is replaced: a function answers in the bank's place. So
scheduler, picker, ledger, matching, storing and proof are the real ones on a real PostgreSQL, one after the other in
one process. Waiting for banks, contention between workers, the broker and sockets are not simulated; messages and hints
are counted.

Usage: python -m benchmarks.day [--connections N] [--minutes M] [--accounts N] [--rows N] [--json]
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import psutil
import psycopg
import structlog
from cryptography.fernet import Fernet

from bankimport import queue
from bankimport.clock import VARIABLE, utc_now
from bankimport.connections.calls import clients
from bankimport.db.migrate import upgrade
from bankimport.db.roles import prepare_roles
from bankimport.db.session import get_engine
from bankimport.processes.guardian import Guardian
from bankimport.processes.postgres import RunningPostgres, start_postgres
from bankimport.realtime import publish
from bankimport.secrets import encrypt
from bankimport.settings import get_settings
from bankimport.truelayer.transport import Received
from benchmarks.report import show

BEGIN = datetime(2026, 6, 17, 6, tzinfo=UTC)

FILL = """
INSERT INTO users (email) SELECT 'u' || n || '@example.org' FROM generate_series(1, %(connections)s) n;
INSERT INTO bank_connections (user_id, bank_id, bank_name, status, credentials_id, refresh_token_encrypted,
    authorised_at, consent_expires_at, described_at, settled_at)
  SELECT id, 'bank-' || id %% 50, 'Bank', 'active', 'c' || id, %(token)s, %(begin)s - interval '20 days',
    %(begin)s + interval '70 days', %(begin)s - interval '1 hour', %(begin)s - interval '20 days' FROM users;
INSERT INTO truelayer_accounts (user_id, bank_id, kind, display_name, currency, last_synced_at)
  SELECT id, 'bank-' || id %% 50, 'account', 'Account ' || n, 'GBP', %(begin)s - interval '20 hours'
  FROM users, generate_series(1, %(accounts)s) n;
INSERT INTO account_doors (account_id, connection_id, kind, truelayer_id)
  SELECT a.id, c.id, 'account', 't' || a.id FROM truelayer_accounts a JOIN bank_connections c USING (user_id);
INSERT INTO truelayer_import_schedules (user_id, connection_id, name, frequency, run_time, time_zone, days_back,
    incremental, auto_enrich, overlap, catch_up, jitter_minutes, pause_after_failures, enabled, in_force_since,
    next_run, fires_at)
  SELECT user_id, id, 'daily', 'daily', (at AT TIME ZONE 'UTC')::time, 'UTC', 7, true, false, 'skip', 'one', 0, 5,
    true, %(begin)s - interval '1 day', at, at
  FROM bank_connections, LATERAL (SELECT date_trunc('second',
    %(begin)s::timestamptz + interval '86400 seconds' * (id - 1) / %(connections)s) AS at) AS times
"""


class Bank:
    """Answers as TrueLayer does, at once: tokens, rows of every day, nothing pending, a balance."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self.calls: Counter[str] = Counter()

    def send(self, method: str, url: str, **values: Any) -> Received:
        """What `Transport.send` gives."""
        path = urlsplit(url).path
        word = path.rpartition("/")[2]
        self.calls[word] += 1
        if word == "token":
            body: dict[str, Any] = {"access_token": "a", "refresh_token": "r", "expires_in": 3600}
        elif word == "transactions":
            body = {"results": list(self._booked(path.split("/")[-2], **values["params"]))}
        elif word == "balance":
            body = {"results": [{"currency": "GBP", "current": 100.0, "update_timestamp": f"{utc_now():%FT%TZ}"}]}
        else:
            body = {"results": []}
        return Received(200, {}, msgspec.json.encode(body), path, "none", utc_now(), 0.2)

    def _booked(self, account: str, **days: str) -> Iterator[dict[str, Any]]:
        day, last = date.fromisoformat(days["from"][:10]), date.fromisoformat(days["to"][:10])
        while day <= last:
            for number in range(self._rows):
                yield {
                    "transaction_id": f"{account}-{day}-{number}",
                    "timestamp": f"{day}T0{number % 10}:00:00Z",
                    "description": f"CARD PAYMENT TO SHOP {number} LONDON",
                    "amount": -(number + 1.25),
                    "currency": "GBP",
                    "transaction_type": "DEBIT",
                    "transaction_category": "PURCHASE",
                    "transaction_classification": ["Shopping"],
                }
            day += timedelta(days=1)


@dataclass(slots=True)
class Cost:
    """What a kind of work took: how often, and CPU seconds of this process and of PostgreSQL."""

    times: int = 0
    ours_s: float = 0.0
    postgres_s: float = 0.0
    longest_s: float = 0.0


@dataclass(slots=True)
class Day:
    """The simulated day, and what it has cost so far."""

    postgres: psutil.Process
    waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    messages: Counter[str] = field(default_factory=Counter)
    hints: int = 0
    costs: defaultdict[str, Cost] = field(default_factory=lambda: defaultdict(Cost))

    def play(self, seconds: int) -> None:
        """Let so many seconds pass."""
        from bankimport.worker import app

        beat = {entry["task"]: int(entry["schedule"]) for entry in app.conf.beat_schedule.values()}
        for second in range(seconds):
            moment = BEGIN + timedelta(seconds=second)
            for name, every in beat.items():
                if second % every == 0:
                    self.messages[name] += 1
                    self._do(app, name, {}, moment)
            while self.waiting:
                name, arguments = self.waiting.pop(0)
                self._do(app, name, arguments, moment)

    def _do(self, app: Any, name: str, arguments: dict[str, Any], moment: datetime) -> None:
        """Carry out one task. Time passes while it runs, and is set back for the next one."""
        _set_clock(moment)
        cost = self.costs[name]
        started, ours, postgres = time.perf_counter(), time.process_time(), self.postgres_s()
        app.tasks[name](**arguments)
        cost.times += 1
        cost.ours_s += time.process_time() - ours
        cost.postgres_s += self.postgres_s() - postgres
        cost.longest_s = max(cost.longest_s, time.perf_counter() - started)

    def postgres_s(self) -> float:
        """CPU seconds of the server and all its processes, those that have ended included."""
        used_s = 0.0
        for process in [self.postgres, *self.postgres.children(recursive=True)]:
            try:
                used = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            used_s += used.user + used.system
            if process.pid == self.postgres.pid:
                used_s += used.children_user + used.children_system
        return used_s

    def send(self, task: Any, arguments: dict[str, Any], headers: dict[str, str]) -> None:
        """What the queue does with a message."""
        self.messages[task.value] += 1
        self.waiting.append((task.value, arguments))

    def put(self, *_: object) -> None:
        """What the outbox does with a hint."""
        self.hints += 1


def _set_clock(moment: datetime) -> None:
    os.environ[VARIABLE] = "0"
    os.environ[VARIABLE] = f"{(moment - utc_now()).total_seconds():+f}"


@contextmanager
def filled_server(folder: str, connections: int, accounts: int) -> Iterator[RunningPostgres]:
    """A server with so many connections; our settings lead to it."""
    with closing(Guardian()) as guardian:
        server = start_postgres(Path(folder) / "postgres", guardian, durable=False)
        try:
            os.environ |= {
                "DATABASE_URL": server.application_url(),
                "BANKIMPORT_METRICS_DATABASE_URL": server.metrics_url(),
                "REDIS_URL": "redis://127.0.0.1:1/0",
                "BANKIMPORT_HOME": folder,
                "BANKIMPORT_SECRET_KEYS": Fernet.generate_key().decode(),
                "BANKIMPORT_CALLS_PER_MINUTE": "100000",
                "TRUELAYER_CLIENT_ID": "sandbox-day",
                "TRUELAYER_CLIENT_SECRET": "of-the-day",
            }
            get_settings.cache_clear()
            upgrade(server.url())
            prepare_roles(server.url(), server.application_url(), server.metrics_url())
            values = {"connections": connections, "accounts": accounts, "token": encrypt("r"), "begin": BEGIN}
            with psycopg.connect(server.url(), autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
                for statement in FILL.split(";"):
                    connection.execute(statement, values)
                connection.execute("VACUUM ANALYZE")
            yield server
        finally:
            get_engine().dispose()
            server.child.stop()


def measure(connections: int, minutes: float, accounts: int, rows: int) -> dict[str, Any]:
    """What a part of the day of so many connections costs, by kind of work, and what grew by how much."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory() as folder, filled_server(folder, connections, accounts) as server:
        bank, day = Bank(rows), Day(psutil.Process(server.child.pid))
        vars(clients)["transport"] = lambda: bank
        vars(queue)["_send"], vars(publish)["outbox"] = day.send, lambda: day
        _set_clock(BEGIN)
        before = _sizes(server)
        began, processor = time.perf_counter(), time.process_time()
        day.play(int(minutes * 60))
        took, ours = time.perf_counter() - began, time.process_time() - processor
        after = _sizes(server)
        with psycopg.connect(server.url()) as reader:
            counted = reader.execute("SELECT status::text, count(*) FROM truelayer_import_progress GROUP BY 1")
            states: dict[str, int] = dict(counted.fetchall())
            (stored,) = reader.execute("SELECT count(*) FROM transactions").fetchone() or (0,)
    jobs = states.get("completed", 0) / accounts
    return {
        "connections": connections,
        "minutes": minutes,
        "accounts_of_a_connection": accounts,
        "rows_of_a_day": rows,
        "jobs": jobs,
        "account_imports": states,
        "rows_stored": stored,
        "calls": dict(bank.calls),
        "seconds": {"wall": round(took, 1), "compressed": round(minutes * 60 / took, 1), "ours": round(ours, 1)},
        "messages": dict(day.messages),
        "hints": day.hints,
        "work": {name: _shown(cost) for name, cost in sorted(day.costs.items(), key=lambda item: -item[1].ours_s)},
        "bytes_of_a_job": {
            name: round((size - before[name]) / jobs)
            for name, size in sorted(after.items(), key=lambda item: before[item[0]] - item[1])
            if jobs and size - before[name] > 10 * jobs
        },
    }


def _shown(cost: Cost) -> dict[str, Any]:
    return {
        "times": cost.times,
        "ours_ms": round(cost.ours_s / cost.times * 1000, 2),
        "postgres_ms": round(cost.postgres_s / cost.times * 1000, 2),
        "longest_ms": round(cost.longest_s * 1000),
    }


def _sizes(server: RunningPostgres) -> dict[str, int]:
    """Bytes of each table with its indexes, and of the log that has been written."""
    sizes = "SELECT relname::text, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
    with psycopg.connect(server.url()) as reader:
        sizes_of_tables: dict[str, int] = dict(reader.execute(f"{sizes}'public'::regnamespace").fetchall())
        (written,) = reader.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchone() or (0,)
    return sizes_of_tables | {"(written ahead)": int(written)}


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=10, help="of the simulated day, which begins at 06:00 UTC")
    parser.add_argument("--accounts", type=int, default=2, help="of each connection")
    parser.add_argument("--rows", type=int, default=3, help="of each account on each day")
    parser.add_argument("--json", action="store_true")
    values = parser.parse_args()
    if min(values.connections, values.minutes, values.accounts, values.rows) <= 0:
        sys.exit("every number must be above zero")
    show(measure(values.connections, values.minutes, values.accounts, values.rows), as_json=values.json)


if __name__ == "__main__":
    main()
