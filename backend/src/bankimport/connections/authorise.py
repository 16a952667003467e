"""Begin and finish the consent redirect; renew, extend and remove a connection."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections import repository, tokens
from bankimport.connections.clients import auth_client, data_client
from bankimport.connections.errors import AuthorisationFailed, ConnectionRemoved
from bankimport.connections.models import AuthorisationRequest, BankConnection, ConnectionStatus
from bankimport.secrets import decrypt, encrypt, new_token, token_hash
from bankimport.settings import get_settings
from bankimport.truelayer.oauth import Extension, ExtensionOutcome, Tokens, new_code_verifier
from bankimport.truelayer.schemas import Me
from bankimport.users.models import User
from bankimport.users.service import record

REDIRECT_LIFETIME = timedelta(minutes=30)
CONSENT_LIFETIME = timedelta(days=90)
"""Assumed where the bank does not say. Source: docs.truelayer.com, "Connections"."""


@dataclass(frozen=True, slots=True)
class ConsentRedirect:
    """Where to send the user, and the state that comes back with them."""

    authorization_url: str
    state: str


@dataclass(frozen=True, slots=True)
class FinishedConsent:
    """A consent that was given, and the import that it was given to go on with, if any."""

    connection: BankConnection
    then_retry_job_id: int | None


def begin_authorisation(
    session: Session,
    user_id: int,
    *,
    provider_ids: list[str],
    in_browser: bool,
    connection_id: int | None = None,
    then_retry_job_id: int | None = None,
) -> ConsentRedirect:
    """A link to the bank's consent pages, bound to this user and good for one return within half an hour.

    With `in_browser` the return must carry this user's session. With `connection_id` it renews that connection.

    Raises:
        TrueLayerNotConfigured: the client id or secret is not set.
    """
    auth = auth_client()
    state = new_token("state")
    verifier, challenge = new_code_verifier()
    redirect_uri = get_settings().redirect_uri
    session.add(
        AuthorisationRequest(
            user_id=user_id,
            connection_id=connection_id,
            state_hash=token_hash(state),
            code_verifier_encrypted=encrypt(verifier),
            redirect_uri=redirect_uri,
            in_browser=in_browser,
            then_retry_job_id=then_retry_job_id,
            expires_at=utc_now() + REDIRECT_LIFETIME,
        )
    )
    url = auth.authorisation_url(
        redirect_uri=redirect_uri, state=state, code_challenge=challenge, provider_ids=provider_ids
    )
    return ConsentRedirect(url, state)


def begin_reauthorisation(
    session: Session, user_id: int, connection_id: int, *, in_browser: bool, then_retry_job_id: int | None = None
) -> ConsentRedirect:
    """A link that renews a connection at the same bank; accounts and history stay. The import that it names goes on.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
    """
    connection = repository.connection_of(session, user_id, connection_id)
    return begin_authorisation(
        session,
        user_id,
        provider_ids=[connection.bank_id],
        in_browser=in_browser,
        connection_id=connection.id,
        then_retry_job_id=then_retry_job_id,
    )


def finish_authorisation(
    session: Session, signed_in: User | None, *, state: str, code: str | None, error: str | None
) -> FinishedConsent:
    """Exchange the code that came back for tokens, and store the connection; its accounts are listed later.

    `signed_in` is who the browser that came back is signed in as, if anybody. A consent to a bank that the user has
    a connection to already renews that connection.

    Raises:
        AuthorisationFailed: the user cancelled, or the state is unknown, used, too old, or another user's.
        TrueLayerError: TrueLayer did not take the code or could not be asked.
    """
    request = repository.take_authorisation_request(session, token_hash(state))
    if request is None or not _may_finish(request, signed_in):
        raise AuthorisationFailed("this consent was not begun here, or was used already; connect the bank again")
    if error is not None or code is None:
        reason = "you cancelled at the bank" if error == "access_denied" else f"the bank said {error or 'nothing'}"
        raise AuthorisationFailed(f"{reason}; connect the bank again when you are ready")
    fresh = auth_client().exchange_code(
        code, redirect_uri=request.redirect_uri, code_verifier=decrypt(request.code_verifier_encrypted)
    )
    me = _identity_of(fresh)
    user_id = request.user_id
    connection = _connection_for(session, user_id, request.connection_id, me)
    connection.authorised_at = utc_now()
    tokens.store_tokens(connection, fresh)
    _take_consent(connection, me)
    session.flush()
    record(session, user_id, "connection.authorised", connection_id=connection.id, bank=connection.bank_id)
    return FinishedConsent(connection, request.then_retry_job_id)


def _may_finish(request: AuthorisationRequest, signed_in: User | None) -> bool:
    if signed_in is None:
        return not request.in_browser
    return signed_in.id == request.user_id


def extend_connection(session: Session, user: User, connection_id: int) -> tuple[BankConnection, Extension]:
    """Extend a consent that the user has just reconfirmed; where the bank wants more, the link to follow.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
        TrueLayerError: the bank or TrueLayer refuses; re-authorising works still.
    """
    repository.connection_of(session, user.id, connection_id)
    connection = repository.locked_connection(session, connection_id)
    if connection.refresh_token_encrypted is None:
        raise ConnectionRemoved("this connection holds no token to extend; reconnect the bank")
    extension = auth_client().extend(
        decrypt(connection.refresh_token_encrypted),
        redirect_uri=get_settings().redirect_uri,
        user_id=str(user.id),
        user_name=user.email.split("@")[0],
        user_email=user.email,
    )
    if extension.outcome is ExtensionOutcome.EXTENDED and extension.tokens is not None:
        tokens.store_tokens(connection, extension.tokens)
        _take_consent(connection, _identity_of(extension.tokens))
        record(session, user.id, "connection.extended", connection_id=connection.id)
    return connection, extension


def remove_connection(session: Session, user_id: int, connection_id: int) -> None:
    """Forget a connection's tokens. Accounts and transactions stay; removing twice is harmless.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
    """
    repository.connection_of(session, user_id, connection_id)
    connection = repository.locked_connection(session, connection_id)
    connection.status = ConnectionStatus.REMOVED
    connection.access_token_encrypted = None
    connection.refresh_token_encrypted = None
    connection.removed_at = connection.removed_at or utc_now()
    record(session, user_id, "connection.removed", connection_id=connection_id)


def _identity_of(fresh: Tokens) -> Me:
    results = data_client().me(fresh.access_token).results
    if not results or results[0].provider is None or not results[0].provider.provider_id:
        raise AuthorisationFailed("TrueLayer does not say which bank this is; connect the bank again")
    return results[0]


def _connection_for(session: Session, user_id: int, connection_id: int | None, me: Me) -> BankConnection:
    """The connection that this consent renews, else a new one. One user at one bank has one live connection."""
    assert me.provider is not None
    bank_id = str(me.provider.provider_id)
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"connection {user_id} {bank_id}"))))
    known = [row for row in repository.connections_of(session, user_id) if row.bank_id == bank_id]
    for candidate in known:
        if candidate.id == connection_id or connection_id is None:
            return repository.locked_connection(session, candidate.id)
    connection = BankConnection(
        user_id=user_id,
        bank_id=bank_id,
        bank_name=me.provider.display_name or bank_id,
        status=ConnectionStatus.ACTIVE,
        authorised_at=utc_now(),
    )
    session.add(connection)
    return connection


def _take_consent(connection: BankConnection, me: Me) -> None:
    if None not in (connection.credentials_id, me.credentials_id) and connection.credentials_id != me.credentials_id:
        connection.consent_number += 1
    connection.credentials_id = me.credentials_id
    connection.scopes = list(me.scopes or [])
    connection.consent_created_at = _moment(me.consent_created_at) or connection.authorised_at
    connection.consent_expires_at = _moment(me.consent_expires_at) or connection.consent_created_at + CONSENT_LIFETIME


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
