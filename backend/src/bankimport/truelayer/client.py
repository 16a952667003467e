"""One method per endpoint of TrueLayer's Data API v1; returns wire models with the raw answer.

Source: docs.truelayer.com, "Account and transaction data" and "HTTP headers".
"""

import random
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from bankimport.truelayer.answers import Answer, RawAnswer, parse_entries, parse_rows
from bankimport.truelayer.errors import (
    TrueLayerError,
    UnexpectedResponse,
    error_from_response,
)
from bankimport.truelayer.schemas import Account, Balance, Card, FetchedRow, Info, Me, Wire
from bankimport.truelayer.transport import AnswerCutOff, ConnectionDropped, Received, Transport

S = TypeVar("S", bound=Wire)

QUICK_RETRY_WAIT_S = 0.5


class CallOutcome(msgspec.Struct, frozen=True):
    """The outcome of one try; `status` is None without an answer, `error_code` is None on success."""

    status: int | None
    error_code: str | None
    elapsed_s: float
    correlation_id: str | None
    retry_after_s: float | None = None


FinishCall = Callable[[CallOutcome], None]
BeginCall = Callable[[str], FinishCall]
"""Called with the endpoint's name before every try; the function it returns is called with the outcome."""


def ignore_calls(_endpoint: str) -> FinishCall:
    """A `BeginCall` that records nothing."""
    return lambda _outcome: None


class TrueLayerClient:
    """The data endpoints for one access token at a time. Thread-safe.

    A try is repeated only once, and only if the connection failed before any answer began. Everything else is left to
    the caller's slower retries, because each try may use a bank's daily allowance.

    `kind` arguments are the word in the path: "accounts" or "cards". `psu_ip` declares that the user is present; pass
    it only if that is true.
    """

    def __init__(self, api_url: str, transport: Transport) -> None:
        self._base = f"{api_url.rstrip('/')}/data/v1"
        self._origin = urlsplit(self._base)[:2]
        self._transport = transport

    def me(self, token: str, *, psu_ip: str | None = None, begin_call: BeginCall = ignore_calls) -> Answer[Me]:
        """The connection's bank, scopes and consent dates."""
        return self._results("/me", "me", Me, token, psu_ip, begin_call)

    def info(self, token: str, *, psu_ip: str | None = None, begin_call: BeginCall = ignore_calls) -> Answer[Info]:
        """The holder of the accounts.

        Raises:
            EndpointNotSupported: the bank does not report it.
        """
        return self._results("/info", "info", Info, token, psu_ip, begin_call)

    def accounts(
        self, token: str, *, psu_ip: str | None = None, begin_call: BeginCall = ignore_calls
    ) -> Answer[Account]:
        """The bank accounts that the user consented to.

        Raises:
            EndpointNotSupported: the bank has only cards.
        """
        return self._results("/accounts", "accounts", Account, token, psu_ip, begin_call)

    def cards(self, token: str, *, psu_ip: str | None = None, begin_call: BeginCall = ignore_calls) -> Answer[Card]:
        """The cards that the user consented to.

        Raises:
            EndpointNotSupported: the bank has no cards.
        """
        return self._results("/cards", "cards", Card, token, psu_ip, begin_call)

    def balance(
        self,
        token: str,
        kind: str,
        account_id: str,
        *,
        psu_ip: str | None = None,
        begin_call: BeginCall = ignore_calls,
    ) -> Answer[Balance]:
        """The balance of one account or card, as the bank signs it."""
        path = f"/{kind}/{_quoted(account_id)}/balance"
        return self._results(path, "balance", Balance, token, psu_ip, begin_call)

    def transactions(
        self,
        token: str,
        kind: str,
        account_id: str,
        first: date,
        last: date,
        *,
        psu_ip: str | None = None,
        begin_call: BeginCall = ignore_calls,
    ) -> Answer[FetchedRow]:
        """All booked rows of these days in one answer: v1 has no paging. `last` must not be in the future.

        Both ends are always sent. It is not documented whether banks treat them as inclusive.
        """
        path = f"/{kind}/{_quoted(account_id)}/transactions"
        params = {"from": first.isoformat(), "to": last.isoformat()}
        return self._rows(path, "transactions", params, token, psu_ip, begin_call)

    def pending(
        self,
        token: str,
        kind: str,
        account_id: str,
        *,
        psu_ip: str | None = None,
        begin_call: BeginCall = ignore_calls,
    ) -> Answer[FetchedRow]:
        """The complete present set of pending rows."""
        path = f"/{kind}/{_quoted(account_id)}/transactions/pending"
        return self._rows(path, "pending", None, token, psu_ip, begin_call)

    def _results(
        self,
        path: str,
        endpoint: str,
        kind: type[S],
        token: str,
        psu_ip: str | None,
        begin_call: BeginCall,
    ) -> Answer[S]:
        raw = self._get(self._base + path, endpoint, None, token, psu_ip, begin_call)
        results, problems = parse_entries(raw.body, kind)
        return Answer(results, raw, problems)

    def _rows(
        self,
        path: str,
        endpoint: str,
        params: dict[str, str] | None,
        token: str,
        psu_ip: str | None,
        begin_call: BeginCall,
    ) -> Answer[FetchedRow]:
        raw = self._get(self._base + path, endpoint, params, token, psu_ip, begin_call)
        return Answer(parse_rows(raw.body), raw)

    def _get(
        self,
        url: str,
        endpoint: str,
        params: dict[str, str] | None,
        token: str,
        psu_ip: str | None,
        begin_call: BeginCall,
    ) -> RawAnswer:
        headers = {"Authorization": f"Bearer {token}"}
        if psu_ip is not None:
            headers["X-PSU-IP"] = psu_ip
        try:
            received = self._try(url, endpoint, params, headers, begin_call)
        except (AnswerCutOff, ConnectionDropped):
            time.sleep(QUICK_RETRY_WAIT_S * (1 + random.random()))  # noqa: S311 - jitter, not a secret
            received = self._try(url, endpoint, params, headers, begin_call)
        return RawAnswer(
            body=received.body,
            request=received.request,
            correlation_id=received.headers.get("x-tl-correlation-id"),
            client_correlation_id=received.client_correlation_id,
            received_at=received.received_at,
            elapsed_s=received.elapsed_s,
        )

    def _try(
        self,
        url: str,
        endpoint: str,
        params: dict[str, str] | None,
        headers: dict[str, str],
        begin_call: BeginCall,
    ) -> Received:
        finish = begin_call(endpoint)
        started = time.monotonic()
        try:
            received = self._transport.send("GET", url, headers=headers, params=params)
        except TrueLayerError as error:
            finish(CallOutcome(error.bank_status, error.code, time.monotonic() - started, None))
            raise
        failure: TrueLayerError | None = None
        if received.status != 200:
            failure = error_from_response(received.status, received.headers, received.body)
            if 200 <= received.status < 400:
                failure = UnexpectedResponse(
                    f"expected an answer, got HTTP {received.status}", bank_status=received.status
                )
        finish(
            CallOutcome(
                received.status,
                None if failure is None else failure.bank_code or failure.code,
                received.elapsed_s,
                received.headers.get("x-tl-correlation-id"),
                None if failure is None else failure.retry_after_s,
            )
        )
        if failure is not None:
            raise failure
        return received


def _quoted(account_id: str) -> str:
    """An id made safe for a path: TrueLayer's ids may contain `+`, `/` and `=`."""
    return quote(account_id, safe="")
