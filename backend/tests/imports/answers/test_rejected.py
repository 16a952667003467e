"""Rejected rows are stored as received, counted and shown: in the API, in packs and in a job's totals."""

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.support.bank.answers import TODAY, a_row, answer_with
from tests.support.steps.imports import IMPORT, accounts_by_kind, do, run_import, start, status_of
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel

from bankimport.audit.evidence_check import check_pack
from bankimport.audit.reparse import reparse
from bankimport.db.session import session_scope
from bankimport.imports.answers.rejected import OUTSIDE, day_of
from bankimport.imports.answers.retention import purge_expired_answers
from bankimport.settings import get_settings, variable_of

FIRST = TODAY - timedelta(days=10)


def rejected_of(client: TestClient, job_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{IMPORT}/{job_id}/rejected").raise_for_status().json()["rejected"]
    return found


def test_a_day_with_a_rejected_row_is_not_shown_as_complete_until_an_answer_without_one(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    answer_with(installation, "/transactions", [a_row(4, 1), a_row(3, 2, amount="1e99"), a_row(2, 3)])
    body = {"account_ids": [account_id], "from_date": str(FIRST)}
    first = run_import(installation, client, connection_id, **body)
    assert first["total_so_far"]["errors"] == 1

    def words(what: str) -> dict[str, dict[str, Any]]:
        strip = client.get(f"/api/truelayer/accounts/{account_id}/{what}").raise_for_status().json()["strip"]
        days = [str(FIRST + timedelta(days=number)) for number in range(11)]
        return {day: next(item for item in strip if item["from"] <= day <= item["to"]) for day in days}

    bad = str(TODAY - timedelta(days=3))
    assert [day for day, item in words("coverage").items() if item["state"] == "rejected_rows"] == [bad]
    proof = words("proof")
    assert {day: item["why"] for day, item in proof.items() if item["state"] == "rejected_rows"} == {
        bad: "rejected_rows"
    }
    assert proof[bad]["proof"] == "unprovable"

    monkeypatch.setenv(variable_of("raw_retention_days"), "1")
    get_settings.cache_clear()
    travel(days=2)
    assert purge_expired_answers() > 0
    travel(days=-2)
    (left,) = rejected_of(client, first["job_id"])
    assert json.loads(left["raw"]) == {"timestamp": f"{bad}T00:00:00"}, "only its day stays"
    assert words("proof") == proof
    assert words("coverage")[bad]["state"] == "rejected_rows"

    answer_with(installation, "/transactions", [a_row(4, 1), a_row(3, 2), a_row(2, 3), a_row(1, 4, timestamp="?")])
    run_import(installation, client, connection_id, **body)

    # A row without a day may belong to any of them.
    assert {item["state"] for item in words("coverage").values()} == {"rejected_rows"}
    answer_with(installation, "/transactions", [a_row(4, 1), a_row(3, 2), a_row(2, 3)])
    run_import(installation, client, connection_id, **body)
    assert {item["state"] for item in words("proof").values()} == {"answered", "empty"}


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (b'{"timestamp":"2026-06-15T00:00:00Z","amount":"x"}', date(2026, 6, 15)),
        (b'{"timestamp":"0001-01-01T00:00:00Z"}', None),
        (b'{"timestamp":5}', None),
        (b'{"amount":1}', None),
        (b'{"timestamp":"2026-06-15T00:00', None),
        (b"[" * 60_000, None),
        (b"\xff", None),
        (b"null", None),
    ],
)
def test_the_day_of_a_rejected_row_is_read_from_it(raw: bytes, day: date | None) -> None:
    assert day_of(raw) == day


