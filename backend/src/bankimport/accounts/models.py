"""Accounts and cards; rows, jobs and bookmarks hang on our id, TrueLayer's current ids are attributes of its doors."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Date,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    ScalarSelect,
    Text,
    UniqueConstraint,
    bindparam,
    case,
    func,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, column_property, mapped_column

from bankimport.clock import utc_now
from bankimport.connections.models import HIDDEN_STATUSES, BankConnection, ConnectionStatus
from bankimport.db.base import Base, CreatedAt, Id


class AccountKind(StrEnum):
    """Which half of TrueLayer's API serves it."""

    ACCOUNT = "account"
    CARD = "card"


class Account(Base):
    """A bank account or card, seen through one connection or several.

    `balance_current` follows our sign: negative = the user owes, for cards too.
    """

    __tablename__ = "truelayer_accounts"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    bank_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[AccountKind]
    display_name: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    account_type: Mapped[str | None] = mapped_column(Text)
    iban: Mapped[str | None] = mapped_column(Text)
    account_number: Mapped[str | None] = mapped_column(Text)
    sort_code: Mapped[str | None] = mapped_column(Text)
    partial_card_number: Mapped[str | None] = mapped_column(Text)
    card_network: Mapped[str | None] = mapped_column(Text)
    holder_name: Mapped[str | None] = mapped_column(Text)
    """The name on the card; known so that it is taken out of what leaves, and shown to nobody but its user."""
    balance_current: Mapped[Decimal | None] = mapped_column(Numeric)
    balance_available: Mapped[Decimal | None] = mapped_column(Numeric)
    balance_at: Mapped[datetime | None]
    unsupported: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    last_synced_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    if TYPE_CHECKING:
        connection_id: Mapped[int]
        missing_since: Mapped[datetime | None]

    __table_args__ = (Index("ix_truelayer_accounts_user_id_bank_id", "user_id", "bank_id"),)


class AccountDoor(Base):
    """A connection through which an account can be read, and the id that the account has there.

    A joint account that two logins list has two doors. `missing_since` says since when this connection's listings lack
    it, which says nothing about its other doors.
    """

    __tablename__ = "account_doors"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("bank_connections.id", ondelete="CASCADE"))
    kind: Mapped[AccountKind]
    truelayer_id: Mapped[str] = mapped_column(Text)
    missing_since: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("connection_id", "account_id"),
        UniqueConstraint("connection_id", "kind", "truelayer_id"),
    )


def _of_best_door(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """The column of the door that the account is read through: one that can be used, else the newest."""
    now = bindparam(None, callable_=utc_now, type_=DateTime(timezone=True))
    is_usable = (
        (BankConnection.status == ConnectionStatus.ACTIVE)
        & AccountDoor.missing_since.is_(None)
        & (
            BankConnection.consent_end_assumed
            | func.coalesce(
                BankConnection.consent_expires_at > now,
                true(),
            )
        )
    )
    return (
        select(column)
        .join(BankConnection, BankConnection.id == AccountDoor.connection_id)
        .where(AccountDoor.account_id == Account.__table__.c.id)
        .order_by(
            is_usable.desc(),
            BankConnection.status.in_(HIDDEN_STATUSES),
            case((is_usable, AccountDoor.id), else_=-AccountDoor.id),
        )
        .limit(1)
        .correlate(Account.__table__)
        .scalar_subquery()
    )


Account.connection_id = column_property(_of_best_door(AccountDoor.connection_id))
Account.missing_since = column_property(_of_best_door(AccountDoor.missing_since))


class DeclinedContinuation(Base):
    """That a user said that an account is not the one which it might continue."""

    __tablename__ = "declined_continuations"

    new_account_id: Mapped[int] = mapped_column(
        ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), primary_key=True
    )
    old_account_id: Mapped[int] = mapped_column(
        ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), primary_key=True
    )
    declined_at: Mapped[datetime]


class AccountStanding(Base):
    """How far an account is held and proven, kept so that it need not be worked out each time it is asked for."""

    __tablename__ = "account_standings"

    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), primary_key=True)
    newest_held_day: Mapped[date | None] = mapped_column(Date)
    newest_proven_day: Mapped[date | None] = mapped_column(Date)
    broken_days: Mapped[int] = mapped_column(server_default="0")
    proved_at: Mapped[datetime]


class AccountBalance(Base):
    """A balance as the bank told it at a moment, in our sign, and what was known at that moment.

    `pending_total` is the sum of the pending rows stored then, since banks count them in or do not. `held_from` is the
    first of the days held without a hole up to that day: rows of earlier days tell nothing about later differences.
    `job_id` names the dry run whose answers were committed later: its rows were known when the balance was told.
    """

    __tablename__ = "account_balances"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"))
    told_at: Mapped[datetime]
    current: Mapped[Decimal] = mapped_column(Numeric)
    available: Mapped[Decimal | None] = mapped_column(Numeric)
    pending_total: Mapped[Decimal] = mapped_column(Numeric)
    held_from: Mapped[date] = mapped_column(Date)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("truelayer_import_jobs.id", ondelete="CASCADE"))

    __table_args__ = (Index("ix_account_balances_account_id_told_at", "account_id", "told_at"),)
