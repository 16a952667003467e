"""Every wrong request gets a clear error with a code, and nothing is half stored."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.support.steps.installation import Installation, openapi_document

from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.imports.models import ImportJob, ImportWindow

TODAY = utc_today()
PLAN = "/api/truelayer/import/plan"


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def count_jobs() -> int:
    with session_scope() as session:
        return session.scalars(select(func.count()).select_from(ImportJob)).one()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"account_ids": ["999999"]}, 404, "account_not_found"),
        ({"account_ids": ["abc"]}, 422, "invalid_request"),
        ({"account_ids": ["9" * 30]}, 422, "invalid_request"),
        ({"card_ids": ["-1"]}, 422, "invalid_request"),
        ({"connection_id": 999999}, 404, "connection_not_found"),
        ({"connection_id": 2**63}, 422, "invalid_request"),
        ({"connection_id": "one"}, 422, "invalid_request"),
        ({"from_date": ago(1), "to_date": ago(5)}, 422, "dates_reversed"),
        ({"to_date": ago(-1)}, 422, "date_in_future"),
        ({"from_date": "1850-01-01"}, 422, "date_too_early"),
        ({"from_date": "2026-02-30"}, 422, "invalid_request"),
        ({"from_date": 20260131}, 422, "invalid_request"),
        ({"batch_size": 0}, 422, "invalid_request"),
        ({"batch_size": 1001}, 422, "invalid_request"),
        ({"max_parallel": 17}, 422, "invalid_request"),
        ({"job_type": "everything"}, 422, "invalid_request"),
        ({"account_ids": "1"}, 422, "invalid_request"),
    ],
)
def test_an_impossible_plan_is_refused_with_a_reason(
    installation: Installation, change: dict[str, Any], status: int, code: str
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")

    answer = client.post(PLAN, json={"connection_id": connection_id, "from_date": ago(30), **change})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(answer.json()["message"]) > 10
    assert count_jobs() == 0


def test_malformed_json_is_reported(installation: Installation) -> None:
    client = installation.signed_in()

    answer = client.post(PLAN, content=b'{"connection_id": 1,', headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


def test_every_request_body_refuses_fields_that_it_does_not_know() -> None:
    document = openapi_document()
    schemas, found = document["components"]["schemas"], set[str]()
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    waiting = [str(operation.get("requestBody")) for operation in operations]
    while waiting:
        named = set(re.findall(r"#/components/schemas/(\w+)", waiting.pop())) - found
        found |= named
        waiting += [str(schemas[name]) for name in named]

    objects = {name for name in found if schemas[name].get("type") == "object"}
    assert len(objects) > 40
    assert {name for name in objects if schemas[name].get("additionalProperties") is not False} == set()


def test_a_field_that_nobody_knows_is_refused(installation: Installation) -> None:
    answer = installation.signed_in().post(PLAN, json={"connection_id": 1, "to_data": "2026-01-01"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "to_data" in answer.text


@pytest.mark.parametrize("path", ["/api/nothing", "/api/truelayer/import/status/999", "/socket.io/none"])
def test_unknown_ids_are_not_found(installation: Installation, path: str) -> None:
    answer = installation.signed_in().get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] in ("not_found", "import_not_found")


@pytest.mark.parametrize("job_id", [0, -1, 2**63, 10**30])
def test_no_number_breaks_the_status(installation: Installation, job_id: int) -> None:
    answer = installation.signed_in().get(f"/api/truelayer/import/status/{job_id}")

    assert answer.status_code in (404, 422)
    assert answer.json()["code"]


@pytest.mark.parametrize("cursor", ["abc", "2026-01-01", "2026-01-01_x", "_1", "2026-13-01_1", "9" * 50, "\x00"])
def test_a_foreign_cursor_is_refused(installation: Installation, cursor: str) -> None:
    client = installation.signed_in()

    assert client.get("/api/transactions", params={"cursor": cursor}).json()["code"] == "invalid_request"
    assert client.get("/api/truelayer/import/history", params={"cursor": cursor}).json()["code"] == "invalid_request"


def test_text_that_the_database_cannot_store_is_refused(installation: Installation) -> None:
    client = installation.signed_in()

    answer = client.get("/api/transactions", params={"q": "a\x00b"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_range_before_any_banks_history_is_refused_at_once(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "mock")

    answer = client.post(
        PLAN, json={"connection_id": connection_id, "from_date": "2010-01-01", "to_date": "2010-01-31"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "date_too_early")
    assert count_jobs() == 0


def test_a_range_before_the_bank_opened_fails_with_the_banks_code_and_stores_nothing(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-wall")
    planned = client.post(
        PLAN, json={"connection_id": connection_id, "from_date": ago(500), "to_date": ago(450)}
    ).json()
    client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]})
    installation.run_tasks()

    status = client.get(f"/api/truelayer/import/status/{planned['job_id']}").json()

    assert status["status"] == "failed"
    assert {account["error"]["code"] for account in status["accounts"]} == {"invalid_date_range"}
    assert status["total_so_far"] == {"synced": 0, "duplicates": 0, "errors": 0}
    assert any(limit["code"] == "sca_window" for limit in planned["limits"])


def test_starting_twice_changes_nothing(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    job_id = client.post(PLAN, json={"connection_id": connection_id, "from_date": ago(30)}).json()["job_id"]

    first = client.post("/api/truelayer/import/start", json={"job_id": job_id})
    second = client.post("/api/truelayer/import/start", json={"job_id": job_id})

    assert first.status_code == second.status_code == 200
    assert first.json()["started_at"] == second.json()["started_at"]
    with session_scope() as session:
        assert session.scalars(select(func.count()).select_from(ImportWindow)).one() == 3


def test_a_job_with_a_dead_connection_is_refused_at_start(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    job_id = client.post(PLAN, json={"connection_id": connection_id, "from_date": ago(30)}).json()["job_id"]
    client.delete(f"/api/truelayer/connections/{connection_id}")

    answer = client.post("/api/truelayer/import/start", json={"job_id": job_id})

    assert (answer.status_code, answer.json()["code"]) == (409, "connection_removed")
    with session_scope() as session:
        assert session.scalars(select(func.count()).select_from(ImportWindow)).one() == 0


def test_malformed_days_and_reversed_ranges_are_refused(installation: Installation) -> None:
    client = installation.signed_in()
    rows, export, costs = "/api/transactions", "/api/transactions/export", "/api/truelayer/analytics/costs"

    for path, query, code, word in [
        (rows, {"from": "20260131"}, "invalid_request", "2026-01-31"),
        (rows, {"to": "1767225600"}, "invalid_request", "2026-01-31"),
        (rows, {"from": "2026-02-29"}, "invalid_request", "2026-02-29 is not a real day"),
        (rows, {"from": "2026-01-02", "to": "2026-01-01"}, "dates_reversed", "swap"),
        (export, {"format": "csv", "from": "2026-01-02", "to": "2026-01-01"}, "dates_reversed", "swap"),
        (costs, {"from": "2026-01-02", "to": "2026-01-01"}, "dates_reversed", "swap"),
    ]:
        answer = client.get(path, params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, code), (path, query)
        assert word in answer.json()["message"]
    for path in (costs, f"{costs}/calls", f"{costs}/imports"):
        assert client.get(path, params={"from": "9999-12-31"}).status_code == 200


def test_a_wrong_method_and_a_wrong_body_are_reported(installation: Installation) -> None:
    client = installation.signed_in()

    read, put = client.get(PLAN), client.put("/api/transactions")
    assert [(answer.status_code, answer.json()["code"]) for answer in (read, put)] == [(405, "method_not_allowed")] * 2
    assert read.headers["allow"] == "POST"
    assert "/api/docs" in read.json()["message"]
    for content in (b"", b"connection_id=1", b"[1]"):
        answer = client.post(PLAN, content=content, headers={"Content-Type": "text/plain"})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert "Content-Type: application/json" in answer.json()["message"]


def test_a_cancelled_plan_is_not_started(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    job_id = client.post(PLAN, json={"connection_id": connection_id, "from_date": ago(3)}).json()["job_id"]
    client.post(f"/api/truelayer/import/{job_id}/cancel")

    answer = client.post("/api/truelayer/import/start", json={"job_id": job_id})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible_now")
    assert "plan it again" in answer.json()["message"]
