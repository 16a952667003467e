"""Measure everything, and print one table: each figure with its floor, its target and whether it meets it.

Ratios compare between machines, figures do not. Each part runs in a process of its own; one that fails is listed, and
the others still run.

Usage: python -m benchmarks [--quick] [--json] [--compare FILE] [PART ...]
"""

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bankimport.clock import utc_now

PARTS = ("start", "rest", "stages", "queue", "schedules", "enrichment", "growth", "load", "live", "lighthouse")
QUICK = {
    "start": [],
    "rest": ["--seconds", "20"],
    "stages": ["--rows", "20000"],
    "queue": ["--due", "10000"],
    "schedules": ["--due", "100"],
    "enrichment": ["--rows", "10000"],
    "growth": ["--rows", "50000"],
}
"""The parts of `--quick`, and how small it makes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table. `floor` is in the figure's unit; a figure meets its target at most, or at least, there."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    target: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times the floor it is."""
        return self.value / self.floor if self.floor else None

    @property
    def mark(self) -> str:
        """Whether it meets its target; empty without one."""
        if self.target is None:
            return ""
        is_met = self.value >= self.target if self.more_is_better else self.value <= self.target
        return "met" if is_met else "missed"


def rows_of(part: str, figures: dict[str, Any]) -> Iterator[Row]:
    """The lines of a part's figures."""
    yield from _ROWS[part](figures)


def _start(figures: dict[str, Any]) -> Iterator[Row]:
    for command, seconds in figures.items():
        if command != "--version":
            yield Row(
                name=f"bankimport {command}, CPU", value=seconds, unit="s", floor=figures["--version"], target=0.5
            )


def _stages(figures: dict[str, Any]) -> Iterator[Row]:
    seconds, micro = figures["seconds"], 1e6 / figures["rows"]
    floor = (seconds["floor_decode"] + seconds["floor_copy"]) * micro
    ours = sum(seconds[name] for name in ("parse", "normalise", "match", "keys")) * micro
    yield Row(name="parse, normalise, match and keys of a row", value=ours, unit="us", floor=floor, target=40)


def _queue(figures: dict[str, Any]) -> Iterator[Row]:
    took, due = figures["milliseconds"], figures["due"]
    floor = took["floor_insert"]
    yield Row(name=f"choose one of {due} due", value=took["choose"], unit="ms", floor=floor)
    yield Row(name=f"choose and take one of {due}", value=took["choose_and_take"], unit="ms", floor=floor, target=10)
    rate = figures["takes_per_second"]
    yield Row(name="takes by one worker", value=rate, unit="a second", target=200, more_is_better=True)


def _rest(figures: dict[str, Any]) -> Iterator[Row]:
    yield Row(name="at rest, CPU of everything", value=figures["cpu_percent"]["all"], unit="% of a core", target=2)
    yield Row(name="at rest, memory of everything (PSS)", value=figures["memory_mb"]["all"], unit="MB", target=300)


def _schedules(figures: dict[str, Any]) -> Iterator[Row]:
    took = figures["milliseconds"]
    floor = took["floor_insert"]
    yield Row(name="fire a due schedule", value=took["fire"], unit="ms", floor=floor)
    yield Row(name="begin its import", value=took["begin"], unit="ms", floor=floor)
    rate = figures["per_second"]
    yield Row(name="schedules fired and begun", value=rate, unit="a second", target=300, more_is_better=True)


def _enrichment(figures: dict[str, Any]) -> Iterator[Row]:
    rate, floor = figures["rows_per_second"], figures["rows"] / figures["seconds"]["floor_write"]
    yield Row(name="enrich without a model", value=rate, unit="rows/s", floor=floor, target=20_000, more_is_better=True)
    cpu = figures["cpu_us_per_row"]
    yield Row(name="the same, CPU of the client per row", value=cpu["client"], unit="us")
    yield Row(name="the same, of PostgreSQL", value=cpu["postgres"], unit="us", floor=cpu["floor_postgres"])


