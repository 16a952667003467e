"""Transfers between own accounts over HTTP and the command line: suggested, decided, undone, exported."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from beancount import loader
from beancount.core import data
from sqlalchemy import text, update
from starlette.testclient import TestClient
from tests.support.steps.imports import do
from tests.support.steps.installation import Installation
from tests.support.steps.record import EXPORT, Record, remove_rows
from tests.support.steps.transfers import DAY, TRANSFERS, an_empty_record, listed, move, scan
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.db.session import session_scope
from bankimport.imports.models import ImportJob
from bankimport.imports.run.recover import recover
from bankimport.transactions.models import Transaction


@pytest.fixture
def record(installation: Installation) -> Record:
    """A user's record with only what a test adds."""
    return an_empty_record(installation)


def sides(pair: dict[str, Any]) -> tuple[int, int]:
    return int(pair["money_out"]["id"]), int(pair["money_in"]["id"])


def row_of(client: TestClient, row_id: int) -> Any:
    return client.get(f"/api/transactions/{row_id}").raise_for_status().json()


def test_pairs_are_suggested_with_their_reasons_and_marked_on_rows(record: Record) -> None:
    left, came = move(record, "250.00", days=1)
    move_apart = move(record, "12.00", days=9)

    assert scan(record.client) == {"new": 1, "dropped": 0, "suggested": 1, "too_alike": 0}
    (pair,) = listed(record.client)
    assert sides(pair) == (left, came)
    assert (pair["status"], pair["amount"], pair["currency"]) == ("suggested", "250.00", "GBP")
    assert (pair["confidence"], pair["days_apart"], pair["alternatives"]) == ("0.660", 1, 0)
    assert pair["reasons"] == ["days_apart", "says_transfer"]
    assert (pair["is_whole"], pair["fits"], pair["decided_at"]) == (True, True, None)
    assert row_of(record.client, left)["transfer"] == {
        "id": pair["id"],
        "status": "suggested",
        "other_transaction_id": str(came),
        "other_account_id": str(record.card_id),
    }
    assert row_of(record.client, came)["transfer"]["other_transaction_id"] == str(left)
    assert row_of(record.client, move_apart[0])["transfer"] is None
    again = record.client.get("/api/transactions").json()["transactions"]
    assert {int(row["id"]) for row in again if row["transfer"]} == {left, came}
    assert scan(record.client) == {"new": 0, "dropped": 0, "suggested": 1, "too_alike": 0}
    assert listed(record.client) == [pair]


def test_an_ended_import_is_scanned_even_if_its_worker_crashed(record: Record) -> None:
    with session_scope() as session:
        job = session.get_one(ImportJob, record.job_id)
        assert job.completed_at is not None
        assert job.transfers_looked_at is not None
        assert job.transfers_looked_at >= job.completed_at
        session.execute(update(ImportJob).values(transfers_looked_at=None))
    left, came = move(record, "250.00")

    recover()

    assert [sides(pair) for pair in listed(record.client)] == [(left, came)]
    with session_scope() as session:
        assert session.get_one(ImportJob, record.job_id).transfers_looked_at is not None


def test_a_confirmed_pair_stays_and_can_be_reopened(record: Record) -> None:
    left, came = move(record, "250.00")
    scan(record.client)
    (pair,) = listed(record.client)

    for _ in range(2):
        confirmed = record.client.post(f"{TRANSFERS}/{pair['id']}/confirm").raise_for_status().json()
    assert (confirmed["status"], confirmed["money_out"]["transfer"]["status"]) == ("confirmed", "confirmed")
    move(record, "250.00")
    scan(record.client)
    assert [sides(item) for item in listed(record.client, "confirmed")] == [(left, came)]
    assert all(left not in sides(item) and came not in sides(item) for item in listed(record.client))
    counts = record.client.get(TRANSFERS).json()["counts"]
    assert counts == {"suggested": 1, "confirmed": 1, "refused": 0}

    assert record.client.post(f"{TRANSFERS}/{pair['id']}/reopen").json()["status"] == "suggested"
    assert listed(record.client, "confirmed") == []
    assert row_of(record.client, left)["transfer"]["status"] == "suggested"


