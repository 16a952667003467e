"""Read and write schedules and their runs; makes no decisions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bankimport.accounts.models import AccountDoor
from bankimport.connections.models import BankApiCall, BankConnection, ConnectionStatus
from bankimport.connections.repository import is_unattended
from bankimport.imports.models import ENDED_JOB_STATUSES, AccountImport, ImportJob
from bankimport.schedules.due import is_due
from bankimport.schedules.errors import ScheduleNotFound
from bankimport.schedules.models import PausedBy, RunState, Schedule, ScheduledRun


def schedules_of(session: Session, user_id: int) -> list[Schedule]:
    """The user's schedules that are not removed, oldest first."""
    statement = select(Schedule).where(Schedule.user_id == user_id, Schedule.removed_at.is_(None))
    return list(session.scalars(statement.order_by(Schedule.id)))


def schedule_of(session: Session, user_id: int, schedule_id: int) -> Schedule:
    """One of the user's schedules, for reading.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's, or removed.
    """
    return _checked(session.get(Schedule, schedule_id), user_id, schedule_id, is_removed=False)


def locked_schedule_of(session: Session, user_id: int, schedule_id: int, *, is_removed: bool = False) -> Schedule:
    """One of the user's schedules, for changing: its row is locked until the transaction ends.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's, or removed (with `is_removed`: or not removed).
    """
    return _checked(locked_schedule(session, schedule_id), user_id, schedule_id, is_removed=is_removed)


def _checked(schedule: Schedule | None, user_id: int, schedule_id: int, *, is_removed: bool) -> Schedule:
    if schedule is None or schedule.user_id != user_id or (schedule.removed_at is not None) != is_removed:
        raise ScheduleNotFound(f"you have no schedule {schedule_id}", schedule_id=schedule_id)
    return schedule


