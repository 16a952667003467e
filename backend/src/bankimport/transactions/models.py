"""Transactions and their changes."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
    case,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column

from bankimport.db.base import Base, CreatedAt, Id


class TransactionStatus(StrEnum):
    """Whether the bank has settled it."""

    BOOKED = "booked"
    PENDING = "pending"


class Transaction(Base):
    """One movement. `amount` is negative for money out, for cards too.

    `date` is the day on the bank's calendar; if `has_time` is false, `timestamp` is that day's midnight (UTC).
    `dedupe_key` is assigned when the row is first stored, and is unique among an account's live rows.
    `content_hash` covers everything the bank reported, so that a repeated row is recognised without comparing fields.
    `running_balance` has the same sign as `amount`.

    A trigger checks the account once for each statement, and deleting an account deletes its rows. The user, the import
    and the answer are those of the attempt that writes, which locks its account import, so they are not looked up.
    """

    __tablename__ = "transactions"

    id: Mapped[Id]
    user_id: Mapped[int]
    account_id: Mapped[int]
    status: Mapped[TransactionStatus]
    date: Mapped[date] = mapped_column(Date)
    timestamp: Mapped[datetime]
    has_time: Mapped[bool]
    amount: Mapped[Decimal] = mapped_column(Numeric)
    currency: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    merchant: Mapped[str | None] = mapped_column(Text)
    merchant_source: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    category_source: Mapped[str | None] = mapped_column(Text)
    transaction_type: Mapped[str | None] = mapped_column(Text)
    transaction_category: Mapped[str | None] = mapped_column(Text)
    classification: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    transaction_id: Mapped[str | None] = mapped_column(Text)
    provider_transaction_id: Mapped[str | None] = mapped_column(Text)
    normalised_provider_transaction_id: Mapped[str | None] = mapped_column(Text)
    running_balance: Mapped[Decimal | None] = mapped_column(Numeric)
    meta: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    flags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    dedupe_key: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    import_job_id: Mapped[int]
    raw_response_id: Mapped[int]
    raw_position: Mapped[int]
    still_pending: Mapped[bool] = mapped_column(server_default="false")
    """Whether the bank still lists this booked row as pending; it is shown and counted once."""
    removed_at: Mapped[datetime | None]
    removed_by_job_id: Mapped[int | None]
    created_at: Mapped[CreatedAt]

    if TYPE_CHECKING:
        transfer: Mapped[dict[str, Any] | None]

    __table_args__ = (
        Index(
            "uq_transactions_account_id_dedupe_key",
            "account_id",
            "dedupe_key",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_transactions_account_id_date", "account_id", "date"),
        Index("ix_transactions_user_id_date_id", "user_id", text("date DESC"), text("id DESC")),
        Index(
            "ix_transactions_user_id_category",
            "user_id",
            "category",
            text("date DESC"),
            text("id DESC"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index(
            "ix_transactions_user_id_amount",
            "user_id",
            text("abs(amount)"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        # Rows of one import lie together in the table, so that a summary of its pages finds them.
        Index(
            "ix_transactions_import_job_id",
            "import_job_id",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 64, "autosummarize": "on"},
        ),
        Index(
            "ix_transactions_raw_response_id",
            "raw_response_id",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 64, "autosummarize": "on"},
        ),
        Index(
            "ix_transactions_still_pending",
            "account_id",
            postgresql_where=text("removed_at IS NULL AND still_pending"),
        ),
        Index(
            "ix_transactions_pending",
            "user_id",
            text("date DESC"),
            text("id DESC"),
            postgresql_where=text("removed_at IS NULL AND status = 'pending'"),
        ),
    )


class AccountDay(Base):
    """How many live rows of one currency and status an account has on a day, and their sums.

    Triggers on `transactions` keep it, in the transaction that changes the rows. A day without rows has 0 or no entry.
    """

    __tablename__ = "account_days"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    date: Mapped[date] = mapped_column(Date, primary_key=True)
    currency: Mapped[str] = mapped_column(Text, primary_key=True)
    status: Mapped[TransactionStatus] = mapped_column(primary_key=True)
    rows: Mapped[int]
    money_in: Mapped[Decimal] = mapped_column(Numeric)
    money_out: Mapped[Decimal] = mapped_column(Numeric)


class ChangeKind(StrEnum):
    """Why a stored row was changed.

    `carried`: it got the edits of a removed row. `carried_over`: it is that removed row, and `after` names the row that
    replaced it.
    """

    IDS_CHANGED = "ids_changed"
    BANK_AMENDED = "bank_amended"
    DATE_MOVED = "date_moved"
    BOOKED = "booked"
    VANISHED = "vanished"
    EDITED = "edited"
    EDIT_TAKEN_BACK = "edit_taken_back"
    REPARSED = "reparsed"
    REMOVED = "removed"
    RESTORED = "restored"
    CARRIED = "carried"
    CARRIED_OVER = "carried_over"
    ENRICHED = "enriched"
    ENRICHMENT_UNDONE = "enrichment_undone"


class TransactionChange(Base):
    """One change of one row: the values before and after of the changed fields, and who made it.

    `job_id` is an import job, `enrichment_job_id` an enrichment, whose attempt holds it locked, so it is not looked up.
    """

    __tablename__ = "transaction_changes"

    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("truelayer_import_jobs.id"), index=True)
    enrichment_job_id: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    bulk_edit_id: Mapped[UUID | None]
    """The edit of all matching rows that made it; None for any other change."""
    kind: Mapped[ChangeKind]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(
            "ix_transaction_changes_enrichment_job_id",
            "enrichment_job_id",
            "id",
            postgresql_where=text("enrichment_job_id IS NOT NULL"),
        ),
        # Few among all changes, most of which are enrichments: each export looks for those of its user.
        Index(
            "ix_transaction_changes_appeared",
            "id",
            postgresql_where=text("kind IN ('booked', 'restored')"),
        ),
        Index(
            "ix_transaction_changes_bulk_edit_id",
            "bulk_edit_id",
            postgresql_where=text("bulk_edit_id IS NOT NULL"),
        ),
    )


class TransferStatus(StrEnum):
    """The status of a pair: suggested by us, or confirmed or refused by the user."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Transfer(Base):
    """Money that moved from one of the user's accounts to another: two rows, each in at most one pair.

    `confidence` is from 0 to 1. `alternatives` is how many other rows would fit equally well. A refused pair is kept,
    so that it is never suggested again.
    """

    __tablename__ = "transfers"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    out_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"))
    in_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"), index=True)
    status: Mapped[TransferStatus]
    confidence: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    days_apart: Mapped[int]
    alternatives: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    decided_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("out_id", "in_id"),
        Index("uq_transfers_out_id_open", "out_id", unique=True, postgresql_where=text("status <> 'refused'")),
        Index("uq_transfers_in_id_open", "in_id", unique=True, postgresql_where=text("status <> 'refused'")),
        Index("ix_transfers_user_id_status", "user_id", "status", text("confidence DESC"), text("id DESC")),
    )


