"""The review list over HTTP: conflicts that only the user can decide."""

from typing import Annotated

from fastapi import APIRouter, Query

from bankimport.auth import CurrentUser
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.imports.changes import review
from bankimport.imports.changes.review_views import review_list, review_read
from bankimport.imports.changes.schemas import ReviewBulk, ReviewBulkRead, ReviewList, ReviewRead
from bankimport.imports.models import ReviewDecision
from bankimport.paging import Cursor

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
    return review_read(session, review.decide(session, user.id, review_id, ReviewDecision.KEPT))


@router.post("/{review_id}/take")
def take(review_id: Id, session: SessionDep, user: CurrentUser) -> ReviewRead:
    """Accept the bank's side: its value, or the removal of the row."""
    return review_read(session, review.decide(session, user.id, review_id, ReviewDecision.TAKEN))


@router.post("/{review_id}/reopen")
def reopen(review_id: Id, session: SessionDep, user: CurrentUser) -> ReviewRead:
    """Undo a decision; the row is restored."""
    return review_read(session, review.reopen(session, user.id, review_id))


@router.post("/decide")
def decide_many(body: ReviewBulk, session: SessionDep, user: CurrentUser) -> ReviewBulkRead:
    """Decide several items the same way."""
    decided, problems = review.decide_many(session, user.id, body.review_ids, ReviewDecision(body.decision))
    return ReviewBulkRead(reviews=[review_read(session, item) for item in decided], problems=problems)
