"""Report whether everything works: the processes, and whether due imports really happen.

An installation that answers every request but imports nothing is not healthy; nobody notices that kind of failure.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import metrics_scope
from bankimport.monitoring import facts
from bankimport.observability.models import PeriodicRun, RunningProcess
from bankimport.observability.pulse import is_alive
from bankimport.queue import KEEP_FRESHNESS_EVERY_S, RECOVER_EVERY_S, Task, count_messages
from bankimport.settings import get_settings, variable_of

QUEUE_AGE_WARNS_S = 60.0
QUEUE_AGE_FAILS_S = 600.0
BEAT_SILENT_AFTER = timedelta(seconds=RECOVER_EVERY_S * 20)
FRESHNESS_OLD_AFTER = timedelta(seconds=KEEP_FRESHNESS_EVERY_S * 20)
READ_WITHIN_MS = 5000


class State(StrEnum):
    """The result of a check; `warn` still works but needs attention."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class HealthCheck(BaseModel):
    """One check: what was found, and what to do if it is not well."""

    name: str
    state: State
    found: str
    remedy: str = ""


class ProcessRead(BaseModel):
    """A process with a recent heartbeat."""

    name: str
    kind: str
    version: str
    started_at: datetime
    seen_at: datetime
    figures: dict[str, float]


class HealthRead(BaseModel):
    """All checks; the overall state is the worst of them."""

    state: State
    checks: list[HealthCheck]
    processes: list[ProcessRead]
    queue_depth: int | None
    queue_age_seconds: float | None
    messages: dict[str, int] | None
    flower_url: str | None = None


def health_read(flower_url: str | None = None) -> HealthRead:
    """Run all checks. A service that is down is reported, not raised."""
    messages = count_messages()
    checks = [
        HealthCheck(
            name="queue server",
            state=State.OK if messages is not None else State.FAIL,
            found="reached" if messages is not None else "cannot be reached",
            remedy=""
            if messages is not None
            else f"check {_queue_variable()} and that the server runs; no work is lost in the meantime",
        )
    ]
    processes: list[ProcessRead] = []
    depth, age = None, None
    try:
        with metrics_scope() as session:
            session.execute(text(f"SET LOCAL statement_timeout = {READ_WITHIN_MS}"))
            checks.insert(0, HealthCheck(name="database", state=State.OK, found="reached"))
            processes = _processes(session)
            waiting = {
                name: (count, float(age)) for name, count, age in session.execute(select(facts.queues(utc_now())))
            }
            depth, age = waiting["imports"]
            checks += [
                _workers(processes),
                _beat(session),
                _queue("queue", "{} accounts", depth, age),
                _queue("enrichment queue", "{} enrichments", *waiting["enrichment"]),
                *_data(session),
            ]
    except SQLAlchemyError:
        remedy = "check DATABASE_URL, and that the server runs and accepts our connections"
        checks = [item for item in checks if item.name == "queue server"]
        checks.insert(0, HealthCheck(name="database", state=State.FAIL, found="cannot be reached", remedy=remedy))
    return HealthRead(
        state=worst(checks),
        checks=checks,
        processes=processes,
        queue_depth=depth,
        queue_age_seconds=age,
        messages=messages,
        flower_url=flower_url,
    )


def _queue_variable() -> str:
    return variable_of("queue_url" if get_settings().queue_url else "redis_url")


def worst(checks: list[HealthCheck]) -> State:
    """The worst state of these checks."""
    states = {check.state for check in checks}
    return State.FAIL if State.FAIL in states else State.WARN if State.WARN in states else State.OK


def _processes(session: Session) -> list[ProcessRead]:
    alive = session.scalars(
        select(RunningProcess).where(is_alive(utc_now())).order_by(RunningProcess.kind, RunningProcess.name)
    )
    return [
        ProcessRead(
            name=row.name,
            kind=row.kind,
            version=row.version,
            started_at=row.started_at,
            seen_at=row.seen_at,
            figures=row.figures,
        )
        for row in alive
    ]


def _workers(processes: list[ProcessRead]) -> HealthCheck:
    workers = [item for item in processes if item.kind == "worker"]
    if not workers:
        remedy = "start one with `bankimport worker` or `bankimport up`; its log shows why it ended"
        return HealthCheck(name="workers", state=State.FAIL, found="no worker has a recent heartbeat", remedy=remedy)
    threads = sum(item.figures.get("worker_threads", 0) for item in workers)
    busy = sum(item.figures.get("worker_threads_busy", 0) for item in workers)
    return HealthCheck(
        name="workers", state=State.OK, found=f"{len(workers)} running, {busy:.0f} of {threads:.0f} threads busy"
    )


def _beat(session: Session) -> HealthCheck:
    last = _last_run(session, Task.RECOVER)
    if last is not None and utc_now() - last < BEAT_SILENT_AFTER:
        return HealthCheck(name="beat", state=State.OK, found="its tasks are carried out")
    found = "none of its tasks was ever carried out" if last is None else f"silent since {last:%Y-%m-%d %H:%M:%S} UTC"
    remedy = "check that `bankimport beat` and a worker run and reach the queue; nothing scheduled advances meanwhile"
    return HealthCheck(name="beat", state=State.FAIL, found=found, remedy=remedy)


def _queue(name: str, work: str, depth: int, age: float) -> HealthCheck:
    found = "nothing waits for a worker" if not depth else f"{work.format(depth)} wait, the longest for {age:.0f} s"
    if age < QUEUE_AGE_WARNS_S:
        return HealthCheck(name=name, state=State.OK, found=found)
    return HealthCheck(
        name=name,
        state=State.FAIL if age >= QUEUE_AGE_FAILS_S else State.WARN,
        found=found,
        remedy="start more workers; if the workers are idle, check their logs",
    )


def _data(session: Session) -> Iterator[HealthCheck]:
    """Whether due imports really happen."""
    now = utc_now()
    overdue = session.scalars(facts.count_overdue_schedules(now)).one()
    yield HealthCheck(
        name="schedules",
        state=State.FAIL if overdue else State.OK,
        found=f"{overdue} overdue" if overdue else "all due schedules have run",
        remedy="check that beat and a worker run; `bankimport schedules` lists them" if overdue else "",
    )
    stale = session.scalars(facts.count_stale_accounts(now)).one()
    yield HealthCheck(
        name="data",
        state=State.FAIL if stale else State.OK,
        found=f"{stale} accounts are less fresh than scheduled" if stale else "as fresh as schedules promise",
        remedy="check the schedules' runs and the consents of these banks" if stale else "",
    )
    paused = session.scalars(facts.count_stopped_schedules()).one()
    if paused:
        yield HealthCheck(
            name="paused",
            state=State.WARN,
            found=f"{paused} schedules are paused because of failures or an ended consent",
            remedy="renew the consent, or fix the cause and resume them",
        )
    newest = _last_run(session, Task.KEEP_FRESHNESS)
    if newest is not None and now - newest > FRESHNESS_OLD_AFTER:
        yield HealthCheck(
            name="proofs",
            state=State.WARN,
            found=f"not updated since {newest:%Y-%m-%d %H:%M} UTC",
            remedy="check that beat and a worker run",
        )


def _last_run(session: Session, task: Task) -> datetime | None:
    """When this periodic task last succeeded; None: never."""
    return session.scalars(select(PeriodicRun.last_run_at).where(PeriodicRun.task == task.value)).one_or_none()
