"""Undo, dry runs, provenance and reviews over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_serializer

from bankimport.ids import Id
from bankimport.imports.models import ReviewDecision, ReviewKind
from bankimport.transactions.schemas import TransactionRead


class EditRead(BaseModel):
    """A user's change of a row since it was imported."""

    transaction_id: Id
    before: dict[str, Any]
    after: dict[str, Any]
    edited_at: datetime


class UndoRead(BaseModel):
    """What undoing a job does: its new rows are removed, rows it removed return, and changed rows are restored.

    `later` are jobs that must be undone first, newest first; `edits` were made since and are kept.
    """

    job_id: Id
    rows_removed: int
    rows_restored: int
    rows_reverted: int
    later: list[Id]
    edits: list[EditRead]


class DiffRow(BaseModel):
    """A row that a commit would store, change, merge or remove; `before` and `after` contain what differs."""

    transaction_id: Id | None
    date: date
    amount: Decimal
    currency: str
    description: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}

    @field_serializer("amount")
    def _plain(self, value: Decimal) -> str:
        return format(value, "f")


class AccountDiff(BaseModel):
    """What a commit would do to one account. Counts are complete; lists contain at most `limit` rows each.

    `new` rows would be stored, `same` rows are already stored, `changed` rows would be updated, pending rows would be
    `merged` with their booked ones, and `vanished` pending rows are no longer listed by the bank. `lacking` booked rows
    are kept although the bank's answer lacks them. `balance_effect` is the sum of the rows that would be booked, new
    and merged.
    """

    account_id: Id
    display_name: str
    currency: str
    counts: dict[str, int]
    balance_effect: Decimal
    new: list[DiffRow]
    changed: list[DiffRow]
    merged: list[DiffRow]
    vanished: list[DiffRow]
    lacking: list[DiffRow]

    @field_serializer("balance_effect")
    def _plain(self, value: Decimal) -> str:
        return format(value, "f")


class DiffRead(BaseModel):
    """What committing a dry run would do, account by account."""

    job_id: Id
    accounts: list[AccountDiff]


class UndoRequest(BaseModel, extra="forbid"):
    """Whether to undo later imports of the same accounts too."""

    with_later: bool = False


class UndoList(BaseModel):
    """What was undone, newest job first."""

    undone: list[UndoRead]


class ReviewRead(BaseModel):
    """A conflict with both sides: `ours` is what is stored; `banks` is what the bank reports, empty if it lacks the
    row."""

    id: Id
    kind: ReviewKind
    job_id: Id
    transaction: TransactionRead
    ours: dict[str, Any]
    banks: dict[str, Any]
    decision: ReviewDecision | None
    created_at: datetime
    decided_at: datetime | None


class ReviewList(BaseModel):
    """Conflicts, newest first; `next_cursor` requests the next page."""

    reviews: list[ReviewRead]
    next_cursor: str | None


class ReviewBulk(BaseModel, extra="forbid"):
    """The same decision about several conflicts."""

    review_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    decision: Literal["kept", "taken"]


class ReviewBulkRead(BaseModel):
    """The conflicts decided now, and the error code for each one that cannot be."""

    reviews: list[ReviewRead]
    problems: dict[int, str]
