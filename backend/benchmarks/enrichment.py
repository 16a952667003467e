"""Measure how well and how fast the ladder without a model enriches.

Usage: python -m benchmarks.enrichment [--rows N] [--json]
"""

import argparse
import resource
import time
from decimal import Decimal
from typing import Any

from bankimport.enrichment.ladder import RowToEnrich, decide
from bankimport.enrichment.quality.evaluate import evaluate_without_model, shipped_set
from bankimport.enrichment.quality.score import read_labelled
from bankimport.enrichment.rules import RuleBook
from bankimport.enrichment.taxonomy import DEFAULT_CATEGORIES
from benchmarks.report import show


def measure(count: int) -> dict[str, Any]:
    """The score of the set that ships, and rows a second through keys and rungs; the database is not in this figure."""
    labelled = read_labelled(shipped_set())
    scored = evaluate_without_model(labelled)
    names = frozenset(name for name, _, _ in DEFAULT_CATEGORIES)
    rules = RuleBook([])
    started_at = time.perf_counter()
    for number in range(count):
        like = labelled[number % len(labelled)].row
        row = RowToEnrich(number, f"{like.description} {number}", Decimal(-1), None, like.classification)
        decide(row, row.key, rules, None, names)
    seconds = time.perf_counter() - started_at
    return {
        "rows": count,
        "rows_per_second": round(count / seconds),
        "peak_memory_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "labelled_rows": scored.rows,
        "accuracy": scored.accuracy,
        "macro_f1": scored.macro_f1,
        "unknown_rate": scored.unknown_rate,
        "right_when_answered": scored.right_when_answered,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    show(measure(arguments.rows), as_json=arguments.json)


if __name__ == "__main__":
    main()
