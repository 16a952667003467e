"""Transactions over HTTP."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from bankimport.auth import CurrentUser
from bankimport.days import Day
from bankimport.db.request import SessionDep, UntilSent
from bankimport.ids import Id
from bankimport.paging import Cursor
from bankimport.transactions import bulk_edits, edits, repository
from bankimport.transactions.day_sums import totals_by_month
from bankimport.transactions.export.service import ExportFormat, ExportStatus, open_export
from bankimport.transactions.filters import Direction, TransactionFilter
from bankimport.transactions.models import TransactionStatus
from bankimport.transactions.schemas import (
    BulkEdit,
    BulkEditRead,
    CategoryList,
    CategoryRead,
    EditUndo,
    EditUndoRead,
    MatchingEditRead,
    MatchingUndo,
    MatchingUndoRead,
    MonthList,
    MonthSumsRead,
    SavedFilters,
    TotalsRead,
    TransactionEdit,
    TransactionPage,
    TransactionRead,
)
from bankimport.transactions.service import search_transactions, total_transactions
from bankimport.transactions.sorting import Sort
from bankimport.users.models import User

router = APIRouter(prefix="/api/transactions", tags=["transactions"])

Bookmark = Annotated[str | None, Query(max_length=200)]
PageLimit = Annotated[int, Query(ge=1, le=1000)]


def read_filter(
    account_id: Id | None = None,
    import_job_id: Id | None = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    category: Annotated[str | None, Query(max_length=100)] = None,
    categorised: bool | None = None,
    direction: Direction | None = None,
    least_amount: Annotated[Decimal | None, Query(ge=0)] = None,
    most_amount: Annotated[Decimal | None, Query(ge=0)] = None,
    enrichment_job_id: Id | None = None,
    rule_id: Id | None = None,
) -> TransactionFilter:
    """The query string's filter of rows, except their status. Amounts are without their sign.

    `enrichment_job_id`: rows whose merchant or category that enrichment changed; `rule_id`: rows with a merchant or
    category from that rule.
    """
    return TransactionFilter(
        account_id=account_id,
        job_id=import_job_id,
        first=first,
        last=last,
        text=q,
        category=category,
        is_categorised=categorised,
        direction=direction,
        least=least_amount,
        most=most_amount,
        enrichment_job_id=enrichment_job_id,
        rule_id=rule_id,
    )


Filter = Annotated[TransactionFilter, Depends(read_filter)]


@router.get("")
def read_transactions(
    session: SessionDep,
    user: CurrentUser,
    filters: Filter,
    status: TransactionStatus | None = None,
    sort: Sort = Sort.NEWEST,
    limit: PageLimit = 100,
    cursor: Cursor = None,
) -> TransactionPage:
    """Search the user's transactions; dates and amounts are inclusive."""
    chosen = replace(filters, status=status)
    return search_transactions(session, user.id, chosen, limit=limit, cursor=cursor, sort=sort)


@router.get("/totals")
def read_totals(
    session: SessionDep, user: CurrentUser, filters: Filter, status: TransactionStatus | None = None
) -> TotalsRead:
    """The sums of all matching rows, per currency."""
    return total_transactions(session, user.id, replace(filters, status=status))


@router.get("/months")
def read_months(
    session: SessionDep, user: CurrentUser, filters: Filter, status: TransactionStatus | None = None
) -> MonthList:
    """The sums of all matching rows by month and currency."""
    months = totals_by_month(session, user.id, replace(filters, status=status))
    return MonthList(
        months=[MonthSumsRead(**item._asdict(), net=item.money_in + item.money_out) for item in months],
    )


@router.get("/saved-filters")
def read_saved_filters(session: SessionDep, user: CurrentUser) -> SavedFilters:
    """The user's named filters."""
    return SavedFilters.model_validate({"filters": session.get_one(User, user.id).saved_filters})


@router.put("/saved-filters")
def save_filters(body: SavedFilters, session: SessionDep, user: CurrentUser) -> SavedFilters:
    """Replace the user's named filters."""
    session.get_one(User, user.id).saved_filters = [item.model_dump() for item in body.filters]
    return body


@router.get("/categories")
def read_categories(session: SessionDep, user: CurrentUser) -> CategoryList:
    """The categories in use, most common first."""
    names = repository.categories(session, user.id)
    return CategoryList(
        categories=[CategoryRead(name=name, rows=rows) for name, rows in names if name is not None],
        uncategorised=sum(rows for name, rows in names if name is None),
    )


