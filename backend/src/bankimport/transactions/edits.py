"""A user's edits of transactions: they outrank every bank, rule and model, and can be undone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.errors import InvalidRequest, NotFound
from bankimport.transactions import repository
from bankimport.transactions.changes import EDITABLE, USERS_WORD
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange


class TransactionNotFound(NotFound):
    """No such transaction, or not this user's."""

    code = "transaction_not_found"


class ChangeNotFound(NotFound):
    """No such edit, or not this user's."""

    code = "change_not_found"


def transaction_of(session: Session, user_id: int, transaction_id: int) -> Transaction:
    """One of the user's live rows.

    Raises:
        TransactionNotFound: no such row, not this user's, or removed from the record.
    """
    return _check_live(session.get(Transaction, transaction_id), user_id, transaction_id)


def edit_transactions(
    session: Session, user_id: int, ids: Sequence[int], changes: dict[str, str | None]
) -> tuple[list[Transaction], list[int]]:
    """Set the merchant or category, or both, of several rows at once; all of them or none.

    Returns:
        The rows in the order of their ids, and the ids of the changes, which can be passed to `undo_edits`.

    Raises:
        TransactionNotFound: one of them is not a row of this user.
        InvalidRequest: no change is given.
    """
    values = values_of_edit(changes)
    rows_by_id = repository.transactions_by_id(session, ids)
    for row_id in ids:
        _check_live(rows_by_id.get(row_id), user_id, row_id)
    rows = repository.locked_transactions(session, ids)
    for row in rows.values():
        _check_live(row, user_id, row.id)
    made = [_write(session, row, user_id, ChangeKind.EDITED, values) for row in rows.values()]
    return list(rows.values()), [change.id for change in made if change is not None]


def undo_edits(session: Session, user_id: int, change_ids: Sequence[int]) -> tuple[list[Transaction], list[int]]:
    """Undo these edits, each to the row's values just before it; the newest of a row first.

    Returns:
        The reverted rows, and the ids of rows that were changed since and stay as they are.

    Raises:
        ChangeNotFound: one of them is not an edit of this user.
    """
    edits = list(
        session.scalars(
            select(TransactionChange)
            .join(Transaction, Transaction.id == TransactionChange.transaction_id)
            .where(
                TransactionChange.id.in_(change_ids),
                TransactionChange.kind == ChangeKind.EDITED,
                Transaction.user_id == user_id,
            )
            .order_by(TransactionChange.id.desc())
        )
    )
    for missing in sorted(set(change_ids) - {edit.id for edit in edits}):
        raise ChangeNotFound(f"you have no edit {missing}", change_id=missing)
    rows = repository.locked_transactions(session, sorted({edit.transaction_id for edit in edits}))
    restored: dict[int, Transaction] = {}
    changed: set[int] = set()
    for edit in edits:
        row = rows[edit.transaction_id]
        if row.removed_at is not None or any(getattr(row, name) != value for name, value in edit.after.items()):
            changed.add(row.id)
            continue
        _write(session, row, user_id, ChangeKind.EDIT_TAKEN_BACK, edit.before)
        restored[row.id] = row
    return [restored[row_id] for row_id in sorted(restored)], sorted(changed)


def edit_transaction(
    session: Session, user_id: int, transaction_id: int, changes: dict[str, str | None]
) -> Transaction:
    """Set the merchant or category, or both, as the user wants; None means that there is none.

    Raises:
        TransactionNotFound: no such row, or not this user's.
        InvalidRequest: no change is given.
    """
    values = values_of_edit(changes)
    transaction_of(session, user_id, transaction_id)
    row = repository.locked_transactions(session, [transaction_id])[transaction_id]
    _write(session, row, user_id, ChangeKind.EDITED, values)
    return row


def take_back_edits(session: Session, user_id: int, transaction_id: int) -> Transaction:
    """Restore the row's values from before the user's first edit. Harmless if nothing was edited.

    Raises:
        TransactionNotFound: no such row, or not this user's.
    """
    transaction_of(session, user_id, transaction_id)
    row = repository.locked_transactions(session, [transaction_id])[transaction_id]
    first: dict[str, Any] = {}
    for edit in session.scalars(
        select(TransactionChange)
        .where(TransactionChange.transaction_id == row.id, TransactionChange.kind.in_(USERS_WORD))
        .order_by(TransactionChange.id.desc())
    ):
        first |= edit.before
    edited = {name for name in EDITABLE if getattr(row, f"{name}_source") == "user"}
    values = {name: value for name, value in first.items() if name.removesuffix("_source") in edited}
    _write(session, row, user_id, ChangeKind.EDIT_TAKEN_BACK, values)
    return row


def values_of_edit(changes: dict[str, str | None]) -> dict[str, Any]:
    """The column values of an edit.

    Raises:
        InvalidRequest: no change is given.
    """
    if not changes:
        raise InvalidRequest(f"nothing to change: give {' or '.join(EDITABLE)}")
    values: dict[str, Any] = {}
    for name in EDITABLE:
        if name in changes:
            values |= {name: changes[name], f"{name}_source": "user"}
    return values


def _check_live(row: Transaction | None, user_id: int, transaction_id: int) -> Transaction:
    if row is None or row.user_id != user_id or row.removed_at is not None:
        raise TransactionNotFound(f"you have no transaction {transaction_id}", transaction_id=transaction_id)
    return row


def _write(
    session: Session, row: Transaction, user_id: int, kind: ChangeKind, values: dict[str, Any]
) -> TransactionChange | None:
    """Write the values that differ, and record the change; None if none differs."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not differing:
        return None
    change = TransactionChange(
        transaction_id=row.id,
        user_id=user_id,
        kind=kind,
        before={name: getattr(row, name) for name in differing},
        after=differing,
    )
    session.add(change)
    for name, value in differing.items():
        setattr(row, name, value)
    session.flush()
    return change
