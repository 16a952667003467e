"""Send one request and read one bounded answer within one time limit, whatever the server does."""

import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2
import msgspec

from bankimport.clock import utc_now
from bankimport.truelayer.errors import (
    BankTimeout,
    BankUnavailable,
    ResponseTooLarge,
    UnexpectedResponse,
)

DEFAULT_TIMEOUT_S = 60.0
CONNECT_TIMEOUT_S = 10.0
LARGEST_BODY_BYTES = 64 * 1024 * 1024


class ConnectionDropped(BankUnavailable):
    """The connection failed before any byte of an answer. Reads are repeated once at once."""

    code = "connection_dropped"


class NotConnected(ConnectionDropped):
    """The connection could not be opened, so nothing was sent."""

    code = "not_connected"


class AnswerCutOff(BankUnavailable):
    """The answer was cut off. Reads are repeated once at once."""

    code = "answer_cut_off"


class Received(msgspec.Struct, frozen=True):
    """An answer as received, with any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    request: str
    client_correlation_id: str
    received_at: datetime
    elapsed_s: float


class Transport:
    """A connection pool with a time limit for each whole request and a cap on each body. Thread-safe.

    Redirects are not followed: an API answers directly, and a token must not be sent to the target of a redirect.
    """

    def __init__(self, *, timeout_s: float = DEFAULT_TIMEOUT_S, largest_body_bytes: int = LARGEST_BODY_BYTES) -> None:
        self._timeout_s = timeout_s
        self._largest_body_bytes = largest_body_bytes
        self._http = httpx2.Client(
            follow_redirects=False,
            trust_env=True,
            limits=httpx2.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30),
            headers={"Accept": "application/json", "User-Agent": "bankimport"},
        )

    def close(self) -> None:
        """Close the pool."""
        self._http.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> Received:
        """Send a request and read its whole answer.

        Raises:
            ConnectionDropped: no answer began.
            BankTimeout: the time limit passed, even if the server was still sending.
            ResponseTooLarge: the body is above the cap; reading stopped there.
            AnswerCutOff: the answer was cut off.
            UnexpectedResponse: its compression is broken.
        """
        started = time.monotonic()
        deadline = started + self._timeout_s
        correlation_id = str(uuid.uuid4())
        timeout = httpx2.Timeout(self._timeout_s, connect=min(CONNECT_TIMEOUT_S, self._timeout_s))
        request = self._http.build_request(
            method,
            url,
            params=dict(params) if params else None,
            data=dict(form) if form is not None else None,
            json=json,
            headers={**(headers or {}), "X-Client-Correlation-Id": correlation_id},
            timeout=timeout,
        )
        has_begun = False
        try:
            response = self._http.send(request, stream=True)
            has_begun = True
            try:
                body = self._read(response, deadline)
            finally:
                response.close()
        except httpx2.TimeoutException:
            raise BankTimeout(f"no complete answer within {self._timeout_s:g} seconds") from None
        except httpx2.DecodingError:
            raise UnexpectedResponse("the answer's compression is broken") from None
        except httpx2.ConnectError as error:
            raise NotConnected(f"no connection to the bank's API ({type(error).__name__})") from None
        except httpx2.HTTPError as error:
            if has_begun:
                raise AnswerCutOff("the answer was cut off") from None
            raise ConnectionDropped(f"the bank's API dropped the connection ({type(error).__name__})") from None
        return Received(
            status=response.status_code,
            headers=response.headers,
            body=body,
            request=request.url.raw_path.decode("ascii"),
            client_correlation_id=correlation_id,
            received_at=utc_now(),
            elapsed_s=time.monotonic() - started,
        )

    def _read(self, response: httpx2.Response, deadline: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self._largest_body_bytes:
                raise ResponseTooLarge(f"the answer is larger than {self._largest_body_bytes // (1024 * 1024)} MiB")
            if time.monotonic() > deadline:
                raise BankTimeout(f"no complete answer within {self._timeout_s:g} seconds")
            chunks.append(chunk)
        return b"".join(chunks)
