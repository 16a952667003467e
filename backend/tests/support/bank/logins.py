"""Logins at a bank, and imports through them."""

import base64
import json
from typing import Any

from fastapi.testclient import TestClient

from tests.support.steps.installation import Installation

PATH = "/api/truelayer/connections"


def accounts(client: TestClient) -> list[dict[str, Any]]:
    return [
        account
        for connection in connections(client)
        for account in client.get(f"{PATH}/{connection['id']}/accounts").raise_for_status().json()["accounts"]
    ]


def imported(installation: Installation, client: TestClient, connection_id: int, *account_ids: str) -> dict[str, Any]:
    body = {"connection_id": connection_id, "account_ids": account_ids, "auto_enrich": False}
    job_id = client.post("/api/truelayer/import/plan", json=body).raise_for_status().json()["job_id"]
    client.post("/api/truelayer/import/start", json={"job_id": job_id}).raise_for_status()
    installation.run_tasks(enriches=False)
    status: dict[str, Any] = client.get(f"/api/truelayer/import/status/{job_id}").raise_for_status().json()
    assert status["status"] == "completed", status
    totals: dict[str, Any] = status["total_so_far"]
    return totals


def connections(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(PATH).raise_for_status().json()["connections"]
    return found


def answer_with(installation: Installation, path: str, *entries: Any) -> None:
    """Let the simulator answer its next call to the path with these entries."""
    body = base64.b64encode(json.dumps({"results": entries, "status": "Succeeded"}).encode()).decode()
    installation.simulator.admin("POST", "faults", kind="answer", path=path, body=body, times=1)
