"""An account that a bank lists again under a new provider id: recognised, offered, continued with one history."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from tests.support.bank.logins import accounts, answer_with, imported
from tests.support.commands.terminal import on_terminal
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation

from bankimport.accounts.identity import AccountFeatures
from bankimport.accounts.migrated import Evidence, Overlap, are_siblings, evidence_of
from bankimport.db.session import session_scope

CURRENT = AccountFeatures("account", "a", "GBP", "Current", sort_code="01-02-03", account_number="12345678")
CARD = AccountFeatures("card", "c", "GBP", "Gold", partial_card_number="1001")
EQUAL, NONE, DIFFERENT = Overlap(equal=10), Overlap(), Overlap(equal=1, only_new=5, only_old=5)


@pytest.mark.parametrize(
    ("new", "old", "overlap", "siblings", "evidence"),
    [
        (CURRENT, CURRENT, NONE, False, Evidence.NUMBER),
        (CURRENT, CURRENT, DIFFERENT, False, None),
        (CARD, CARD, NONE, True, Evidence.CARD_DIGITS),
        (CARD, CARD, EQUAL, False, None),
        (CARD, AccountFeatures("card", "d", "GBP", "Blue", partial_card_number="2002"), EQUAL, True, Evidence.ROWS),
        (CARD, AccountFeatures("card", "d", "GBP", "Blue", partial_card_number="2002"), NONE, True, None),
        (CARD, AccountFeatures("card", "c", "EUR", "Gold", partial_card_number="1001"), EQUAL, True, None),
    ],
)
def test_evidence_that_two_accounts_are_the_same(
    new: AccountFeatures, old: AccountFeatures, overlap: Overlap, siblings: bool, evidence: Evidence | None
) -> None:
    assert evidence_of(new, old, overlap, are_siblings=siblings) is evidence


@pytest.mark.parametrize(
    ("one", "other", "siblings"),
    [
        ("oauth-amex", "ob-amex", True),
        ("uk-oauth-amex", "uk-ob-amex", True),
        ("ob-amex", "ob-lloyds", False),
    ],
)
def test_provider_ids_of_the_same_bank(one: str, other: str, siblings: bool) -> None:
    assert are_siblings(one, one, other, other) is siblings


def test_a_migrated_card_is_offered_and_continued_with_one_history_and_all_edits(installation: Installation) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "oauth-sim-card")
    (old,) = accounts(client)
    imported(installation, client, first)
    rows = client.get("/api/transactions?limit=500").json()["transactions"]
    client.patch(f"/api/transactions/{rows[0]['id']}", json={"category": "Travel"}).raise_for_status()
    second = installation.connect(client, "ob-sim-card")
    new = next(row for row in accounts(client) if row["connection_id"] == str(second))
    assert new["last_digits"] != old["last_digits"]
    imported(installation, client, second)
    twin = next(
        row
        for row in client.get(f"/api/transactions?limit=500&account_id={new['account_id']}").json()["transactions"]
        if (row["date"], row["amount"]) == (rows[1]["date"], rows[1]["amount"])
    )
    client.patch(f"/api/transactions/{twin['id']}", json={"category": "Fees"}).raise_for_status()

    (offer,) = client.get("/api/truelayer/accounts/continuations").json()["continuations"]
    assert (offer["new"]["account_id"], offer["old"]["account_id"]) == (new["account_id"], old["account_id"])
    assert (offer["evidence"], offer["rows_only_in_new"], offer["rows_only_in_old"]) == ("rows", 0, 0)
    body = {"old_account_id": old["account_id"], "choice": "continue"}
    answer = client.post(f"/api/truelayer/accounts/{new['account_id']}/continuation", json=body).raise_for_status()

    assert answer.json()["account_id"] == old["account_id"]
    after = client.get("/api/transactions?limit=500").json()["transactions"]
    assert [row["id"] for row in after] == [row["id"] for row in rows]
    assert after[0]["category"] == "Travel"
    assert next(row for row in after if row["id"] == rows[1]["id"])["category"] == "Fees"
    listed = client.get("/api/truelayer/accounts/continuations").json()
    assert (listed["continuations"], [item["account_id"] for item in listed["joined"]]) == ([], [old["account_id"]])
    client.delete(f"/api/truelayer/connections/{first}").raise_for_status()
    assert [row["account_id"] for row in accounts(client)] == [old["account_id"]]
    assert imported(installation, client, second)["synced"] == 0
    with session_scope() as session:
        assert session.scalar(text("SELECT count(*) FROM truelayer_accounts")) == 1


def test_a_declined_continuation_is_not_offered_again(installation: Installation) -> None:
    client = installation.signed_in()
    imported(installation, client, installation.connect(client, "oauth-sim-card"))
    imported(installation, client, installation.connect(client, "ob-sim-card"))
    (offer,) = client.get("/api/truelayer/accounts/continuations").json()["continuations"]
    new, old = offer["new"]["account_id"], offer["old"]["account_id"]
    body = {"old_account_id": old, "choice": "separate"}
    path = f"/api/truelayer/accounts/{new}/continuation"

    shown = output_of("continuations", new, "--separate")

    assert shown == "no account continues another one"
    assert client.get("/api/truelayer/accounts/continuations").json() == {"continuations": [], "joined": []}
    assert client.post(path, json=body).json()["code"] == "no_continuation"


def test_a_continuation_is_undone_exactly_and_keeps_edits_made_since(installation: Installation) -> None:
    client = installation.signed_in()
    first = installation.connect(client, "oauth-sim-card")
    imported(installation, client, first)
    second = installation.connect(client, "ob-sim-card")
    imported(installation, client, second)
    (offer,) = client.get("/api/truelayer/accounts/continuations").json()["continuations"]
    new, old = (offer[side]["account_id"] for side in ("new", "old"))
    client.patch(f"/api/transactions/{rows_of(client, new)[0]['id']}", json={"category": "Fees"}).raise_for_status()
    before = {account_id: rows_of(client, account_id) for account_id in (new, old)}
    stored = stored_for(new), stored_for(old)
    path = f"/api/truelayer/accounts/{new}/continuation"
    scheduled = {"connection_id": second, "account_ids": [new]}
    schedule = client.post("/api/truelayer/import/schedules", json=scheduled).raise_for_status().json()["id"]
    client.post(path, json={"old_account_id": old, "choice": "continue"}).raise_for_status()
    assert accounts_of_schedule(client, schedule) == [old]
    edited = next(row for row in rows_of(client, old) if row["category"] != "Fees")
    client.patch(f"/api/transactions/{edited['id']}", json={"category": "Travel"}).raise_for_status()
    job_id = start(client, second, card_ids=[old])
    installation.run_tasks(enriches=False)
    undo = f"/api/truelayer/accounts/{old}/continuation"
    refused = client.delete(undo)
    assert (refused.status_code, refused.json()["message"]) == (
        409,
        f"import {job_id} imported this account since; undo it first, newest first",
    )
    client.post(f"/api/truelayer/import/{job_id}/undo", json={}).raise_for_status()

    again = client.delete(undo).raise_for_status().json()

    assert (again["account_id"], again["connection_id"]) == (new, str(second))
    before[old] = [{**row, "category": "Travel"} if row["id"] == edited["id"] else row for row in before[old]]
    assert {account_id: rows_of(client, account_id) for account_id in (new, old)} == before
    assert (stored_for(new), stored_for(old)) == stored
    assert accounts_of_schedule(client, schedule) == [new]
    (offer,) = client.get("/api/truelayer/accounts/continuations").json()["continuations"]
    assert (offer["new"]["account_id"], offer["old"]["account_id"]) == (new, old)
    assert client.delete(undo).json()["code"] == "not_continued"


def test_continuations_of_a_continued_account_are_undone_in_turn(installation: Installation) -> None:
    client = installation.signed_in()
    numbers = {"number": "12345678", "sort_code": "01-02-03"}
    for bank in ("sim-accounts-only", "sim-plain", "sim-household"):
        entry = {"account_id": bank, "display_name": bank, "currency": "GBP", "account_number": numbers}
        answer_with(installation, "/data/v1/accounts", entry)
        answer_with(installation, "/data/v1/cards")
        installation.connect(client, bank)
    first, second, third = (row["account_id"] for row in accounts(client))
    path = "/api/truelayer/accounts"

    for new, old in ((third, second), (second, first)):
        wanted = {"old_account_id": old, "choice": "continue"}
        client.post(f"{path}/{new}/continuation", json=wanted).raise_for_status()

    assert [row["account_id"] for row in accounts(client)] == [first]
    undone = [client.delete(f"{path}/{continued}/continuation").raise_for_status() for continued in (first, second)]
    assert [answer.json()["account_id"] for answer in undone] == [second, third]
    assert client.get(f"{path}/continuations").json()["joined"] == []


def test_the_command_line_continues_an_account_and_separates_it_again(installation: Installation) -> None:
    client = installation.signed_in()
    imported(installation, client, installation.connect(client, "oauth-sim-card"))
    imported(installation, client, installation.connect(client, "ob-sim-card"))
    assert "decide with `bankimport continuations ACCOUNT --continue`" in output_of("continuations")
    (offer,) = json.loads(output_of("continuations", "--json"))["continuations"]
    new, old = offer["new"]["account_id"], offer["old"]["account_id"]

    assert f"separate them with `bankimport continuations {old} --undo`" in output_of(
        "continuations", new, "--continue"
    )
    assert [row["account_id"] for row in accounts(client)] == [old]
    assert "--continue" in output_of("continuations", old, "--undo")

    assert sorted(row["account_id"] for row in accounts(client)) == sorted([new, old])
    refused = on_terminal(200, "continuations", old, "--continue", "--json")
    assert (refused.exit_code, json.loads(refused.output)["code"]) == (1, "no_continuation")
    assert on_terminal(200, "continuations", new).exit_code == 1


def output_of(*words: str) -> str:
    """The output of a command that succeeds, its lines joined."""
    result = on_terminal(200, *words)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def accounts_of_schedule(client: TestClient, schedule_id: str) -> list[str]:
    found: list[str] = client.get(f"/api/truelayer/import/schedules/{schedule_id}").json()["account_ids"]
    return found


def rows_of(client: TestClient, account_id: str) -> list[dict[str, Any]]:
    """An account's rows as a user sees them."""
    path = f"/api/transactions?limit=500&account_id={account_id}"
    shown = ("id", "date", "amount", "description", "category", "status")
    return [{name: row[name] for name in shown} for row in client.get(path).json()["transactions"]]


def stored_for(account_id: str) -> dict[str, int]:
    """How many windows of live imports, live rows, renamed keys and doors an account has."""
    queries = {
        "windows": "SELECT count(*) FROM import_windows w JOIN truelayer_import_progress p"
        " ON p.id = w.account_import_id JOIN truelayer_import_jobs j ON j.id = p.job_id"
        " WHERE w.account_id = :account AND j.job_status <> 'undone'",
        "rows": "SELECT count(*) FROM transactions WHERE account_id = :account AND removed_at IS NULL",
        "renamed": "SELECT count(*) FROM transactions WHERE account_id = :account AND dedupe_key LIKE '% of %'",
        "doors": "SELECT count(*) FROM account_doors WHERE account_id = :account",
    }
    with session_scope() as session:
        return {name: session.scalar(text(query), {"account": int(account_id)}) or 0 for name, query in queries.items()}
