"""What bank connections look like over HTTP."""

from datetime import datetime

from pydantic import BaseModel, Field

from bankimport.connections.models import SCA_WINDOW, BankConnection, ConnectionStatus


class ConnectionRead(BaseModel):
    """A connection; never its tokens. Until `deep_history_until` banks surely give their whole history."""

    id: int
    bank: str
    bank_id: str
    status: ConnectionStatus
    authorised_at: datetime
    deep_history_until: datetime
    consent_expires_at: datetime | None
    created_at: datetime
    last_error: str | None

    @classmethod
    def of(cls, connection: BankConnection) -> "ConnectionRead":
        """The connection as its user sees it."""
        return cls(
            id=connection.id,
            bank=connection.bank_name,
            bank_id=connection.bank_id,
            status=connection.status,
            authorised_at=connection.authorised_at,
            deep_history_until=connection.authorised_at + SCA_WINDOW,
            consent_expires_at=connection.consent_expires_at,
            created_at=connection.created_at,
            last_error=connection.last_error_code,
        )


class ConnectionList(BaseModel):
    """The user's connections, oldest first."""

    connections: list[ConnectionRead]


class AuthoriseRequest(BaseModel):
    """Which banks to offer; none named: every bank that the client id may use."""

    provider_ids: list[str] = Field([], max_length=50)


class AuthoriseRead(BaseModel):
    """Where to send the user's browser."""

    authorization_url: str
    state: str


class ExtendRead(BaseModel):
    """What came of extending: done, or a link at which the user must confirm."""

    extended: bool
    authorization_url: str | None
    consent_expires_at: datetime | None
