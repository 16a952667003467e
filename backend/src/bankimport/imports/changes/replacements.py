"""Find rows that replaced a row which the user had removed: the bank listed it again, so it was stored again.

Only one of the two may be in the record at a time.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from bankimport.imports.match.pairing import FURTHEST_MOVE
from bankimport.imports.models import ImportJob, ReviewItem, ReviewKind
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange

_removed, _replacement = aliased(Transaction), aliased(Transaction)


class Replaced(NamedTuple):
    """A row that is in the record again although it was replaced, and the review that asks whether to remove it."""

    row_id: int
    review_id: int


def is_replaced(session: Session, row: Transaction) -> bool:
    """Whether a row in the record replaced this one, which the user removed."""
    statement = select(_replacement.id).where(
        _removed.id == row.id, _replacement.removed_at.is_(None), *_is_replacement()
    )
    return session.scalars(statement.limit(1)).first() is not None


def restored_beside(session: Session, job: ImportJob) -> Replaced | None:
    """A row that the user restored although an undone job has its replacement, which a redo would restore too."""
    statement = (
        select(_removed.id, ReviewItem.id)
        .join(ReviewItem, ReviewItem.transaction_id == _removed.id)
        .where(
            ReviewItem.user_id == job.user_id,
            ReviewItem.kind == ReviewKind.BANK_LACKS_ROW,
            _removed.removed_at.is_(None),
            _replacement.removed_by_job_id == job.id,
            _replacement.removed_at == job.undone_at,
            *_is_replacement(),
        )
        .order_by(ReviewItem.id.desc())
        .limit(1)
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else Replaced(*found)


def _is_replacement() -> tuple[ColumnElement[bool], ...]:
    """Whether the one row was stored while the user had removed the other, and may be the same movement."""
    c, removed, replacement = TransactionChange, _removed, _replacement
    last_word = (
        select(c.kind)
        .where(
            c.transaction_id == removed.id,
            c.kind.in_((ChangeKind.REMOVED, ChangeKind.RESTORED)),
            c.created_at <= replacement.created_at,
        )
        .order_by(c.id.desc())
        .limit(1)
        .correlate(removed, replacement)
        .scalar_subquery()
    )
    is_alike = or_(
        replacement.date == removed.date,
        replacement.description == removed.description,
        replacement.transaction_id == removed.transaction_id,
        replacement.provider_transaction_id == removed.provider_transaction_id,
        replacement.normalised_provider_transaction_id == removed.normalised_provider_transaction_id,
    )
    return (
        replacement.account_id == removed.account_id,
        replacement.id != removed.id,
        replacement.date.between(removed.date - FURTHEST_MOVE, removed.date + FURTHEST_MOVE),
        replacement.amount == removed.amount,
        replacement.currency == removed.currency,
        is_alike,
        last_word == ChangeKind.REMOVED,
    )
