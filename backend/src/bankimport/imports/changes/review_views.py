"""The review list as shown to the user."""

from sqlalchemy.orm import Session

from bankimport.imports.changes import review
from bankimport.imports.changes.schemas import ReviewList, ReviewRead
from bankimport.imports.models import ReviewItem
from bankimport.paging import id_before
from bankimport.transactions.models import Transaction
from bankimport.transactions.schemas import TransactionRead


def review_list(session: Session, user_id: int, *, is_open: bool, limit: int, cursor: str | None) -> ReviewList:
    """A page of the user's review list.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    items = review.reviews_of(session, user_id, is_open=is_open, before_id=id_before(cursor), limit=limit + 1)
    page = items[:limit]
    return ReviewList(
        reviews=[_read(item, row) for item, row in page],
        next_cursor=str(page[-1][0].id) if len(items) > limit else None,
    )


def review_read(session: Session, item: ReviewItem) -> ReviewRead:
    """One item of the review list, with its row."""
    return _read(item, session.get_one(Transaction, item.transaction_id))


def _read(item: ReviewItem, row: Transaction) -> ReviewRead:
    return ReviewRead(
        id=item.id,
        kind=item.kind,
        job_id=item.job_id,
        transaction=TransactionRead.of(row),
        ours=item.ours,
        banks=item.banks,
        decision=item.decision,
        created_at=item.created_at,
        decided_at=item.decided_at,
    )