def test_rows_outside_the_request_and_unreadable_pending_rows_are_rejected_counted_and_packed(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-pending")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    stored_row = a_row(200, 3)
    booked = [a_row(2, 1), a_row(300, 2), stored_row, a_row(-2, 4), a_row(12, 5), a_row(1, 6, amount=None)]
    pending = [a_row(0, 7, description="P"), a_row(0, 8, currency="?"), a_row(0, 9, timestamp=None)]
    answer_with(installation, "/transactions", [stored_row])
    past = run_import(
        installation, client, connection_id, account_ids=[account_id],
        from_date=str(TODAY - timedelta(days=210)), to_date=str(TODAY - timedelta(days=190)),
    )  # fmt: skip
    assert past["total_so_far"] == {"synced": 1, "duplicates": 0, "errors": 0}
    answer_with(installation, "/transactions", booked)
    answer_with(installation, "/pending", pending)

    status = run_import(installation, client, connection_id, account_ids=[account_id], from_date=str(FIRST))

    # The third is already stored; the fifth is on a day that was requested only as evidence.
    job_id = status["job_id"]
    assert (status["status"], status["total_so_far"]) == ("completed", {"synced": 1, "duplicates": 0, "errors": 5})
    shown = rejected_of(client, job_id)
    assert [(row["is_pending"], row["position"]) for row in shown] == [
        (False, 5), (False, 1), (False, 3), (True, 1), (True, 2),
    ]  # fmt: skip
    assert [row["reason"] == OUTSIDE for row in shown] == [False, True, True, False, False]
    assert [json.loads(row["raw"]) for row in shown[1:3]] == [booked[1], booked[3]]
    assert status["accounts"][0]["errors"] == 5
    pack = client.get(f"{IMPORT}/{job_id}/evidence").content
    assert check_pack(io.BytesIO(pack)) == []
    with zipfile.ZipFile(io.BytesIO(pack)) as members:
        packed = json.loads(members.read("rejected.json"))
    assert [(row["endpoint"], row["position"]) for row in packed] == [
        ("transactions", 5), ("transactions", 1), ("transactions", 3), ("pending", 1), ("pending", 2),
    ]  # fmt: skip
    with session_scope() as session:
        assert reparse(session, 1).understood == 0
    eve = installation.signed_in("eve@example.org")
    assert eve.get(f"{IMPORT}/{job_id}/rejected").json()["code"] == "import_not_found"
    assert client.get(f"{IMPORT}/{job_id}/rejected", params={"cursor": "x"}).json()["code"] == "invalid_request"


def test_days_of_other_windows_are_not_outside_the_request_and_a_commit_counts_no_row_twice(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-pending")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    # Two windows, each answered with everything by a bank that ignores the requested days.
    everything = [a_row(2, 1), a_row(400, 2), a_row(900, 3)]
    for _ in range(2):
        answer_with(installation, "/transactions", everything)
    answer_with(installation, "/pending", [a_row(0, 8, currency="?")])

    job_id = start(
        client, connection_id, account_ids=[account_id], from_date=str(TODAY - timedelta(days=500)), dry_run=True
    )
    installation.run_tasks()
    staged = status_of(client, job_id)["total_so_far"]
    do(client, job_id, "commit")
    installation.run_tasks()

    status = status_of(client, job_id)
    assert status["status"] == "completed"
    assert staged == {"synced": 0, "duplicates": 0, "errors": 3}
    assert status["total_so_far"] == {"synced": 2, "duplicates": 0, "errors": 3}
    assert len(rejected_of(client, job_id)) == 3


def test_a_pending_answer_replaces_the_same_imports_earlier_one(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-pending")
    account_id = accounts_by_kind(client, connection_id)["account"][0]["account_id"]
    answer_with(installation, "/pending", [a_row(0, 8, currency="?"), a_row(0, 9, currency="!")])
    job_id = start(client, connection_id, account_ids=[account_id], from_date=str(FIRST))
    installation.run_tasks()
    assert status_of(client, job_id)["total_so_far"]["errors"] == 2
    # As if the worker had crashed after the pending answer.
    with session_scope() as session:
        session.execute(text("UPDATE truelayer_import_progress SET status = 'pending', completed_at = NULL"))
        session.execute(text("UPDATE truelayer_import_jobs SET job_status = 'running', completed_at = NULL"))
    answer_with(installation, "/pending", [a_row(0, 9, currency="!")])
    installation.run_tasks()

    assert status_of(client, job_id)["total_so_far"]["errors"] == len(rejected_of(client, job_id)) == 1
