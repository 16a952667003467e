"""Create notifications for a user, and read and advance their deliveries."""

from typing import Any

from fastapi.testclient import TestClient

from bankimport.db.session import session_scope
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify
from tests.support.suite.clock import at_now


def notify_user(key: str, kind: Kind = Kind.IMPORT_FAILED, user_id: int = 1) -> bool:
    """Whether the notification is new: a key notifies once."""
    with session_scope() as session:
        return notify(session, user_id, kind, key, title=f"title {key}", body="body", data={"key": key})


def add_webhook(client: TestClient, url: str, **more: Any) -> Any:
    return client.post("/api/webhooks", json={"name": "mine", "url": url, **more}).raise_for_status().json()


def log_of(client: TestClient, webhook_id: int) -> Any:
    return client.get(f"/api/webhooks/{webhook_id}/deliveries").raise_for_status().json()["deliveries"]


def end_waits() -> None:
    """Act as if the wait before the next try were over, including the leases of crashed workers."""
    with session_scope() as session:
        session.execute(
            at_now(
                "UPDATE notification_deliveries SET next_try_at = :now - interval '1 second', "
                "lease_expires_at = :now - interval '1 second' WHERE state = 'waiting'"
            )
        )
