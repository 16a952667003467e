"""What beat requests every few seconds: record due runs, start each as an unattended job, record the results.

A run is recorded in the transaction that moves its schedule to the next time, under a lock and a unique key, so that
each time is recorded once no matter how many beats ask. A run is started in the transaction that creates its job. If a
process crashes in between, the next request continues from what is recorded.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bankimport.connections.errors import ConnectionExpired, ConnectionRemoved
from bankimport.db.session import seeing, session_scope
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
"""Times further in the past than this are not even counted as missed."""

FIRED_TOGETHER = 100
"""How many schedules are fired in one transaction, which locks them."""

MOST_WAITING = 7
"""Maximum number of runs of one schedule that wait for an earlier one."""

_CONSENT_CODES = (ConnectionExpired.code, ConnectionRemoved.code)
_STATES = {
    JobStatus.COMPLETED: RunState.COMPLETED,
    JobStatus.UNDONE: RunState.COMPLETED,
    JobStatus.PARTLY_FAILED: RunState.PARTLY_FAILED,
    JobStatus.FAILED: RunState.FAILED,
    JobStatus.CANCELLED: RunState.CANCELLED,
}


def keep_schedules(now: datetime) -> None:
    """Do everything that schedules need at this moment. Repeated or parallel calls have the effect of one.

    Parallel calls share the work: each leaves out the schedules that another is at, or a user is changing. What is
    left out is looked at again at the next call.
    """
    go_on_after_renewal(now)
    fire_due(now)
    settle_ended(now)
    begin_due(now)


def fire_due(now: datetime) -> int:
    """Record the runs whose time has come, and advance their schedules; returns how many are to be started."""
    with session_scope() as session:
        ids = repository.due_schedules(session, now)
    return sum(_fire_safely(ids[at : at + FIRED_TOGETHER], now) for at in range(0, len(ids), FIRED_TOGETHER))


def begin_due(now: datetime) -> int:
    """Start recorded runs, each schedule's in chronological order; returns how many were started."""
    with session_scope() as session:
        due = repository.runs_in(session, RunState.DUE)
    return sum(_begin_safely(schedule_id, run_id, now) for schedule_id, run_id in due)


def settle_ended(now: datetime) -> None:
    """Record the results of runs whose jobs have ended, and pause schedules that fail repeatedly."""
    with session_scope() as session:
        ended = repository.ended_runs(session)
    for schedule_id, run_id in ended:
        with _others_unharmed(schedule_id), session_scope() as session:
            schedule = repository.locked_if_free(session, schedule_id)
            run = repository.locked_run(session, run_id)
            if schedule is not None and run.state is RunState.RUNNING:
                _settle(session, schedule, run, now)


@contextmanager
def _others_unharmed(schedule_id: int) -> Iterator[None]:
    """Keep an internal error in one schedule from affecting the others: log it and try again next time."""
    try:
        yield
    except Exception:
        log.exception("schedule.crashed", schedule_id=schedule_id)


def _fire_safely(ids: Sequence[int], now: datetime) -> int:
    """Fire due schedules in one transaction; if it fails, each in one of its own, so that none affects the others."""
    try:
        with session_scope() as session:
            return _fire(session, repository.locked_due(session, ids, now), now)
    except Exception:
        if len(ids) == 1:
            log.exception("schedule.crashed", schedule_id=ids[0])
            return 0
    return sum(_fire_safely([schedule_id], now) for schedule_id in ids)


def _fire(session: Session, schedules: Sequence[Schedule], now: datetime) -> int:
    """Record the due runs of these schedules. A schedule whose rule has become invalid is paused with the reason."""
    runs: list[ScheduledRun] = []
    for schedule in schedules:
        try:
            due = _due_occurrences(schedule, now)
            chosen = [_run_of(schedule, choice, now) for choice in choose_runs(due, now, schedule.catch_up)]
            service.plan_next(schedule, due[-1].scheduled_for)
        except ScheduleInvalid as error:
            service.pause(session, schedule, PausedBy.FAILURES, error.message, now)
            continue
        runs += chosen
        log.info("schedule.fired", schedule_id=schedule.id, due=len(due))
    return repository.insert_runs(session, runs).count(RunState.DUE)


def _due_occurrences(schedule: Schedule, now: datetime) -> list[Occurrence]:
    """The schedule's times that should be fired now, ascending and never empty: the first is its `next_run`.

    The time announced to the user stays valid even if the rules of its time zone have changed since. Times more than a
    year ago are left out.
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
    """The run to record. If it covers missed runs, it reaches from the oldest one's days to today."""
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
    """Start a run if it may start; returns whether it was started."""
    is_begun = False
    with _others_unharmed(schedule_id), session_scope() as session:
        schedule = repository.locked_if_free(session, schedule_id)
        run = repository.locked_run(session, run_id)
        if schedule is not None and run.state is RunState.DUE and _may_begin(session, schedule, run, now):
            is_begun = _begin(session, schedule, run, now)
    return is_begun


def _may_begin(session: Session, schedule: Schedule, run: ScheduledRun, now: datetime) -> bool:
    """Whether the run is next. If it overlaps another run, it waits or is skipped, as the schedule says."""
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
        run.reason = f"import {earlier.job_id} of an earlier run was still in progress"
    return False


def _begin(session: Session, schedule: Schedule, run: ScheduledRun, now: datetime) -> bool:
    try:
        with session.begin_nested(), seeing(session, schedule.user_id):
            service.begin(session, schedule, run, now)
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
