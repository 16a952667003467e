"""Search a user's transactions page by page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bankimport.accounts.repository import account_of
from bankimport.errors import InvalidRequest
from bankimport.transactions import repository
from bankimport.transactions.models import TransactionStatus
from bankimport.transactions.schemas import TransactionPage, TransactionRead


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """Which rows are wanted; what is None does not matter. Dates are inclusive."""

    account_id: str | None = None
    job_id: int | None = None
    first: date | None = None
    last: date | None = None
    status: TransactionStatus | None = None
    text: str | None = None


def search_transactions(
    session: Session, user_id: int, wanted: TransactionFilter, *, limit: int, cursor: str | None
) -> TransactionPage:
    """A page of the user's rows, newest first; paging by key, so rows that arrive meanwhile shift nothing.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: the cursor is not one of ours.
    """
    account = account_of(session, user_id, wanted.account_id) if wanted.account_id is not None else None
    rows = repository.search(
        session,
        user_id,
        account_id=account.id if account is not None else None,
        job_id=wanted.job_id,
        first=wanted.first,
        last=wanted.last,
        status=wanted.status,
        text=wanted.text,
        after=_after(cursor) if cursor is not None else None,
        limit=limit + 1,
    )
    page = rows[:limit]
    return TransactionPage(
        transactions=[TransactionRead.of(row) for row in page],
        next_cursor=f"{page[-1].date.isoformat()}_{page[-1].id}" if len(rows) > limit else None,
    )


def _after(cursor: str) -> tuple[date, int]:
    day, _, row_id = cursor.partition("_")
    try:
        if not (row_id.isascii() and row_id.isdigit() and len(row_id) <= 18):
            raise ValueError
        return date.fromisoformat(day), int(row_id)
    except ValueError:
        raise InvalidRequest("cursor is not one that an earlier page gave") from None
