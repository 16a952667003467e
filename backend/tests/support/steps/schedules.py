"""Create schedules."""

from typing import Any

from starlette.testclient import TestClient

PATH = "/api/truelayer/import/schedules"


def a_schedule(client: TestClient, connection_id: int, **fields: Any) -> int:
    """A daily schedule at 02:00 UTC that fires at once."""
    body = {"connection_id": connection_id, "jitter_minutes": 0, "days_back": 3, "incremental": False, **fields}
    answer = client.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])
