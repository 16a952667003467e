"""What only the user can decide: the bank says something else than they do, or lists a settled row no more."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.errors import InvalidRequest, NotFound
from bankimport.imports.attempt import Attempt
from bankimport.imports.dedupe import StoredRow
from bankimport.imports.models import ImportJob, JobStatus, ReviewDecision, ReviewItem, ReviewKind
from bankimport.transactions import repository as transactions
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange


class ReviewNotFound(NotFound):
    """No such item, or not this user's."""

    code = "review_not_found"


def note_lacking(session: Session, attempt: Attempt, rows: Sequence[StoredRow]) -> None:
    """The bank's answer for their days lacks these booked rows: they are kept, and the user is asked once."""
    _insert(
        session,
        attempt,
        [
            (row.id, ReviewKind.BANK_LACKS_ROW, {"date": row.date.isoformat(), "amount": format(row.amount, "f")}, {})
            for row in rows
        ],
    )


def note_conflict(session: Session, attempt: Attempt, row: Transaction, theirs: dict[str, Any]) -> None:
    """The bank now says something else about what the user has set: the user's stands, and they are told."""
    ours = {name: getattr(row, name) for name in theirs}
    _insert(session, attempt, [(row.id, ReviewKind.BANK_DISAGREES, ours, theirs)])


def close_listed(session: Session, row_ids: Sequence[int]) -> None:
    """The bank lists these rows (again): nothing is to be decided about their being there."""
    session.execute(
        update(ReviewItem)
        .where(
            ReviewItem.transaction_id.in_(row_ids),
            ReviewItem.kind == ReviewKind.BANK_LACKS_ROW,
            ReviewItem.decided_at.is_(None),
        )
        .values(decided_at=utc_now(), decision=ReviewDecision.LISTED_AGAIN)
    )


def reviews_of(
    session: Session, user_id: int, *, is_open: bool, before_id: int | None, limit: int
) -> list[tuple[ReviewItem, Transaction]]:
    """The user's items with their rows, newest first; those of undone jobs and of rows taken out are left out."""
    statement = (
        select(ReviewItem, Transaction)
        .join(Transaction, Transaction.id == ReviewItem.transaction_id)
        .join(ImportJob, ImportJob.id == ReviewItem.job_id)
        .where(ReviewItem.user_id == user_id, ImportJob.job_status != JobStatus.UNDONE)
        .order_by(ReviewItem.id.desc())
        .limit(limit)
    )
    if is_open:
        statement = statement.where(ReviewItem.decided_at.is_(None), Transaction.removed_at.is_(None))
    else:
        statement = statement.where(ReviewItem.decided_at.is_not(None))
    if before_id is not None:
        statement = statement.where(ReviewItem.id < before_id)
    return [(item, row) for item, row in session.execute(statement)]


def decide(session: Session, user_id: int, review_id: int, decision: ReviewDecision) -> ReviewItem:
    """Keep what is stored, or take the bank's side: its values, or its word that the row is not there.

    Deciding the same again is harmless.

    Raises:
        ReviewNotFound: no such item, or not this user's.
        InvalidRequest: it was decided otherwise.
    """
    item = session.scalars(
        select(ReviewItem).where(ReviewItem.id == review_id, ReviewItem.user_id == user_id).with_for_update()
    ).one_or_none()
    if item is None:
        raise ReviewNotFound(f"you have no review {review_id}", review_id=review_id)
    if item.decided_at is not None:
        if item.decision is not decision:
            raise InvalidRequest(f"review {review_id} is decided already: {item.decision}")
        return item
    if decision is ReviewDecision.TAKEN:
        _take(session, user_id, item)
    item.decided_at = utc_now()
    item.decision = decision
    session.flush()
    return item


def _take(session: Session, user_id: int, item: ReviewItem) -> None:
    row = transactions.locked_transactions(session, [item.transaction_id])[item.transaction_id]
    if item.kind is ReviewKind.BANK_LACKS_ROW:
        change = TransactionChange(transaction_id=row.id, user_id=user_id, kind=ChangeKind.REMOVED, before={}, after={})
        row.removed_at = utc_now()
        session.add(change)
        return
    after = {name: value for name, value in item.banks.items() if name in EDITABLE}
    after |= {f"{name}_source": "bank" if value is not None else None for name, value in after.items()}
    session.add(
        TransactionChange(
            transaction_id=row.id,
            user_id=user_id,
            kind=ChangeKind.EDIT_TAKEN_BACK,
            before={name: getattr(row, name) for name in after},
            after=after,
        )
    )
    for name, value in after.items():
        setattr(row, name, value)


def _insert(
    session: Session,
    attempt: Attempt,
    items: Sequence[tuple[int, ReviewKind, dict[str, Any], dict[str, Any]]],
) -> None:
    if not items:
        return
    values = [
        {
            "user_id": attempt.user_id,
            "job_id": attempt.job_id,
            "transaction_id": row_id,
            "kind": kind,
            "ours": ours,
            "banks": banks,
            "created_at": utc_now(),
        }
        for row_id, kind, ours, banks in items
    ]
    session.execute(insert(ReviewItem).on_conflict_do_nothing(), values)
