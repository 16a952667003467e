"""A token refresh whose answer is lost: the old token may be invalid, so it is never repeated blindly."""

import socket
from datetime import timedelta

import pytest
from tests.support.bank.hostile_bank import HostileBank, http
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.clock import utc_now
from bankimport.processes.ports import free_port
from bankimport.truelayer.errors import BankUnavailable, ConsentExpired, RefreshOutcomeUnknown
from bankimport.truelayer.oauth import Tokens, TrueLayerAuth
from bankimport.truelayer.transport import Transport


def refresh(url: str) -> Tokens:
    transport = Transport(timeout_s=HANGS_AFTER_S)
    try:
        return TrueLayerAuth(url, url, "client", "secret", transport).refresh("old")
    finally:
        transport.close()


def _close(_connection: socket.socket) -> None:
    return None


@pytest.mark.parametrize(
    "answer",
    [_close, http(b'{"access_token":"a"', length=100), http(b"<html>"), http(b"{}"), http(b"oops", "502 Bad Gateway")],
)
def test_a_lost_or_unreadable_answer_leaves_the_outcome_unknown_and_is_not_requested_again(answer: object) -> None:
    server = HostileBank(answer, answer)  # type: ignore[arg-type]

    with pytest.raises((RefreshOutcomeUnknown, BankUnavailable)) as raised:
        refresh(server.url)

    server.close()
    assert len(server.requests) == 1
    if answer is not None and not (isinstance(answer, bytes) and b" 502 " in answer):
        assert isinstance(raised.value, RefreshOutcomeUnknown)


def test_if_nothing_was_sent_the_old_token_is_known_to_be_valid() -> None:
    with pytest.raises(BankUnavailable) as raised:
        refresh(f"http://127.0.0.1:{free_port()}")

    assert not isinstance(raised.value, RefreshOutcomeUnknown)


def test_a_refusal_means_that_the_consent_has_ended() -> None:
    server = HostileBank(http(b'{"error":"invalid_grant"}', "400 Bad Request"))

    with pytest.raises(ConsentExpired):
        refresh(server.url)
    server.close()


@pytest.mark.parametrize(
    ("written", "seconds"), [("600", 600), ('"600"', 600), ('"soon"', 3600), ("null", 3600), ("[]", 3600), ("-1", 3600)]
)
def test_an_odd_lifetime_costs_no_tokens(written: str, seconds: int) -> None:
    server = HostileBank(http(f'{{"access_token":"a","expires_in":{written},"scope":["info"]}}'.encode()))

    fresh = refresh(server.url)

    server.close()
    assert fresh.access_token == "a"
    assert abs(fresh.expires_at - utc_now() - timedelta(seconds=seconds)) < timedelta(seconds=60)
