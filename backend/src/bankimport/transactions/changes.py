"""Revert or reapply recorded changes: write the recorded values of one side over the row; never guess."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bankimport.transactions import repository
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange, TransactionStatus

EDITABLE = ("merchant", "category")
"""What a user may change; each field has a `…_source` column."""

USERS_WORD = (ChangeKind.EDITED, ChangeKind.CARRIED)
"""Changes that express the user's intention: made on the row itself, or on a row that it replaced."""

_WITH_THE_ROW = (ChangeKind.CARRIED, ChangeKind.CARRIED_OVER)
"""Changes that belong to the life of their own row and are not written again."""

_FROM_JSON = {
    "status": TransactionStatus,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "amount": Decimal,
    "running_balance": Decimal,
    "content_hash": bytes.fromhex,
}


def changes_of_job(session: Session, job_id: int) -> list[TransactionChange]:
    """The changes that a job made, in the order it made them."""
    statement = select(TransactionChange).where(TransactionChange.job_id == job_id).order_by(TransactionChange.id)
    return list(session.scalars(statement))


def edits_since(session: Session, row_ids: Iterable[int], since: datetime) -> list[TransactionChange]:
    """What users have changed in these rows since then, oldest first."""
    statement = (
        select(TransactionChange)
        .where(
            TransactionChange.transaction_id.in_(list(row_ids)),
            TransactionChange.kind.in_(USERS_WORD),
            TransactionChange.created_at >= since,
        )
        .order_by(TransactionChange.id)
    )
    return list(session.scalars(statement))


def note_restored(session: Session, user_id: int, row_ids: Sequence[int]) -> None:
    """Record that rows are in the record again, so that exports continuing from a bookmark include them."""
    if row_ids:
        values = {"user_id": user_id, "kind": ChangeKind.RESTORED, "before": {}, "after": {}}
        session.execute(insert(TransactionChange), [{"transaction_id": row_id, **values} for row_id in row_ids])


def write_side(session: Session, changes: Sequence[TransactionChange], side: Literal["before", "after"]) -> None:
    """Write one side of the changes over their rows, one after the other.

    Values set by a user, a rule or a model outrank the bank's and stay: they were not part of the job's changes.

    Pass the changes newest first to revert them, oldest first to reapply them.
    """
    changes = [change for change in changes if change.kind not in _WITH_THE_ROW]
    rows = repository.locked_transactions(session, sorted({change.transaction_id for change in changes}))
    for change in changes:
        row = rows[change.transaction_id]
        for name, value in getattr(change, side).items():
            if not _is_above_the_bank(row, name):
                setattr(row, name, _from_json(name, value))
        session.flush()


def _is_above_the_bank(row: Transaction, name: str) -> bool:
    field = name.removesuffix("_source")
    return field in EDITABLE and getattr(row, f"{field}_source") not in (None, "bank")


def _from_json(name: str, value: Any) -> Any:
    convert = _FROM_JSON.get(name)
    return value if convert is None or value is None else convert(value)
