"""Whatever a bank's answer contains, each of its rows is stored, a repeat, left to another window, or rejected: none is
lost, none is invented, and no amount is changed."""

import base64
import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from starlette.testclient import TestClient
from tests.support.bank.hostile_answers import (
    GOOD,
    LONDON,
    META,
    NUMBERS,
    TEXTS,
    TIMES,
    TODAY,
    answers,
    body_of,
    quoted,
)
from tests.support.steps.imports import accounts_by_kind, run_import
from tests.support.steps.installation import Installation
from tests.support.steps.rows import as_stored

from bankimport.accounts.models import AccountKind
from bankimport.audit.verify import verify_user
from bankimport.days import Days
from bankimport.db.session import session_scope
from bankimport.imports.answers.normalise import FLOAT_NOISE
from bankimport.imports.answers.raw import normalised
from bankimport.imports.answers.rejected import OUTSIDE
from bankimport.imports.match.answer import match_answer
from bankimport.imports.match.store import plan_batches
from bankimport.imports.models import RejectedRow
from bankimport.money import MOST_NOISE
from bankimport.transactions.models import Transaction
from bankimport.truelayer.answers import parse_rows

WINDOW = Days(TODAY - timedelta(days=10), TODAY)
ASKED = Days(WINDOW.first - timedelta(days=3), TODAY)


@given(answers, st.sampled_from(AccountKind))
def test_each_row_of_any_answer_is_handled_once_and_no_amount_changes(written: list[str], kind: AccountKind) -> None:
    body = body_of(written)
    good, rejected = normalised(parse_rows(body), kind, LONDON)

    assert sorted([row.position for row in good] + [item.position for item, _ in rejected]) == list(range(len(written)))
    assert all(reason for _, reason in rejected)
    for row in good:
        sent = json.loads(written[row.position], parse_float=str, parse_int=str)["amount"]
        noise = MOST_NOISE if FLOAT_NOISE in row.flags else 0
        assert abs(abs(row.amount) - abs(Decimal(sent))) <= noise
        assert "\x00" not in row.description
        row.description.encode()

    matching = match_answer(good, [], ASKED, TODAY)
    assert (matching.matches, matching.missing) == ([], [])
    assert Counter(map(id, matching.new + matching.repeats)) == Counter(map(id, good))
    batches = list(plan_batches(matching, window=WINDOW, batch_size=2))
    inside = [row for row in matching.new if WINDOW.first <= row.date <= WINDOW.last]
    assert Counter(id(row) for batch in batches for row in batch.new) == Counter(map(id, inside))

    stored = [as_stored(row, number) for number, row in enumerate(matching.new)]
    again = match_answer(normalised(parse_rows(body), kind, LONDON)[0], stored, ASKED, TODAY)
    assert (again.new, again.missing) == ([], [])
    assert len({match.stored.id for match in again.matches}) == len(again.matches) == len(stored)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b'{"results":null}', b'{"results":{}}', b'{"results":[1', b"\xff\xfe", b"NaN",
        b'{"results":NaN}', b"[" * 100_000, b'{"results":[' + b"[" * 5000 + b"]" * 5000 + b"]}",
    ],
)  # fmt: skip
def test_invalid_answers_store_no_days(installation: Installation, body: bytes) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    _answer_with(installation, body)
    status = run_import(
        installation, client, connection_id, account_ids=[account_id], from_date=WINDOW.first.isoformat()
    )
    assert status["accounts"][0]["status"] == "waiting"
    assert client.get(f"/api/truelayer/accounts/{account_id}/coverage").json()["held"] == []


def test_a_hostile_answer_is_imported_as_far_as_possible_and_the_rest_is_counted_and_shown(
    installation: Installation,
) -> None:
    written = [
        "{" + f'"timestamp":"{TIMES[0]}","currency":"GBP","transaction_type":"DEBIT","amount":{number}' + "}"
        for number in NUMBERS
    ]
    for name, values in (("description", TEXTS), ("meta", META), ("timestamp", quoted(TIMES))):
        written += ["{" + GOOD + f',"{name}":{value}' + "}" for value in values]
    written += ["{" + GOOD + f',"transaction_id":{json.dumps(value)}' + "}" for value in ("a", "a", "i" * 9000)]
    written += ["null", "5", "{}"]
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    first, second = (row["account_id"] for row in accounts_by_kind(client, connection_id)["account"])
    for account_id in (first, second, first):
        _answer_with(installation, body_of(written))
        status = run_import(
            installation, client, connection_id, account_ids=[account_id], from_date=WINDOW.first.isoformat()
        )
        assert status["status"] == "completed", status["accounts"]
        totals = status["total_so_far"]
        good = normalised(parse_rows(body_of(written)), AccountKind.ACCOUNT, LONDON)[0]
        # Only rows requested as evidence, of the days right before the window, are neither stored nor rejected.
        left = sum(row.date in _days(ASKED) - _days(WINDOW) for row in good)
        assert totals["synced"] + totals["duplicates"] + totals["errors"] + left == len(written)
        shown = everything_rejected(client, status["job_id"])
        assert len(shown) == totals["errors"] > 20
        assert sum(row["reason"] == OUTSIDE for row in shown) == sum(row.date not in _days(ASKED) for row in good) == 2
    with session_scope() as session:
        kept_aside = session.scalar(select(func.count()).select_from(RejectedRow))
        by_account = dict(
            session.execute(select(Transaction.account_id, func.count()).group_by(Transaction.account_id)).all()
        )
        assert verify_user(session, 1).findings == []
    assert kept_aside == 3 * totals["errors"]
    assert by_account[int(first)] == by_account[int(second)] > 30
    page: dict[str, Any] = client.get("/api/transactions", params={"limit": 1000}).raise_for_status().json()
    assert len(page["transactions"]) == 2 * by_account[int(first)]
    for form in ("csv", "ndjson", "ofx", "beancount"):
        client.get("/api/transactions/export", params={"format": form}).raise_for_status()
    assert client.get(f"/api/truelayer/accounts/{first}/proof").status_code == 200


def everything_rejected(client: TestClient, job_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = client.get(
            f"/api/truelayer/import/{job_id}/rejected", params={"limit": 7} | ({"cursor": cursor} if cursor else {})
        )
        found += page.raise_for_status().json()["rejected"]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            return found


def _days(days: Days) -> set[Any]:
    return {days.first + timedelta(days=number) for number in range(days.length)}


def _answer_with(installation: Installation, body: bytes) -> None:
    installation.simulator.admin("DELETE", "faults")
    installation.simulator.admin(
        "POST", "faults", kind="answer", path="/transactions", times=1, body=base64.b64encode(body).decode()
    )