def _growth(figures: dict[str, Any]) -> Iterator[Row]:
    for name, took in figures.items():
        if name != "rows":
            yield Row(name=f"{name}, {figures['rows']} rows", value=took["ms"], unit="ms", target=100)


def _load(figures: dict[str, Any]) -> Iterator[Row]:
    seconds = figures["seconds"]
    floor = seconds["floor_status"]
    yield Row(
        name=f"first progress of {figures['people']} people, p95", value=seconds["progress_p95"], unit="s", floor=floor
    )
    yield Row(
        name=f"imports of {figures['people']} people",
        value=figures["rows_per_second"],
        unit="rows/s",
        more_is_better=True,
    )


def _plain(figures: dict[str, Any]) -> Iterator[Row]:
    for name, value in figures.items():
        for inner, number in value.items() if isinstance(value, dict) else [("", value)]:
            if isinstance(number, int | float):
                yield Row(name=f"{name} {inner}".strip(), value=number, unit="")


_ROWS: dict[str, Callable[[dict[str, Any]], Iterator[Row]]] = {
    "start": _start,
    "rest": _rest,
    "stages": _stages,
    "queue": _queue,
    "schedules": _schedules,
    "enrichment": _enrichment,
    "growth": _growth,
    "load": _load,
    "live": _plain,
    "lighthouse": _plain,
}


def measure(parts: list[str], *, is_quick: bool) -> dict[str, Any]:
    """Every row of every part, with the parts that failed and the versions that were measured."""
    rows: list[Row] = []
    failed: dict[str, str] = {}
    for part in parts:
        sys.stderr.write(f"measuring {part}\n")
        extra = QUICK.get(part, []) if is_quick else []
        done = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, "-m", f"benchmarks.{part}", "--json", *extra], capture_output=True, text=True, check=False
        )
        if done.returncode:
            failed[part] = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
            continue
        rows += rows_of(part, json.loads(done.stdout[done.stdout.index("{") :]))
    return {
        "at": utc_now().isoformat(timespec="seconds"),
        "versions": {"bankimport": version("bankimport"), "python": platform.python_version()},
        "rows": [asdict(row) | {"ratio": row.ratio, "mark": row.mark} for row in rows],
        "failed": failed,
    }


def table(figures: dict[str, Any], before: dict[str, Any] | None = None) -> str:
    """The rows as a table in Markdown; with an earlier run, its figures too."""
    old = {row["name"]: row["value"] for row in before["rows"]} if before else {}
    lines = [
        f"| figure | now |{' before |' if before else ''} floor of the same run | ratio | target | |",
        f"|---|---|{'---|' if before else ''}---|---|---|---|",
    ]
    for row in figures["rows"]:
        cells = [row["name"], _number(row["value"], row["unit"])]
        if before:
            cells.append(_number(old.get(row["name"]), row["unit"]))
        cells += [
            _number(row["floor"], row["unit"]),
            _number(row["ratio"]),
            _number(row["target"], row["unit"]),
            row["mark"],
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += [f"| {part} | failed: {why} | | | | |" for part, why in figures["failed"].items()]
    return "\n".join(lines) + "\n"


def _number(value: float | None, unit: str = "") -> str:
    return "" if value is None else f"{value:.4g} {unit}".strip() if value < 1000 else f"{value:,.0f} {unit}".strip()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="the parts to measure; all without any")
    parser.add_argument("--quick", action="store_true", help="few rows, and without the parts that need a browser")
    parser.add_argument("--json", action="store_true", help="print JSON, for --compare")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="JSON of an earlier run, to print beside this one")
    options = parser.parse_args()
    figures = measure(options.parts or (list(QUICK) if options.quick else list(PARTS)), is_quick=options.quick)
    before = json.loads(options.compare.read_text(encoding="utf-8")) if options.compare else None
    sys.stdout.write(json.dumps(figures, indent=2) + "\n" if options.json else table(figures, before))
    raise SystemExit(1 if figures["failed"] else 0)


if __name__ == "__main__":
    main()