def locked_schedule(session: Session, schedule_id: int) -> Schedule | None:
    """The schedule with its row locked until the transaction ends. Lock a schedule before its runs, never after."""
    return session.scalars(
        select(Schedule)
        .where(Schedule.id == schedule_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def due_schedules(session: Session, now: datetime) -> list[int]:
    """Schedules that have a run to fire, longest overdue first."""
    statement = select(Schedule.id).where(is_due(now))
    return list(session.scalars(statement.order_by(Schedule.fires_at, Schedule.id)))


def locked_if_free(session: Session, schedule_id: int) -> Schedule | None:
    """As `locked_schedule`, but None if somebody else has locked it: they are doing what is to be done."""
    return session.scalars(
        select(Schedule)
        .where(Schedule.id == schedule_id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def locked_due(session: Session, schedule_ids: Sequence[int], now: datetime) -> list[Schedule]:
    """Those of the schedules that have a run to fire now, their rows locked until the transaction ends.

    Those that somebody else has locked are left out.
    """
    statement = (
        select(Schedule)
        .where(Schedule.id.in_(schedule_ids), is_due(now))
        .order_by(Schedule.fires_at, Schedule.id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def insert_runs(session: Session, runs: Sequence[ScheduledRun]) -> list[RunState]:
    """Record runs, except those whose time of their schedule is already recorded; the states of the recorded ones."""
    names = ("schedule_id", "scheduled_for", "trigger", "state", "from_day", "to_day", "reason", "ended_at")
    if not runs:
        return []
    statement = insert(ScheduledRun).on_conflict_do_nothing().returning(ScheduledRun.state)
    return list(session.scalars(statement, [{name: getattr(run, name) for name in names} for run in runs]))


def runs_in(session: Session, state: RunState) -> list[tuple[int, int]]:
    """Runs in this state, as (schedule, run), in chronological order."""
    statement = select(ScheduledRun.schedule_id, ScheduledRun.id).where(ScheduledRun.state == state)
    ordered = statement.order_by(ScheduledRun.scheduled_for, ScheduledRun.id)
    return [(row[0], row[1]) for row in session.execute(ordered)]


def ended_runs(session: Session) -> list[tuple[int, int]]:
    """Runs in progress whose job has ended or was deleted, as (schedule, run)."""
    statement = (
        select(ScheduledRun.schedule_id, ScheduledRun.id)
        .outerjoin(ImportJob, ImportJob.id == ScheduledRun.job_id)
        .where(
            ScheduledRun.state == RunState.RUNNING,
            or_(ImportJob.id.is_(None), ImportJob.job_status.in_(ENDED_JOB_STATUSES)),
        )
        .order_by(ScheduledRun.scheduled_for)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def locked_run(session: Session, run_id: int) -> ScheduledRun:
    """The run as it is now; only the holder of its schedule's lock changes it."""
    return session.get_one(ScheduledRun, run_id, populate_existing=True)


def running_run(session: Session, schedule_id: int) -> ScheduledRun | None:
    """The schedule's run in progress, or None."""
    statement = select(ScheduledRun).where(
        ScheduledRun.schedule_id == schedule_id, ScheduledRun.state == RunState.RUNNING
    )
    return session.scalars(statement.order_by(ScheduledRun.scheduled_for.desc()).limit(1)).one_or_none()


def due_runs(session: Session, schedule_id: int) -> list[ScheduledRun]:
    """The schedule's runs that wait to be started, oldest first."""
    statement = select(ScheduledRun).where(ScheduledRun.schedule_id == schedule_id, ScheduledRun.state == RunState.DUE)
    return list(session.scalars(statement.order_by(ScheduledRun.scheduled_for)))


def newest_begun(session: Session, schedule_id: int) -> int | None:
    """The schedule's most recently started run, or None."""
    statement = select(ScheduledRun.id).where(
        ScheduledRun.schedule_id == schedule_id, ScheduledRun.started_at.is_not(None)
    )
    return session.scalars(statement.order_by(ScheduledRun.started_at.desc()).limit(1)).one_or_none()


def newest_jobs(session: Session, schedule_ids: Sequence[int]) -> dict[int, int]:
    """The most recently started job of each schedule."""
    statement = (
        select(ScheduledRun.schedule_id, ScheduledRun.job_id)
        .where(ScheduledRun.schedule_id.in_(schedule_ids), ScheduledRun.job_id.is_not(None))
        .ext(distinct_on(ScheduledRun.schedule_id))
        .order_by(ScheduledRun.schedule_id, ScheduledRun.started_at.desc())
    )
    return {row[0]: row[1] for row in session.execute(statement) if row[1] is not None}


def runs_of(
    session: Session, schedule_id: int, *, before: int | None, limit: int
) -> list[tuple[ScheduledRun, ImportJob | None]]:
    """The schedule's runs with their jobs, newest time first, following the run `before`."""
    statement = (
        select(ScheduledRun, ImportJob)
        .outerjoin(ImportJob, ImportJob.id == ScheduledRun.job_id)
        .where(ScheduledRun.schedule_id == schedule_id)
        .order_by(ScheduledRun.scheduled_for.desc(), ScheduledRun.id.desc())
        .limit(limit)
    )
    if before is not None:
        at = select(ScheduledRun.scheduled_for).where(ScheduledRun.id == before).scalar_subquery()
        statement = statement.where(ScheduledRun.scheduled_for < at)
    return [(row[0], row[1]) for row in session.execute(statement)]


def first_error(session: Session, job_id: int) -> tuple[str, str | None] | None:
    """The code and message of the job's first failed account, or None."""
    statement = select(AccountImport.error_code, AccountImport.error_message).where(
        AccountImport.job_id == job_id, AccountImport.error_code.is_not(None)
    )
    row = session.execute(statement.order_by(AccountImport.position).limit(1)).one_or_none()
    return (row[0], row[1]) if row is not None and row[0] is not None else None


def unattended_calls(session: Session, account_ids: Sequence[int], since: datetime) -> dict[int, list[datetime]]:
    """Per account, when its transactions were requested unattended since `since`, including failed tries."""
    statement = select(BankApiCall.account_id, BankApiCall.called_at).where(
        BankApiCall.account_id.in_(account_ids),
        BankApiCall.endpoint == "transactions",
        is_unattended(),
        BankApiCall.called_at > since,
    )
    completed_at: dict[int, list[datetime]] = {account_id: [] for account_id in account_ids}
    for account_id, called_at in session.execute(statement):
        if account_id is not None:
            completed_at[account_id].append(called_at)
    return completed_at


def _shares_an_account(one: ColumnElement[int], other: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    ours, theirs = aliased(AccountDoor), aliased(AccountDoor)
    return (
        select(ours.id)
        .join(theirs, theirs.account_id == ours.account_id)
        .where(ours.connection_id == one, theirs.connection_id == other, theirs.missing_since.is_(None))
        .exists()
    )


def waiting_for_consent(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Schedules paused by an ended consent, each with its user's live connection to the same accounts."""
    old = select(BankConnection).subquery()
    statement = (
        select(Schedule.id, func.max(BankConnection.id))
        .join(old, old.c.id == Schedule.connection_id)
        .join(
            BankConnection,
            (BankConnection.user_id == Schedule.user_id) & (BankConnection.bank_id == old.c.bank_id),
        )
        .where(
            Schedule.paused_by == PausedBy.CONSENT,
            Schedule.removed_at.is_(None),
            BankConnection.status == ConnectionStatus.ACTIVE,
            or_(BankConnection.consent_expires_at.is_(None), BankConnection.consent_expires_at > now),
            or_(
                BankConnection.id == Schedule.connection_id,
                (old.c.status == ConnectionStatus.REMOVED) & _shares_an_account(old.c.id, BankConnection.id),
            ),
        )
        .group_by(Schedule.id)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]
