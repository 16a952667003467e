"""Search a user's transactions page by page, and say what they come to."""

from datetime import date

from sqlalchemy.orm import Session

from bankimport.errors import InvalidRequest
from bankimport.transactions import repository
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from bankimport.transactions.schemas import CurrencyTotalsRead, TotalsRead, TransactionPage, TransactionRead


def search_transactions(
    session: Session, user_id: int, wanted: TransactionFilter, *, limit: int, cursor: str | None
) -> TransactionPage:
    """A page of the user's rows, newest first; paging by key, so rows that arrive meanwhile shift nothing.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: the cursor is not one of ours, or the filter makes no sense.
    """
    conditions = live_and_fitting(session, user_id, wanted)
    after = _after(cursor) if cursor is not None else None
    rows = repository.search(session, conditions, after=after, limit=limit + 1)
    page = rows[:limit]
    return TransactionPage(
        transactions=[TransactionRead.of(row) for row in page],
        next_cursor=f"{page[-1].date.isoformat()}_{page[-1].id}" if len(rows) > limit else None,
    )


def total_transactions(session: Session, user_id: int, wanted: TransactionFilter) -> TotalsRead:
    """What all of the user's rows that fit come to, per currency, however many pages they have.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: the filter makes no sense.
    """
    found = repository.totals(session, live_and_fitting(session, user_id, wanted))
    return TotalsRead(
        rows=sum(item.rows for item in found),
        pending=sum(item.pending for item in found),
        currencies=[
            CurrencyTotalsRead(
                currency=item.currency,
                rows=item.rows,
                pending=item.pending,
                money_in=item.money_in,
                money_out=item.money_out,
                net=item.money_in + item.money_out,
            )
            for item in found
        ],
    )


def _after(cursor: str) -> tuple[date, int]:
    day, _, row_id = cursor.partition("_")
    try:
        if not (row_id.isascii() and row_id.isdigit() and len(row_id) <= 18):
            raise ValueError
        return date.fromisoformat(day), int(row_id)
    except ValueError:
        raise InvalidRequest("cursor is not one that an earlier page gave") from None
