"""Create, change, pause, resume and remove schedules, and run one now."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.clock import utc_now
from bankimport.connections import repository as connections
from bankimport.connections.errors import ConnectionRemoved
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.errors import InvalidRequest
from bankimport.imports.models import JobType
from bankimport.imports.plan.plan import plan_import
from bankimport.imports.run.start import start_import
from bankimport.imports.schemas import PlanRequest
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify
from bankimport.quotas import check_quota
from bankimport.schedules import repository
from bankimport.schedules.errors import ScheduleBusy
from bankimport.schedules.jitter import fires_at
from bankimport.schedules.models import Overlap, PausedBy, RunState, RunTrigger, Schedule, ScheduledRun
from bankimport.schedules.recurrence import Frequency, Recurrence, checked, next_runs
from bankimport.schedules.schemas import ScheduleChange, ScheduleRequest, recurrence_of
from bankimport.schedules.words import in_words
from bankimport.settings import get_settings
from bankimport.users.record import record

DAYS_BACK = 7
DAYS_BACK_INCREMENTAL = 84
"""With the overlap requested around it, this is what every bank returns without the user present."""


def create_schedule(session: Session, user_id: int, request: ScheduleRequest) -> Schedule:
    """Create a schedule; its first run is the next time of the rule.

    Raises:
        ConnectionNotFound, AccountNotFound: not this user's, or an account of another connection.
        ConnectionRemoved: the connection was removed, so it cannot import.
        ScheduleInvalid: the rule is invalid.
        QuotaReached: the user has reached the quota.
    """
    now = utc_now()
    most = get_settings().quota_schedules
    check_quota(session, most, "schedules", Schedule.id, Schedule.user_id == user_id, Schedule.removed_at.is_(None))
    schedule = Schedule(user_id=user_id, enabled=True, failures_in_a_row=0, in_force_since=now)
    _apply_request(session, schedule, request, now)
    session.add(schedule)
    session.flush()
    plan_next(schedule, now)
    record(session, user_id, "schedule.created", schedule_id=schedule.id)
    if not request.enabled:
        _pause(schedule, PausedBy.USER, None, now)
    return schedule


def edit_schedule(session: Session, user_id: int, schedule_id: int, change: ScheduleChange) -> Schedule:
    """Change the given fields of a schedule. Recorded runs stay as they are.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's.
        InvalidRequest and as `create_schedule`: the schedule would be invalid; nothing is changed.
    """
    schedule = repository.locked_schedule_of(session, user_id, schedule_id)
    request = _merged(schedule, change)
    now = utc_now()
    rule, jitter = recurrence_of(schedule), schedule.jitter_minutes
    reads_from = (schedule.connection_id, schedule.account_ids)
    _apply_request(session, schedule, request, now)
    session.flush()
    if rule != recurrence_of(schedule) or reads_from != (schedule.connection_id, schedule.account_ids):
        schedule.in_force_since = now
    if schedule.enabled and rule != recurrence_of(schedule):
        plan_next(schedule, now)
    elif schedule.next_run is not None and jitter != schedule.jitter_minutes:
        schedule.fires_at = fires_at(schedule.id, schedule.next_run, schedule.jitter_minutes)
    record(session, user_id, "schedule.changed", schedule_id=schedule.id)
    if request.enabled and not schedule.enabled:
        _resume(schedule, now)
    elif schedule.enabled and not request.enabled:
        pause(session, schedule, PausedBy.USER, None, now)
    return schedule


def remove_schedule(session: Session, user_id: int, schedule_id: int) -> None:
    """Remove a schedule from the list. Imports in progress continue, and `restore_schedule` brings it back.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's.
    """
    schedule = repository.locked_schedule_of(session, user_id, schedule_id)
    schedule.removed_at = utc_now()
    _skip_due(session, schedule, "the schedule was removed", schedule.removed_at)
    record(session, user_id, "schedule.removed", schedule_id=schedule_id)


def restore_schedule(session: Session, user_id: int, schedule_id: int) -> Schedule:
    """Restore a removed schedule as it was; runs missed since are not caught up.

    Raises:
        ScheduleNotFound: no removed schedule with this id, or not this user's.
    """
    schedule = repository.locked_schedule_of(session, user_id, schedule_id, is_removed=True)
    schedule.removed_at = None
    schedule.in_force_since = utc_now()
    if schedule.enabled:
        plan_next(schedule, schedule.in_force_since)
    record(session, user_id, "schedule.restored", schedule_id=schedule_id)
    return schedule


def pause_schedule(session: Session, user_id: int, schedule_id: int, reason: str | None) -> Schedule:
    """Fire no more runs until it is resumed; imports in progress continue. Pausing again changes the reason.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's.
    """
    schedule = repository.locked_schedule_of(session, user_id, schedule_id)
    pause(session, schedule, PausedBy.USER, reason, utc_now())
    return schedule


def resume_schedule(session: Session, user_id: int, schedule_id: int) -> Schedule:
    """Resume with the next time of the rule; runs missed during the pause are not caught up.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's.
    """
    schedule = repository.locked_schedule_of(session, user_id, schedule_id)
    if not schedule.enabled:
        _resume(schedule, utc_now())
        record(session, user_id, "schedule.resumed", schedule_id=schedule_id)
    return schedule


def pause(session: Session, schedule: Schedule, by: PausedBy, reason: str | None, now: datetime) -> None:
    """Pause a locked schedule; runs that wait to be started are skipped."""
    _pause(schedule, by, reason, now)
    _skip_due(session, schedule, "the schedule was paused", now)
    record(session, schedule.user_id, "schedule.paused", schedule_id=schedule.id, by=by.value)
    if by is not PausedBy.USER:
        _notify_of_pause(session, schedule, now)


def go_on(session: Session, schedule: Schedule, connection_id: int, now: datetime) -> None:
    """Resume a locked schedule whose consent was renewed, on this connection."""
    schedule.connection_id = connection_id
    _resume(schedule, now)
    record(session, schedule.user_id, "schedule.resumed", schedule_id=schedule.id, by=PausedBy.CONSENT.value)


def run_now(session: Session, user_id: int, schedule_id: int, attended_ip: str | None) -> ScheduledRun:
    """Start a run at once, even of a paused schedule; the schedule's next run does not change.

    The import is attended if the user is present. If an earlier run is in progress and the schedule queues runs, the
    new run waits and is then unattended.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's.
        ScheduleBusy: an earlier run is in progress, and the schedule skips overlapping runs.
        ConnectionExpired, ConnectionRemoved, NothingToImport: nothing can be fetched.
    """
    schedule = repository.locked_schedule_of(session, user_id, schedule_id)
    now = utc_now()
    run = ScheduledRun(
        schedule_id=schedule.id,
        scheduled_for=now,
        trigger=RunTrigger.USER,
        state=RunState.DUE,
        from_day=now.date() - timedelta(days=schedule.days_back),
        to_day=now.date(),
    )
    earlier = repository.running_run(session, schedule.id)
    if earlier is not None and schedule.overlap is Overlap.SKIP:
        raise ScheduleBusy(
            f"a run of this schedule is in progress as import {earlier.job_id}; wait until it ends, or cancel it",
            job_id=earlier.job_id,
        )
    session.add(run)
    session.flush()
    record(session, user_id, "schedule.run_now", schedule_id=schedule_id)
    if earlier is None and len(repository.due_runs(session, schedule.id)) == 1:
        begin(session, schedule, run, now, attended_ip=attended_ip, is_requested=True)
    return run


def begin(
    session: Session,
    schedule: Schedule,
    run: ScheduledRun,
    now: datetime,
    *,
    attended_ip: str | None = None,
    is_requested: bool = False,
) -> None:
    """Start the import of a run, in the transaction that records the start.

    `is_requested`: its user or their program runs it now, from `attended_ip` if they are present.

    Raises:
        ConnectionExpired, ConnectionRemoved, AccountNotFound, NothingToImport: nothing can be fetched.
    """
    request = PlanRequest(
        connection_id=schedule.connection_id,
        from_date=run.from_day,
        to_date=run.to_day,
        account_ids=[int(account_id) for account_id in schedule.account_ids],
        auto_enrich=schedule.auto_enrich,
        enrich_at=_enrich_at(schedule, now),
        job_type=JobType.INCREMENTAL if schedule.incremental else JobType.DATE_RANGE,
    )
    plan = plan_import(session, schedule.user_id, request, attended_ip, is_requested=is_requested)
    job = start_import(session, schedule.user_id, plan.id, attended_ip, is_requested=is_requested)
    run.job_id = job.id
    run.state = schedule.last_status = RunState.RUNNING
    run.started_at = schedule.last_run = now
    session.flush()


def _enrich_at(schedule: Schedule, now: datetime) -> datetime | None:
    """When the rows of a run that starts now are enriched: the next `enrich_time`. None: at once."""
    if schedule.enrich_time is None or not schedule.auto_enrich:
        return None
    return next(next_runs(Recurrence(Frequency.DAILY, schedule.enrich_time, schedule.time_zone), now), None)


def plan_next(schedule: Schedule, after: datetime) -> None:
    """Set the schedule's next run to the first time after `after`."""
    schedule.next_run = next(next_runs(recurrence_of(schedule), after), None)
    schedule.fires_at = (
        fires_at(schedule.id, schedule.next_run, schedule.jitter_minutes) if schedule.next_run is not None else None
    )


