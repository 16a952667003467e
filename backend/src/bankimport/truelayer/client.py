"""One method per endpoint of TrueLayer's Data API v1; returns wire models with the raw answer.

Source: docs.truelayer.com, "Account and transaction data" and "HTTP headers".
"""

from datetime import date
from typing import TypeVar
from urllib.parse import quote, urlsplit

from bankimport.truelayer.answers import Answer, RawAnswer, UnreadAnswer, parse_entries, parse_rows, split_rows
from bankimport.truelayer.calls import BeginCall, ignore_calls, raw_answer, repeated_once, send_recorded
from bankimport.truelayer.errors import TrueLayerError, UnexpectedResponse, error_from_response
from bankimport.truelayer.schemas import Account, Balance, Card, FetchedRow, Info, Me, Wire
from bankimport.truelayer.transport import Received, Transport

S = TypeVar("S", bound=Wire)

ID_HEADER = "x-tl-correlation-id"


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
    ) -> UnreadAnswer:
        """All booked rows of these days in one answer: v1 has no paging. `last` must not be in the future.

        Both ends are always sent. It is not documented whether banks treat them as inclusive.
        """
        path = f"/{kind}/{_quoted(account_id)}/transactions"
        params = {"from": first.isoformat(), "to": last.isoformat()}
        raw = self._get(self._base + path, "transactions", params, token, psu_ip, begin_call)
        return UnreadAnswer(raw, split_rows)

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
        raw = self._get(self._base + path, "pending", None, token, psu_ip, begin_call)
        return Answer(parse_rows(raw.body), raw)

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
        entries = parse_entries(raw.body, kind)
        return Answer(entries.read, raw, entries.problems, is_whole=entries.left_out == 0)

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

        def send() -> Received:
            return self._transport.send("GET", url, headers=headers, params=params)

        received = repeated_once(lambda: send_recorded(send, _failure_of, endpoint, begin_call, ID_HEADER))
        return raw_answer(received, ID_HEADER)


def _failure_of(received: Received) -> TrueLayerError | None:
    if received.status == 200:
        return None
    if 200 <= received.status < 400:
        return UnexpectedResponse(f"expected an answer, got HTTP {received.status}", bank_status=received.status)
    return error_from_response(received.status, received.headers, received.body)


def _quoted(account_id: str) -> str:
    """An id made safe for a path: TrueLayer's ids may contain `+`, `/` and `=`."""
    return quote(account_id, safe="")