@router.post("/edits")
def edit_many(body: BulkEdit, session: SessionDep, user: CurrentUser) -> BulkEditRead:
    """Set the merchant or category of several rows, all of them or none."""
    changes = body.model_dump(exclude_unset=True, exclude={"transaction_ids"})
    rows, change_ids = edits.edit_transactions(session, user.id, body.transaction_ids, changes)
    return BulkEditRead(transactions=[TransactionRead.of(row) for row in rows], change_ids=change_ids)


@router.post("/edits/undo")
def undo_edits(body: EditUndo, session: SessionDep, user: CurrentUser) -> EditUndoRead:
    """Undo edits, each to the row's values just before it; rows changed since stay."""
    rows, changed = edits.undo_edits(session, user.id, body.change_ids)
    return EditUndoRead(transactions=[TransactionRead.of(row) for row in rows], changed_since=changed)


@router.post("/edits/matching")
def edit_all_matching(
    body: TransactionEdit,
    session: SessionDep,
    user: CurrentUser,
    matching: Filter,
    status: TransactionStatus | None = None,
) -> MatchingEditRead:
    """Set the merchant or category of all rows that match the query string's filter, all of them or none."""
    changes = body.model_dump(exclude_unset=True)
    edited = bulk_edits.edit_matching(session, user.id, replace(matching, status=status), changes)
    return MatchingEditRead(rows=edited.rows, bulk_edit_id=edited.bulk_edit_id)


@router.post("/edits/matching/undo")
def undo_all_matching(body: MatchingUndo, session: SessionDep, user: CurrentUser) -> MatchingUndoRead:
    """Undo an edit of all matching rows; rows changed since stay."""
    edited = bulk_edits.undo_matching(session, user.id, body.bulk_edit_id)
    return MatchingUndoRead(rows=edited.rows, changed_since=edited.changed_since)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The file. The next export continues from `X-Export-Bookmark`. `X-Export-Rows` is its rows, "
            "`X-Export-Left-Out` how many more match but do not fit the format, in `X-Export-Left-Out-Currencies`.",
            "content": {form.media_type.partition(";")[0]: {} for form in ExportFormat},
        }
    },
)
def export_transactions(
    until_sent: UntilSent,
    user: CurrentUser,
    filters: Filter,
    form: Annotated[ExportFormat, Query(alias="format")],
    status: ExportStatus = ExportStatus.BOOKED,
    bookmark: Bookmark = None,
    until: Bookmark = None,
    byte_order_mark: bool = False,
) -> StreamingResponse:
    """The user's transactions as a file, oldest first; dates are inclusive.

    With the bookmark of an earlier export, only rows that were stored or booked after it. `until`, another bookmark,
    ends the range, so that the same file can be downloaded again. `byte_order_mark` makes spreadsheets read CSV as
    UTF-8.
    """
    chosen = replace(filters, status=status.filter)
    export = until_sent.enter_context(
        open_export(user.id, chosen, form, since=bookmark, until=until, byte_order_mark=byte_order_mark)
    )
    return StreamingResponse(
        export.chunks,
        media_type=form.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{export.file_name}"',
            "Cache-Control": "no-store",
            "X-Export-Bookmark": export.bookmark,
            "X-Export-Rows": str(export.rows),
            "X-Export-Left-Out": str(sum(export.left_out.values())),
            "X-Export-Left-Out-Currencies": " ".join(sorted(export.left_out)),
        },
    )


@router.get("/{transaction_id:int}")
def read_transaction(transaction_id: Id, session: SessionDep, user: CurrentUser) -> TransactionRead:
    """One row."""
    return TransactionRead.of(edits.transaction_of(session, user.id, transaction_id))


@router.patch("/{transaction_id}")
def edit(transaction_id: Id, body: TransactionEdit, session: SessionDep, user: CurrentUser) -> TransactionRead:
    """Set the merchant or category; no bank, rule or model overwrites it."""
    changes = body.model_dump(exclude_unset=True)
    return TransactionRead.of(edits.edit_transaction(session, user.id, transaction_id, changes))


@router.delete("/{transaction_id}/edits")
def take_back_edits(transaction_id: Id, session: SessionDep, user: CurrentUser) -> TransactionRead:
    """Restore a row's values from before its first edit."""
    return TransactionRead.of(edits.take_back_edits(session, user.id, transaction_id))
