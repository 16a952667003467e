"""Choose which of the runs that are due are carried out, after a downtime above all; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LATE_AFTER = timedelta(minutes=10)
"""A run that beat comes to this much too late counts as missed."""

MOST_CAUGHT_UP = 7
MOST_RECORDED = 50


class CatchUp(StrEnum):
    """What becomes of runs whose time passed while nothing ran.

    `none`: they are left out. `one`: one run reaches back over all of them. `all`: each is carried out for the days it
    was meant for, the newest `MOST_CAUGHT_UP` of them.
    """

    NONE = "none"
    ONE = "one"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A run of a schedule: its time, and when it is fired."""

    scheduled_for: datetime
    fires_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of an occurrence. `reaches_back_to`: the time of the oldest run whose days it covers too."""

    occurrence: Occurrence
    is_run: bool
    is_late: bool
    reaches_back_to: datetime
    reason: str | None = None


def choose_runs(due: Sequence[Occurrence], now: datetime, policy: CatchUp) -> list[Choice]:
    """What becomes of each due occurrence, ascending; of a long downtime the newest `MOST_RECORDED` are told."""
    late = [item for item in due if now - item.fires_at > LATE_AFTER]
    on_time = [item for item in due if now - item.fires_at <= LATE_AFTER]
    match policy:
        case CatchUp.NONE:
            run = on_time
            reason = "nothing ran at its time, and runs that were missed are left out"
        case CatchUp.ONE:
            run = on_time[:1] or late[-1:]
            run = [*run, *on_time[1:]]
            reason = "nothing ran at its time; the next run reaches back over its days"
        case CatchUp.ALL:
            run = [*late[-MOST_CAUGHT_UP:], *on_time]
            reason = f"nothing ran at its time, and at most {MOST_CAUGHT_UP} runs are caught up"
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
