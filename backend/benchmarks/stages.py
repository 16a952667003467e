"""Measure how fast rows go from the bank's bytes into PostgreSQL, and how much memory that takes.

Every figure is next to a floor of the same run on the same machine: reading the bytes alone, and COPY of the same
rows into a bare table alone. The ratios compare between machines, the figures do not.

Usage: python -m benchmarks.stages [--rows N] [--json]
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from bankimport.accounts.models import AccountKind
from bankimport.clock import utc_now
from bankimport.db.migrate import upgrade
from bankimport.imports.answers.normalise import NewTransaction, normalise
from bankimport.imports.match.match import dedupe_keys, match_rows
from bankimport.imports.match.pairing import StoredRow
from bankimport.processes.guardian import Guardian
from bankimport.processes.postgres import start_postgres
from bankimport.truelayer.answers import parse_rows
from benchmarks.report import show

ROWS_A_DAY = 40


def a_body(rows: int) -> bytes:
    """An answer of a bank with every field given."""
    start = date(2020, 1, 1)
    results = []
    for number in range(rows):
        day = start + timedelta(days=number // ROWS_A_DAY)
        results.append(
            {
                "timestamp": f"{day.isoformat()}T00:00:00Z",
                "description": f"CARD PAYMENT TO SHOP {number % 997}",
                "amount": -(number % 9999) / 100,
                "currency": "GBP",
                "transaction_type": "DEBIT",
                "transaction_category": "PURCHASE",
                "transaction_classification": ["Shopping", "Groceries"],
                "merchant_name": f"Shop {number % 997}",
                "transaction_id": f"{number:032x}",
                "provider_transaction_id": f"p{number}",
                "normalised_provider_transaction_id": f"txn-{number:024x}",
                "running_balance": {"amount": 1000.0, "currency": "GBP"},
                "meta": {"provider_category": "PUR"},
            }
        )
    return msgspec.json.encode({"results": results, "status": "Succeeded"})


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that the work took, the best of three, and what it gave."""
    best, result = float("inf"), None
    for _ in range(3):
        started_at = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - started_at)
    return best, result


def as_stored(rows: list[NewTransaction], keys: list[str]) -> list[StoredRow]:
    """The rows as the database would give them back."""
    return [
        StoredRow(
            id=number,
            is_pending=False,
            date=row.date,
            timestamp=row.timestamp,
            amount=row.amount,
            currency=row.currency,
            description=row.description,
            transaction_id=row.transaction_id,
            provider_transaction_id=row.provider_transaction_id,
            normalised_provider_transaction_id=row.normalised_provider_transaction_id,
            dedupe_key=key,
            content_hash=row.content_hash,
        )
        for number, (row, key) in enumerate(zip(rows, keys, strict=True))
    ]


def copy_floor(url: str, rows: list[NewTransaction]) -> float:
    """Seconds to COPY the bare rows into a bare table."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE floor (day date, amount numeric, description text, id text)")
        started_at = time.perf_counter()
        with cursor.copy("COPY floor FROM STDIN") as copy:
            for row in rows:
                copy.write_row((row.date, row.amount, row.description, row.transaction_id))
        return time.perf_counter() - started_at


def measure(count: int) -> dict[str, Any]:
    """Every figure of one run."""
    body = a_body(count)
    decode_s, _ = timed(lambda: msgspec.json.decode(body))
    parse_s, fetched = timed(lambda: parse_rows(body))
    ours = [row.transaction for row in fetched if row.transaction is not None]
    normalise_s, rows = timed(lambda: [normalise(row, n, AccountKind.ACCOUNT) for n, row in enumerate(ours)])
    keys_s, keys = timed(lambda: dedupe_keys(rows, ()))
    stored = as_stored(rows, keys)
    days = {"covered_from": rows[0].date, "covered_to": rows[-1].date}
    match_s, matching = timed(lambda: match_rows(rows, stored, **days))
    if matching.new or len(matching.matches) != count:
        raise SystemExit("the benchmark's replay was not recognised whole")
    with tempfile.TemporaryDirectory() as folder:
        guardian = Guardian()
        server = start_postgres(Path(folder), guardian, durable=False)
        try:
            upgrade(server.url())
            copy_s = copy_floor(server.url(), rows)
        finally:
            server.child.stop()
            guardian.close()
    ours_s = parse_s + normalise_s + match_s + keys_s
    return {
        "at": utc_now().isoformat(timespec="seconds"),
        "rows": count,
        "body_megabytes": round(len(body) / 1e6, 1),
        "seconds": {
            "floor_decode": round(decode_s, 4),
            "floor_copy": round(copy_s, 4),
            "parse": round(parse_s, 4),
            "normalise": round(normalise_s, 4),
            "match": round(match_s, 4),
            "keys": round(keys_s, 4),
        },
        "rows_per_second": round(count / ours_s),
        "ratio_to_floor": round(ours_s / (decode_s + copy_s), 2),
        "peak_memory_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    show(measure(arguments.rows), as_json=arguments.json)


if __name__ == "__main__":
    main()
