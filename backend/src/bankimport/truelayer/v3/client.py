"""One method per operation of Data API v3 that an import needs.

Source: TrueLayer's specification of Data API v3 and of its authorisation server.
"""

from datetime import date, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from bankimport.truelayer.answers import RawAnswer
from bankimport.truelayer.calls import BeginCall, ignore_calls, raw_answer, repeated_once, send_recorded
from bankimport.truelayer.errors import (
    InvalidClient,
    TrueLayerError,
    UnexpectedResponse,
    error_from_response,
)
from bankimport.truelayer.schemas import Wire
from bankimport.truelayer.transport import Received, Transport
from bankimport.truelayer.v3.errors import error_from_problem
from bankimport.truelayer.v3.pages import RequestState, read_state

W = TypeVar("W", bound=Wire)

ID_HEADER = "tl-trace-id"

ROWS_IN_PAGE = 500
"""The most that the specification allows."""

MOST_ACCOUNT_PAGES = 20


class Access(msgspec.Struct, frozen=True):
    """The application's token, the connection it is used for, and the user's address while they are present."""

    token: str
    connection_id: str
    user_ip: str | None = None
    begin_call: BeginCall = ignore_calls

    def __repr__(self) -> str:
        """Without the token, so that no log can hold it."""
        return f"Access(connection_id={self.connection_id!r})"


class ApplicationToken(msgspec.Struct, frozen=True):
    """A token of the application and for how many seconds it may be used."""

    value: str
    expires_in_s: float

    def __repr__(self) -> str:
        """Without the token."""
        return "ApplicationToken()"


class Identifier(Wire, frozen=True):
    """One of an account's numbers."""

    type: str | None = None
    sort_code: str | None = None
    account_number: str | None = None
    iban: str | None = None


class ConnectedAccount(Wire, frozen=True):
    """An account. It has neither a name nor a balance; a card has an id and nothing more."""

    id: str
    type: str
    currency: str | None = None
    account_type: str | None = None
    account_identifiers: tuple[Identifier, ...] = ()
    account_holder_names: tuple[str, ...] = ()
    bic: str | None = None


class _Accounts(Wire, frozen=True):
    items: list[msgspec.Raw]
    pagination: dict[str, Any] | None = None


class _RequestCreated(Wire, frozen=True):
    id: str


class _Token(Wire, frozen=True):
    access_token: str
    expires_in: float | None = None


class DataV3Client:
    """The operations for one client id. Safe to share by threads.

    Reading is repeated once when the connection failed before any answer. Asking is sent once: a lost answer leaves a
    request behind that nobody reads, which costs a call and nothing else.
    """

    def __init__(self, auth_url: str, api_url: str, client_id: str, client_secret: str, transport: Transport) -> None:
        self._auth_url = auth_url.rstrip("/")
        self._base = f"{api_url.rstrip('/')}/v3/connected-accounts"
        self._client_id = client_id
        self._client_secret = client_secret
        self._transport = transport

    def application_token(self) -> ApplicationToken:
        """A token for all users of this application.

        Raises:
            InvalidClient: id or secret are wrong, or the application may not use Data API v3.
        """
        body = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "scope": "data",
        }
        received = self._transport.send("POST", f"{self._auth_url}/connect/token", json=body)
        if received.status != 200:
            error = error_from_response(received.status, received.headers, received.body)
            if error.bank_code in ("invalid_scope", "unsupported_grant_type"):
                raise InvalidClient("this application may not use TrueLayer's Data API v3; switch it on in the Console")
            raise error
        token = _decoded(received, _Token)
        return ApplicationToken(token.access_token, min(token.expires_in or 3600, 86_400))

    def accounts(self, access: Access) -> tuple[list[ConnectedAccount], list[str]]:
        """The connection's accounts and cards, and what could not be read. A page that brings nothing new ends it.

        Raises:
            ConsentExpired: the connection is not, or no longer, authorised.
        """
        accounts: dict[str, ConnectedAccount] = {}
        problems: list[str] = []
        cursor: str | None = None
        for _ in range(MOST_ACCOUNT_PAGES):
            params = {"cursor": cursor} if cursor is not None else None
            listed = _decoded(self._get(self._base, "accounts", access, params), _Accounts)
            known = len(accounts) + len(problems)
            for position, raw in enumerate(listed.items, 1):
                try:
                    account = msgspec.json.decode(raw, type=ConnectedAccount)
                    accounts.setdefault(account.id, account)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                    if cursor is None:
                        problems.append(f"account {position} does not have the specified form")
            next_cursor = (listed.pagination or {}).get("next_cursor")
            if not isinstance(next_cursor, str) or not next_cursor or len(accounts) + len(problems) == known:
                break
            cursor = next_cursor
        return list(accounts.values()), problems

    def ask_transactions(
        self, access: Access, account_id: str, first: date, last: date, cursor: str | None, *, endpoint: str
    ) -> str:
        """Request the rows of these days, both inclusive, or for the page at the cursor; returns the request's id.

        Raises:
            AccountGone: the account is not known.
            AccessDenied: refused; the days may lie too deep.
        """
        body: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat(), "page_size": ROWS_IN_PAGE}
        body["enrichment"] = {"transaction_category": True, "merchant_name": True}
        if cursor is not None:
            body["cursor"] = cursor
        url = f"{self._base}/{quote(account_id, safe='')}/transactions/requests"
        return _decoded(self._send("POST", url, endpoint, access, json=body, expected=202), _RequestCreated).id

    def read_transactions(self, access: Access, account_id: str, request_id: str) -> tuple[RequestState, RawAnswer]:
        """The state of a request, with its page once it is completed.

        Raises:
            AccountGone: the request is not known any more, or the account is not.
        """
        path = f"/{quote(account_id, safe='')}/transactions/requests/{quote(request_id, safe='')}"
        received = self._get(self._base + path, "transactions_result", access)
        return read_state(received.body), raw_answer(received, ID_HEADER)

    def _get(self, url: str, endpoint: str, access: Access, params: dict[str, str] | None = None) -> Received:
        return repeated_once(lambda: self._send("GET", url, endpoint, access, params=params))

    def _send(
        self,
        method: str,
        url: str,
        endpoint: str,
        access: Access,
        *,
        params: dict[str, str] | None = None,
        json: Any = None,
        expected: int = 200,
    ) -> Received:
        headers = {"Authorization": f"Bearer {access.token}", "Connection-Id": access.connection_id}
        if access.user_ip is not None:
            headers["Tl-User-IP"] = access.user_ip

        def send() -> Received:
            return self._transport.send(method, url, headers=headers, params=params, json=json)

        def failure_of(received: Received) -> TrueLayerError | None:
            if received.status == expected:
                return None
            return error_from_problem(received.status, received.headers, received.body)

        return send_recorded(send, failure_of, endpoint, access.begin_call, ID_HEADER)


def sort_code_with_dashes(text: str | None) -> str | None:
    """A sort code as v1 writes it, so that an account is recognised whichever version lists it."""
    if text is None or len(text) != 6 or not text.isdigit():
        return text
    return "-".join((text[:2], text[2:4], text[4:]))


def expires_after(token: ApplicationToken) -> timedelta:
    """How long to use a token: until shortly before its end."""
    return timedelta(seconds=max(0.0, token.expires_in_s - 60))


def _decoded(received: Received, kind: type[W]) -> W:
    try:
        return msgspec.json.decode(received.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnexpectedResponse("the answer does not have the specified form") from None
