"""`bankimport transactions`."""

from datetime import date
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.days import parse_day
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.transactions.filters import TransactionFilter
from bankimport.transactions.models import TransactionStatus
from bankimport.transactions.schemas import TransactionPage
from bankimport.transactions.service import search_transactions


def transactions(
    account: Annotated[
        int | None, typer.Option("--account", parser=parse_id, help="Only of this account or card.")
    ] = None,
    from_date: Annotated[
        date | None, typer.Option("--from", parser=parse_day, metavar="DAY", help="First day.")
    ] = None,
    to_date: Annotated[date | None, typer.Option("--to", parser=parse_day, metavar="DAY", help="Last day.")] = None,
    status: Annotated[TransactionStatus | None, typer.Option(help="Only booked, or only pending ones.")] = None,
    search: Annotated[str | None, typer.Option("--search", help="Text in the description or merchant.")] = None,
    enrichment: Annotated[
        int | None, typer.Option("--enrichment", parser=parse_id, help="Only rows that this enrichment changed.")
    ] = None,
    rule: Annotated[
        int | None, typer.Option("--rule", parser=parse_id, help="Only with a merchant or category from this rule.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Maximum number of rows.")] = 50,
    cursor: Annotated[str | None, typer.Option(help="`next_cursor` of the previous page.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Search transactions, newest first."""
    filters = TransactionFilter(
        account_id=account,
        first=from_date,
        last=to_date,
        status=status,
        text=search,
        enrichment_job_id=enrichment,
        rule_id=rule,
    )
    with errors_shown(as_json), acting_as(user) as (session, owner):
        page = search_transactions(session, owner.id, filters, limit=limit, cursor=cursor)
    show(page, as_json, lambda: _print_page(page))


def _print_page(page: TransactionPage) -> None:
    if not page.transactions:
        out.print("no transaction matches; import some with `bankimport import`")
        return
    rows = table("day", ">amount", "currency", "description", "status", ">account")
    for row in page.transactions:
        rows.add_row(
            str(row.date), format(row.amount, "f"), row.currency, row.description, row.status.value, row.account_id
        )
    out.print(rows)
    if page.next_cursor:
        out.print(f"[dim]more: --cursor {page.next_cursor}[/dim]")
