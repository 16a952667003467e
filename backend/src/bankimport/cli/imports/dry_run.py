"""`bankimport diff`, `commit` and `discard`: preview what a dry run fetched, then store or discard it."""

from typing import Annotated

import typer
from rich.text import Text

from bankimport.cli.console import AsJson, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.imports.imports import print_status
from bankimport.cli.imports.progress import follow
from bankimport.cli.local import ForUser, acting_as
from bankimport.db.session import session_scope
from bankimport.imports.changes.dry_run import commit_import, diff_read, discard_import
from bankimport.imports.changes.schemas import AccountDiff, DiffRead
from bankimport.imports.read.status import status_read

JobId = Annotated[int, typer.Argument(parser=parse_id, help="The dry run.")]
SIGNS = {
    "new": "[green]+[/green]",
    "changed": "[yellow]~[/yellow]",
    "merged": "[cyan]=[/cyan]",
    "vanished": "[red]-[/red]",
}


def diff(
    job_id: JobId,
    limit: Annotated[int, typer.Option(min=0, max=1000, help="Maximum rows of each kind and account.")] = 20,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show what committing a dry run would store, change, merge and remove."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        found = diff_read(session, owner.id, job_id, limit=limit)
    show(found, as_json, lambda: _print_diff(found))


def commit(
    job_id: JobId,
    wait: Annotated[bool, typer.Option(help="Follow it until it is finished.")] = True,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Store what a dry run fetched; the bank is not called again."""
    with errors_shown(as_json):
        with acting_as(user) as (session, owner):
            commit_import(session, owner.id, job_id)
        if wait and not as_json:
            found = follow(owner.id, job_id)
        else:
            with session_scope() as session:
                found = status_read(session, owner.id, job_id)
        show(found, as_json, lambda: print_status(found))


def discard(job_id: JobId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Discard a dry run: what it fetched is deleted."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        discard_import(session, owner.id, job_id)
        found = status_read(session, owner.id, job_id)
    show(found, as_json, lambda: out.print(f"dry run {job_id} was discarded; nothing in it was stored"))


def _print_diff(found: DiffRead) -> None:
    for account in found.accounts:
        counts = ", ".join(f"{count} {name}" for name, count in account.counts.items() if count) or "nothing"
        out.print(
            f"[bold]{escaped(account.display_name)}[/bold]: {counts}; "
            f"{account.balance_effect:f} {account.currency} in all"
        )
        _print_rows(account)
    out.print(
        f"[dim]`bankimport commit {found.job_id}` stores it, `bankimport discard {found.job_id}` discards it[/dim]"
    )


def _print_rows(account: AccountDiff) -> None:
    rows = table("", "day", ">amount", "description", "change")
    for name, sign in SIGNS.items():
        for row in getattr(account, name):
            change = ", ".join(f"{field}: {row.before.get(field)} → {value}" for field, value in row.after.items())
            rows.add_row(Text.from_markup(sign), str(row.date), f"{row.amount:f}", row.description, change)
    for row in account.lacking:
        rows.add_row("?", str(row.date), f"{row.amount:f}", row.description, "kept although the bank's answer lacks it")
    if rows.row_count:
        out.print(rows)