def _apply_request(session: Session, schedule: Schedule, request: ScheduleRequest, now: datetime) -> None:
    connection = connections.connection_of(session, schedule.user_id, request.connection_id)
    if connection.status is ConnectionStatus.REMOVED:
        raise ConnectionRemoved(f"the connection to {connection.bank_name} was removed; connect the bank again")
    _check_accounts(session, schedule.user_id, connection, request.account_ids)
    rule = checked(request.recurrence(), now)
    schedule.connection_id = connection.id
    schedule.name = request.name.strip()
    schedule.frequency, schedule.run_time, schedule.time_zone = rule.frequency, rule.run_time, rule.time_zone
    schedule.weekday, schedule.day_of_month, schedule.cron = rule.weekday, rule.day_of_month, rule.cron
    schedule.days_back = request.days_back or (DAYS_BACK_INCREMENTAL if request.incremental else DAYS_BACK)
    schedule.incremental = request.incremental
    schedule.account_ids = [str(account_id) for account_id in dict.fromkeys(request.account_ids)]
    schedule.auto_enrich = request.auto_enrich
    schedule.enrich_time = request.enrich_time
    schedule.overlap, schedule.catch_up = request.overlap, request.catch_up
    schedule.jitter_minutes, schedule.pause_after_failures = request.jitter_minutes, request.pause_after_failures


