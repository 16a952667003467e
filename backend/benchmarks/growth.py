"""Measure what the pages read, and the proof after an import of ten rows, among very many rows.

All rows belong to one user; their balances continue each other, so they are proven. PostgreSQL's statistics are
gathered before.

Usage: python -m benchmarks.growth [--rows N] [--accounts N] [--json]
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountFreshness
from bankimport.clock import utc_now, utc_today
from bankimport.db.migrate import upgrade
from bankimport.db.session import session_scope
from bankimport.enrichment.run.estimate import estimate
from bankimport.enrichment.run.jobs import NewJob
from bankimport.imports.plan import statistics
from bankimport.processes.guardian import Guardian
from bankimport.processes.postgres import start_postgres
from bankimport.proof import coverage, prove
from bankimport.proof.freshness import keep_freshness
from bankimport.transactions import repository as transactions
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from benchmarks.report import show

DAYS = 1000

FILL = """
INSERT INTO users (id, email) OVERRIDING SYSTEM VALUE VALUES (1, 'a@example.org');
INSERT INTO bank_connections (id, user_id, bank_id, bank_name, status, authorised_at) OVERRIDING SYSTEM VALUE
VALUES (1, 1, 'bank', 'Bank', 'active', now());
INSERT INTO truelayer_accounts (id, user_id, bank_id, kind, display_name, currency) OVERRIDING SYSTEM VALUE
SELECT i, 1, 'bank', 'account', 'Account ' || i, 'GBP' FROM generate_series(1, {accounts}) i;
INSERT INTO account_doors (account_id, connection_id, kind, truelayer_id)
SELECT i, 1, 'account', 'a' || i FROM generate_series(1, {accounts}) i;
INSERT INTO truelayer_import_jobs (id, user_id, connection_id, job_status, job_type, from_date, to_date, max_parallel,
    auto_enrich, total_accounts, total_transactions, started_at, completed_at)
OVERRIDING SYSTEM VALUE
VALUES (1, 1, 1, 'completed', 'full_sync', {today} - {days}, {today}, 3, false, {accounts}, {rows}, now(), now());
INSERT INTO truelayer_import_progress (id, job_id, account_id, status, position, days_total, completed_at)
OVERRIDING SYSTEM VALUE
SELECT i, 1, i, 'completed', i, {days}, now() FROM generate_series(1, {accounts}) i;
INSERT INTO import_windows (account_import_id, account_id, window_from, window_to, asked_from, asked_to, state,
    rows_in_window, completed_at)
SELECT i, i, {today} - {days}, {today} - 1, {today} - {days}, {today} - 1, 'completed', {rows} / {accounts}, now()
FROM generate_series(1, {accounts}) i;
INSERT INTO transactions (user_id, account_id, status, date, timestamp, has_time, amount, currency, description,
    merchant, running_balance, meta, dedupe_key, content_hash, import_job_id, raw_response_id, raw_position)
SELECT 1, account, 'booked', {today} - {days} + day, ({today} - {days} + day)::timestamptz, false, amount, 'GBP',
    'CARD PAYMENT TO SHOP ' || i % 997 || ' ON REF ' || i, 'Shop ' || i % 997,
    sum(amount) OVER (PARTITION BY account ORDER BY i), jsonb_build_object('provider_category', 'PUR'), 'k' || i,
    decode(md5(i::text), 'hex'), 1, 1, i
FROM (SELECT i, 1 + i % {accounts} AS account, (i::bigint * {days} / {rows})::int AS day,
          (((i::bigint * 7919) % 200001 - 100000) / 100.0)::numeric(12, 2) AS amount
      FROM generate_series(0, {rows} - 1) i) made
ORDER BY i;
ANALYZE;
"""

TEN_MORE = """
INSERT INTO transactions (user_id, account_id, status, date, timestamp, has_time, amount, currency, description,
    running_balance, dedupe_key, content_hash, import_job_id, raw_response_id, raw_position)
SELECT 1, 1, 'booked', {today} - 1, now(), false, 1, 'GBP', 'NEW', (
        SELECT running_balance FROM transactions WHERE account_id = 1 ORDER BY date DESC, id DESC LIMIT 1) + i,
    'new' || i || clock_timestamp(), '', 1, 2, i
FROM generate_series(1, 10) i;
"""


def measured(work: Callable[[Session], Any], *, times: int = 3) -> dict[str, float]:
    """The best of several runs, each in a session of its own, in milliseconds: until the answer, of our CPU, and of the
    CPU of the PostgreSQL process that serves the session."""
    took: list[tuple[float, float, float]] = []
    for _ in range(times):
        with session_scope() as session:
            server = session.scalars(text("SELECT pg_backend_pid()")).one()
            before = time.perf_counter(), time.process_time(), _cpu_of(server)
            work(session)
            after = time.perf_counter(), time.process_time(), _cpu_of(server)
            took.append((after[0] - before[0], after[1] - before[1], after[2] - before[2]))
    names = ("ms", "our_cpu_ms", "postgres_cpu_ms")
    return {name: round(min(column) * 1000, 1) for name, column in zip(names, zip(*took, strict=True), strict=True)}


def _cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fill(rows: int, accounts: int) -> None:
    """Store the rows, and the user, accounts and import that they belong to."""
    values = {"rows": rows, "accounts": accounts, "days": DAYS, "today": f"DATE '{utc_today()}'"}
    with session_scope() as session:
        session.execute(text(FILL.format(**values)))


def measure(rows: int, accounts: int) -> dict[str, Any]:
    """Every figure for one number of rows."""
    fill(rows, accounts)
    keep_freshness()
    today = utc_today()

    def plain(session: Session, **wanted: Any) -> Any:
        return live_and_fitting(session, 1, TransactionFilter(**wanted))

    def prove_again(session: Session) -> None:
        session.execute(text(TEN_MORE.format(today=f"DATE '{today}'")))
        prove.prove_and_renew(session, session.get_one(Account, 1), today)

    def prove_all(session: Session) -> None:
        session.get_one(AccountFreshness, 1).sure_point = None
        session.flush()
        prove.prove_account(session, session.get_one(Account, 1), today)

    return {
        "rows": rows,
        "accounts": measured(lambda session: coverage.accounts_read(session, 1, 1)),
        "coverage": measured(lambda session: coverage.coverage_read(session, 1, 1)),
        "proof": measured(lambda session: prove.proof_read(session, 1, 1)),
        "proof after ten rows": measured(prove_again),
        "proof of everything": measured(prove_all),
        "totals": measured(lambda session: transactions.totals(session, plain(session))),
        "first page": measured(lambda session: transactions.search(session, plain(session), limit=100)),
        "common word": measured(lambda session: transactions.search(session, plain(session, text="shop"), limit=100)),
        "absent word": measured(lambda session: transactions.search(session, plain(session, text="qqq"), limit=100)),
        "categories": measured(lambda session: transactions.categories(session, 1)),
        "overlap days": measured(
            lambda session: statistics.overlap_days(session, "bank", utc_now() - timedelta(days=180))
        ),
        "enrichment estimate": measured(lambda session: estimate(session, 1, NewJob()), times=1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many rows")
    parser.add_argument("--accounts", type=int, default=20, help="of how many accounts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        guardian = Guardian()
        server = start_postgres(Path(folder), guardian, durable=False)
        try:
            os.environ["DATABASE_URL"] = server.url()
            upgrade(server.url())
            figures = measure(options.rows, options.accounts)
        finally:
            server.child.stop()
            guardian.close()
    show(figures, as_json=options.json)


if __name__ == "__main__":
    main()
