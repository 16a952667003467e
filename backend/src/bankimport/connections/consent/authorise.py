"""Begin and finish the consent redirect; renew, extend and remove a connection."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections import repository
from bankimport.connections.calls.clients import auth_client
from bankimport.connections.calls.tokens import Claim, claimed
from bankimport.connections.calls.usable import expired
from bankimport.connections.consent.describe import ConsentEnd, describe, end_at_truelayer
from bankimport.connections.consent_dates import consent_dates
from bankimport.connections.consents import forget, mark_expired, store_consent, store_tokens
from bankimport.connections.errors import (
    AuthorisationCancelled,
    AuthorisationFailed,
    ConfirmationNeeded,
    ConnectionRemoved,
)
from bankimport.connections.models import HIDDEN_STATUSES, AuthorisationRequest, BankConnection, ConnectionStatus
from bankimport.db.session import session_scope
from bankimport.edge.waiting import PLACES
from bankimport.quotas import check_quota
from bankimport.secrets import decrypt, encrypt, new_code, new_token, token_hash
from bankimport.settings import get_settings
from bankimport.truelayer.errors import ConsentExpired, TokenRejected
from bankimport.truelayer.oauth import Extension, new_code_verifier
from bankimport.users.models import User
from bankimport.users.record import record

REDIRECT_LIFETIME = timedelta(minutes=30)
MOST_CONFIRMATION_TRIES = 5


@dataclass(frozen=True, slots=True)
class ConsentRedirect:
    """Where to send the user, and the state that returns with them."""

    authorization_url: str
    state: str
    confirmation_code: str | None = None
    """The code with which the user confirms a return to a browser in which they are not signed in; None if begun in a
    browser."""


@dataclass(frozen=True, slots=True)
class StoredConsent:
    """A consent whose tokens are stored: its row, and the import to resume after the consent."""

    connection_id: int
    user_id: int
    renews_id: int | None
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
    """A link to the bank's consent pages, bound to this user and valid for one return within half an hour.

    With `in_browser` the return must carry this user's session; otherwise a browser in which they are not signed in
    requests the confirmation code. With `connection_id` it renews that connection.

    Raises:
        TrueLayerNotConfigured: the client id or secret is not set.
        QuotaReached: the user has reached the quota of banks, and this renews none of them.
    """
    auth = auth_client()
    if connection_id is None:
        of_user = BankConnection.user_id == user_id, BankConnection.status.not_in(HIDDEN_STATUSES)
        check_quota(session, get_settings().quota_connections, "connected banks", BankConnection.id, *of_user)
    request, state, challenge = _new_request(
        user_id,
        provider_ids=provider_ids,
        in_browser=in_browser,
        connection_id=connection_id,
        then_retry_job_id=then_retry_job_id,
    )
    session.add(request)
    url = auth.authorisation_url(
        redirect_uri=request.redirect_uri, state=state, code_challenge=challenge, provider_ids=provider_ids
    )
    if in_browser:
        return ConsentRedirect(url, state)
    confirmation_code = new_code()
    request.confirmation_hash = _confirmation_hash(state, confirmation_code)
    return ConsentRedirect(url, state, confirmation_code)


def _new_request(
    user_id: int,
    *,
    provider_ids: list[str],
    in_browser: bool,
    connection_id: int | None,
    then_retry_job_id: int | None = None,
) -> tuple[AuthorisationRequest, str, str]:
    """A new, unsaved redirect with its state and its code challenge."""
    state = new_token("state")
    verifier, challenge = new_code_verifier()
    request = AuthorisationRequest(
        user_id=user_id,
        connection_id=connection_id,
        state_hash=token_hash(state),
        code_verifier_encrypted=encrypt(verifier),
        redirect_uri=get_settings().redirect_uri,
        provider_id=provider_ids[0] if len(provider_ids) == 1 else None,
        in_browser=in_browser,
        then_retry_job_id=then_retry_job_id,
        expires_at=utc_now() + REDIRECT_LIFETIME,
    )
    return request, state, challenge


def begin_reauthorisation(
    session: Session, user_id: int, connection_id: int, *, in_browser: bool, then_retry_job_id: int | None = None
) -> ConsentRedirect:
    """A link that renews a connection at the same bank; accounts and history stay. The named import resumes afterwards.

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


@dataclass(frozen=True, slots=True)
class ConsentReturn:
    """What a bank sent back, and by whom: `by_program` when no browser did, which nobody can be led into.

    `confirmation` is the code that the user typed, if they did.
    """

    state: str
    code: str | None
    error: str | None
    by_program: bool
    confirmation: str | None = None


def finish_authorisation(signed_in: User | None, returned: ConsentReturn) -> StoredConsent:
    """Exchange the code that came back for tokens and store them, before anything else is asked.

    `signed_in` is the user of the browser that came back, if any. The state works once, whatever the result, unless a
    confirmation is needed. No database connection is used while TrueLayer answers.

    Raises:
        ConfirmationNeeded: its user must show that they began it.
        AuthorisationCancelled: the user cancelled at the bank.
        AuthorisationFailed: the state is unknown, used, too old, or another user's, or the bank gave an error.
        TooManyWaiting: the user has too many requests under way.
        TrueLayerError: TrueLayer did not take the code or could not be asked.
    """
    with session_scope() as session:
        request = repository.locked_authorisation_request(session, token_hash(returned.state))
        needed = _use_up(session, request, signed_in, returned) if request is not None else None
    if needed is not None:
        raise needed
    if request is None or not _may_finish(request, signed_in, returned):
        raise AuthorisationFailed("this consent was not started here, or was already used; connect the bank again")
    if returned.error == "access_denied":
        raise AuthorisationCancelled("you cancelled at the bank; connect the bank again when you are ready")
    if returned.error is not None or returned.code is None:
        raise AuthorisationFailed(
            f"the bank returned {returned.error or 'no reason'}; connect the bank again when you are ready"
        )
    with PLACES.place(request.user_id):
        fresh = auth_client().exchange_code(
            returned.code, redirect_uri=request.redirect_uri, code_verifier=decrypt(request.code_verifier_encrypted)
        )
    with session_scope() as session:
        connection = store_consent(session, request, fresh)
        return StoredConsent(connection.id, request.user_id, connection.renews_id, request.then_retry_job_id)