def _check_accounts(session: Session, user_id: int, connection: BankConnection, account_ids: list[int]) -> None:
    for account_id in account_ids:
        account = accounts.account_of(session, user_id, account_id)
        if accounts.door_of(session, account.id, connection.id) is None:
            raise accounts.AccountNotFound(
                f"account {account_id} does not belong to connection {connection.id}", account_id=account_id
            )


def _merged(schedule: Schedule, change: ScheduleChange) -> ScheduleRequest:
    before: dict[str, Any] = {name: getattr(schedule, name) for name in ScheduleRequest.model_fields}
    after = change.model_dump(exclude_unset=True)
    if "incremental" in after and "days_back" not in after and after["incremental"] != schedule.incremental:
        before["days_back"] = None
    try:
        return ScheduleRequest.model_validate(before | after)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InvalidRequest(f"{first['loc'][0]}: {first['msg']}") from None


def _pause(schedule: Schedule, by: PausedBy, reason: str | None, now: datetime) -> None:
    schedule.enabled = False
    schedule.paused_at, schedule.paused_by, schedule.pause_reason = now, by, reason
    schedule.next_run = schedule.fires_at = None


def _resume(schedule: Schedule, now: datetime) -> None:
    schedule.enabled = True
    schedule.in_force_since = now
    schedule.paused_at = schedule.paused_by = schedule.pause_reason = None
    schedule.failures_in_a_row = 0
    plan_next(schedule, now)


def _notify_of_pause(session: Session, schedule: Schedule, now: datetime) -> None:
    schedule_words = f"“{schedule.name}”" if schedule.name else in_words(recurrence_of(schedule))
    notify(
        session,
        schedule.user_id,
        Kind.SCHEDULE_PAUSED,
        f"schedule:{schedule.id}:{now.isoformat()}",
        title=f"The schedule {schedule_words} was paused",
        body=f"{schedule.pause_reason}.",
        link=f"/schedules/{schedule.id}",
        data={"schedule_id": schedule.id, "paused_by": schedule.paused_by},
    )


def _skip_due(session: Session, schedule: Schedule, reason: str, now: datetime) -> None:
    for run in repository.due_runs(session, schedule.id):
        run.state, run.reason, run.ended_at = RunState.SKIPPED, reason, now
