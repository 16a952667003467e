"""`bankimport transfers`: pairs of rows that are one transfer between own accounts."""

from decimal import Decimal
from typing import Annotated

import typer
from pydantic import BaseModel
from sqlalchemy.orm import Session

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.errors import InvalidRequest
from bankimport.transactions.models import TransferStatus
from bankimport.transactions.transfers import decide
from bankimport.transactions.transfers.schemas import ConfirmedRead, TransferPage, TransferRead, TransferScanRead
from bankimport.transactions.transfers.suggest import suggest_transfers
from bankimport.transactions.transfers.views import transfer_page


def transfers(
    transfer_id: Annotated[
        int | None, typer.Argument(parser=parse_id, help="The pair to decide; default: list pairs.")
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="The two rows are one transfer.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="They are not one; never suggest them again.")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Undo the decision.")] = False,
    confirm_above: Annotated[
        float | None, typer.Option(min=0.5, max=1, help="Confirm all suggestions with at least this confidence.")
    ] = None,
    look: Annotated[bool, typer.Option("--look", help="Scan the whole record now.")] = False,
    status: Annotated[TransferStatus, typer.Option(help="Which to list.")] = TransferStatus.SUGGESTED,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Maximum number of pairs.")] = 50,
    cursor: Annotated[str | None, typer.Option(help="`next_cursor` of the previous page.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List, confirm or refuse transfers between your own accounts."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        actions = [confirm, refuse, reopen, look, confirm_above is not None]
        if sum(actions) > 1 or (transfer_id is not None) != any(actions[:3]):
            raise InvalidRequest(
                "give a transfer with one of --confirm, --refuse or --reopen; or only --look or --confirm-above; "
                "or nothing to list pairs"
            )
        if look:
            result: BaseModel = TransferScanRead.of(suggest_transfers(session, owner.id))
        elif confirm_above is not None:
            result = ConfirmedRead.of(decide.confirm_all(session, owner.id, Decimal(str(confirm_above))))
        elif transfer_id is not None:
            result = _decided(session, owner.id, transfer_id, is_confirmed=confirm, is_refused=refuse)
        else:
            result = transfer_page(session, owner.id, status, limit=limit, cursor=cursor)
    show(result, as_json, lambda: _print(result))


def _decided(session: Session, user_id: int, transfer_id: int, *, is_confirmed: bool, is_refused: bool) -> TransferRead:
    if is_confirmed:
        return TransferRead.of(decide.confirm(session, user_id, transfer_id))
    if is_refused:
        return TransferRead.of(decide.refuse(session, user_id, transfer_id))
    return TransferRead.of(decide.reopen(session, user_id, transfer_id))


def _print(result: BaseModel) -> None:
    match result:
        case TransferScanRead():
            out.print(f"{result.suggested} suggested, {result.new} of them new, {result.dropped} dropped")
            if result.too_alike:
                out.print(f"[dim]{result.too_alike} rows have too many equal candidates to choose from[/dim]")
        case ConfirmedRead():
            out.print(f"{result.confirmed} confirmed")
        case TransferRead():
            out.print(f"transfer {result.id} is {result.status.value}")
        case TransferPage():
            _print_page(result)


def _print_page(page: TransferPage) -> None:
    if not page.transfers:
        counts = page.counts
        out.print(f"none; {counts.suggested} suggested, {counts.confirmed} confirmed, {counts.refused} refused")
        return
    rows = table(">transfer", ">sure", ">amount", "currency", "out", "from", "in", "to", "note")
    for pair in page.transfers:
        rows.add_row(
            str(pair.id),
            f"{pair.confidence:.0%}",
            format(pair.amount, "f"),
            pair.currency,
            f"{pair.money_out.date} (account {pair.money_out.account_id})",
            pair.money_out.description,
            f"{pair.money_in.date} (account {pair.money_in.account_id})",
            pair.money_in.description,
            _note(pair),
        )
    out.print(rows)
    if page.next_cursor:
        out.print(f"[dim]more: --cursor {page.next_cursor}[/dim]")
    out.print("[dim]decide with `bankimport transfers ID --confirm` or `--refuse`[/dim]")


def _note(pair: TransferRead) -> str:
    if not pair.is_whole:
        return "a row was removed from the record"
    if not pair.fits:
        return "the amounts no longer match"
    return f"{pair.alternatives} other rows fit too" if pair.alternatives else ""
