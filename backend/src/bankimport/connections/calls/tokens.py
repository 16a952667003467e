"""Get a valid access token: one refresh at a time per connection, stored before it is used, never blindly repeated.

Source: docs.truelayer.com, "Data API errors": a lost answer to a refresh can invalidate the bank's tokens.
"""

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections import repository
from bankimport.connections.calls.clients import auth_client
from bankimport.connections.calls.usable import check_usable, expired
from bankimport.connections.consents import adopt_waiting, mark_expired, store_tokens
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.secrets import decrypt
from bankimport.truelayer.errors import ConsentExpired, RefreshOutcomeUnknown

log = structlog.get_logger(__name__)

REFRESH_BEFORE_END = timedelta(seconds=90)
"""A token must stay valid longer than the request it is sent with."""

PAUSE_AFTER_LOST_ANSWER = timedelta(seconds=60)


def access_token(connection_id: int, *, rejected: bool = False) -> str:
    """A token that the bank's API accepts.

    The connection's row stays locked during a refresh, so that the next caller finds the new token. `rejected` means
    that the stored token was refused; it is then refreshed unless another caller has just done so.

    Raises:
        ConnectionExpired: the consent has ended, or there is no refresh token.
        ConnectionRemoved: the user removed the connection.
        RefreshOutcomeUnknown: the answer to a refresh was lost; it is not repeated immediately.
        BankUnavailable: TrueLayer cannot be reached; nothing was sent.
    """
    asked_at = utc_now()
    with session_scope() as session:
        connection = session.get_one(BankConnection, connection_id)
        check_usable(connection)
        token = _valid_token(connection)
        if token is not None and not rejected:
            return token
    failure: Exception
    with session_scope() as session:
        connection = repository.locked_connection(session, connection_id)
        check_usable(connection)
        token = _valid_token(connection)
        was_just_refreshed = connection.refreshed_at is not None and connection.refreshed_at >= asked_at
        if token is not None and (not rejected or was_just_refreshed):
            return token
        try:
            return _refresh(session, connection)
        except ConsentExpired:
            if adopt_waiting(session, connection):
                return _valid_token(connection) or _refresh(session, connection)
            mark_expired(connection, "consent_expired")
            failure = expired(connection)
        except RefreshOutcomeUnknown as error:
            connection.refresh_outcome_unknown_at = utc_now()
            connection.last_error_code = error.code
            log.warning("token.refresh_outcome_unknown", connection_id=connection_id)
            failure = error
    raise failure


def _refresh(session: Session, connection: BankConnection) -> str:
    if connection.refresh_token_encrypted is None:
        raise ConsentExpired("there is no refresh token: the user did not consent to offline access")
    lost_at = connection.refresh_outcome_unknown_at
    if lost_at is not None and utc_now() - lost_at < PAUSE_AFTER_LOST_ANSWER:
        raise RefreshOutcomeUnknown(
            "the answer to a token refresh was lost; it will be tried once more in a minute",
            retry_after_s=PAUSE_AFTER_LOST_ANSWER.total_seconds(),
        )
    fresh = auth_client().refresh(decrypt(connection.refresh_token_encrypted))
    store_tokens(connection, fresh)
    session.flush()
    log.info("token.refreshed", connection_id=connection.id, is_rotated=fresh.refresh_token is not None)
    return fresh.access_token


def _valid_token(connection: BankConnection) -> str | None:
    expires_at = connection.access_token_expires_at
    if connection.access_token_encrypted is None or expires_at is None:
        return None
    return decrypt(connection.access_token_encrypted) if expires_at - REFRESH_BEFORE_END > utc_now() else None
