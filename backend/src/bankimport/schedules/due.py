"""Which schedules are due, overdue, or stopped."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from bankimport.schedules.models import PausedBy, RunState, Schedule, ScheduledRun

FIRED_WITHIN = timedelta(minutes=15)
"""A schedule that was not fired this long after its time is overdue."""

BEGUN_WITHIN = timedelta(minutes=30)
"""A recorded run that has not started after this long is overdue, unless it waits for an earlier one."""


def is_in_force() -> ColumnElement[bool]:
    """Whether a schedule is neither paused nor removed."""
    return and_(Schedule.enabled, Schedule.removed_at.is_(None))


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a run of the schedule should be fired now."""
    return and_(is_in_force(), Schedule.fires_at <= now)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Whether the schedule was due long ago and not fired, or has a run that should have started long ago."""
    run, running = aliased(ScheduledRun), aliased(ScheduledRun)
    late_runs = select(run.id).where(
        run.schedule_id == Schedule.id, run.state == RunState.DUE, run.created_at < now - BEGUN_WITHIN
    )
    running_runs = select(running.id).where(running.schedule_id == Schedule.id, running.state == RunState.RUNNING)
    return or_(is_due(now - FIRED_WITHIN), and_(is_in_force(), late_runs.exists(), ~running_runs.exists()))


def is_stopped() -> ColumnElement[bool]:
    """Whether the schedule was paused because of failures or an ended consent, not by its user."""
    return and_(Schedule.paused_by.in_([PausedBy.FAILURES, PausedBy.CONSENT]), Schedule.removed_at.is_(None))
