"""Choose which of the due runs are carried out, mainly after a downtime; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LATE_AFTER = timedelta(minutes=10)
"""A run counts as missed if beat reaches it this much too late."""

MOST_CAUGHT_UP = 7
MOST_RECORDED = 50


class CatchUp(StrEnum):
    """What happens to runs whose time passed while the system was down.

    `none`: they are skipped. `one`: a single run covers all their days. `all`: each runs for its own days, up to the
    newest `MOST_CAUGHT_UP`.
    """

    NONE = "none"
    ONE = "one"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A run of a schedule: its scheduled time, and when it is fired."""

    scheduled_for: datetime
    fires_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """The decision about an occurrence. `reaches_back_to` is the time of the oldest run whose days it covers too."""

    occurrence: Occurrence
    is_run: bool
    is_late: bool
    reaches_back_to: datetime
    reason: str | None = None


def choose_runs(due: Sequence[Occurrence], now: datetime, policy: CatchUp) -> list[Choice]:
    """Decide about each due occurrence, ascending; after a long downtime only the newest `MOST_RECORDED` are
    returned."""
    late = [item for item in due if now - item.fires_at > LATE_AFTER]
    on_time = [item for item in due if now - item.fires_at <= LATE_AFTER]
    match policy:
        case CatchUp.NONE:
            run = on_time
            reason = "the system was down at its time, and missed runs are skipped"
        case CatchUp.ONE:
            run = on_time[:1] or late[-1:]
            run = [*run, *on_time[1:]]
            reason = "the system was down at its time; the next run covers its days"
        case CatchUp.ALL:
            run = [*late[-MOST_CAUGHT_UP:], *on_time]
            reason = f"the system was down at its time, and at most {MOST_CAUGHT_UP} runs are caught up"
    first_due = due[0].scheduled_for if due else now
    choices = []
    for item in due:
        is_run = item in run
        covers_all = policy is CatchUp.ONE and is_run and item == run[0]
        choices.append(
            Choice(
                occurrence=item,
                is_run=is_run,
                is_late=item in late,
                reaches_back_to=first_due if covers_all else item.scheduled_for,
                reason=None if is_run else reason,
            )
        )
    return choices[-MOST_RECORDED:]
