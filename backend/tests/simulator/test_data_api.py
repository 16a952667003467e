"""The simulated banks: same seed, same bytes; each quirk matches its name."""

import itertools
import re
from datetime import date, timedelta

import httpx2
import psutil
import pytest
from tests.support.bank.simulator import TODAY, Caller
from tests.support.suite.lanes import in_deep

from truelayer_simulator.launch import RunningSimulator, running_simulator

pytestmark = pytest.mark.processes


def body_of(seed: int) -> bytes:
    day = date(2026, 6, 30)
    with running_simulator(seed=seed, today=day) as simulator:
        caller = Caller(simulator.url, "sim-twins")
        account_id = caller.results("accounts")[0]["account_id"]
        return caller.get(f"accounts/{account_id}/transactions", **{"from": "2026-01-01", "to": "2026-06-30"}).content


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not() -> None:
    first, second, other = body_of(7), body_of(7), body_of(8)

    assert first == second
    assert first != other
    assert len(first) > 10_000


def test_rows_have_truelayers_format(simulator: RunningSimulator) -> None:
    row = Caller(simulator.url, "mock").rows()[0]

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", row["timestamp"])
    assert row["transaction_type"] in ("DEBIT", "CREDIT")
    assert (row["amount"] < 0) == (row["transaction_type"] == "DEBIT")
    assert {"transaction_id", "provider_transaction_id", "normalised_provider_transaction_id"} <= row.keys()
    assert {"amount", "currency"} == row["running_balance"].keys()


def test_card_purchases_are_positive_debits(simulator: RunningSimulator) -> None:
    rows = Caller(simulator.url, "mock").rows(half="cards")

    assert {row["transaction_type"] for row in rows if row["amount"] > 0} == {"DEBIT"}


def test_running_balances_chain_and_end_at_the_balance(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "mock")
    rows = caller.rows()
    account_id = caller.results("accounts")[0]["account_id"]

    for one, other in itertools.pairwise(rows):
        assert round(one["running_balance"]["amount"] + other["amount"], 2) == other["running_balance"]["amount"]
    assert caller.results(f"accounts/{account_id}/balance")[0]["current"] == rows[-1]["running_balance"]["amount"]


@pytest.mark.parametrize(
    ("bank", "half", "status", "error"),
    [
        ("sim-cards-only", "accounts", 501, "endpoint_not_supported"),
        ("sim-accounts-only", "cards", 403, "access_denied"),
    ],
)
def test_a_bank_without_accounts_or_cards_reports_it(
    simulator: RunningSimulator, bank: str, half: str, status: int, error: str
) -> None:
    answer = Caller(simulator.url, bank).get(half)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("bank", "status", "error"),
    [("sim-sca-strict", 403, "sca_exceeded"), ("sim-wall", 400, "invalid_date_range")],
)
def test_deep_history_is_refused_in_each_banks_own_way(
    simulator: RunningSimulator, bank: str, status: int, error: str
) -> None:
    caller = Caller(simulator.url, bank)
    account_id = caller.results("accounts")[0]["account_id"]
    simulator.admin("POST", "clock", advance_seconds=600)
    first = (TODAY - timedelta(days=500)).isoformat()

    answer = caller.get(f"accounts/{account_id}/transactions", **{"from": first, "to": TODAY.isoformat()})

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_unstable_ids_change_with_each_call(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "sim-idless-churning")

    first, second = caller.rows(), caller.rows()

    assert [row["amount"] for row in first] == [row["amount"] for row in second]
    assert {row["transaction_id"] for row in first}.isdisjoint(row["transaction_id"] for row in second)
    assert not any("provider_transaction_id" in row for row in first)


def test_reused_ids_repeat(simulator: RunningSimulator) -> None:
    rows = Caller(simulator.url, "sim-reused-ids").rows()

    assert len({row["provider_transaction_id"] for row in rows}) < len(rows) / 2


def test_rotating_refresh_tokens_change_with_each_refresh(simulator: RunningSimulator) -> None:
    rotating, steady = Caller(simulator.url, "sim-rotating"), Caller(simulator.url, "mock")

    assert rotating.refresh().json()["refresh_token"] != rotating.tokens["refresh_token"]
    assert rotating.refresh().json() == {"error": "invalid_grant"}
    assert steady.refresh().json()["refresh_token"] == steady.tokens["refresh_token"]
    assert steady.refresh().status_code == 200


