"""What beat asks for, every few seconds: write due runs down, begin each as an unattended job, note how it ended.

A time is written down in the transaction that moves the schedule on, under a lock and a unique key, so that it is there
once however many beats ask. A run is begun in the transaction that makes its job. Whatever dies in between, the next
one to ask goes on from what is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bankimport.connections.errors import ConnectionExpired, ConnectionRemoved
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError
from bankimport.imports.models import ImportJob, JobStatus
from bankimport.schedules import repository, service
from bankimport.schedules.catch_up import Choice, Occurrence, choose_runs
from bankimport.schedules.errors import ScheduleInvalid
from bankimport.schedules.jitter import fires_at
from bankimport.schedules.models import Overlap, PausedBy, RunState, RunTrigger, Schedule, ScheduledRun
from bankimport.schedules.recurrence import next_runs
from bankimport.schedules.renewal import go_on_after_renewal
from bankimport.schedules.schemas import recurrence_of

log = structlog.get_logger(__name__)

FARTHEST_BACK = timedelta(days=366)
"""Times that passed longer ago than this are not even counted as missed."""

MOST_WAITING = 7
"""Runs of one schedule that may wait for an earlier one."""

_CONSENT_CODES = (ConnectionExpired.code, ConnectionRemoved.code)
_STATES = {
    JobStatus.COMPLETED: RunState.COMPLETED,
    JobStatus.UNDONE: RunState.COMPLETED,
    JobStatus.PARTLY_FAILED: RunState.PARTLY_FAILED,
    JobStatus.FAILED: RunState.FAILED,
    JobStatus.CANCELLED: RunState.CANCELLED,
}


def keep_schedules(now: datetime) -> None:
    """All that is to be done about schedules at this moment. Done twice, or by two at once, it is done once."""
    go_on_after_renewal(now)
    fire_due(now)
    settle_ended(now)
    begin_due(now)


def fire_due(now: datetime) -> int:
    """Write down the runs whose time has come, and move their schedules on; returns how many are to be begun."""
    with session_scope() as session:
        ids = repository.due_schedules(session, now)
    return sum(_fire_safely(schedule_id, now) for schedule_id in ids)


def begin_due(now: datetime) -> int:
    """Begin the runs that are written down, each schedule's in the order of their times; returns how many were."""
    with session_scope() as session:
        due = repository.runs_in(session, RunState.DUE)
    return sum(_begin_safely(schedule_id, run_id, now) for schedule_id, run_id in due)


def settle_ended(now: datetime) -> None:
    """Note how runs ended whose jobs have, and pause schedules that fail time after time."""
    with session_scope() as session:
        ended = repository.ended_runs(session)
    for schedule_id, run_id in ended:
        with _others_unharmed(schedule_id), session_scope() as session:
            schedule = repository.locked_schedule(session, schedule_id)
            run = repository.locked_run(session, run_id)
            if schedule is not None and run.state is RunState.RUNNING:
                _settle(session, schedule, run, now)


@contextmanager
def _others_unharmed(schedule_id: int) -> Iterator[None]:
    """Let an error of ours about one schedule leave the others alone; it is logged, and tried again next time."""
    try:
        yield
    except Exception:
        log.exception("schedule.crashed", schedule_id=schedule_id)


def _fire_safely(schedule_id: int, now: datetime) -> int:
    """Fire a schedule that is due; one whose rule cannot be followed any more is paused and says why."""
    fired = 0
    with _others_unharmed(schedule_id), session_scope() as session:
        schedule = repository.locked_if_due(session, schedule_id, now)
        if schedule is not None:
            try:
                fired = _fire(session, schedule, now)
            except ScheduleInvalid as error:
                service.pause(session, schedule, PausedBy.FAILURES, error.message, now)
    return fired


def _fire(session: Session, schedule: Schedule, now: datetime) -> int:
    due = _due_occurrences(schedule, now)
    fired = 0
    for choice in choose_runs(due, now, schedule.catch_up):
        if repository.insert_run(session, _run_of(schedule, choice, now)) and choice.is_run:
            fired += 1
    service.plan_next(schedule, due[-1].scheduled_for)
    log.info("schedule.fired", schedule_id=schedule.id, runs=fired, due=len(due))
    return fired


def _due_occurrences(schedule: Schedule, now: datetime) -> list[Occurrence]:
    """The schedule's times that are to be fired now, ascending, never none: its `next_run` is the first.

    What was told to the user holds, also when the rules of its time zone have changed since. Those that passed longer
    ago than a year are left out.
    """
    assert schedule.next_run is not None
    assert schedule.fires_at is not None
    due = [Occurrence(schedule.next_run, schedule.fires_at)]
    for moment in next_runs(recurrence_of(schedule), max(schedule.next_run, now - FARTHEST_BACK)):
        at = fires_at(schedule.id, moment, schedule.jitter_minutes)
        if at > now:
            break
        due.append(Occurrence(moment, at))
    return due


