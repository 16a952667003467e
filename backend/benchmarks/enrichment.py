"""Measure how well and how fast the ladder without a model enriches, over PostgreSQL.

The floor is what any enrichment has to do at least, in the same run on the same machine: one statement that writes four
fields of each row, and COPY of a change and of an origin a row into bare tables. The ratio compares between machines.
On a busy machine, the CPU time of the client and of PostgreSQL per row says more than rows a second.

Usage: python -m benchmarks.enrichment [--rows N] [--json]
"""

import argparse
import os
import resource
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bankimport.db import tables
from bankimport.db.migrate import upgrade
from bankimport.db.session import get_engine, session_scope
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.quality.evaluate import evaluate_without_model, shipped_set
from bankimport.enrichment.quality.score import Labelled, read_labelled
from bankimport.enrichment.rows import RuleMatch
from bankimport.enrichment.rules.rule_store import NewRule
from bankimport.enrichment.run.apply_rule import preview_rule
from bankimport.enrichment.run.jobs import NewJob, create_job
from bankimport.enrichment.run.run import run_enrichment
from bankimport.processes.garbage import spare_what_stays
from bankimport.processes.guardian import Guardian
from bankimport.processes.ports import free_port
from bankimport.processes.postgres import start_postgres
from bankimport.settings import get_settings
from benchmarks.report import show

__all__ = ["tables"]

_WARM_ROWS = 5_000


def measure(count: int) -> dict[str, Any]:
    """The score of the set that ships, and rows a second from stored rows to stored answers."""
    labelled = read_labelled(shipped_set())
    scored = evaluate_without_model(labelled)
    with tempfile.TemporaryDirectory() as folder, closing(Guardian()) as guardian:
        server = start_postgres(Path(folder) / "postgres", guardian, durable=False)
        try:
            # Nobody listens at the broker's address: messages are hints, and the job is run right here.
            os.environ |= {
                "DATABASE_URL": server.url(),
                "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
                "BANKIMPORT_HOME": folder,
            }
            os.environ.pop("BANKIMPORT_LLM_MODEL", None)
            get_settings.cache_clear()
            upgrade(server.url())
            figures = _measure_rows(server.url(), labelled, count)
            get_engine().dispose()
        finally:
            server.child.stop()
    return figures | {
        "labelled_rows": scored.rows,
        "accuracy": scored.accuracy,
        "macro_f1": scored.macro_f1,
        "unknown_rate": scored.unknown_rate,
        "right_when_answered": scored.right_when_answered,
    }


def _measure_rows(url: str, labelled: list[Labelled], count: int) -> dict[str, Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        warm, measured = (_add_user(connection, email) for email in ("warm@example.org", "ada@example.org"))
        _add_rows(connection, warm, labelled, _WARM_ROWS)
        _add_rows(connection, measured, labelled, count)
        floor_server, floor_s = _cpu_of_servers(connection), _floor(connection, measured, count)
        floor_server = _cpu_of_servers(connection) - floor_server
        spare_what_stays()
        _enrich(warm)
        memory_before = _peak_megabytes()
        new_s, _ = _preview(measured)
        client, server = time.process_time(), _cpu_of_servers(connection)
        seconds, job = _enrich(measured)
        client, server = time.process_time() - client, _cpu_of_servers(connection) - server
        preview_s, matching = _preview(measured)
    return {
        "rows": count,
        "with_category": job.successful,
        "seconds": {"floor_write": round(floor_s, 3), "enrich": round(seconds, 3)},
        "cpu_us_per_row": {
            "client": round(client / count * 1e6, 1),
            "postgres": round(server / count * 1e6, 1),
            "floor_postgres": round(floor_server / count * 1e6, 1),
        },
        "merchant_rule_preview": {
            "matching_rows": matching,
            "seconds": round(preview_s, 3),
            "seconds_before_enrichment": round(new_s, 3),
        },
        "rows_per_second": round(count / seconds),
        "ratio_to_floor": round(seconds / floor_s, 2),
        "peak_memory_megabytes": round(_peak_megabytes(), 1),
        "memory_growth_megabytes": round(_peak_megabytes() - memory_before, 1),
    }


def _cpu_of_servers(connection: psycopg.Connection[Any]) -> float:
    """CPU seconds of PostgreSQL's processes for all connections."""
    found = connection.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'").fetchall()
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for (pid,) in found)


def _enrich(user_id: int) -> tuple[float, EnrichmentJob]:
    with session_scope() as session:
        job_id = create_job(session, user_id, NewJob(uses_model=False)).id
    started_at = time.perf_counter()
    run_enrichment(job_id, "benchmark")
    seconds = time.perf_counter() - started_at
    with session_scope() as session:
        job = session.get_one(EnrichmentJob, job_id)
        if job.job_status is not EnrichmentStatus.COMPLETED or job.processed != job.total_transactions:
            raise SystemExit(f"the enrichment did not complete: {job.job_status.value} {job.error_message}")
        session.expunge(job)
    return seconds, job


def _preview(user_id: int) -> tuple[float, int]:
    """Seconds to say what a merchant rule would change of all rows, and how many it fits."""
    rule = NewRule(RuleMatch.KEY, "tesco", None, None, "Groceries")
    with session_scope() as session:
        started_at = time.perf_counter()
        preview = preview_rule(session, user_id, rule)
        return time.perf_counter() - started_at, preview.matching


def _add_user(connection: psycopg.Connection[Any], email: str) -> int:
    (user_id,) = connection.execute("INSERT INTO users (email) VALUES (%s) RETURNING id", [email]).fetchone() or (0,)
    return int(user_id)


def _add_rows(connection: psycopg.Connection[Any], user_id: int, labelled: list[Labelled], count: int) -> None:
    """Rows alone: without the account, import and answer that they came from, which enrichment does not look at."""
    names = (
        "user_id, account_id, status, date, timestamp, has_time, amount, currency, description, classification,"
        " dedupe_key, content_hash, import_job_id, raw_response_id, raw_position"
    )
    connection.execute("SET session_replication_role = replica")
    with connection.cursor() as cursor, cursor.copy(f"COPY transactions ({names}) FROM STDIN") as copy:
        for number in range(count):
            like = labelled[number % len(labelled)].row
            day, text = "2026-01-05", f"{like.description} {number}"
            words = list(like.classification)
            values = (user_id, user_id, "booked", day, f"{day}Z", False, like.amount, "GBP", text, words)
            copy.write_row((*values, f"n{number}", b"", user_id, user_id, number))
    connection.execute("SET session_replication_role = DEFAULT")
    connection.execute("ANALYZE transactions")


def _floor(connection: psycopg.Connection[Any], user_id: int, count: int) -> float:
    """Seconds for the bare writing, which is taken back: the enrichment finds the rows as they were."""
    started_at = time.perf_counter()
    with connection.transaction(force_rollback=True):
        connection.execute(
            "UPDATE transactions SET merchant = 'm', merchant_source = 's', category = 'c', category_source = 's' "
            "WHERE user_id = %s",
            [user_id],
        )
        for table in ("change", "origin"):
            connection.execute(f"CREATE TEMPORARY TABLE {table} (id bigint, said jsonb, at timestamptz)")
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for number in range(count):
                    copy.write_row((number, '{"category": "Groceries", "category_source": "rule"}', "2026-01-05Z"))
    seconds = time.perf_counter() - started_at
    connection.execute("VACUUM ANALYZE transactions")
    return seconds


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    show(measure(arguments.rows), as_json=arguments.json)


if __name__ == "__main__":
    main()
