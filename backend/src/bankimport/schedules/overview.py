"""Read schedules and runs as shown to their user."""

from sqlalchemy.orm import Session

from bankimport.connections import repository as connections
from bankimport.imports.models import ImportJob
from bankimport.imports.plan import statistics
from bankimport.paging import id_before
from bankimport.schedules import repository
from bankimport.schedules.models import Schedule, ScheduledRun
from bankimport.schedules.schemas import RunList, RunRead, ScheduleList, ScheduleRead


def schedule_list(session: Session, user_id: int) -> ScheduleList:
    """The user's schedules."""
    rows = repository.schedules_of(session, user_id)
    jobs = repository.newest_jobs(session, [row.id for row in rows])
    return ScheduleList(schedules=[_read(session, row, jobs.get(row.id)) for row in rows])


def schedule_read(session: Session, schedule: Schedule) -> ScheduleRead:
    """One schedule."""
    return _read(session, schedule, repository.newest_jobs(session, [schedule.id]).get(schedule.id))


def run_read(session: Session, run: ScheduledRun) -> RunRead:
    """One run."""
    job = session.get(ImportJob, run.job_id) if run.job_id is not None else None
    calls = statistics.count_calls(session, [job.id]).get(job.id, 0) if job is not None else None
    return _run(run, job, calls)


def history_read(session: Session, user_id: int, schedule_id: int, *, limit: int, cursor: str | None) -> RunList:
    """A schedule's runs, the newest time first.

    Raises:
        ScheduleNotFound: no such schedule, or not this user's.
        InvalidRequest: the cursor is invalid.
    """
    repository.schedule_of(session, user_id, schedule_id)
    rows = repository.runs_of(session, schedule_id, before=id_before(cursor), limit=limit + 1)
    page = rows[:limit]
    calls = statistics.count_calls(session, [job.id for _, job in page if job is not None])
    return RunList(
        runs=[_run(run, job, calls.get(job.id, 0) if job is not None else None) for run, job in page],
        next_cursor=str(page[-1][0].id) if len(rows) > limit else None,
    )


def _read(session: Session, schedule: Schedule, last_job_id: int | None) -> ScheduleRead:
    connection = connections.connection_of(session, schedule.user_id, schedule.connection_id)
    return ScheduleRead.of(schedule, connection.bank_name, last_job_id)


def _run(run: ScheduledRun, job: ImportJob | None, calls: int | None) -> RunRead:
    duration = run.ended_at - run.started_at if run.started_at is not None and run.ended_at is not None else None
    return RunRead(
        run_id=run.id,
        schedule_id=run.schedule_id,
        scheduled_for=run.scheduled_for,
        trigger=run.trigger,
        state=run.state,
        from_day=run.from_day,
        to_day=run.to_day,
        reason=run.reason,
        error_code=run.error_code,
        job_id=run.job_id,
        started_at=run.started_at,
        ended_at=run.ended_at,
        duration_seconds=round(duration.total_seconds()) if duration is not None else None,
        transactions_imported=job.total_transactions if job is not None else None,
        duplicates=job.total_duplicates if job is not None else None,
        errors=job.total_errors if job is not None else None,
        api_calls=calls,
    )
