"""The client with a bank that answers anything: only a complete, final answer counts."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime

import pytest
from tests.support.bank.hostile_bank import Answer, HostileBank, http
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.truelayer.calls import CallOutcome
from bankimport.truelayer.client import TrueLayerClient
from bankimport.truelayer.errors import (
    AccessDenied,
    AccountGone,
    AnswerNotReady,
    BankTimeout,
    BankUnavailable,
    ConsentExpired,
    DailyAllowanceSpent,
    EndpointNotSupported,
    InvalidDateRange,
    NeedsUserAction,
    RateLimited,
    ResponseTooLarge,
    Retry,
    ScaExceeded,
    TokenRejected,
    TrueLayerError,
    UnexpectedResponse,
    error_from_response,
    parse_retry_after,
)
from bankimport.truelayer.transport import Transport

EMPTY = b'{"results":[],"status":"Succeeded"}'


@contextmanager
def bank(
    *answers: bytes | Answer, timeout_s: float = HANGS_AFTER_S, largest: int = 1_000_000
) -> Iterator[tuple[HostileBank, TrueLayerClient]]:
    server = HostileBank(*answers)
    transport = Transport(timeout_s=timeout_s, largest_body_bytes=largest)
    try:
        yield server, TrueLayerClient(server.url, transport)
    finally:
        transport.close()
        server.close()


def ask(client: TrueLayerClient, **more: object) -> object:
    return client.transactions("token", "accounts", "a+b/c=", date(2026, 1, 1), date(2026, 1, 31), **more).read()  # type: ignore[arg-type]


def _trickle(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    with suppress(OSError):
        while True:
            connection.sendall(b" ")
            time.sleep(0.1)


def _say_nothing(connection: socket.socket) -> None:
    """Until the client has left."""
    with suppress(OSError):
        connection.recv(1)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([http(b"<html>hello</html>", content_type="text/html")], UnexpectedResponse),
        ([http(b"")], UnexpectedResponse),
        ([http(b"[]")], UnexpectedResponse),
        ([http(b'{"results":null,"status":"Succeeded"}')], UnexpectedResponse),
        ([http(b'{"results":[{}')], UnexpectedResponse),
        ([http(b'{"results":[],"status":"Running"}')], AnswerNotReady),
        ([http(b'{"results":[],"status":"Failed"}')], TrueLayerError),
        ([http(b"<html>504</html>", "504 Gateway Time-out", "text/html")], BankTimeout),
        ([http(EMPTY[:-4], length=len(EMPTY))] * 2, BankUnavailable),
        ([http(b'{"error":"provider_error"}', "503 Service Unavailable")], BankUnavailable),
        ([http(b" " * 2_000_000)], ResponseTooLarge),
        ([http(gzip.compress(b" " * 50_000_000), extra="Content-Encoding: gzip\r\n")], ResponseTooLarge),
        ([b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"], UnexpectedResponse),
        ([b"this is no HTTP at all\r\n\r\n"] * 2, BankUnavailable),
    ],
)
def test_an_incomplete_answer_is_an_error(answers: list[bytes], expected: type[TrueLayerError]) -> None:
    with bank(*answers) as (_, client), pytest.raises(expected):
        ask(client)


@pytest.mark.parametrize("answer", [_trickle, _say_nothing])
def test_a_bank_that_never_finishes_times_out(answer: Answer) -> None:
    with bank(answer, answer, timeout_s=0.6) as (_, client), pytest.raises(BankTimeout):
        ask(client)


def test_a_dropped_connection_is_tried_once_more_and_both_tries_are_in_the_ledger() -> None:
    begun: list[str] = []
    outcomes: list[CallOutcome] = []

    def begin(endpoint: str) -> Callable[[CallOutcome], None]:
        begun.append(endpoint)
        return outcomes.append

    with bank(lambda _connection: None, http(EMPTY, extra="X-Tl-Correlation-Id: c-1\r\n")) as (server, client):
        answer = client.transactions("token", "cards", "c1", date(2026, 1, 1), date(2026, 1, 2), begin_call=begin)

    assert answer.read().results == []
    assert answer.raw.correlation_id == "c-1"
    assert begun == ["transactions", "transactions"]
    assert [outcome.status for outcome in outcomes] == [None, 200]
    assert len(server.requests) == 2


def test_an_error_answer_is_not_tried_again() -> None:
    with bank(http(b"{}", "500 Internal Server Error")) as (server, client), pytest.raises(BankUnavailable):
        ask(client)
    assert len(server.requests) == 1


def test_ids_are_quoted_and_the_users_address_is_sent_only_when_given() -> None:
    with bank(http(EMPTY), http(EMPTY)) as (server, client):
        ask(client)
        ask(client, psu_ip="203.0.113.9")

    absent, present = server.requests
    assert "/data/v1/accounts/a%2Bb%2Fc%3D/transactions?from=2026-01-01&to=2026-01-31" in absent
    assert "authorization: bearer token" in absent.lower()
    assert "x-client-correlation-id:" in absent.lower()
    assert "x-psu-ip" not in absent.lower()
    assert "x-psu-ip: 203.0.113.9" in present.lower()


def test_no_error_message_contains_the_token_or_the_body() -> None:
    with bank(http(b'{"error":"access_denied","secret":"hunter2"}', "403 Forbidden")) as (_, client):
        with pytest.raises(AccessDenied) as raised:
            ask(client)

    assert "hunter2" not in repr(raised.value.__dict__)
    assert "Bearer" not in repr(raised.value.__dict__)


@pytest.mark.parametrize(
    ("status", "body", "expected", "retry"),
    [
        (400, b'{"error":"invalid_date_range"}', InvalidDateRange, Retry.NEVER),
        (401, b'{"error":"invalid_token"}', TokenRejected, Retry.AFTER_REFRESH),
        (403, b'{"error":"access_denied"}', AccessDenied, Retry.NEVER),
        (403, b'{"error":"sca_exceeded"}', ScaExceeded, Retry.NEVER),
        (404, b'{"error":"account_not_found"}', AccountGone, Retry.NEVER),
        (429, b'{"error":"provider_too_many_requests"}', RateLimited, Retry.LATER),
        (429, b'{"error":"provider_request_limit_exceeded"}', DailyAllowanceSpent, Retry.NEXT_DAY),
        (500, b"oops", BankUnavailable, Retry.LATER),
        (501, b'{"error":"endpoint_not_supported"}', EndpointNotSupported, Retry.NEVER),
        (503, b'{"error":"provider_error"}', BankUnavailable, Retry.LATER),
        (504, b"<html>", BankTimeout, Retry.NARROWER),
    ],
)
def test_each_answer_becomes_the_error_that_says_what_to_do(
    status: int, body: bytes, expected: type[TrueLayerError], retry: Retry
) -> None:
    error = error_from_response(status, {}, body)

    assert type(error) is expected
    assert error.retry is retry
    assert error.message


def test_a_nul_in_an_errors_words_is_left_out() -> None:
    error = error_from_response(503, {}, b'{"error":"provider_error\\u0000","error_description":"later\\u0000 please"}')

    assert (error.bank_code, error.description) == ("provider_error", "later please")
    assert "\0" not in error.message


def test_errors_that_need_the_user_say_so() -> None:
    for code in (b"account_permanently_locked", b"user_input_required", b"wrong_credentials"):
        error = error_from_response(403, {}, b'{"error":"' + code + b'"}')
        assert isinstance(error, (NeedsUserAction, ConsentExpired, AccessDenied)), code
        assert error.retry is Retry.NEVER


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30", 30.0), ("Tue, 24 Nov 2026 12:01:00 GMT", 60.0), ("soon", None), (None, None), ("-5", None)],
)
def test_retry_after_in_both_spellings(value: str | None, seconds: float | None) -> None:
    found = parse_retry_after(value, datetime(2026, 11, 24, 12, tzinfo=UTC))

    assert found == seconds or (seconds is None and not found)
