"""Accounts and cards. Rows, jobs and bookmarks refer to our id; TrueLayer's present ids belong to the doors."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    ScalarSelect,
    Text,
    UniqueConstraint,
    bindparam,
    case,
    func,
    inspect,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, column_property, mapped_column

from bankimport.accounts.numbers import KIND, AccountNumbers, read_numbers
from bankimport.clock import utc_now
from bankimport.connections.models import HIDDEN_STATUSES, BankConnection, ConnectionStatus
from bankimport.db.base import Base, CreatedAt, Id
from bankimport.vault.keys import plain_of, stored_key_of
from bankimport.vault.seal import Vault


class AccountKind(StrEnum):
    """The half of TrueLayer's API that serves it."""

    ACCOUNT = "account"
    CARD = "card"


class Account(Base):
    """A bank account or card, seen through one or more connections.

    `balance_current` follows our sign: negative = the user owes money, for cards too. `listed_name` is the bank's name
    for it, `nickname` the user's.
    """

    __tablename__ = "truelayer_accounts"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    bank_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[AccountKind]
    listed_name: Mapped[str] = mapped_column("display_name", Text)
    nickname: Mapped[str | None] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    account_type: Mapped[str | None] = mapped_column(Text)
    numbers_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Its `numbers`; None while they are in the four columns that follow, or if the bank gives none."""
    plain_iban: Mapped[str | None] = mapped_column("iban", Text)
    plain_account_number: Mapped[str | None] = mapped_column("account_number", Text)
    plain_sort_code: Mapped[str | None] = mapped_column("sort_code", Text)
    plain_partial_card_number: Mapped[str | None] = mapped_column("partial_card_number", Text)
    card_network: Mapped[str | None] = mapped_column(Text)
    holder_name: Mapped[str | None] = mapped_column(Text)
    """The name on the card. We store it to remove it from everything that is sent out; only its user can see it."""
    balance_current: Mapped[Decimal | None] = mapped_column(Numeric)
    balance_available: Mapped[Decimal | None] = mapped_column(Numeric)
    balance_at: Mapped[datetime | None]
    unsupported: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    last_synced_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    if TYPE_CHECKING:
        connection_id: Mapped[int]
        stored_key: Mapped[bytes | None]
        missing_since: Mapped[datetime | None]

    __table_args__ = (Index("ix_truelayer_accounts_user_id_bank_id", "user_id", "bank_id"),)

    @property
    def display_name(self) -> str:
        """What its user is shown: the nickname, or the bank's name for it."""
        return self.nickname or self.listed_name

    @property
    def numbers(self) -> AccountNumbers:
        """Its numbers, decrypted.

        Raises:
            SealBroken: they were altered, or the user's key was erased.
        """
        if self.numbers_sealed is None:
            return AccountNumbers(
                self.plain_iban, self.plain_account_number, self.plain_sort_code, self.plain_partial_card_number
            )
        return read_numbers(plain_of(self.user_id, self.stored_key, self.numbers_sealed, KIND))

    def keep_numbers(self, vault: Vault, numbers: AccountNumbers) -> None:
        """Store its numbers, encrypted under its user's key."""
        self.numbers_sealed = vault.seal(numbers.written(), KIND) if numbers != AccountNumbers() else None
        self.plain_iban = self.plain_account_number = self.plain_sort_code = self.plain_partial_card_number = None
        state = inspect(self)
        if state.persistent and state.session is not None:
            state.session.expire(self, ["stored_key"])  # which may have been made since this was read


class AccountDoor(Base):
    """A connection through which an account can be read, and the account's id there.

    A joint account that two logins list has two doors. `missing_since` is when this connection's listings stopped
    including it; that says nothing about the account's other doors.
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
    """The column of the door that the account is read through: a usable one, else the newest."""
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
Account.stored_key = column_property(stored_key_of(Account.__table__.c.user_id))
Account.missing_since = column_property(_of_best_door(AccountDoor.missing_since))


class DeclinedContinuation(Base):
    """A user's decision that an account is not the continuation of another one."""

    __tablename__ = "declined_continuations"

    new_account_id: Mapped[int] = mapped_column(
        ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), primary_key=True
    )
    old_account_id: Mapped[int] = mapped_column(
        ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), primary_key=True
    )
    declined_at: Mapped[datetime]


class AccountJoin(Base):
    """An account that continues another one, which it took in: what both were before, so that it can be undone.

    `joined_id` is the account that was taken in; it exists again after the undo. `before` is as `state_before` of
    `imports.changes.continuation_undo` makes it.
    """

    __tablename__ = "account_joins"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), index=True)
    joined_id: Mapped[int]
    joined_name: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    joined_at: Mapped[datetime]


class AccountFreshness(Base):
    """How far an account is stored and proven, saved so that it need not be computed for every request."""

    __tablename__ = "account_standings"

    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), primary_key=True)
    newest_held_day: Mapped[date | None] = mapped_column(Date)
    newest_proven_day: Mapped[date | None] = mapped_column(Date)
    broken_days: Mapped[int] = mapped_column(server_default="0")
    proved_at: Mapped[datetime]
    sure_point: Mapped[str | None] = mapped_column(Text)
    """From where the proof can be continued, as `proof.stored_point` writes it."""


class AccountBalance(Base):
    """A balance that the bank reported at a moment, in our sign, and what was known at that moment.

    `pending_total` is the sum of the pending rows stored then, because some banks include them in balances. `held_from`
    is the first day from which days were stored without a gap up to then: rows of earlier days do not explain later
    differences. `job_id` is the dry run whose answers were committed later: its rows were known when the bank reported
    the balance.
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
