"""Transactions over HTTP."""

from datetime import date as day
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator

from bankimport.ids import Id
from bankimport.transactions.models import Transaction, TransactionStatus, TransferStatus


class TransferMark(BaseModel):
    """The transfer that a row belongs to; `other_…` describe the other row."""

    id: Id
    status: TransferStatus
    other_transaction_id: Id
    other_account_id: Id


class TransactionRead(BaseModel):
    """One movement; `amount` is a decimal string, negative = money out, for cards too.

    `still_pending`: the bank still lists this booked row as pending; it is shown and counted once.
    """

    id: Id
    account_id: Id
    status: TransactionStatus
    date: day
    timestamp: datetime
    has_time: bool
    amount: Decimal
    currency: str
    description: str
    merchant: str | None
    merchant_source: str | None
    category: str | None
    category_source: str | None
    transaction_type: str | None
    transaction_category: str | None
    classification: list[str]
    running_balance: Decimal | None
    flags: list[str]
    still_pending: bool
    import_job_id: Id
    transfer: TransferMark | None

    @field_serializer("amount")
    def _plain_amount(self, value: Decimal) -> str:
        return format(value, "f")

    @field_serializer("running_balance")
    def _plain_balance(self, value: Decimal | None) -> str | None:
        return None if value is None else format(value, "f")

    @classmethod
    def of(cls, row: Transaction) -> "TransactionRead":
        """The row as shown to its user."""
        return cls(
            id=row.id,
            account_id=row.account_id,
            status=row.status,
            date=row.date,
            timestamp=row.timestamp,
            has_time=row.has_time,
            amount=row.amount,
            currency=row.currency,
            description=row.description,
            merchant=row.merchant,
            merchant_source=row.merchant_source,
            category=row.category,
            category_source=row.category_source,
            transaction_type=row.transaction_type,
            transaction_category=row.transaction_category,
            classification=row.classification,
            running_balance=row.running_balance,
            flags=row.flags,
            still_pending=row.still_pending,
            import_job_id=row.import_job_id,
            transfer=_mark(row.transfer),
        )


def _mark(pair: dict[str, Any] | None) -> TransferMark | None:
    return None if pair is None else TransferMark(**pair)


class TransactionPage(BaseModel):
    """Rows in the requested order; `next_cursor` requests the next page."""

    transactions: list[TransactionRead]
    next_cursor: str | None


class TransactionEdit(BaseModel, extra="forbid"):
    """What to change; an omitted field stays, null means none."""

    model_config = ConfigDict(str_strip_whitespace=True)

    merchant: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    category: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class CurrencyTotalsRead(BaseModel):
    """The sums of rows in one currency; `money_out` is 0 or less, `net` is the total. Pending rows are included."""

    currency: str
    rows: int
    pending: int
    money_in: Decimal
    money_out: Decimal
    net: Decimal

    @field_serializer("money_in", "money_out", "net")
    def _plain(self, value: Decimal) -> str:
        return format(value, "f")


class TotalsRead(BaseModel):
    """The sums of all rows that match a filter, per currency; `pending` of the `rows` are pending."""

    rows: int
    pending: int
    currencies: list[CurrencyTotalsRead]


class MonthSumsRead(BaseModel):
    """The sums of a month's rows in one currency, pending rows included; `money_out` is 0 or less."""

    month: Annotated[day, Field(description="the first day of the month")]
    currency: str
    rows: int
    money_in: Decimal
    money_out: Decimal
    net: Decimal

    @field_serializer("money_in", "money_out", "net")
    def _plain(self, value: Decimal) -> str:
        return format(value, "f")


class MonthList(BaseModel):
    """The sums by month and currency, newest month first; months without rows are absent."""

    months: list[MonthSumsRead]


class CategoryRead(BaseModel):
    """A category in use, and how many rows have it."""

    name: str
    rows: int


class CategoryList(BaseModel):
    """The categories in use, most common first; `uncategorised` rows have none."""

    categories: list[CategoryRead]
    uncategorised: int


class BulkEdit(TransactionEdit):
    """The same change for several rows."""

    transaction_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class BulkEditRead(BaseModel):
    """The rows as they are now; `change_ids` undo exactly this edit. A row that already had the values has no
    change."""

    transactions: list[TransactionRead]
    change_ids: list[Id]


class EditUndo(BaseModel, extra="forbid"):
    """Which edits to undo."""

    change_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class EditUndoRead(BaseModel):
    """The rows whose edits were undone, as they are now; rows in `changed_since` stay as they are."""

    transactions: list[TransactionRead]
    changed_since: list[Id]


class MatchingEditRead(BaseModel):
    """How many rows an edit of all matching rows changed; `bulk_edit_id` undoes it, null if no row changed."""

    rows: int
    bulk_edit_id: UUID | None


class MatchingUndo(BaseModel, extra="forbid"):
    """Which edit of all matching rows to undo."""

    bulk_edit_id: UUID


class MatchingUndoRead(BaseModel):
    """How many rows were restored, and how many stay because they were changed since."""

    rows: int
    changed_since: int


class SavedFilter(BaseModel, extra="forbid"):
    """A named filter: `search` holds the parameters of the page's address."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=60)]
    search: Annotated[
        dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=200)] | bool], Field(max_length=20)
    ]


class SavedFilters(BaseModel, extra="forbid"):
    """The user's named filters, in the order to show them in; names differ."""

    filters: Annotated[list[SavedFilter], Field(max_length=50)]

    @field_validator("filters")
    @classmethod
    def _check_names(cls, filters: list[SavedFilter]) -> list[SavedFilter]:
        if len({item.name for item in filters}) < len(filters):
            raise ValueError("two filters have the same name; rename one")
        return filters
