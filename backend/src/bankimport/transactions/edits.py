"""What a user says of a transaction: it stands above every bank, rule and model, and can be taken back."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.errors import InvalidRequest, NotFound
from bankimport.transactions import repository
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange


class TransactionNotFound(NotFound):
    """No such transaction, or not this user's."""

    code = "transaction_not_found"


def transaction_of(session: Session, user_id: int, transaction_id: int) -> Transaction:
    """One of the user's live rows.

    Raises:
        TransactionNotFound: no such row, not this user's, or taken out of the record.
    """
    row = session.get(Transaction, transaction_id)
    if row is None or row.user_id != user_id or row.removed_at is not None:
        raise TransactionNotFound(f"you have no transaction {transaction_id}", transaction_id=transaction_id)
    return row


def edit_transaction(session: Session, user_id: int, transaction_id: int, wanted: dict[str, str | None]) -> Transaction:
    """Set merchant or category, or both, as the user says; None says that there is none.

    Raises:
        TransactionNotFound: no such row, or not this user's.
        InvalidRequest: nothing to change is given.
    """
    if not wanted:
        raise InvalidRequest(f"say what to change: {' or '.join(EDITABLE)}")
    transaction_of(session, user_id, transaction_id)
    row = repository.locked_transactions(session, [transaction_id])[transaction_id]
    values: dict[str, Any] = {}
    for name in EDITABLE:
        if name in wanted:
            values |= {name: wanted[name], f"{name}_source": "user"}
    return _write(session, row, user_id, ChangeKind.EDITED, values)


def take_back_edits(session: Session, user_id: int, transaction_id: int) -> Transaction:
    """Give the row back what it had before the user first edited it. Harmless where nothing was edited.

    Raises:
        TransactionNotFound: no such row, or not this user's.
    """
    transaction_of(session, user_id, transaction_id)
    row = repository.locked_transactions(session, [transaction_id])[transaction_id]
    first: dict[str, Any] = {}
    for edit in session.scalars(
        select(TransactionChange)
        .where(TransactionChange.transaction_id == row.id, TransactionChange.kind == ChangeKind.EDITED)
        .order_by(TransactionChange.id.desc())
    ):
        first |= edit.before
    edited = {name for name in EDITABLE if getattr(row, f"{name}_source") == "user"}
    values = {name: value for name, value in first.items() if name.removesuffix("_source") in edited}
    return _write(session, row, user_id, ChangeKind.EDIT_TAKEN_BACK, values)


def _write(session: Session, row: Transaction, user_id: int, kind: ChangeKind, values: dict[str, Any]) -> Transaction:
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if differing:
        before = {name: getattr(row, name) for name in differing}
        session.add(
            TransactionChange(transaction_id=row.id, user_id=user_id, kind=kind, before=before, after=differing)
        )
        for name, value in differing.items():
            setattr(row, name, value)
        session.flush()
    return row
