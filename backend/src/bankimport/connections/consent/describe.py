"""Ask TrueLayer about a consent: its bank, how long it lasts, whether it still works; and end a consent."""

from dataclasses import dataclass

import structlog

from bankimport.clock import utc_now
from bankimport.connections import repository
from bankimport.connections.calls import tokens
from bankimport.connections.calls.bank import Bank
from bankimport.connections.calls.clients import auth_client, data_client
from bankimport.connections.consent_dates import consent_dates
from bankimport.connections.consents import mark_expired, name_bank
from bankimport.connections.errors import ConnectionExpired
from bankimport.connections.models import BankConnection, DataApi
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError
from bankimport.truelayer.errors import AccessDenied, TokenRejected
from bankimport.truelayer.schemas import Me

log = structlog.get_logger(__name__)


def describe(connection_id: int) -> bool:
    """Ask TrueLayer for the consent's bank and dates; False if it does not return them now.

    The consent works in any case, and missing details are requested again later.
    """
    if Bank(connection_id).data_api is DataApi.V3:
        return False  # v3 cannot be asked about a consent
    try:
        results = data_client().me(tokens.access_token(connection_id)).results
    except BankImportError as failure:
        log.info("connection.not_described", connection_id=connection_id, code=failure.code)
        return False
    if not results:
        return False
    with session_scope() as session:
        _take_description(repository.locked_connection(session, connection_id), results[0])
    return True


def describe_late(limit: int = 50) -> int:
    """Ask again about consents that TrueLayer has not described; returns how many it described now."""
    with session_scope() as session:
        waiting = repository.undescribed_connections(session, limit)
    return sum(describe(connection_id) for connection_id in waiting)


def has_ended(connection_id: int) -> bool:
    """Whether TrueLayer reports that the consent has ended; if so, the connection is marked as expired.

    Source: public clients; a 403 from /me means that the consent has lapsed, and so does a rejected token.
    """
    bank = Bank(connection_id)
    if bank.data_api is DataApi.V3:
        return _has_ended_v3(bank)
    try:
        try:
            data_client().me(tokens.access_token(connection_id))
        except TokenRejected:
            data_client().me(tokens.access_token(connection_id, rejected=True))
    except (AccessDenied, TokenRejected):
        with session_scope() as session:
            mark_expired(repository.locked_connection(session, connection_id), "consent_expired")
        return True
    except ConnectionExpired:
        return True
    except BankImportError:
        return False
    return False


def _has_ended_v3(bank: Bank) -> bool:
    """By listing the accounts, the only question that v3 answers about a consent."""
    try:
        bank.call_v3(lambda client, access: client.accounts(access))
    except ConnectionExpired:
        return True
    except BankImportError:
        return False
    return False


@dataclass(frozen=True, slots=True)
class ConsentEnd:
    """What happened to a consent at TrueLayer; `problem` says why it may still be open there."""

    is_ended: bool
    problem: str | None = None


def end_at_truelayer(connection_id: int) -> ConsentEnd:
    """Ask TrueLayer to end the consent. Never raises: our tokens are deleted in any case.

    Source: TrueLayer's specification of the authorisation server, `DELETE /api/delete`.
    """
    if Bank(connection_id).data_api is DataApi.V3:
        return ConsentEnd(is_ended=False, problem="Data API v3 cannot end a consent; end it in your bank's own app")
    try:
        auth_client().delete(tokens.access_token(connection_id))
    except BankImportError as failure:
        log.info("consent.not_ended", connection_id=connection_id, code=failure.code)
        if failure.code in ("connection_expired", "consent_expired"):
            return ConsentEnd(is_ended=True)
        return ConsentEnd(is_ended=False, problem=failure.message)
    return ConsentEnd(is_ended=True)


def _take_description(connection: BankConnection, me: Me) -> None:
    now = utc_now()
    if None not in (connection.credentials_id, me.credentials_id) and connection.credentials_id != me.credentials_id:
        connection.consent_number += 1
    connection.credentials_id = me.credentials_id or connection.credentials_id
    connection.scopes = list(me.scopes or connection.scopes)
    if me.provider is not None and me.provider.provider_id:
        name_bank(connection, me.provider.provider_id, me.provider.display_name)
    dates = consent_dates(me, connection.authorised_at)
    connection.consent_created_at = dates.created_at
    extended_to = connection.consent_expires_at if dates.is_end_assumed else None
    connection.consent_expires_at = max(dates.expires_at, extended_to or dates.expires_at)
    connection.consent_end_assumed = dates.is_end_assumed
    connection.described_at = now
