"""Store a consent and its tokens, and move it to the connection that it renews; makes no calls."""

from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections import repository
from bankimport.connections.consent_dates import consent_dates
from bankimport.connections.models import AuthorisationRequest, BankConnection, ConnectionStatus
from bankimport.secrets import encrypt
from bankimport.truelayer.oauth import Tokens
from bankimport.users.record import record

UNKNOWN_BANK = "unknown"

_OF_THE_CONSENT = (
    "access_token_encrypted",
    "access_token_expires_at",
    "refresh_token_encrypted",
    "refreshed_at",
    "authorised_at",
    "credentials_id",
    "data_api",
    "scopes",
    "consent_created_at",
    "consent_expires_at",
    "consent_end_assumed",
    "described_at",
    "listing",
)


def store_consent(session: Session, request: AuthorisationRequest, fresh: Tokens) -> BankConnection:
    """Store the tokens of a new consent as a new connection. Existing connections are not changed yet.

    A consent that was given to renew a connection stays undecided until its accounts show that it is the same login.
    """
    renewed = session.get(BankConnection, request.connection_id) if request.connection_id is not None else None
    now = utc_now()
    dates = consent_dates(None, now)
    bank_id = request.provider_id or (renewed.bank_id if renewed is not None else UNKNOWN_BANK)
    connection = BankConnection(
        user_id=request.user_id,
        bank_id=bank_id,
        bank_name=renewed.bank_name if renewed is not None else _plain_name(bank_id),
        status=ConnectionStatus.ACTIVE,
        renews_id=renewed.id if renewed is not None else None,
        authorised_at=now,
        consent_created_at=dates.created_at,
        consent_expires_at=dates.expires_at,
        consent_end_assumed=True,
    )
    store_tokens(connection, fresh)
    if renewed is not None:
        connection.status = ConnectionStatus.UNDECIDED
        _discard_earlier(session, renewed.id)
    session.add(connection)
    session.flush()
    record(session, request.user_id, "connection.authorised", connection_id=connection.id, bank=connection.bank_id)
    return connection


def store_tokens(connection: BankConnection, fresh: Tokens) -> None:
    """Put tokens into the connection's row; they take effect when the transaction is committed."""
    now = utc_now()
    connection.access_token_encrypted = encrypt(fresh.access_token)
    connection.access_token_expires_at = fresh.expires_at
    if fresh.refresh_token is not None:
        connection.refresh_token_encrypted = encrypt(fresh.refresh_token)
    connection.refreshed_at = now
    connection.refresh_outcome_unknown_at = None
    connection.last_error_code = connection.ended_at = None
    connection.status = ConnectionStatus.ACTIVE


def mark_expired(connection: BankConnection, code: str) -> None:
    """Mark a connection that only the user can restore."""
    connection.status = ConnectionStatus.EXPIRED
    connection.last_error_code = code
    connection.ended_at = connection.ended_at or utc_now()


def take_over(session: Session, target: BankConnection, consent: BankConnection) -> None:
    """Replace a connection's consent with a new one; both rows are locked.

    The row that stored the consent until now is deleted, and its calls count for the connection.
    """
    is_same_consent = target.credentials_id is not None and target.credentials_id == consent.credentials_id
    target.consent_number += 0 if is_same_consent else 1
    _move(consent, target)
    repository.move_calls(session, consent.id, target)
    record(session, target.user_id, "connection.renewed", connection_id=target.id)


def _move(source: BankConnection, target: BankConnection) -> None:
    for name in _OF_THE_CONSENT:
        setattr(target, name, getattr(source, name))
    if source.bank_id != UNKNOWN_BANK:
        target.bank_id, target.bank_name = source.bank_id, source.bank_name
    target.holder_names = sorted({*(target.holder_names or []), *source.holder_names})
    target.status = ConnectionStatus.ACTIVE
    target.ended_at = target.last_error_code = target.refresh_outcome_unknown_at = None
    forget(source)


def adopt_waiting(session: Session, connection: BankConnection) -> bool:
    """Adopt a renewal whose accounts could not be listed, once the old consent is known to have ended."""
    waiting = repository.undecided_renewal(session, connection.id)
    if waiting is None or waiting.settled_at is not None:
        return False
    take_over(session, connection, repository.locked_connection(session, waiting.id))
    connection.settled_at = None
    return True


def part_from(session: Session, connection: BankConnection) -> BankConnection:
    """Separate an adopted consent that turned out to belong to another login: it is undecided again."""
    consent = BankConnection(
        user_id=connection.user_id,
        bank_id=connection.bank_id,
        bank_name=connection.bank_name,
        renews_id=connection.id,
        consent_number=1,
    )
    _move(connection, consent)
    consent.status = ConnectionStatus.UNDECIDED
    connection.status, connection.removed_at = ConnectionStatus.EXPIRED, None
    connection.ended_at = connection.settled_at = utc_now()
    session.add(consent)
    session.flush()
    return consent


def forget(connection: BankConnection) -> None:
    """Delete the tokens; the connection can no longer fetch anything."""
    connection.status = ConnectionStatus.REMOVED
    connection.access_token_encrypted = connection.refresh_token_encrypted = None
    connection.removed_at = connection.removed_at or utc_now()


def name_bank(connection: BankConnection, bank_id: str, name: str | None) -> None:
    """Store which bank the consent belongs to."""
    if connection.bank_id != bank_id or name:
        connection.bank_name = name or _plain_name(bank_id)
    connection.bank_id = bank_id


def _plain_name(bank_id: str) -> str:
    return "A bank" if bank_id == UNKNOWN_BANK else bank_id


def _discard_earlier(session: Session, renewed_id: int) -> None:
    earlier = repository.undecided_renewal(session, renewed_id)
    if earlier is not None:
        forget(repository.locked_connection(session, earlier.id))
