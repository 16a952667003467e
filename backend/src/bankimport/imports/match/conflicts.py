"""Record conflicts that only the user can decide: the bank contradicts their edit, or no longer lists a booked row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, any_, bindparam, exists, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session, aliased

from bankimport.clock import utc_now
from bankimport.days import Days
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.attempt import Attempt
from bankimport.imports.match.pairing import StoredRow
from bankimport.imports.models import ReviewDecision, ReviewItem, ReviewKind
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.models import Transaction, TransactionStatus


def note_lacking(session: Session, attempt: Attempt, rows: Sequence[StoredRow]) -> None:
    """The bank's answer lacks these booked rows: keep them and ask the user once."""
    _insert(
        session,
        attempt,
        [
            (row.id, ReviewKind.BANK_LACKS_ROW, {"date": row.date.isoformat(), "amount": format(row.amount, "f")}, {})
            for row in rows
        ],
    )


def note_conflict(session: Session, attempt: Attempt, row: Transaction, bank_values: dict[str, Any]) -> None:
    """The bank contradicts the user's edit: keep the edit and notify the user."""
    ours = {name: getattr(row, name) for name in bank_values}
    _insert(session, attempt, [(row.id, ReviewKind.BANK_DISAGREES, ours, bank_values)])


def note_unsure(session: Session, attempt: Attempt, row: Transaction, now: NewTransaction) -> None:
    """Texts of several rows of this day and amount changed at once, so the user's edits may be another payment's."""
    edited = [name for name in EDITABLE if getattr(row, f"{name}_source") == "user"]
    if not edited:
        return
    ours = {"description": row.description, **{name: getattr(row, name) for name in edited}}
    bank_values = {
        "description": now.description,
        **{name: now.merchant if name == "merchant" else None for name in edited},
    }
    _insert(session, attempt, [(row.id, ReviewKind.UNSURE_WHICH, ours, bank_values)])


def close_listed(session: Session, attempt: Attempt, row_ids: Sequence[int]) -> None:
    """The bank lists these rows (again): close the question of whether they exist."""
    if not row_ids:
        return
    session.execute(
        update(ReviewItem)
        .where(
            ReviewItem.transaction_id == any_(literal(list(row_ids), ARRAY(BigInteger))),
            ReviewItem.kind == ReviewKind.BANK_LACKS_ROW,
            ReviewItem.decided_at.is_(None),
        )
        .values(decided_at=utc_now(), decision=ReviewDecision.LISTED_AGAIN, closed_by_job_id=attempt.job_id)
    )


def close_listed_days(session: Session, attempt: Attempt, days: Days) -> None:
    """The same for all of the account's booked rows of these days."""
    values = {
        "user_id": attempt.user_id,
        "account_id": attempt.account_id,
        "first": days.first,
        "last": days.last,
    }
    open_items = session.scalars(_LACKED, values).all()
    if open_items:
        close_listed(session, attempt, open_items)


def undo_questions(session: Session, job_id: int) -> None:
    """Withdraw the open questions of an import that is undone, and open again those that it closed."""
    asked = (ReviewItem.job_id == job_id, ReviewItem.decided_at.is_(None))
    session.execute(update(ReviewItem).where(*asked).values(_closed_as(ReviewDecision.WITHDRAWN)))
    _open_again(session, ReviewItem.closed_by_job_id == job_id, ReviewDecision.LISTED_AGAIN)


def redo_questions(session: Session, job_id: int) -> None:
    """Close again the questions that a redone import had closed, and open its own again."""
    closed = (ReviewItem.closed_by_job_id == job_id, ReviewItem.decided_at.is_(None))
    session.execute(update(ReviewItem).where(*closed).values(_closed_as(ReviewDecision.LISTED_AGAIN)))
    _open_again(session, ReviewItem.job_id == job_id, ReviewDecision.WITHDRAWN)


def _closed_as(decision: ReviewDecision) -> dict[str, Any]:
    return {"decided_at": utc_now(), "decision": decision}


def _open_again(session: Session, which: ColumnElement[bool], closed_as: ReviewDecision) -> None:
    """Open these items again, unless a newer one asks the same."""
    newer = aliased(ReviewItem)
    is_asked = exists().where(
        newer.transaction_id == ReviewItem.transaction_id, newer.kind == ReviewItem.kind, newer.decided_at.is_(None)
    )
    session.execute(
        update(ReviewItem)
        .where(which, ReviewItem.decision == closed_as, ~is_asked)
        .values(decided_at=None, decision=None)
        .execution_options(synchronize_session=False)
    )


_LACKED = (
    select(ReviewItem.transaction_id)
    .join(Transaction, Transaction.id == ReviewItem.transaction_id)
    .where(
        ReviewItem.user_id == bindparam("user_id"),
        ReviewItem.kind == ReviewKind.BANK_LACKS_ROW,
        ReviewItem.decided_at.is_(None),
        Transaction.account_id == bindparam("account_id"),
        Transaction.date.between(bindparam("first"), bindparam("last")),
        Transaction.removed_at.is_(None),
        Transaction.status == TransactionStatus.BOOKED,
    )
)


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
