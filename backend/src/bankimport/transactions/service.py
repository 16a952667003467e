"""Search a user's transactions page by page, and sum them up."""

from sqlalchemy.orm import Session

from bankimport.transactions import repository
from bankimport.transactions.day_sums import totals_of_days
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from bankimport.transactions.schemas import CurrencyTotalsRead, TotalsRead, TransactionPage, TransactionRead
from bankimport.transactions.sorting import Sort, cursor_after


def search_transactions(
    session: Session,
    user_id: int,
    filters: TransactionFilter,
    *,
    limit: int,
    cursor: str | None,
    sort: Sort = Sort.NEWEST,
) -> TransactionPage:
    """A page of the user's rows. Paging is by key, so rows that arrive meanwhile do not shift it.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: the cursor or the filter is invalid.
    """
    conditions = live_and_fitting(session, user_id, filters)
    rows = repository.search(session, conditions, sort, cursor=cursor, limit=limit + 1)
    page = rows[:limit]
    return TransactionPage(
        transactions=[TransactionRead.of(row) for row in page],
        next_cursor=cursor_after(page[-1], sort) if len(rows) > limit else None,
    )


def total_transactions(session: Session, user_id: int, filters: TransactionFilter) -> TotalsRead:
    """The sums of all the user's matching rows, per currency, regardless of pages.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: the filter is invalid.
    """
    by_currency = totals_of_days(session, user_id, filters)
    if by_currency is None:
        by_currency = repository.totals(session, live_and_fitting(session, user_id, filters))
    return TotalsRead(
        rows=sum(item.rows for item in by_currency),
        pending=sum(item.pending for item in by_currency),
        currencies=[
            CurrencyTotalsRead(
                currency=item.currency,
                rows=item.rows,
                pending=item.pending,
                money_in=item.money_in,
                money_out=item.money_out,
                net=item.money_in + item.money_out,
            )
            for item in by_currency
        ],
    )