def test_the_fifth_unattended_call_of_a_day_is_refused(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "sim-four-a-day")
    path = f"accounts/{caller.results('accounts')[0]['account_id']}/balance"

    after_consent = [caller.get(path).status_code for _ in range(5)]
    simulator.admin("PATCH", "profiles/sim-four-a-day", counts_calls_in_consent_window=True)
    counted = [caller.get(path).status_code for _ in range(5)]
    simulator.admin("PATCH", "profiles/sim-four-a-day", counts_calls_in_consent_window=False)
    simulator.admin("POST", "clock", advance_seconds=3540)
    still_fresh = caller.get(path).status_code
    simulator.admin("POST", "clock", advance_seconds=61)
    caller.tokens = caller.refresh().json()
    later = caller.get(path).status_code
    simulator.admin("POST", "clock", advance_seconds=86_400)
    caller.tokens = caller.refresh().json()

    assert after_consent == [200] * 5
    assert counted == [200, 200, 200, 200, 429]
    assert (still_fresh, later, caller.get(path).status_code) == (200, 429, 200)


@pytest.mark.parametrize(
    ("user", "status", "error"),
    [
        ("error.account_permanently_locked", 403, "account_permanently_locked"),
        ("error.internal_error", 500, "internal_error"),
        ("error.provider_error", 503, "provider_error"),
        ("error.wrong_credentials", 401, "wrong_credentials"),
    ],
)
def test_the_mock_users_that_fail_fail_every_data_call(
    simulator: RunningSimulator, user: str, status: int, error: str
) -> None:
    answer = Caller(simulator.url, "mock", user, "error").get("accounts")

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_iban_users_get_a_valid_iban_for_each_account(simulator: RunningSimulator) -> None:
    accounts = Caller(simulator.url, "mock", "john7", "iban7").results("accounts")

    ibans = [account["account_number"]["iban"] for account in accounts]
    assert len(set(ibans)) == 5
    for iban in ibans:
        assert int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def test_an_asynchronous_call_is_acknowledged_and_read_later(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "mock")

    queued = caller.get("accounts", **{"async": "true"})

    assert queued.json()["status"] == "Queued"
    assert len(caller.results(f"results/{queued.json()['task_id']}")) == 5


def test_a_truncated_answer_is_cut_off_and_the_next_one_is_whole(simulator: RunningSimulator) -> None:
    caller = Caller(simulator.url, "mock")
    simulator.admin("POST", "faults", kind="truncate", path="/accounts", times=1)

    with pytest.raises(httpx2.HTTPError):
        caller.get("accounts")
    assert len(caller.results("accounts")) == 5


def test_unknown_faults_and_fields_are_refused(simulator: RunningSimulator) -> None:
    for body in ({"kind": "explode"}, {"kind": "drop", "tmies": 1}):
        with pytest.raises(httpx2.HTTPStatusError):
            simulator.admin("POST", "faults", **body)


def test_many_rows_are_streamed(simulator: RunningSimulator) -> None:
    days = in_deep(730, else_=150)
    caller = Caller(simulator.url, "sim-million")
    account_id = caller.results("accounts")[0]["account_id"]
    first = (TODAY - timedelta(days=days)).isoformat()
    size = rows = 0
    tail = b""

    headers = {"Authorization": f"Bearer {caller.tokens['access_token']}"}
    url = f"{simulator.url}/data/v1/accounts/{account_id}/transactions"
    with httpx2.stream(
        "GET", url, params={"from": first, "to": TODAY.isoformat()}, headers=headers, timeout=120
    ) as got:
        for chunk in got.iter_bytes(1 << 20):
            size += len(chunk)
            rows += (tail + chunk).count(b'"timestamp"') - tail.count(b'"timestamp"')
            tail = chunk[-10:]

    assert rows >= days * 1_300
    assert size > rows * 200
    assert psutil.Process(simulator.pid).memory_info().rss < in_deep(150_000_000, else_=100_000_000)
