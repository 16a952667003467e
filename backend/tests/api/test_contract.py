"""The fields that outside programs rely on, and who may see what."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.support.steps.installation import Installation, forget_broker, forget_settings

from bankimport.clock import utc_today
from bankimport.openapi.errors import WITHOUT_SIGN_IN
from bankimport.processes.ports import free_port

FROM = (utc_today() - timedelta(days=30)).isoformat()


@pytest.fixture
def imported(installation: Installation) -> tuple[Any, int, dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A client, its connection, and the answers to plan, start and status of a finished import."""
    return installation.once("the contract", lambda: _imported(installation))


def _imported(installation: Installation) -> tuple[Any, int, dict[str, Any], dict[str, Any], dict[str, Any]]:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    plan = client.post(
        "/api/truelayer/import/plan",
        json={
            "connection_id": connection_id,
            "from_date": FROM,
            "to_date": utc_today().isoformat(),
            "account_ids": [],
            "card_ids": [],
            "auto_enrich": False,
            "batch_size": 50,
            "job_type": "date_range",
        },
    ).json()
    start = client.post("/api/truelayer/import/start", json={"job_id": plan["job_id"]}).json()
    installation.run_tasks()
    status = client.get(f"/api/truelayer/import/status/{plan['job_id']}").json()
    return client, connection_id, plan, start, status


def test_plan_start_status_and_history_have_every_field_of_the_contract(imported: Any) -> None:
    client, _, plan, start, status = imported

    assert plan["status"] == "planned"
    assert plan["date_range"] == {"from": FROM, "to": utc_today().isoformat()}
    assert {
        "estimated_accounts",
        "estimated_transactions",
        "estimated_duration_seconds",
        "estimated_range",
        "api_calls",
        "cost",
        "limits",
        "coverage",
        "windows",
    } <= plan.keys()
    assert plan["estimated_accounts"] == 3
    low, high = (plan["estimated_range"]["transactions"][end] for end in ("low", "high"))
    assert low <= plan["estimated_transactions"] <= high

    assert start["status"] in ("running", "queued")
    assert start["started_at"]
    assert {account["status"] for account in start["accounts"]} == {"pending"}

    assert status["status"] == "completed"
    assert status["progress"].items() >= {"completed_accounts": 3, "total_accounts": 3, "percent": 100}.items()
    assert low <= status["total_so_far"]["synced"] <= high
    for account in status["accounts"]:
        assert {"account_id", "display_name", "status", "synced", "duplicates", "errors", "percent"} <= account.keys()
        assert account["completed_at"]
    assert sum(account["synced"] for account in status["accounts"]) == status["total_so_far"]["synced"]
    assert status["last_event_id"] > 0

    (entry,) = client.get("/api/truelayer/import/history?limit=50").json()["imports"]
    assert entry["transactions_imported"] == status["total_so_far"]["synced"]
    assert entry["accounts_synced"] == 3
    assert entry["api_calls"] == status["api_calls"] > 0
    assert {"job_type", "date_range", "created_at", "completed_at", "duration_seconds", "cost"} <= entry.keys()


def test_events_are_numbered_without_gaps_and_can_be_read_from_any_point(imported: Any) -> None:
    client, _, plan, _, status = imported
    path = f"/api/truelayer/import/{plan['job_id']}/events"

    events = client.get(path).json()["events"]

    assert [event["event_id"] for event in events] == list(range(1, status["last_event_id"] + 1))
    assert events[-1]["type"] == "job_finished"
    assert client.get(path, params={"after": 3}).json()["events"] == events[3:]


