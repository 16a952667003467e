"""With misbehaving banks: proven days are complete, incomplete ones are reported, and healed if possible."""

import base64
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text
from tests.support.steps.imports import DAYS, START, accounts_by_kind, happened, limit_accounts, run_import, stored
from tests.support.steps.installation import Installation
from tests.support.steps.proof import SURE, accounts, days_that_are, proof_of, wrong_days
from tests.support.steps.record import remove_rows

from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.transactions.models import Transaction

WITH_BALANCES = [
    "sim-plain",
    "sim-idless-churning",
    "sim-real-times",
    "sim-amended",
    "mock",
]
FAULTY = ["sim-moved", "sim-malformed", "sim-odd-signs"]


@pytest.mark.parametrize("bank_id", WITH_BALANCES)
def test_a_correct_banks_days_are_proven_up_to_yesterday(installation: Installation, bank_id: str) -> None:
    limit_accounts(installation, bank_id)
    client = installation.signed_in()
    connection_id = installation.connect(client, bank_id)
    run_import(installation, client, connection_id)
    run_import(installation, client, connection_id)

    for account_id in accounts(client, connection_id):
        proof = proof_of(client, account_id)
        assert days_that_are(proof, "broken", "balanced") == set()
        assert proof["newest_proven_day"] == (utc_today() - timedelta(days=1)).isoformat()
        assert proof["days"]["proven"] >= DAYS - 5
        assert proof["refetch"] == []
        whys = {item["why"] for item in proof["strip"] if item["proof"] == "unprovable"}
        assert whys <= {"no_earlier_balance", "not_over"}


@pytest.mark.parametrize("bank_id", FAULTY)
def test_no_day_whose_rows_are_wrong_is_ever_called_sure(installation: Installation, bank_id: str) -> None:
    limit_accounts(installation, bank_id)
    client = installation.signed_in()
    connection_id = installation.connect(client, bank_id)
    for _ in range(3):
        run_import(installation, client, connection_id)
        for number, account_id in enumerate(accounts(client, connection_id)):
            true = happened(installation, bank_id, "account", number, START)
            wrong = wrong_days(stored(account_id), true)
            assert not wrong & days_that_are(proof_of(client, account_id), *SURE)
        installation.simulator.admin("POST", "clock", advance_seconds=3600)


