"""Get a valid access token: one refresh at a time per connection, stored before it is used, never blindly repeated.

A refresh claims the connection first, in a transaction of its own, so that no caller waits for TrueLayer with a
database connection or a locked row. The claim ends with the refresh; that of a crashed process expires.

Source: docs.truelayer.com, "Data API errors": a lost answer to a refresh can invalidate the bank's tokens.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from bankimport.clock import utc_now
from bankimport.connections import repository
from bankimport.connections.calls.clients import auth_client
from bankimport.connections.calls.usable import check_usable, expired
from bankimport.connections.consents import adopt_waiting, mark_expired, store_tokens
from bankimport.connections.errors import ConnectionExpired
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.secrets import decrypt
from bankimport.settings import get_settings
from bankimport.truelayer.errors import BankUnavailable, ConsentExpired, RefreshOutcomeUnknown

log = structlog.get_logger(__name__)

REFRESH_BEFORE_END = timedelta(seconds=90)
"""A token must stay valid longer than the request it is sent with."""

PAUSE_AFTER_LOST_ANSWER = timedelta(seconds=60)

CLAIM_MARGIN = timedelta(seconds=5)
"""How much longer than TrueLayer's time limit a claim lasts."""

LOOK_AGAIN_S = 0.1


def access_token(connection_id: int, *, rejected: bool = False) -> str:
    """A token that the bank's API accepts.

    A caller that comes during a refresh waits for its end and finds the new token. `rejected` means that the stored
    token was refused; it is then refreshed unless another caller has just done so.

    Raises:
        ConnectionExpired: the consent has ended, or there is no refresh token.
        ConnectionRemoved: the user removed the connection.
        RefreshOutcomeUnknown: the answer to a refresh was lost; it is not repeated at once.
        BankUnavailable: TrueLayer cannot be reached, and nothing was sent; or another refresh does not end.
    """
    asked_at = utc_now()
    with session_scope() as session:
        connection = repository.connection_by_id(session, connection_id)
        check_usable(connection)
        token = valid_token(connection)
        if token is not None and not rejected:
            return token
    while True:
        claim = None
        try:
            with claimed(connection_id, partial(_check_needed, rejected=rejected, asked_at=asked_at)) as claim:
                token = _refresh(claim)
                if token is not None:
                    return token
        except _AlreadyFresh as fresh:
            return fresh.token
        except ConsentExpired:
            failure = _expire(connection_id, claim)
            if failure is not None:
                raise failure from None
            rejected = False


def valid_token(connection: BankConnection) -> str | None:
    """The connection's token if the bank's API still accepts it for the time of a request; None: get another one."""
    expires_at = connection.access_token_expires_at
    if connection.access_token_encrypted is None or expires_at is None:
        return None
    return decrypt(connection.access_token_encrypted) if expires_at - REFRESH_BEFORE_END > utc_now() else None


class _AlreadyFresh(Exception):
    """There is a token, so that nothing needs to be refreshed."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token


def _check_needed(connection: BankConnection, *, rejected: bool, asked_at: datetime) -> None:
    check_usable(connection)
    token = valid_token(connection)
    was_just_refreshed = connection.refreshed_at is not None and connection.refreshed_at >= asked_at
    if token is not None and (not rejected or was_just_refreshed):
        raise _AlreadyFresh(token)
    if connection.refresh_token_encrypted is None:
        raise ConsentExpired(
            "there is no refresh token, because the consent did not include offline access; reconnect the bank"
        )
    lost_at = connection.refresh_outcome_unknown_at
    if lost_at is not None and utc_now() - lost_at < PAUSE_AFTER_LOST_ANSWER:
        raise RefreshOutcomeUnknown(
            "the answer to a token refresh was lost; it will be tried once more in a minute",
            retry_after_s=PAUSE_AFTER_LOST_ANSWER.total_seconds(),
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """The exclusive right to use a connection's refresh token."""

    connection_id: int
    refresh_token: str
    until: datetime

    def is_current(self, connection: BankConnection) -> bool:
        """Whether the locked row still has this refresh token: it was neither removed nor given another consent."""
        refresh_token = connection.refresh_token_encrypted
        return refresh_token is not None and decrypt(refresh_token) == self.refresh_token


@contextmanager
def claimed(connection_id: int, check: Callable[[BankConnection], None]) -> Iterator[Claim]:
    """Claim a connection's refresh token; waits without a database connection while another caller has it.

    `check` gets the locked row before the claim, and raises if it must not be claimed.

    Raises:
        BankUnavailable: another claim did not end within the time that one may take.
    """
    claim_for = timedelta(seconds=get_settings().truelayer_timeout_s) + CLAIM_MARGIN
    deadline = time.monotonic() + claim_for.total_seconds()
    while (claim := _claim(connection_id, claim_for, check)) is None:
        if time.monotonic() > deadline:
            raise BankUnavailable(
                "another refresh of this connection is still under way; it will be tried again",
                retry_after_s=LOOK_AGAIN_S,
            )
        time.sleep(LOOK_AGAIN_S)
    try:
        yield claim
    finally:
        with session_scope() as session:
            connection = repository.locked_connection(session, connection_id)
            if connection.refresh_claimed_until == claim.until:
                connection.refresh_claimed_until = None


def _claim(connection_id: int, claim_for: timedelta, check: Callable[[BankConnection], None]) -> Claim | None:
    with session_scope() as session:
        connection = repository.locked_connection(session, connection_id)
        now = utc_now()
        if connection.refresh_claimed_until is not None and connection.refresh_claimed_until > now:
            return None
        check(connection)
        assert connection.refresh_token_encrypted is not None
        until = connection.refresh_claimed_until = now + claim_for
        return Claim(connection_id, decrypt(connection.refresh_token_encrypted), until)


def _refresh(claim: Claim) -> str | None:
    """The new access token; None when the connection has other tokens by now."""
    connection_id = claim.connection_id
    try:
        fresh = auth_client().refresh(claim.refresh_token)
    except RefreshOutcomeUnknown as error:
        with session_scope() as session:
            connection = repository.locked_connection(session, connection_id)
            connection.refresh_outcome_unknown_at = utc_now()
            connection.last_error_code = error.code
        log.warning("token.refresh_outcome_unknown", connection_id=connection_id)
        raise
    with session_scope() as session:
        connection = repository.locked_connection(session, connection_id)
        if not claim.is_current(connection):
            return None
        store_tokens(connection, fresh)
    log.info("token.refreshed", connection_id=connection_id, is_rotated=fresh.refresh_token is not None)
    return fresh.access_token


def _expire(connection_id: int, claim: Claim | None) -> ConnectionExpired | None:
    """Mark the consent as over; None when a renewal has taken its place."""
    with session_scope() as session:
        connection = repository.locked_connection(session, connection_id)
        if claim is not None and not claim.is_current(connection):
            return None
        if adopt_waiting(session, connection):
            return None
        mark_expired(connection, "consent_expired")
        return expired(connection)