def test_transactions_are_paged_by_key_and_filtered(imported: Any) -> None:
    client, connection_id, plan, _, status = imported
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        params = {"limit": 37, "status": "booked"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/transactions", params=params).json()
        seen += page["transactions"]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len({row["id"] for row in seen}) == len(seen) == status["total_so_far"]["synced"]
    assert [(row["date"], int(row["id"])) for row in seen] == sorted(
        ((row["date"], int(row["id"])) for row in seen), reverse=True
    )
    assert all(isinstance(row["amount"], str) and Decimal(row["amount"]).is_finite() for row in seen)
    assert {row["import_job_id"] for row in seen} == {plan["job_id"]}
    accounts = client.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"]
    card = next(account for account in accounts if account["kind"] == "card")
    rows = client.get("/api/transactions", params={"account_id": card["account_id"], "limit": 1000}).json()
    assert {row["account_id"] for row in rows["transactions"]} == {card["account_id"]}
    word = seen[0]["description"][:5].lower()
    found = client.get("/api/transactions", params={"q": word}).json()["transactions"]
    assert found
    assert all(word in (row["description"] + (row["merchant"] or "")).lower() for row in found)
    day = seen[0]["date"]
    found = client.get("/api/transactions", params={"from": day, "to": day}).json()["transactions"]
    assert {row["date"] for row in found} == {day}


def test_accounts_show_their_stored_days(imported: Any) -> None:
    client, connection_id, _, _, _ = imported

    for account in client.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"]:
        assert isinstance(account["account_id"], str)
        assert account["last_synced_at"]
        assert account["balance"]["current"]
        assert account["coverage"]["held"] == [{"from": FROM, "to": utc_today().isoformat()}]
        assert account["coverage"]["transactions"] > 0


def test_another_user_cannot_read_or_change_anything(installation: Installation, imported: Any) -> None:
    ada, connection_id, plan, _, _ = imported
    eve = installation.signed_in("eve@example.org")
    account_id = ada.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"][0]["account_id"]
    job_id = plan["job_id"]

    for method, path, body in [
        ("GET", f"/api/truelayer/connections/{connection_id}/accounts", None),
        ("POST", f"/api/truelayer/connections/{connection_id}/accounts/refresh", None),
        ("POST", f"/api/truelayer/connections/{connection_id}/reauthorize", None),
        ("POST", f"/api/truelayer/connections/{connection_id}/extend", None),
        ("DELETE", f"/api/truelayer/connections/{connection_id}", None),
        ("GET", f"/api/truelayer/accounts/{account_id}/coverage", None),
        ("GET", f"/api/truelayer/import/status/{job_id}", None),
        ("GET", f"/api/truelayer/import/{job_id}/events", None),
        ("GET", f"/api/truelayer/import/{job_id}/rejected", None),
        ("GET", f"/api/truelayer/import/{job_id}/transactions", None),
        ("POST", "/api/truelayer/import/start", {"job_id": job_id}),
        ("POST", "/api/truelayer/import/plan", {"connection_id": connection_id}),
        ("POST", "/api/truelayer/import/estimate", {"connection_id": connection_id}),
        ("GET", f"/api/transactions?account_id={account_id}", None),
    ]:
        answer = eve.request(method, path, json=body)
        assert answer.status_code == 404, (path, answer.text)
    assert eve.get("/api/transactions").json()["transactions"] == []
    assert eve.get("/api/truelayer/import/history").json()["imports"] == []
    assert eve.get("/api/truelayer/connections").json()["connections"] == []
    assert ada.get("/api/truelayer/connections").json()["connections"][0]["status"] == "active"


def test_an_account_of_another_users_connection_cannot_be_imported(installation: Installation, imported: Any) -> None:
    ada, connection_id, _, _, _ = imported
    account_id = ada.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"][0]["account_id"]
    eve = installation.signed_in("eve@example.org")
    hers = installation.connect(eve, "sim-plain")

    answer = eve.post("/api/truelayer/import/plan", json={"connection_id": hers, "account_ids": [account_id]})

    assert (answer.status_code, answer.json()["code"]) == (404, "account_not_found")


def test_every_request_needs_a_signed_in_user(installation: Installation) -> None:
    client = installation.client()

    paths = client.get("/api/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for method in methods:
            if path in WITHOUT_SIGN_IN:
                continue
            answer = client.request(method, path.format(**dict.fromkeys(_names(path), "1")))
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.json()["code"] == "not_signed_in"


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def test_health_readiness_metrics_and_docs_are_served(installation: Installation, imported: Any) -> None:
    client = installation.client()

    assert client.get("/healthz").json()["status"] == "ok"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (200, {"database": True, "queue": True})
    metrics = client.get("/metrics").text
    assert 'bankimport_jobs{status="completed"} 1.0' in metrics
    assert "bankimport_http_requests_total" in metrics
    docs = client.get("/api/docs")
    assert docs.status_code == 200
    assert "://" not in docs.text, "its scripts come from this server"
    assert "script-src 'self';" in docs.headers["content-security-policy"]
    assert client.get("/").status_code == 200


def test_without_a_broker_an_instance_is_not_ready_and_loses_no_import(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    forget_settings()
    forget_broker()
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (503, {"database": True, "queue": False})

    body = {"connection_id": connection_id, "from_date": FROM, "auto_enrich": False}
    planned = client.post("/api/truelayer/import/plan", json=body).raise_for_status().json()
    client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]}).raise_for_status()
    installation.run_tasks()

    status = client.get(f"/api/truelayer/import/status/{planned['job_id']}").json()
    assert status["status"] == "completed"
