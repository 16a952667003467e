"""Bank connections over HTTP."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from bankimport.clock import utc_now
from bankimport.connections.consent.clock import ConsentClock, ConsentState, clock_of
from bankimport.connections.models import SCA_WINDOW, BankConnection, ConnectionStatus, TrueLayerEnvironment
from bankimport.ids import Id


class RenewalState(StrEnum):
    """Why a renewal was not adopted: its accounts belong to another login, or were not listed yet."""

    ANOTHER_LOGIN = "another_login"
    NOT_LISTED = "not_listed"


class RenewalRead(BaseModel):
    """A waiting renewal of a connection; `accounts` are the names of the accounts it lists."""

    state: RenewalState
    bank: str
    accounts: list[str]
    authorised_at: datetime

    @classmethod
    def of(cls, consent: BankConnection) -> "RenewalRead":
        """The renewal as shown to its user."""
        state = RenewalState.NOT_LISTED if consent.settled_at is None else RenewalState.ANOTHER_LOGIN
        return cls(
            state=state,
            bank=consent.bank_name,
            accounts=consent.listing.get("names", []),
            authorised_at=consent.authorised_at,
        )


class NotListedRead(BaseModel):
    """Accounts or cards that the bank did not list last time, and the reason code."""

    kind: str
    code: str


class ConnectionRead(BaseModel):
    """A connection without its tokens. Until `deep_history_until` banks certainly return their whole history.

    `consent_days_left` counts whole days. `consent_end_assumed`: the bank does not report when the consent ends, and 90
    days are assumed. `unreadable` lists entries of the last listing that could not be read, `not_listed` what was
    refused.
    `time_zone` is the zone of the bank's calendar days; null: the bank's country is unknown, and UTC is used.
    """

    id: Id
    bank: str
    bank_id: str
    status: ConnectionStatus
    authorised_at: datetime
    deep_history_until: datetime
    consent_expires_at: datetime | None
    consent_state: ConsentState
    consent_days_left: int | None
    consent_end_assumed: bool
    consent_ended_at: datetime | None
    time_zone: str | None
    created_at: datetime
    last_error: str | None
    not_listed: list[NotListedRead]
    unreadable: list[str]
    renewal: RenewalRead | None

    @classmethod
    def of(cls, connection: BankConnection, renewal: BankConnection | None = None) -> "ConnectionRead":
        """The connection as shown to its user, with its waiting renewal."""
        clock = clock_of(connection, utc_now())
        return cls(
            id=connection.id,
            bank=connection.bank_name,
            bank_id=connection.bank_id,
            status=connection.status,
            authorised_at=connection.authorised_at,
            deep_history_until=connection.authorised_at + SCA_WINDOW,
            consent_expires_at=connection.consent_expires_at,
            consent_state=clock.state,
            consent_days_left=clock.days_left,
            consent_end_assumed=connection.consent_end_assumed,
            consent_ended_at=clock.ends_at if clock.state is ConsentState.ENDED else None,
            time_zone=connection.time_zone,
            created_at=connection.created_at,
            last_error=connection.last_error_code,
            not_listed=[
                NotListedRead(kind=kind, code=code) for kind, code in connection.listing.get("not_listed", {}).items()
            ],
            unreadable=connection.listing.get("unreadable", []),
            renewal=RenewalRead.of(renewal) if renewal is not None else None,
        )


class TimeZoneChange(BaseModel, extra="forbid"):
    """The time zone of the bank's calendar days, a name like Europe/London."""

    time_zone: str = Field(max_length=60)


class ConnectionList(BaseModel):
    """The user's connections, oldest first."""

    connections: list[ConnectionRead]


class AuthoriseRequest(BaseModel, extra="forbid"):
    """Which banks to offer; none given: every bank that the client id may use."""

    provider_ids: list[str] = Field([], max_length=50)


class AuthoriseRead(BaseModel):
    """Where to send the user's browser."""

    model_config = ConfigDict(from_attributes=True)

    authorization_url: str
    state: str
    confirmation_code: str | None = None
    """What the user types when the bank sends them back to a browser in which they are not signed in; begun in a
    browser: none."""


class ExtendRead(BaseModel):
    """The result of extending: done, or a link where the user must confirm."""

    extended: bool
    authorization_url: str | None
    consent_expires_at: datetime | None


class RemovedRead(BaseModel):
    """What happened to the consent at TrueLayer; our tokens are deleted in any case. `problem`: why it may be open
    there."""

    ended_at_truelayer: bool
    problem: str | None


class WarningRead(BaseModel):
    """A warning sent this many days before the end; 0: at the end."""

    days_before: int
    warned_at: datetime


class ConsentRead(BaseModel):
    """How long a consent lasts, in whole days; null if the bank did not report it."""

    connection_id: Id
    bank: str
    state: ConsentState
    ends_at: datetime | None
    days_left: int | None
    warnings: list[WarningRead]

    @classmethod
    def of(cls, connection: BankConnection, clock: ConsentClock, warnings: list[WarningRead]) -> "ConsentRead":
        """The consent as shown to its user."""
        return cls(
            connection_id=connection.id,
            bank=connection.bank_name,
            state=clock.state,
            ends_at=clock.ends_at,
            days_left=clock.days_left,
            warnings=warnings,
        )


class ConsentList(BaseModel):
    """The user's consents, the one that ends first at the top."""

    consents: list[ConsentRead]


class CalendarRead(BaseModel):
    """The address of the calendar of consents. It is a secret: anyone who knows it can read the calendar."""

    url: str
    created_at: datetime


class TrueLayerSetup(BaseModel):
    """Our client at TrueLayer, without its secret.

    `source` says where it comes from: environment variables, which win and cannot be changed here, the database, or
    nowhere. `environment` is null for hosts of your own, such as the simulator's.
    """

    source: Literal["environment", "database", "none"]
    environment: TrueLayerEnvironment | None
    client_id: str | None
    has_secret: bool
    redirect_uri: str = Field(description="to register in TrueLayer's console, exactly as it is")
    auth_url: str
    changed_at: datetime | None


class TrueLayerSetupRequest(BaseModel, extra="forbid"):
    """What TrueLayer's console shows. Without a secret, the stored one is used."""

    environment: TrueLayerEnvironment
    client_id: str = Field(min_length=1, max_length=200)
    client_secret: SecretStr | None = Field(None, max_length=1000)

    @field_validator("client_id", "client_secret", mode="before")
    @classmethod
    def _without_space(cls, value: object) -> object:
        return value.strip() or None if isinstance(value, str) else value


class TrueLayerSetupChange(TrueLayerSetupRequest):
    """The same, to store. Another client id needs a word that connected banks are to be connected again."""

    even_if_connected: bool = Field(False, strict=True)


class SetupCheck(BaseModel):
    """One check of the set-up: what was found, and what to do if that is wrong."""

    name: Literal["environment", "client", "redirect_uri"]
    is_well: bool
    found: str
    remedy: str | None = None


class SetupChecks(BaseModel):
    """All checks; `is_well` if none failed."""

    is_well: bool
    checks: list[SetupCheck]