def _use_up(
    session: Session, request: AuthorisationRequest, signed_in: User | None, returned: ConsentReturn
) -> ConfirmationNeeded | None:
    """Consume a locked state. If its user must confirm it first, return what to ask them instead."""
    could_confirm = signed_in is None and not request.in_browser and returned.error is None
    if _may_finish(request, signed_in, returned) or not could_confirm:
        request.used_at = utc_now()
        return None
    if returned.confirmation is not None:
        request.confirmation_tries += 1
        if request.confirmation_tries >= MOST_CONFIRMATION_TRIES:
            request.used_at = utc_now()
            return None
    email = session.get_one(User, request.user_id).email
    return ConfirmationNeeded(email, is_wrong_code=returned.confirmation is not None)


def _may_finish(request: AuthorisationRequest, signed_in: User | None, returned: ConsentReturn) -> bool:
    if signed_in is not None:
        return signed_in.id == request.user_id
    if request.in_browser:
        return False
    return returned.by_program or _is_confirmed(request, returned)


def _is_confirmed(request: AuthorisationRequest, returned: ConsentReturn) -> bool:
    if request.confirmation_hash is None or returned.confirmation is None:
        return False
    return hmac.compare_digest(request.confirmation_hash, _confirmation_hash(returned.state, returned.confirmation))


def _confirmation_hash(state: str, code: str) -> bytes:
    """The state is not stored, so that a code cannot be found by trying them against a stolen hash."""
    return token_hash(f"{state} {''.join(code.upper().split()).replace('-', '')}")


def extend_connection(user_id: int, connection_id: int, *, in_browser: bool) -> Extension:
    """Extend a consent that the user has just reconfirmed; if the bank wants more, return the link to follow.

    New tokens are committed before TrueLayer is asked how long they last.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
        ConnectionExpired: the consent has ended and cannot be extended.
        TrueLayerError: the bank or TrueLayer refuses; authorising again still works.
    """
    with session_scope() as session:
        repository.connection_of(session, user_id, connection_id)
    try:
        with claimed(connection_id, _check_extendable) as claim:
            extension = _extend(user_id, claim, in_browser=in_browser)
    except (ConsentExpired, TokenRejected):
        with session_scope() as session:
            connection = repository.locked_connection(session, connection_id)
            mark_expired(connection, "consent_expired")
            failure = expired(connection)
        raise failure from None
    if extension.tokens is not None:
        describe(connection_id)
    return extension


def _check_extendable(connection: BankConnection) -> None:
    if connection.refresh_token_encrypted is None:
        raise ConnectionRemoved("this connection has no token to extend; reconnect the bank")


def _extend(user_id: int, claim: Claim, *, in_browser: bool) -> Extension:
    """Ask TrueLayer to extend, and store what it answers before anything else is asked."""
    with session_scope() as session:
        user = session.get_one(User, user_id)
        connection = session.get_one(BankConnection, claim.connection_id)
        request, state, challenge = _new_request(
            user.id, provider_ids=[connection.bank_id], in_browser=in_browser, connection_id=connection.id
        )
    extension = auth_client().extend(
        claim.refresh_token,
        redirect_uri=request.redirect_uri,
        user_id=str(user.id),
        user_name=user.email.split("@")[0],
        user_email=user.email,
        state=state,
        code_challenge=challenge,
    )
    with session_scope() as session:
        if extension.user_link is not None:
            session.add(request)
        connection = repository.locked_connection(session, claim.connection_id)
        if extension.tokens is not None and claim.is_current(connection):
            store_tokens(connection, extension.tokens)
            dates = consent_dates(None, utc_now())
            connection.consent_expires_at, connection.consent_end_assumed = dates.expires_at, True
            record(session, user_id, "connection.extended", connection_id=connection.id)
    return extension


def remove_connection(user_id: int, connection_id: int) -> ConsentEnd:
    """End a consent at TrueLayer and delete its tokens. Accounts and transactions stay; removing twice is harmless.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
    """
    with session_scope() as session:
        connection = repository.connection_of(session, user_id, connection_id)
        renewal = repository.undecided_renewal(session, connection_id)
        if connection.status is ConnectionStatus.REMOVED:
            return ConsentEnd(is_ended=True)
    if renewal is not None:
        drop_consent(renewal.id)
    return drop_consent(connection_id)


def drop_consent(connection_id: int) -> ConsentEnd:
    """End a consent at TrueLayer and delete its tokens, even if TrueLayer fails."""
    end = end_at_truelayer(connection_id)
    with session_scope() as session:
        connection = repository.locked_connection(session, connection_id)
        forget(connection)
        record(
            session,
            connection.user_id,
            "connection.removed",
            connection_id=connection_id,
            ended_at_truelayer=end.is_ended,
        )
    return end
