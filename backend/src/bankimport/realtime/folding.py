"""Merge events whose numbers are running totals, so that a slow watcher gets the newest and misses nothing; pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from bankimport.realtime.event_log import Recorded


class Folded(NamedTuple):
    """An event that also covers the omitted events before it, starting with `from_event_id`."""

    from_event_id: int
    recorded: Recorded[Any]


def folded(events: Sequence[Recorded[Any]], after: int) -> list[Folded]:
    """The events above `after`; of running totals only the last per subject, numbered without gaps.

    What remains is never older than what was omitted. The order stays.
    """
    fresh = [item for item in events if item.event_id > after]
    last_of = {item.event.subject: item.event_id for item in fresh if item.event.is_running_total}
    messages: list[Folded] = []
    covered = after
    for item in fresh:
        if item.event.is_running_total and last_of[item.event.subject] != item.event_id:
            continue
        messages.append(Folded(covered + 1, item))
        covered = item.event_id
    return messages