def test_a_refused_pair_is_never_suggested_again_and_the_next_best_is(record: Record) -> None:
    left, came = move(record, "250.00")
    with session_scope() as session:
        other = record.add(session, amount=Decimal(250), account_id=record.card_id, date=DAY + timedelta(days=3)).id
    scan(record.client)
    (pair,) = listed(record.client)
    assert sides(pair) == (left, came)

    for _ in range(2):
        assert record.client.post(f"{TRANSFERS}/{pair['id']}/refuse").json()["status"] == "refused"
    (second,) = listed(record.client)
    assert sides(second) == (left, other)
    record.client.post(f"{TRANSFERS}/{second['id']}/refuse").raise_for_status()
    scan(record.client)
    assert listed(record.client) == []
    assert row_of(record.client, left)["transfer"] is None

    assert record.client.post(f"{TRANSFERS}/{second['id']}/confirm").json()["status"] == "confirmed"
    refused = record.client.post(f"{TRANSFERS}/{pair['id']}/reopen")
    assert (refused.status_code, refused.json()["code"]) == (409, "transfer_not_possible")
    assert refused.json()["details"]["transfer_id"] == second["id"]
    assert record.client.post(f"{TRANSFERS}/{pair['id']}/confirm").status_code == 409
    assert record.client.post(f"{TRANSFERS}/{second['id']}/refuse").json()["status"] == "refused"
    assert record.client.post(f"{TRANSFERS}/{pair['id']}/reopen").json()["status"] == "suggested"


def test_equal_rows_are_suggested_once_each_and_not_confirmed_with_the_sure_ones(record: Record) -> None:
    pairs = [move(record, "250.00"), move(record, "250.00")]
    with session_scope() as session:
        sure = record.add(session, amount=Decimal(-80), description=f"TRANSFER TO {record.card_id}").id
        record.add(session, amount=Decimal(80), account_id=record.card_id, description="From Current account")
    scan(record.client)

    assert {sides(pair) for pair in listed(record.client) if pair["alternatives"]} == set(pairs)
    assert all(Decimal(pair["confidence"]) < Decimal("0.5") for pair in listed(record.client) if pair["alternatives"])
    sure_page = record.client.get(TRANSFERS, params={"min_confidence": "0.7"}).json()
    assert (len(sure_page["transfers"]), sure_page["matching"], sure_page["counts"]["suggested"]) == (1, 1, 3)
    done = record.client.post(f"{TRANSFERS}/confirm", json={"min_confidence": "0.7"}).json()
    (confirmed,) = listed(record.client, "confirmed")
    assert done == {"confirmed": 1, "transfer_ids": [confirmed["id"]]}
    assert confirmed["money_out"]["id"] == str(sure)
    missing = record.client.post(f"{TRANSFERS}/reopen", json={"transfer_ids": [confirmed["id"], 10**9]})
    assert (missing.status_code, missing.json()["code"]) == (404, "transfer_not_found")
    assert len(listed(record.client, "confirmed")) == 1
    taken_back = record.client.post(f"{TRANSFERS}/reopen", json={"transfer_ids": done["transfer_ids"]})
    assert taken_back.json() == {"reopened": 1}
    assert listed(record.client, "confirmed") == []
    assert record.client.post(f"{TRANSFERS}/confirm", json={"min_confidence": 0.4}).status_code == 422


