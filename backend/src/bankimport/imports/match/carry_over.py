"""Copy a user's edits and decisions from a removed row to the new row of the same transaction.

After an undo, an import's rows are removed from the record together with the user's edits and decisions on transfers.
An import that fetches the same transactions again stores new rows, and the edits and decisions are copied to them.
Matching decides which row is which, as for rows in the record; only the newest of several removed rows with the same
key counts. Each step is recorded, so that undoing this import restores everything.
"""

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from bankimport.days import Days
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.attempt import Attempt
from bankimport.imports.match.match import match_rows
from bankimport.imports.match.pairing import FURTHEST_MOVE, StoredRow
from bankimport.imports.models import ImportJob, JobStatus
from bankimport.transactions import repository as transactions
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange, Transfer, TransferStatus
from bankimport.transactions.transfers.suggest import lock_transfers


def carry_over(session: Session, attempt: Attempt, new: Mapping[str, NewTransaction]) -> int:
    """Carry over to new rows, by their dedupe keys; returns how many rows got something."""
    if not new:
        return 0
    days = Days(min(row.date for row in new.values()), max(row.date for row in new.values()))
    near = (
        Transaction.account_id == attempt.account_id,
        Transaction.removed_at.is_not(None),
        Transaction.date.between(days.first - FURTHEST_MOVE, days.last + FURTHEST_MOVE),
    )
    values = {
        "account_id": attempt.account_id,
        "first": days.first - FURTHEST_MOVE,
        "last": days.last + FURTHEST_MOVE,
    }
    if not session.scalar(_is_any_removed(), values):
        return 0
    removed = list(session.scalars(_removed(near)))
    edited = set(session.scalars(select(Transaction.id).where(*near, _says_something())))
    before = _earlier_rows(session, [row.id for row in removed])
    key_of = {id(row): key for key, row in new.items()}
    matching = match_rows(
        list(new.values()),
        [_as_stored(row) for row in _newest_of_each_key(removed)],
        covered_from=days.first,
        covered_to=days.last,
        counts_days=False,
    )
    pairs: dict[int, str] = {}
    for match in matching.matches:
        sources = {match.stored.id, *before.get(match.stored.id, ())}
        if sources & edited:
            pairs |= dict.fromkeys(sources, key_of[id(match.fetched)])
    ids = _ids_of_keys(session, attempt.account_id, set(pairs.values()))
    newest = {match.stored.id for match in matching.matches}
    _carry(session, attempt, {old_id: ids[key] for old_id, key in pairs.items()}, newest)
    return len(ids)


@functools.cache
def _is_any_removed() -> Select[bool]:
    """Whether the user edited or decided on any removed row of these days. Each batch needs it, so it is built once."""
    return select(
        exists().where(
            Transaction.account_id == bindparam("account_id"),
            Transaction.removed_at.is_not(None),
            Transaction.date.between(bindparam("first"), bindparam("last")),
            _says_something(),
        )
    )


def move_decisions(session: Session, user_id: int, pairs: Mapping[int, int]) -> None:
    """Move the user's decisions on transfers from the first rows to the second ones."""
    if not pairs:
        return
    lock_transfers(session, user_id)
    sides = (Transfer.out_id, Transfer.in_id)
    is_suggested = Transfer.status == TransferStatus.SUGGESTED
    for old_id, new_id in pairs.items():
        # A suggestion for a removed row is worthless and would block the move.
        session.execute(delete(Transfer).where(is_suggested, or_(*(side == new_id for side in sides))))
        for side in sides:
            session.execute(update(Transfer).where(side == old_id, ~is_suggested).values({side: new_id}))


def carried_by(made: Iterable[TransactionChange]) -> dict[int, int]:
    """From which row to which a job carried over, according to its changes; several may lead to one, oldest first."""
    carried = {
        change.transaction_id: int(change.after["carried_to"])
        for change in made
        if change.kind is ChangeKind.CARRIED_OVER
    }
    return dict(sorted(carried.items()))


