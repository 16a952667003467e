"""Bank connections, consent redirects in progress, the ledger of calls to banks, and our client id at TrueLayer."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.db.base import Base, CreatedAt, Id

SCA_WINDOW = timedelta(minutes=5)
"""How long after consent banks return deep history. Source: docs.truelayer.com, "Error codes", `sca_exceeded`."""


class ConnectionStatus(StrEnum):
    """Whether the consent can be used.

    `undecided`: it was given to renew another connection, and we do not yet know whether it is the same login.
    """

    ACTIVE = "active"
    EXPIRED = "expired"
    REMOVED = "removed"
    UNDECIDED = "undecided"


class DataApi(StrEnum):
    """By which of TrueLayer's data APIs a connection is read. Every consent given so far is one to v1."""

    V1 = "v1"
    V3 = "v3"


class TrueLayerEnvironment(StrEnum):
    """Which of TrueLayer's environments our client belongs to; the sandbox has only mock banks."""

    SANDBOX = "sandbox"
    LIVE = "live"


HIDDEN_STATUSES = (ConnectionStatus.REMOVED, ConnectionStatus.UNDECIDED)


class BankConnection(Base):
    """One user's consent to one bank. Tokens are encrypted; only `tokens.py` reads them.

    One login at a bank is one connection; two logins of a household at one bank are two.

    `holder_names` are the names by which the bank knows the user, as far as it reports them. `consent_number` counts
    what TrueLayer charges as separate connections: an extension keeps it, a new authorisation changes it.
    """

    __tablename__ = "bank_connections"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    bank_id: Mapped[str] = mapped_column(Text)
    bank_name: Mapped[str] = mapped_column(Text)
    credentials_id: Mapped[str | None] = mapped_column(Text)
    """TrueLayer's id of the consent; in Data API v3 the connection's id."""
    data_api: Mapped[DataApi] = mapped_column(server_default=DataApi.V1.value)
    consent_number: Mapped[int] = mapped_column(server_default="1")
    status: Mapped[ConnectionStatus]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    holder_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    access_token_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_token_expires_at: Mapped[datetime | None]
    refresh_token_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    refreshed_at: Mapped[datetime | None]
    refresh_outcome_unknown_at: Mapped[datetime | None]
    refresh_claimed_until: Mapped[datetime | None]
    """When the present claim on the refresh token ends; after a crash it stays set and runs out."""
    rate_limited_until: Mapped[datetime | None]
    authorised_at: Mapped[datetime]
    consent_created_at: Mapped[datetime | None]
    consent_expires_at: Mapped[datetime | None]
    consent_end_assumed: Mapped[bool] = mapped_column(server_default="false")
    """Whether we assume the end because the bank did not report it."""
    ended_at: Mapped[datetime | None]
    """When we found that the bank had ended the consent early."""
    described_at: Mapped[datetime | None]
    """When TrueLayer last reported the consent's bank and dates; None: not yet."""
    settled_at: Mapped[datetime | None]
    """When its accounts were first listed, which identified its login; None: not yet."""
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("bank_connections.id", ondelete="CASCADE"), index=True)
    """The connection that an undecided consent was given to renew."""
    listing: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """The result of the last listing of accounts; see `accounts.listing.Listing.summary`."""
    last_error_code: Mapped[str | None] = mapped_column(Text)
    time_zone: Mapped[str | None] = mapped_column(Text)
    """The time zone of the bank's calendar days; None: the bank's country is unknown, and UTC is used."""
    removed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index("ix_bank_connections_user_id_bank_id", "user_id", "bank_id"),
        Index("ix_bank_connections_authorised_at", "authorised_at"),
    )


class AuthorisationRequest(Base):
    """A consent redirect in progress: its state's hash, bound to the user, valid for one return.

    One that was begun `in_browser` must come back in a browser that the same user is signed in to. One that was begun
    by a token or a command may also come back to a program, or to a browser in which its user confirms it by the code
    that was shown with the link. So nobody can be led to share their bank with another user.
    """

    __tablename__ = "authorisation_requests"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("bank_connections.id", ondelete="CASCADE"))
    state_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    code_verifier_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    redirect_uri: Mapped[str] = mapped_column(Text)
    provider_id: Mapped[str | None] = mapped_column(Text)
    """The offered bank, if only one was offered."""
    in_browser: Mapped[bool]
    confirmation_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the state and the code by which the user confirms it; none when it was begun in a browser."""
    confirmation_tries: Mapped[int] = mapped_column(server_default="0")
    then_retry_job_id: Mapped[int | None] = mapped_column(ForeignKey("truelayer_import_jobs.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class ConsentWarning(Base):
    """A warning that a consent ends in `days_before` days, or has ended if 0; one per consent and number of days.

    A consent is identified by its connection and its end: renewing it begins a new one.
    """

    __tablename__ = "consent_warnings"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("bank_connections.id", ondelete="CASCADE"))
    ends_at: Mapped[datetime]
    days_before: Mapped[int]
    created_at: Mapped[CreatedAt]

    __table_args__ = (UniqueConstraint("connection_id", "ends_at", "days_before"),)


class CalendarFeed(Base):
    """The secret address of a user's calendar: its hash to find it, and its encrypted form to show it again."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    token_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[CreatedAt]


class BankApiCall(Base):
    """One try sent to a bank, recorded before it is sent, so that a crash cannot hide a used call.

    `attended`: the user's address was sent as X-PSU-IP. `in_consent_window`: it was not, but the user or their program
    requested the call within the time after a consent in which calls are not counted. Neither: it is unattended, and
    counts against the bank's daily allowance even if it fails.
    """

    __tablename__ = "bank_api_calls"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("bank_connections.id", ondelete="CASCADE"))
    consent_number: Mapped[int] = mapped_column(server_default="1")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("truelayer_import_jobs.id", ondelete="SET NULL"), index=True)
    bank_id: Mapped[str] = mapped_column(Text)
    endpoint: Mapped[str] = mapped_column(Text)
    attended: Mapped[bool]
    in_consent_window: Mapped[bool] = mapped_column(server_default="false")
    called_at: Mapped[CreatedAt]
    status: Mapped[int | None]
    error_code: Mapped[str | None] = mapped_column(Text)
    elapsed_ms: Mapped[int | None]
    correlation_id: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_bank_api_calls_allowance", "account_id", "endpoint", "called_at"),
        Index("ix_bank_api_calls_called_at", "called_at"),
        Index("ix_bank_api_calls_connection_id_called_at", "connection_id", "called_at"),
    )


class TrueLayerApplication(Base):
    """Our client id at TrueLayer, as an administrator stored it; at most one row. Settings with both win."""

    __tablename__ = "truelayer_application"

    ONLY: ClassVar[int] = 1

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=ONLY)
    environment: Mapped[TrueLayerEnvironment]
    client_id: Mapped[str] = mapped_column(Text)
    client_secret_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