def test_pages_are_consecutive(record: Record) -> None:
    for number in range(7):
        move(record, f"{100 + number}.00", days=number % 3)
    scan(record.client)
    paged: list[int] = []
    cursor = None
    while True:
        page = record.client.get(TRANSFERS, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        paged += [pair["id"] for pair in page["transfers"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert paged == [pair["id"] for pair in listed(record.client)]
    assert len(paged) == len(set(paged)) == 7
    for bad in ("x", "1_x", "NaN_1", "1_" + "9" * 30):
        assert record.client.get(TRANSFERS, params={"cursor": bad}).status_code == 422


def test_undo_hides_a_confirmed_pair_and_redo_shows_it_again(record: Record) -> None:
    left, came = move(record, "250.00")
    scan(record.client)
    (pair,) = listed(record.client)
    record.client.post(f"{TRANSFERS}/{pair['id']}/confirm").raise_for_status()
    with session_scope() as session:
        session.execute(
            text("UPDATE transactions SET import_job_id = :job WHERE id = :id").bindparams(
                job=_second_job(record), id=came
            )
        )
        rival = record.add(session, amount=Decimal(250), account_id=record.card_id).id
    job_id = _second_job(record)

    do(record.client, job_id, "undo")

    assert row_of(record.client, left)["transfer"] is None
    (hidden,) = listed(record.client, "confirmed")
    assert (hidden["id"], hidden["is_whole"]) == (pair["id"], False)
    scan(record.client)
    assert all(rival not in sides(item) for item in listed(record.client))
    do(record.client, job_id, "redo")
    assert row_of(record.client, left)["transfer"]["id"] == pair["id"]
    assert row_of(record.client, came)["transfer"]["status"] == "confirmed"
    assert listed(record.client, "confirmed")[0]["is_whole"]


def test_a_suggestion_with_a_removed_or_changed_row_is_dropped_and_cannot_be_confirmed(record: Record) -> None:
    altered, gone = move(record, "250.00"), move(record, "80.00")
    scan(record.client)
    by_sides = {sides(pair): pair["id"] for pair in listed(record.client)}
    with session_scope() as session:
        session.get_one(Transaction, altered[0]).amount = Decimal("-251.00")
    remove_rows(Transaction.id == gone[1])

    assert [pair["fits"] for pair in listed(record.client)] == [False]
    for pair_id in by_sides.values():
        assert record.client.post(f"{TRANSFERS}/{pair_id}/confirm").json()["code"] == "transfer_not_possible"
    assert scan(record.client) == {"new": 0, "dropped": 2, "suggested": 0, "too_alike": 0}


def test_another_user_cannot_see_or_decide_transfers(record: Record, installation: Installation) -> None:
    move(record, "250.00")
    scan(record.client)
    (pair,) = listed(record.client)
    eve = installation.signed_in("eve@example.org")

    assert scan(eve)["suggested"] == 0
    assert listed(eve) == []
    for action in ("confirm", "refuse", "reopen"):
        answer = eve.post(f"{TRANSFERS}/{pair['id']}/{action}")
        assert (answer.status_code, answer.json()["code"]) == (404, "transfer_not_found")
    assert eve.get(f"{TRANSFERS}/{pair['id']}").status_code == 404
    assert eve.post(f"{TRANSFERS}/confirm", json={"min_confidence": 0.5}).json()["confirmed"] == 0
    assert eve.post(f"{TRANSFERS}/reopen", json={"transfer_ids": [pair["id"]]}).status_code == 404
    assert listed(record.client) == [pair]
    assert installation.client().get(TRANSFERS).status_code == 401


def test_the_command_line_lists_and_decides(record: Record) -> None:
    move(record, "250.00")
    move(record, "80.00")

    def run(*arguments: str) -> Any:
        result = CliRunner().invoke(app, ["transfers", *arguments, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    assert run("--look")["new"] == 2
    first, second = (pair["id"] for pair in run()["transfers"])
    assert run(str(first), "--refuse")["status"] == "refused"
    assert run("--confirm-above", "0.6") == {"confirmed": 1, "transfer_ids": [second]}
    assert run(str(second), "--reopen")["status"] == "suggested"
    assert run("--status", "refused")["transfers"][0]["id"] == first
    shown = CliRunner().invoke(app, ["transfers"])
    assert "80.00" in shown.output
    for wrong in (["5"], ["--confirm"], ["5", "--confirm", "--refuse"], ["--look", "--confirm-above", "0.9"]):
        assert CliRunner().invoke(app, ["transfers", *wrong]).exit_code == 1


def test_exports_show_a_confirmed_transfer_and_beancount_balances_it(record: Record) -> None:
    left, came = move(record, "250.00", days=1)
    move(record, "80.00")
    before = record.client.get(EXPORT, params={"format": "ofx"}).text
    scan(record.client)
    pair_id = next(pair["id"] for pair in listed(record.client) if sides(pair) == (left, came))
    record.client.post(f"{TRANSFERS}/{pair_id}/confirm").raise_for_status()

    ledger = record.client.get(EXPORT, params={"format": "beancount"}).text
    entries, errors, _ = loader.load_string(ledger)
    assert errors == []
    linked = [
        entry for entry in entries if isinstance(entry, data.Transaction) and f"transfer-{pair_id}" in entry.links
    ]
    assert {entry.meta["id"] for entry in linked} == {str(left), str(came)}
    in_transit = [post for entry in linked for post in entry.postings if post.account == "Assets:Transfers"]
    assert sum(post.units.number or 0 for post in in_transit if post.units) == 0
    assert len(in_transit) == 2
    one_side = record.client.get(EXPORT, params={"format": "beancount", "account_id": record.account_id}).text
    assert loader.load_string(one_side)[1] == []

    lines = record.client.get(EXPORT, params={"format": "csv"}).text.splitlines()
    assert lines[0].endswith(",transfer_id")
    marked = {line.split(",")[0]: line.rsplit(",", 1)[1] for line in lines[1:]}
    assert marked[str(left)] == marked[str(came)] == str(pair_id)
    assert sum(mark != "" for mark in marked.values()) == 2
    ofx = record.client.get(EXPORT, params={"format": "ofx"}).text
    assert ofx.count("<TRNTYPE>XFER") == 2
    assert fitids(ofx) == fitids(before)


def fitids(ofx: str) -> list[str]:
    return [part.split("<", 1)[0] for part in ofx.split("<FITID>")[1:]]


def _second_job(record: Record) -> int:
    """A later import of the same user, made once."""
    jobs = record.client.get("/api/truelayer/import/history").json()["imports"]
    if len(jobs) == 1:
        with session_scope() as session:
            columns = ", ".join(
                column.name for column in ImportJob.__table__.columns if column.name != "id" and column.computed is None
            )
            session.execute(
                text(
                    f"INSERT INTO truelayer_import_jobs (id, {columns})"
                    f" SELECT 900, {columns} FROM truelayer_import_jobs"
                )
            )
    return 900
