"""What only the user can decide: the bank contradicts an edit, lacks a booked row, or leaves open which is which."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.clock import utc_now
from bankimport.errors import BankImportError, InvalidRequest, NotFound
from bankimport.imports.changes.replacements import is_replaced
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.models import (
    AccountImport,
    AccountStatus,
    ImportJob,
    JobStatus,
    ReviewDecision,
    ReviewItem,
    ReviewKind,
)
from bankimport.transactions import repository as transactions
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange


class ReviewNotFound(NotFound):
    """No such item, or not this user's."""

    code = "review_not_found"


def reviews_of(
    session: Session, user_id: int, *, is_open: bool, before_id: int | None, limit: int
) -> list[tuple[ReviewItem, Transaction]]:
    """The user's items with their rows, newest first; items of undone jobs and of removed rows are left out."""
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
    """Keep what is stored, or accept the bank's side: its values, or the removal of the row.

    Repeating the same decision is harmless.

    Raises:
        ReviewNotFound: no such item, or not this user's.
        InvalidRequest: it was decided differently.
        NotPossibleNow: the import that asked is undone; or the row is to be removed, but is not in the record, or its
            account is being imported.
    """
    _stop_attempts(session, user_id, [review_id])
    item = session.scalars(
        select(ReviewItem).where(ReviewItem.id == review_id, ReviewItem.user_id == user_id).with_for_update()
    ).one_or_none()
    if item is None:
        raise ReviewNotFound(f"you have no review {review_id}", review_id=review_id)
    _check_asked(item)
    if item.decided_at is not None:
        if item.decision is not decision:
            raise InvalidRequest(f"review {review_id} is already decided: {item.decision}")
        return item
    if decision is ReviewDecision.TAKEN:
        _take(session, user_id, item)
    item.decided_at = utc_now()
    item.decision = decision
    session.flush()
    return item


def decide_many(
    session: Session, user_id: int, review_ids: Sequence[int], decision: ReviewDecision
) -> tuple[list[ReviewItem], dict[int, str]]:
    """Decide several items the same way; returns those decided, and the error code for each one that cannot be."""
    _stop_attempts(session, user_id, review_ids)
    decided: list[ReviewItem] = []
    problems: dict[int, str] = {}
    for review_id in sorted(set(review_ids)):
        try:
            decided.append(decide(session, user_id, review_id, decision))
        except BankImportError as error:
            problems[review_id] = error.code
    return decided, problems


def reopen(session: Session, user_id: int, review_id: int) -> ReviewItem:
    """Undo a decision: the row is restored and the item is open again. Harmless if it is already open.

    Raises:
        ReviewNotFound: no such item, or not this user's.
        NotPossibleNow: the bank settled it, the import that asked or stored the row is undone, the row was changed
            since, its account is being imported, or a newer item asks the same.
    """
    _stop_attempts(session, user_id, [review_id])
    item = session.scalars(
        select(ReviewItem).where(ReviewItem.id == review_id, ReviewItem.user_id == user_id).with_for_update()
    ).one_or_none()
    if item is None:
        raise ReviewNotFound(f"you have no review {review_id}", review_id=review_id)
    if item.decided_at is None:
        return item
    if item.decision is ReviewDecision.LISTED_AGAIN:
        raise NotPossibleNow(f"the bank lists the row of review {review_id} again; there is nothing to decide")
    _check_asked(item)
    has_newer_review = exists().where(
        ReviewItem.transaction_id == item.transaction_id,
        ReviewItem.kind == item.kind,
        ReviewItem.decided_at.is_(None),
    )
    if session.scalar(select(has_newer_review)):
        raise NotPossibleNow(f"a newer item asks the same as review {review_id}; decide that one")
    if item.decision is ReviewDecision.TAKEN:
        _give_back(session, user_id, item)
    item.decided_at = item.decision = None
    session.flush()
    return item


