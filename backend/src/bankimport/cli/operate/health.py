"""`bankimport health`: whether everything works, and whether due imports really happen."""

from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.local import join_installation
from bankimport.monitoring.health import HealthRead, State, health_read
from bankimport.settings import get_settings

MARKS = {State.OK: "[green]✓[/green]", State.WARN: "[yellow]![/yellow]", State.FAIL: "[red]✗[/red]"}


def health(
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show whether the installation works and its data is fresh, and what to do. Exit code 1 if something fails."""
    with errors_shown(as_json):
        join_installation()
        report = health_read(get_settings().flower_url)
    show(report, as_json, lambda: _print(report))
    if report.state is State.FAIL or (strict and report.state is State.WARN):
        raise typer.Exit(1)


def _print(report: HealthRead) -> None:
    width = max(len(check.name) for check in report.checks)
    for check in report.checks:
        out.print(f"{MARKS[check.state]} {check.name:{width}} {check.found}", soft_wrap=True)
        if check.remedy:
            out.print(f"  {'':{width}} → {check.remedy}", soft_wrap=True)
    if report.processes:
        rows = table("process", "kind", "version", ">memory MB", ">busy")
        for process in report.processes:
            busy = process.figures.get("worker_threads_busy")
            rows.add_row(
                process.name,
                process.kind,
                process.version,
                f"{process.figures.get('memory_bytes', 0) / 1e6:.0f}",
                "" if busy is None else f"{busy:.0f} of {process.figures.get('worker_threads', 0):.0f}",
            )
        out.print(rows)
    if report.flower_url:
        out.print(f"Flower, which shows workers and tasks: {report.flower_url}", soft_wrap=True)
