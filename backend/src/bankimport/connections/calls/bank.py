"""The bank's API for one connection: keeps tokens valid, and records every try in the ledger before it is sent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bankimport.clock import utc_now
from bankimport.connections import repository
from bankimport.connections.calls import tokens
from bankimport.connections.calls.addresses import public_address
from bankimport.connections.calls.application_token import application_token
from bankimport.connections.calls.budget import check_budget, is_in_consent_window, learn_rate_limit
from bankimport.connections.calls.clients import data_client, data_v3_client
from bankimport.connections.calls.usable import check_usable, expired
from bankimport.connections.consents import mark_expired
from bankimport.connections.models import BankConnection, DataApi
from bankimport.db.acting import Group
from bankimport.db.session import seeing, session_scope
from bankimport.observability.tracing import begin_bank_call, end_bank_call
from bankimport.settings import get_settings
from bankimport.truelayer.calls import BeginCall, CallOutcome, FinishCall
from bankimport.truelayer.client import TrueLayerClient
from bankimport.truelayer.errors import ConsentExpired, TokenRejected
from bankimport.truelayer.v3.client import Access, DataV3Client

T = TypeVar("T")
CallBank = Callable[[TrueLayerClient, str, BeginCall], T]
CallBankV3 = Callable[[DataV3Client, Access], T]


ALLOWANCE_SPENT = "provider_request_limit_exceeded"
"""TrueLayer's code for an exhausted daily allowance, which applies to only one account and endpoint."""


class _TokenReplaced(Exception):
    """The token is not the connection's any more, or ends soon; nothing was sent."""


class Bank:
    """One connection's access to its bank, on behalf of a job or of a present user.

    `attended_ip` is the user's address while they are present, else None: X-PSU-IP is sent only with a public address.
    Read it inside a call: calls that begin at `attended_until` or later are made without it.
    `is_requested`: the user or their program requested the calls, so those soon after the consent use none of the
    unattended allowance; not so what a schedule began.
    """

    def __init__(
        self,
        connection_id: int,
        *,
        job_id: int | None = None,
        attended_ip: str | None = None,
        attended_until: datetime | None = None,
        is_requested: bool = True,
    ) -> None:
        self._connection_id = connection_id
        self._job_id = job_id
        self._token: str | None = None
        self.attended_ip = public_address(attended_ip)
        self._attended_until = attended_until
        self.is_requested = is_requested

    def call(self, ask: CallBank[T], *, account_id: int | None = None) -> T:
        """Call the bank with a valid token; if the token is rejected nevertheless, refresh it once and call once more.

        Raises:
            TrueLayerError: the call failed.
            ConnectionExpired: the consent has ended.
        """
        self._end_presence()
        if self._token is not None:
            # Whether it is still the connection's token is seen when the call is recorded, where that is read anyway.
            try:
                return ask(data_client(), self._token, self._ledger(account_id, self._token))
            except _TokenReplaced:
                pass
            except TokenRejected:
                return self._call_with(ask, account_id, rejected=True)
        try:
            return self._call_with(ask, account_id)
        except TokenRejected:
            return self._call_with(ask, account_id, rejected=True)

    def _end_presence(self) -> None:
        if self._attended_until is not None and utc_now() >= self._attended_until:
            self.attended_ip = None

    def _call_with(self, ask: CallBank[T], account_id: int | None, *, rejected: bool = False) -> T:
        self._token = tokens.access_token(self._connection_id, rejected=rejected)
        return ask(data_client(), self._token, self._ledger(account_id))

    @property
    def data_api(self) -> DataApi:
        """By which of TrueLayer's data APIs the connection is read."""
        with session_scope() as session:
            return session.get_one(BankConnection, self._connection_id).data_api

    def call_v3(self, ask: CallBankV3[T], *, account_id: int | None = None) -> T:
        """Ask the bank over Data API v3; a rejected token is replaced once.

        Raises:
            TrueLayerError: no answer.
            ConnectionExpired: the connection is not authorised any more.
        """
        self._end_presence()
        begin_call = self._ledger(account_id)
        with session_scope() as session:
            connection = session.get_one(BankConnection, self._connection_id)
            check_usable(connection)
            name = connection.credentials_id or ""
        token = application_token()
        try:
            try:
                return ask(data_v3_client(), Access(token, name, self.attended_ip, begin_call))
            except TokenRejected:
                token = application_token(rejected=token)
                return ask(data_v3_client(), Access(token, name, self.attended_ip, begin_call))
        except ConsentExpired:
            with session_scope() as session:
                connection = repository.locked_connection(session, self._connection_id)
                mark_expired(connection, "consent_expired")
                failure = expired(connection)
            raise failure from None

    def _ledger(self, account_id: int | None, token: str | None = None) -> BeginCall:
        """Record each try before it is sent. A try with a `token` from before is refused if that is outdated."""

        def begin(endpoint: str) -> FinishCall:
            now = utc_now()
            with session_scope() as session:
                connection = repository.connection_by_id(session, self._connection_id)
                if token is not None:
                    check_usable(connection)
                    if tokens.valid_token(connection) != token:
                        raise _TokenReplaced
                settings = get_settings()
                is_attended = self.attended_ip is not None
                is_fresh = (
                    not is_attended
                    and self.is_requested
                    and is_in_consent_window(connection.authorised_at, settings, now)
                )
                # All users' calls count towards the limits.
                with seeing(session, Group.EVERYONE):
                    check_budget(
                        session,
                        connection,
                        settings,
                        account_id=account_id,
                        endpoint=endpoint,
                        counts=not (is_attended or is_fresh),
                        now=now,
                    )
                call_id = repository.insert_call(
                    session,
                    connection=connection,
                    account_id=account_id,
                    job_id=self._job_id,
                    endpoint=endpoint,
                    attended=is_attended,
                    in_consent_window=is_fresh,
                    called_at=now,
                )

            span = begin_bank_call(endpoint, connection.bank_id)

            def finish(outcome: CallOutcome) -> None:
                end_bank_call(span, outcome.status, outcome.error_code)
                with session_scope() as session:
                    repository.finish_call(
                        session,
                        call_id,
                        status=outcome.status,
                        error_code=outcome.error_code,
                        elapsed_ms=int(timedelta(seconds=outcome.elapsed_s) / timedelta(milliseconds=1)),
                        correlation_id=outcome.correlation_id,
                    )
                    if outcome.status == 429 and outcome.error_code != ALLOWANCE_SPENT:
                        connection = repository.locked_connection(session, self._connection_id)
                        learn_rate_limit(connection, outcome.retry_after_s, utc_now())

            return finish

        return begin
