"""What undo, dry runs, provenance and reviews look like over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_serializer

from bankimport.imports.models import ReviewDecision, ReviewKind
from bankimport.transactions.schemas import TransactionRead


class EditRead(BaseModel):
    """What a user changed of a row since it was imported."""

    transaction_id: int
    before: dict[str, Any]
    after: dict[str, Any]
    edited_at: datetime


class UndoRead(BaseModel):
    """What undoing a job does: rows it brought go, rows it took out return, rows it changed are as they were.

    `later` are jobs that have to be undone before it, newest first; `edits` were made since and are kept.
    """

    job_id: int
    rows_removed: int
    rows_restored: int
    rows_reverted: int
    later: list[int]
    edits: list[EditRead]


class DiffRow(BaseModel):
    """A row that a commit would store, change, merge or take out; `before` and `after` hold what differs."""

    transaction_id: int | None
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
    """What a commit would do to one account. Counts are whole, lists hold at most `limit` rows each.

    `new` rows would be stored, `same` ones are held already, `changed` ones brought up to date, pending rows `merged`
    with their booked ones, pending rows `vanished` since the bank lists them no more. `lacking` booked rows are kept,
    though the bank's answer lacks them. `balance_effect` is the sum of the
    rows that would be booked, new and merged.
    """

    account_id: str
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

    job_id: int
    accounts: list[AccountDiff]


class UndoRequest(BaseModel):
    """Whether later imports of the same accounts are to be undone too."""

    with_later: bool = False


class UndoList(BaseModel):
    """What was undone, newest job first."""

    undone: list[UndoRead]


class ReviewRead(BaseModel):
    """A conflict with both sides: `ours` is what is stored, `banks` what the bank says, empty when it lacks the row."""

    id: int
    kind: ReviewKind
    job_id: int
    transaction: TransactionRead
    ours: dict[str, Any]
    banks: dict[str, Any]
    decision: ReviewDecision | None
    created_at: datetime
    decided_at: datetime | None


class ReviewList(BaseModel):
    """Conflicts, newest first; `next_cursor` asks for the page after."""

    reviews: list[ReviewRead]
    next_cursor: str | None


class ReviewBulk(BaseModel):
    """The same decision on several conflicts."""

    review_ids: Annotated[list[int], Field(min_length=1, max_length=200)]
    decision: Literal["kept", "taken"]


class ReviewBulkRead(BaseModel):
    """What is decided so now, and per conflict that cannot be the code of why."""

    reviews: list[ReviewRead]
    problems: dict[int, str]
