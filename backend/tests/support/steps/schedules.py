"""Create schedules, let them fall due, and read their runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import text, update
from starlette.testclient import TestClient

from bankimport.accounts.models import Account
from bankimport.db.session import session_scope
from tests.support.suite.clock import at_now

PATH = "/api/truelayer/import/schedules"


def a_schedule(client: TestClient, connection_id: int, **fields: Any) -> int:
    """A daily schedule at 02:00 UTC that fires at once."""
    body = {"connection_id": connection_id, "jitter_minutes": 0, "days_back": 3, "incremental": False, **fields}
    answer = client.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def make_due_since(schedule_id: int, moment: datetime) -> None:
    """Move the schedule's next run to this past moment."""
    with session_scope() as session:
        session.execute(
            text("UPDATE truelayer_import_schedules SET next_run = :at, fires_at = :at WHERE id = :id"),
            {"at": moment, "id": schedule_id},
        )


def history(client: TestClient, schedule_id: int) -> list[dict[str, Any]]:
    """The schedule's runs, oldest first."""
    runs = client.get(f"{PATH}/{schedule_id}/history?limit=200").raise_for_status().json()["runs"]
    return list(reversed(runs))


def end_jobs(status: str = "completed") -> None:
    """Act as if all running imports had ended now."""
    with session_scope() as session:
        session.execute(
            at_now(
                "UPDATE truelayer_import_jobs SET job_status = :status, completed_at = :now WHERE completed_at IS NULL"
            ),
            {"status": status},
        )


def let_accounts_rest_since(moment: datetime) -> None:
    """Act as if every account had been imported last at this moment."""
    with session_scope() as session:
        session.execute(update(Account).values(last_synced_at=moment))
