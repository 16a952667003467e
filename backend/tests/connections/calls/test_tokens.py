"""One refresh at a time, however many callers wait for it, and whatever becomes of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel

from bankimport.clock import utc_now
from bankimport.connections.calls import tokens
from bankimport.connections.calls.bank import Bank
from bankimport.connections.consents import forget, store_tokens
from bankimport.connections.errors import ConnectionRemoved
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.db.session import session_scope
from bankimport.truelayer.calls import BeginCall, CallOutcome
from bankimport.truelayer.client import TrueLayerClient
from bankimport.truelayer.errors import RefreshOutcomeUnknown
from bankimport.truelayer.oauth import Tokens, TrueLayerAuth

REFRESH = TrueLayerAuth.refresh


def connection_row(connection_id: int) -> BankConnection:
    with session_scope() as session:
        return session.get_one(BankConnection, connection_id)


@pytest.fixture
def connection_id(installation: Installation) -> int:
    made = installation.connect(installation.signed_in(), "sim-plain")
    with session_scope() as session:
        session.get_one(BankConnection, made).access_token_expires_at = utc_now()
    return made


def test_many_who_ask_at_once_get_the_token_of_one_refresh(connection_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = threading.Semaphore(0)

    def counted(auth: TrueLayerAuth, token: str) -> Tokens:
        requests.release()
        assert connection_row(connection_id).refresh_claimed_until is not None
        return REFRESH(auth, token)

    monkeypatch.setattr(TrueLayerAuth, "refresh", counted)
    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(tokens.access_token, [connection_id] * 6))

    assert len(found) == 1
    assert requests.acquire(blocking=False)
    assert not requests.acquire(blocking=False)
    assert connection_row(connection_id).refresh_claimed_until is None


def test_the_claim_of_a_crashed_process_runs_out(connection_id: int) -> None:
    with session_scope() as session:
        session.get_one(BankConnection, connection_id).refresh_claimed_until = utc_now() + timedelta(seconds=65)
    travel(minutes=2)

    assert tokens.access_token(connection_id)


def test_a_consent_that_was_removed_during_a_refresh_stays_removed(
    connection_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def removed_meanwhile(auth: TrueLayerAuth, token: str) -> Tokens:
        fresh = REFRESH(auth, token)
        with session_scope() as session:
            row = session.get_one(BankConnection, connection_id)
            row.access_token_encrypted = row.refresh_token_encrypted = None
            row.status = ConnectionStatus.REMOVED
        return fresh

    monkeypatch.setattr(TrueLayerAuth, "refresh", removed_meanwhile)
    with pytest.raises(ConnectionRemoved):
        tokens.access_token(connection_id)

    assert connection_row(connection_id).access_token_encrypted is None


def test_a_lost_answer_frees_the_claim_and_is_not_requested_again_at_once(
    connection_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_auth: TrueLayerAuth, _token: str) -> Tokens:
        raise RefreshOutcomeUnknown("lost")

    monkeypatch.setattr(TrueLayerAuth, "refresh", lost)
    for _ in range(2):
        with pytest.raises(RefreshOutcomeUnknown):
            tokens.access_token(connection_id)

    row = connection_row(connection_id)
    assert row.refresh_outcome_unknown_at is not None
    assert row.refresh_claimed_until is None


def test_a_later_call_uses_the_token_that_the_connection_has_by_then(connection_id: int) -> None:
    bank = Bank(connection_id)
    used: list[str] = []

    def asked(_client: TrueLayerClient, token: str, begin_call: BeginCall) -> None:
        begin_call("me")(CallOutcome(200, None, 0.1, None))
        used.append(token)

    bank.call(asked)
    bank.call(asked)
    travel(minutes=59)
    bank.call(asked)
    with session_scope() as session:
        other = Tokens("another one", utc_now() + timedelta(hours=1))
        store_tokens(session.get_one(BankConnection, connection_id), other)
    bank.call(asked)
    with session_scope() as session:
        forget(session.get_one(BankConnection, connection_id))
    with pytest.raises(ConnectionRemoved):
        bank.call(asked)

    assert used[0] == used[1] != used[2]
    assert used[3] == "another one"