def is_not_refused(status: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition for pairs that are shown."""
    return status != TransferStatus.REFUSED


def is_confirmed(status: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition for pairs that the user confirmed."""
    return status == TransferStatus.CONFIRMED


def transfer_as_json(pair: Any, other: Any) -> ColumnElement[dict[str, Any]]:
    """A pair and the other row of it, by their columns, as the owner of one row is shown it."""
    return func.jsonb_build_object(
        "id",
        pair.id,
        "status",
        pair.status,
        "other_transaction_id",
        other.id,
        "other_account_id",
        other.account_id,
        type_=JSONB,
    )


def transfer_of_row(
    show: Callable[[Any, Any], ColumnElement[Any]], is_wanted: Callable[[ColumnElement[Any]], ColumnElement[bool]]
) -> ColumnElement[Any]:
    """What `show` makes of the pair that a row belongs to and of its other row, by their columns.

    NULL if no pair is wanted by its status, or if the other row was removed from the record.
    """
    pair, other, own = Transfer.__table__.c, Transaction.__table__.alias("other_side"), Transaction.__table__.c
    return (
        select(show(pair, other.c))
        .where(
            is_wanted(pair.status),
            or_(pair.out_id == own.id, pair.in_id == own.id),
            other.c.id == case((pair.out_id == own.id, pair.in_id), else_=pair.out_id),
            other.c.removed_at.is_(None),
        )
        .order_by(pair.status)
        .limit(1)
        .correlate(Transaction.__table__)
        .scalar_subquery()
    )


Transaction.transfer = column_property(transfer_of_row(transfer_as_json, is_not_refused))


def is_confirmed_transfer(transfer: dict[str, Any] | None) -> bool:
    """Whether a row of this `transfer` is one side of a pair that the user confirmed."""
    return transfer is not None and transfer["status"] == TransferStatus.CONFIRMED