def carried_back(made: Iterable[TransactionChange]) -> dict[int, int]:
    """The reverse mapping, to the oldest of several."""
    copied: dict[int, int] = {}
    for old_id, new_id in carried_by(made).items():
        copied.setdefault(new_id, old_id)
    return copied


def _says_something() -> ColumnElement[bool]:
    """Whether the user edited a row or decided on one of its transfers."""
    t = Transaction
    decided = exists().where(
        or_(Transfer.out_id == t.id, Transfer.in_id == t.id), Transfer.status != TransferStatus.SUGGESTED
    )
    return or_(*(getattr(t, f"{name}_source") == "user" for name in EDITABLE), decided)


def _removed(near: Iterable[ColumnElement[bool]]) -> Any:
    """Removed rows that no other row has replaced, most recently removed first."""
    is_replaced = exists().where(
        TransactionChange.transaction_id == Transaction.id,
        TransactionChange.kind == ChangeKind.CARRIED_OVER,
        ImportJob.id == TransactionChange.job_id,
        ImportJob.job_status != JobStatus.UNDONE,
    )
    return (
        select(Transaction)
        .where(*near, ~is_replaced)
        .order_by(Transaction.removed_at.desc(), Transaction.id)
        .execution_options(populate_existing=True)
    )


def _newest_of_each_key(rows: Iterable[Transaction]) -> list[Transaction]:
    newest: dict[str, Transaction] = {}
    for row in rows:
        newest.setdefault(row.dedupe_key.removeprefix("pending "), row)
    return list(newest.values())


def _earlier_rows(session: Session, row_ids: Sequence[int]) -> dict[int, set[int]]:
    """Which rows were carried over to which, directly or through others, among removed rows."""
    statement = select(TransactionChange).where(
        TransactionChange.transaction_id.in_(row_ids), TransactionChange.kind == ChangeKind.CARRIED_OVER
    )
    before: dict[int, set[int]] = {}
    for change in session.scalars(statement.order_by(TransactionChange.id)):
        old_id, new_id = change.transaction_id, int(change.after["carried_to"])
        before.setdefault(new_id, set()).update({old_id, *before.get(old_id, ())})
    return before


def _ids_of_keys(session: Session, account_id: int, keys: Iterable[str]) -> dict[str, int]:
    statement = select(Transaction.dedupe_key, Transaction.id).where(
        Transaction.account_id == account_id, Transaction.removed_at.is_(None), Transaction.dedupe_key.in_(keys)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _as_stored(row: Transaction) -> StoredRow:
    return StoredRow(
        id=row.id,
        is_pending=False,
        date=row.date,
        timestamp=row.timestamp,
        amount=row.amount,
        currency=row.currency,
        description=row.description,
        transaction_id=row.transaction_id,
        provider_transaction_id=row.provider_transaction_id,
        normalised_provider_transaction_id=row.normalised_provider_transaction_id,
        dedupe_key=row.dedupe_key,
        content_hash=row.content_hash,
    )


def _carry(session: Session, attempt: Attempt, pairs: Mapping[int, int], newest: Collection[int]) -> None:
    """Carry over by pairs of ids; edits come only from a transaction's newest row, which has the user's latest
    edits."""
    if not pairs:
        return
    rows = transactions.locked_transactions(session, sorted({*pairs, *pairs.values()}))
    changes: list[transactions.Change] = []
    for old_id, new_id in pairs.items():
        old, new = rows[old_id], rows[new_id]
        names = [
            column
            for name in EDITABLE
            if old_id in newest and getattr(old, f"{name}_source") == "user"
            for column in (name, f"{name}_source")
        ]
        after = {name: getattr(old, name) for name in names}
        changes.append((old_id, attempt.job_id, ChangeKind.CARRIED_OVER.value, {}, {"carried_to": new_id}))
        if after:
            before = {name: getattr(new, name) for name in names}
            changes.append((new_id, attempt.job_id, ChangeKind.CARRIED.value, before, after))
        for name, value in after.items():
            setattr(new, name, value)
    session.flush()
    transactions.insert_changes(session, changes)
    move_decisions(session, attempt.user_id, pairs)
