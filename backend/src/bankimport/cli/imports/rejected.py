"""`bankimport rejected`: the rejected rows of an import."""

from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.imports.answers.rejected import rejected_read
from bankimport.imports.schemas import RejectedList


def rejected(
    job_id: Annotated[int, typer.Argument(parser=parse_id, help="The import.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Maximum number of rows.")] = 100,
    cursor: Annotated[str | None, typer.Option(help="`next_cursor` of the previous page.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List rejected rows as the bank sent them: unreadable, or of days outside the request."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        page = rejected_read(session, owner.id, job_id, limit=limit, cursor=cursor)
    show(page, as_json, lambda: _print_rows(page))


def _print_rows(page: RejectedList) -> None:
    if not page.rejected:
        out.print("no row of the bank was rejected")
        return
    rows = table(">account", "answer", ">position", "why", "as the bank sent it")
    for row in page.rejected:
        answer = "pending rows" if row.is_pending else "booked rows"
        rows.add_row(row.account_id, answer, str(row.position), row.reason, row.raw)
    out.print(rows)
    if page.next_cursor is not None:
        out.print(f"[dim]more: --cursor {page.next_cursor}[/dim]")
