"""`bankimport upgrade`."""

from dataclasses import asdict
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.operate.place import database_at_hand, need_direct_database
from bankimport.maintenance.upgrade import UpgradeCheck, check_upgrade


def upgrade(
    check: Annotated[
        bool, typer.Option("--check", help="Only say what it would do. Exit code 1 when it cannot.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database to the installed version, unless something blocks it, and say what to restart."""
    with errors_shown(as_json), database_at_hand() as settings:
        assert settings.owner_url is not None
        if not check:
            need_direct_database(settings)
        pending = check_upgrade(settings.owner_url)
        goes_ahead = not check and not pending.problems
        if goes_ahead and pending.pending:
            from bankimport.db.migrate import upgrade_and_grant

            upgrade_and_grant(settings)
        body = {**asdict(pending), "applied": goes_ahead and bool(pending.pending)}
        show(body, as_json, lambda: _print(pending, goes_ahead))
    if pending.problems:
        raise typer.Exit(1)


def _print(pending: UpgradeCheck, is_applied: bool) -> None:
    out.print(
        f"installed: bankimport {pending.version}; "
        f"tables at {pending.revision or 'no migration, they are not made yet'}"
    )
    for problem in pending.problems:
        out.print(f"[red]✗[/red] {problem}", soft_wrap=True)
    if pending.pending:
        out.print("applied:" if is_applied else "migrations to apply:")
        rows = table("migration", "what it does")
        for migration in pending.pending:
            rows.add_row(migration.revision, migration.what)
        out.print(rows)
    elif not pending.problems:
        out.print("tables are up to date")
    if pending.unsealed:
        left = ", ".join(f"{count} of {table}" for table, count in pending.unsealed.items())
        out.print(f"not encrypted under users' keys yet: {left}; workers do it while they run", soft_wrap=True)
    old = [process for process in pending.processes if process.version != pending.version]
    if old:
        rows = table("process", "kind", "version")
        for process in old:
            rows.add_row(process.name, process.kind, process.version)
        out.print("still of another version; they work with the new tables, so restart them one by one afterwards:")
        out.print(rows)
    if pending.pending and not is_applied and not pending.problems:
        out.print("next: bankimport backup FILE, then bankimport upgrade")