def _check_asked(item: ReviewItem) -> None:
    if item.decision is ReviewDecision.WITHDRAWN:
        raise NotPossibleNow(f"import {item.job_id}, which asked review {item.id}, is undone; redo that first")


def _stop_attempts(session: Session, user_id: int, review_ids: Sequence[int]) -> None:
    """Let no attempt at these items' accounts begin until the transaction ends.

    An attempt compares an answer with the record once, before it stores the first batch, so nobody may add or remove
    rows in between.
    """
    of_items = (ReviewItem.id.in_(review_ids), ReviewItem.user_id == user_id)
    account_ids = select(Transaction.account_id).join(ReviewItem, ReviewItem.transaction_id == Transaction.id)
    accounts.lock_for_undo(session, account_ids.where(*of_items))


def _check_no_attempt(session: Session, row: Transaction) -> None:
    is_imported = exists().where(
        AccountImport.account_id == row.account_id, AccountImport.status == AccountStatus.SYNCING
    )
    if session.scalar(select(is_imported)):
        raise NotPossibleNow("the row's account is being imported; wait until that ends")


def _give_back(session: Session, user_id: int, item: ReviewItem) -> None:
    """Undo what `_take` did, if nothing has happened in between."""
    if item.kind is ReviewKind.BANK_LACKS_ROW:
        _check_no_attempt(session, session.get_one(Transaction, item.transaction_id))
    row = transactions.locked_transactions(session, [item.transaction_id])[item.transaction_id]
    if item.kind is ReviewKind.BANK_LACKS_ROW:
        job = session.get_one(ImportJob, row.import_job_id)
        if job.job_status is JobStatus.UNDONE:
            raise NotPossibleNow(f"the row belongs to import {job.id}, which is undone; redo that first")
        if row.removed_at is None or row.removed_by_job_id is not None or is_replaced(session, row):
            raise NotPossibleNow("the row was imported or changed again since; check it before you decide again")
        row.removed_at = None
        session.add(
            TransactionChange(transaction_id=row.id, user_id=user_id, kind=ChangeKind.RESTORED, before={}, after={})
        )
        return
    taken = _bank_values(item)
    if row.removed_at is not None or any(getattr(row, name) != value for name, value in taken.items()):
        raise NotPossibleNow("the row was changed since; edit it instead")
    ours: dict[str, Any] = {name: item.ours[name] for name in EDITABLE if name in item.banks}
    ours |= {f"{name}_source": "user" for name in ours}
    _set(session, user_id, row, ChangeKind.EDITED, ours)


def _take(session: Session, user_id: int, item: ReviewItem) -> None:
    if item.kind is ReviewKind.BANK_LACKS_ROW:
        _check_no_attempt(session, session.get_one(Transaction, item.transaction_id))
    row = transactions.locked_transactions(session, [item.transaction_id])[item.transaction_id]
    if item.kind is ReviewKind.BANK_LACKS_ROW:
        if row.removed_at is not None:
            raise NotPossibleNow(f"the row of review {item.id} is not in the record; there is nothing to remove")
        change = TransactionChange(transaction_id=row.id, user_id=user_id, kind=ChangeKind.REMOVED, before={}, after={})
        row.removed_at = utc_now()
        session.add(change)
        return
    _set(session, user_id, row, ChangeKind.EDIT_TAKEN_BACK, _bank_values(item))


def _bank_values(item: ReviewItem) -> dict[str, Any]:
    values = {name: value for name, value in item.banks.items() if name in EDITABLE}
    return values | {f"{name}_source": "bank" if value is not None else None for name, value in values.items()}


def _set(session: Session, user_id: int, row: Transaction, kind: ChangeKind, values: dict[str, Any]) -> None:
    before = {name: getattr(row, name) for name in values}
    session.add(TransactionChange(transaction_id=row.id, user_id=user_id, kind=kind, before=before, after=values))
    for name, value in values.items():
        setattr(row, name, value)
