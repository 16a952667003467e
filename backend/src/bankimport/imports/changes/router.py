"""The review list over HTTP: conflicts that only the user can decide."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from bankimport.auth import CurrentUser
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.imports.changes import review
from bankimport.imports.changes.schemas import ReviewBulk, ReviewBulkRead, ReviewList, ReviewRead
from bankimport.imports.models import ReviewDecision, ReviewItem
from bankimport.paging import Cursor, id_before
from bankimport.transactions.models import Transaction
from bankimport.transactions.schemas import TransactionRead

router = APIRouter(prefix="/api/reviews", tags=["reviews"])


@router.get("")
def read_reviews(
    session: SessionDep,
    user: CurrentUser,
    decided: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> ReviewList:
    """The open items, or with `decided` the decided ones; newest first."""
    return review_list(session, user.id, is_open=not decided, limit=limit, cursor=cursor)


@router.post("/{review_id}/keep")
def keep(review_id: Id, session: SessionDep, user: CurrentUser) -> ReviewRead:
    """Keep what is stored."""
    return _decided(session, review.decide(session, user.id, review_id, ReviewDecision.KEPT))


@router.post("/{review_id}/take")
def take(review_id: Id, session: SessionDep, user: CurrentUser) -> ReviewRead:
    """Accept the bank's side: its value, or the removal of the row."""
    return _decided(session, review.decide(session, user.id, review_id, ReviewDecision.TAKEN))


@router.post("/{review_id}/reopen")
def reopen(review_id: Id, session: SessionDep, user: CurrentUser) -> ReviewRead:
    """Undo a decision; the row is restored."""
    return _decided(session, review.reopen(session, user.id, review_id))


@router.post("/decide")
def decide_many(wanted: ReviewBulk, session: SessionDep, user: CurrentUser) -> ReviewBulkRead:
    """Decide several items the same way."""
    decided, problems = review.decide_many(session, user.id, wanted.review_ids, ReviewDecision(wanted.decision))
    return ReviewBulkRead(reviews=[_decided(session, item) for item in decided], problems=problems)


def review_list(session: Session, user_id: int, *, is_open: bool, limit: int, cursor: str | None) -> ReviewList:
    """A page of the user's review list.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    found = review.reviews_of(session, user_id, is_open=is_open, before_id=id_before(cursor), limit=limit + 1)
    page = found[:limit]
    return ReviewList(
        reviews=[_read(item, row) for item, row in page],
        next_cursor=str(page[-1][0].id) if len(found) > limit else None,
    )


def _decided(session: Session, item: ReviewItem) -> ReviewRead:
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
