"""Transactions over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from bankimport.auth import CurrentUser
from bankimport.db.session import SessionDep, UntilSent
from bankimport.transactions import edits
from bankimport.transactions.export.service import ExportFormat, ExportStatus, open_export
from bankimport.transactions.models import TransactionStatus
from bankimport.transactions.schemas import TransactionEdit, TransactionPage, TransactionRead
from bankimport.transactions.service import TransactionFilter, search_transactions

router = APIRouter(prefix="/api/transactions", tags=["transactions"])

Bookmark = Annotated[str | None, Query(max_length=200)]
PageLimit = Annotated[int, Query(ge=1, le=1000)]


@router.get("")
def read_transactions(
    session: SessionDep,
    user: CurrentUser,
    account_id: str | None = None,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    status: TransactionStatus | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    limit: PageLimit = 100,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
) -> TransactionPage:
    """Search the user's transactions; dates are inclusive, newest first."""
    wanted = TransactionFilter(account_id=account_id, first=first, last=last, status=status, text=q)
    return search_transactions(session, user.id, wanted, limit=limit, cursor=cursor)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The file. `X-Export-Bookmark` is where the next export goes on, `X-Export-Rows` its rows.",
            "content": {form.media_type.partition(";")[0]: {} for form in ExportFormat},
        }
    },
)
def export_transactions(
    until_sent: UntilSent,
    user: CurrentUser,
    form: Annotated[ExportFormat, Query(alias="format")],
    account_id: str | None = None,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    status: ExportStatus = ExportStatus.BOOKED,
    q: Annotated[str | None, Query(max_length=200)] = None,
    bookmark: Bookmark = None,
    until: Bookmark = None,
) -> StreamingResponse:
    """The user's transactions as a file, oldest first; dates are inclusive.

    With a bookmark of an earlier export, only rows that were stored or booked after it; `until`, another bookmark, ends
    the range, so that the same file can be had again.
    """
    wanted = TransactionFilter(account_id=account_id, first=first, last=last, status=status.filter, text=q)
    export = until_sent.enter_context(open_export(user.id, wanted, form, since=bookmark, until=until))
    return StreamingResponse(
        export.chunks,
        media_type=form.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{export.file_name}"',
            "Cache-Control": "no-store",
            "X-Export-Bookmark": export.bookmark,
            "X-Export-Rows": str(export.rows),
        },
    )


@router.patch("/{transaction_id}")
def edit(transaction_id: int, wanted: TransactionEdit, session: SessionDep, user: CurrentUser) -> TransactionRead:
    """Set merchant or category; no bank, rule or model writes over that."""
    given = wanted.model_dump(exclude_unset=True)
    return TransactionRead.of(edits.edit_transaction(session, user.id, transaction_id, given))


@router.delete("/{transaction_id}/edits")
def take_back_edits(transaction_id: int, session: SessionDep, user: CurrentUser) -> TransactionRead:
    """Give a row back what it had before it was first edited."""
    return TransactionRead.of(edits.take_back_edits(session, user.id, transaction_id))