def test_cards_without_running_balances_are_balanced_between_two_reported_balances(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-cards-only")
    run_import(installation, client, connection_id)
    (card, *_) = accounts(client, connection_id, "card")
    counts = proof_of(client, card)["days"]
    assert counts | {"before_history": 0} == {
        "proven": 0,
        "balanced": 0,
        "unprovable": DAYS + 1,
        "broken": 0,
        "before_history": 0,
    }

    as_if_imported_before_the_last(6, card)
    run_import(installation, client, connection_id)

    proof = proof_of(client, card)
    assert days_that_are(proof, "balanced") == {utc_today() - timedelta(days=number) for number in range(1, 6)}
    assert days_that_are(proof, "broken") == set()

    with session_scope() as session:
        session.execute(
            text(
                "UPDATE account_balances SET current = current - 1.5 "
                "WHERE id = (SELECT min(id) FROM account_balances WHERE account_id = :account)"
            ).bindparams(account=int(card))
        )
    (broken,) = [item for item in proof_of(client, card)["strip"] if item["proof"] == "broken"]
    assert (broken["why"], broken["missing_amount"]) == ("sum_differs", "1.50")
    assert broken["refetch"]["from"] == (utc_today() - timedelta(days=6)).isoformat()


def as_if_imported_before_the_last(days: int, account_id: str) -> None:
    """Move the account's first balance, and everything known with it, back by this many days."""
    values = {"back": timedelta(days=days), "day": utc_today() - timedelta(days=days), "account": int(account_id)}
    with session_scope() as session:
        for statement in (
            "UPDATE account_balances SET told_at = told_at - :back, current = current - "
            "(SELECT coalesce(sum(amount), 0) FROM transactions WHERE account_id = :account AND date > :day) "
            "WHERE account_id = :account",
            "UPDATE transactions SET created_at = created_at - :back - interval '1 hour' "
            "WHERE account_id = :account AND date <= :day",
        ):
            session.execute(text(statement).bindparams(**{k: v for k, v in values.items() if f":{k}" in statement}))


def test_another_users_account_is_not_found_and_a_complete_one_is_not_healed(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts(client, connection_id)[0]
    eve = installation.signed_in("eve@example.org")

    assert eve.get(f"/api/truelayer/accounts/{account_id}/proof").status_code == 404
    assert eve.post(f"/api/truelayer/accounts/{account_id}/heal").status_code == 404
    refused = client.post(f"/api/truelayer/accounts/{account_id}/heal")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_possible_now")


def test_a_day_shows_its_rows_and_the_balances_around_them(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    run_import(installation, client, connection_id)
    run_import(installation, client, connection_id)
    account_id = accounts(client, connection_id)[0]
    proof = proof_of(client, account_id)
    url = f"/api/truelayer/accounts/{account_id}/proof"

    for day in sorted(days_that_are(proof, "proven"))[-20:]:
        shown = client.get(f"{url}/{day}").raise_for_status().json()
        assert shown["proof"] == "proven"
        assert Decimal(shown["opening"]) + Decimal(shown["rows_total"]) == Decimal(shown["closing"])
        assert all(row["date"] == day.isoformat() for row in shown["rows"])
    missing = next(
        row
        for row in client.get("/api/transactions", params={"account_id": account_id}).json()["transactions"]
        if row["date"] < str(utc_today() - timedelta(days=3))
    )
    remove_rows(Transaction.id == int(missing["id"]))

    shown = client.get(f"{url}/{missing['date']}").raise_for_status().json()

    assert (shown["proof"], Decimal(shown["missing_amount"])) == ("broken", Decimal(missing["amount"]))
    assert missing["id"] not in [row["id"] for row in shown["rows"]]
    eve = installation.signed_in("eve@example.org")
    assert eve.get(f"{url}/{missing['date']}").json()["code"] == "account_not_found"
    assert client.get(f"{url}/1990-01-01").json()["code"] == "invalid_request"
    assert client.get(f"{url}/yesterday").json()["code"] == "invalid_request"


def test_a_bank_without_a_current_balance_is_proven_by_what_is_available_without_the_overdraft(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    run_import(installation, client, connection_id, from_date=(utc_today() - timedelta(days=10)).isoformat())
    account_id = accounts(client, connection_id)[0]

    def shown() -> Any:
        (account,) = (
            row for row in accounts_by_kind(client, connection_id)["account"] if row["account_id"] == account_id
        )
        return account["balance"]

    before, proof = shown(), proof_of(client, account_id)
    assert Decimal(before["available"]) - Decimal(before["current"]) == 100
    balance = {"currency": "GBP", "available": float(before["available"]), "overdraft": 100.0}
    body = base64.b64encode(json.dumps({"results": [balance], "status": "Succeeded"}).encode()).decode()
    installation.simulator.admin("POST", "faults", kind="answer", path="/balance", times=1, body=body)

    run_import(installation, client, connection_id, account_ids=[account_id], from_date=str(utc_today()))

    assert shown()["at"] > before["at"]
    assert {**shown(), "at": None} == {**before, "at": None}
    assert proof_of(client, account_id)["days"] == proof["days"]


def test_rows_and_balances_in_another_currency_prove_nothing_about_the_account(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    run_import(installation, client, connection_id, from_date=(utc_today() - timedelta(days=10)).isoformat())
    account_id = accounts(client, connection_id)[0]
    proof = proof_of(client, account_id)
    assert proof["days"]["proven"] > 5
    balance = {"currency": "EUR", "current": 77, "update_timestamp": f"{utc_today()}T00:00:00Z"}
    body = base64.b64encode(json.dumps({"results": [balance], "status": "Succeeded"}).encode()).decode()
    known = text("SELECT count(*) FROM account_balances WHERE account_id = :account").bindparams(
        account=int(account_id)
    )
    with session_scope() as session:
        before = session.scalar(known)
    installation.simulator.admin("POST", "faults", kind="answer", path="/balance", times=1, body=body)
    run_import(installation, client, connection_id, account_ids=[account_id], from_date=str(utc_today()))
    with session_scope() as session:
        assert session.scalar(known) == before
    run_import(installation, client, connection_id, account_ids=[account_id], from_date=str(utc_today()))
    proof = proof_of(client, account_id)
    other = {"id": 900001, "dedupe_key": "x", "currency": "EUR", "amount": 77, "running_balance": None}
    with session_scope() as session:
        session.execute(
            text(
                "INSERT INTO transactions SELECT (jsonb_populate_record(t, CAST(:other AS jsonb))).* "
                "FROM transactions t WHERE t.id = "
                "(SELECT max(id) FROM transactions WHERE account_id = :account AND date = :day)"
            ).bindparams(other=json.dumps(other), account=int(account_id), day=utc_today() - timedelta(days=4))
        )

    assert proof_of(client, account_id) == proof


def test_days_being_fetched_again_are_not_requested_twice(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    run_import(installation, client, connection_id, from_date=(utc_today() - timedelta(days=12)).isoformat())
    account_id = accounts(client, connection_id)[0]
    for ago in (8, 4):
        of_day = (Transaction.account_id == int(account_id), Transaction.date == utc_today() - timedelta(days=ago))
        remove_rows(Transaction.id == select(func.max(Transaction.id)).where(*of_day).scalar_subquery())
    url = f"/api/truelayer/accounts/{account_id}/heal"

    assert len(client.post(url).raise_for_status().json()["job_ids"]) == 2
    again = client.post(url)

    assert (again.status_code, again.json()["code"]) == (409, "not_possible_now")
    assert "already" in again.json()["message"]
    installation.run_tasks()
    assert proof_of(client, account_id)["refetch"] == []
