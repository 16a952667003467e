"""Fold events that only move numbers together, so that a slow watcher is told the newest and misses nothing; pure."""

from collections.abc import Sequence, Set
from typing import Any


def folded(events: Sequence[dict[str, Any]], after: int, foldable: Set[str]) -> list[dict[str, Any]]:
    """The events above `after`, of foldable ones only the last of each account, numbered so that no gap shows.

    Each message covers the events `from_event_id` to `event_id`; what one says of an account is never older than what
    was left out. The order stays. Events that name no account are folded together.
    """
    fresh = [event for event in events if event["event_id"] > after]
    last_of = {event.get("account_id"): event["event_id"] for event in fresh if event["type"] in foldable}
    messages: list[dict[str, Any]] = []
    covered = after
    for event in fresh:
        if event["type"] in foldable and last_of[event.get("account_id")] != event["event_id"]:
            continue
        messages.append({**event, "from_event_id": covered + 1})
        covered = event["event_id"]
    return messages