def _run_of(schedule: Schedule, choice: Choice, now: datetime) -> ScheduledRun:
    """The run as it is written down. One that covers missed runs reaches from the oldest one's days to today."""
    scheduled_for = choice.occurrence.scheduled_for
    is_for_its_own_days = choice.is_late and choice.reaches_back_to == scheduled_for
    return ScheduledRun(
        schedule_id=schedule.id,
        scheduled_for=scheduled_for,
        trigger=RunTrigger.CATCH_UP if choice.is_late else RunTrigger.TIME,
        state=RunState.DUE if choice.is_run else RunState.MISSED,
        from_day=choice.reaches_back_to.date() - timedelta(days=schedule.days_back),
        to_day=scheduled_for.date() if is_for_its_own_days else now.date(),
        reason=choice.reason,
        ended_at=None if choice.is_run else now,
    )


def _begin_safely(schedule_id: int, run_id: int, now: datetime) -> bool:
    """Begin a run when it may be; returns whether it was."""
    is_begun = False
    with _others_unharmed(schedule_id), session_scope() as session:
        schedule = repository.locked_schedule(session, schedule_id)
        run = repository.locked_run(session, run_id)
        if schedule is not None and run.state is RunState.DUE and _may_begin(session, schedule, run, now):
            is_begun = _begin(session, schedule, run, now)
    return is_begun


def _may_begin(session: Session, schedule: Schedule, run: ScheduledRun, now: datetime) -> bool:
    """Whether the run is next; when it overlaps with another one it waits or is skipped, as the schedule says."""
    earlier = repository.running_run(session, schedule.id)
    if earlier is None:
        return True
    waiting = [other for other in repository.due_runs(session, schedule.id) if other.id != run.id]
    is_skipped = (
        schedule.overlap is Overlap.SKIP
        and run.trigger is RunTrigger.TIME
        and earlier.trigger is not RunTrigger.CATCH_UP
    )
    if is_skipped or sum(other.scheduled_for < run.scheduled_for for other in waiting) >= MOST_WAITING:
        run.state, run.ended_at = RunState.SKIPPED, now
        run.reason = f"import {earlier.job_id} of an earlier run was still under way"
    return False


def _begin(session: Session, schedule: Schedule, run: ScheduledRun, now: datetime) -> bool:
    try:
        with session.begin_nested():
            service.begin(session, schedule, run, now, attended_ip=None)
    except BankImportError as error:
        session.refresh(run)
        run.state, run.error_code, run.reason = RunState.FAILED, error.code, error.message
        run.started_at = run.ended_at = schedule.last_run = now
        schedule.last_status = RunState.FAILED
        log.warning("schedule.not_begun", schedule_id=schedule.id, code=error.code)
        if isinstance(error, ConnectionExpired | ConnectionRemoved):
            service.pause(session, schedule, PausedBy.CONSENT, error.message, now)
        else:
            _count_failure(session, schedule, error.message, now)
        return False
    return True


def _settle(session: Session, schedule: Schedule, run: ScheduledRun, now: datetime) -> None:
    job = session.get(ImportJob, run.job_id) if run.job_id is not None else None
    run.state = _STATES[job.job_status] if job is not None else RunState.CANCELLED
    run.ended_at = job.completed_at or now if job is not None else now
    error = repository.first_error(session, job.id) if job is not None else None
    if error is not None and run.state in (RunState.FAILED, RunState.PARTLY_FAILED):
        run.error_code, run.reason = error
    if run.id == repository.newest_begun(session, schedule.id):
        schedule.last_status = run.state
    if run.error_code in _CONSENT_CODES and schedule.enabled:
        service.pause(session, schedule, PausedBy.CONSENT, run.reason, now)
    elif run.state is RunState.FAILED:
        _count_failure(session, schedule, run.reason, now)
    elif run.state is not RunState.CANCELLED:
        schedule.failures_in_a_row = 0


def _count_failure(session: Session, schedule: Schedule, message: str | None, now: datetime) -> None:
    schedule.failures_in_a_row += 1
    limit = schedule.pause_after_failures
    if limit is not None and schedule.failures_in_a_row >= limit and schedule.enabled:
        count = schedule.failures_in_a_row
        reason = f"{count} runs in a row failed; the last one: {message or 'see its import'}"
        service.pause(session, schedule, PausedBy.FAILURES, reason, now)
