"""Schedules and their runs."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ARRAY, Date, ForeignKey, Index, Text, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.db.base import Base, CreatedAt, Id
from bankimport.schedules.catch_up import CatchUp
from bankimport.schedules.recurrence import Frequency


class Overlap(StrEnum):
    """What happens to a run whose time comes while an earlier one is in progress."""

    SKIP = "skip"
    QUEUE = "queue"


class PausedBy(StrEnum):
    """What paused a schedule. After `consent` it resumes automatically once the user has renewed the consent."""

    USER = "user"
    FAILURES = "failures"
    CONSENT = "consent"


class RunTrigger(StrEnum):
    """Why a run exists: its time came, its time had passed, or the user requested it."""

    TIME = "time"
    CATCH_UP = "catch_up"
    USER = "user"


class RunState(StrEnum):
    """The state of a run. `due`: recorded but not started; `missed` and `skipped`: never started, `reason` says why."""

    DUE = "due"
    RUNNING = "running"
    COMPLETED = "completed"
    PARTLY_FAILED = "partly_failed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    MISSED = "missed"


class Schedule(Base):
    """A repeated import. `run_time` is local time in `time_zone`.

    `next_run` is the time of the next run, and `fires_at` is when it is fired, slightly later; both are empty while the
    schedule is not enabled. `enrich_time` is local time in the same zone: a run's rows are enriched from that time on;
    None: at once. `days_back` is the maximum number of days requested before the day of a run. `in_force_since` is when
    the schedule was created, resumed or restored, or got other times or accounts; earlier runs are not expected of it.
    """

    __tablename__ = "truelayer_import_schedules"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("bank_connections.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    frequency: Mapped[Frequency]
    run_time: Mapped[time] = mapped_column(Time)
    time_zone: Mapped[str] = mapped_column(Text)
    weekday: Mapped[int | None]
    day_of_month: Mapped[int | None]
    cron: Mapped[str | None] = mapped_column(Text)
    days_back: Mapped[int]
    incremental: Mapped[bool]
    account_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    auto_enrich: Mapped[bool]
    enrich_time: Mapped[time | None] = mapped_column(Time)
    overlap: Mapped[Overlap]
    catch_up: Mapped[CatchUp]
    jitter_minutes: Mapped[int]
    pause_after_failures: Mapped[int | None]
    enabled: Mapped[bool]
    in_force_since: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[PausedBy | None]
    pause_reason: Mapped[str | None] = mapped_column(Text)
    failures_in_a_row: Mapped[int] = mapped_column(server_default="0")
    last_run: Mapped[datetime | None]
    next_run: Mapped[datetime | None]
    fires_at: Mapped[datetime | None]
    last_status: Mapped[RunState | None]
    removed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index("ix_truelayer_import_schedules_due", "fires_at", postgresql_where=text("enabled AND removed_at IS NULL")),
    )


class ScheduledRun(Base):
    """One run of a schedule, recorded before anything is started. Each scheduled time is recorded only once.

    It requests `from_day` to `to_day`, both inclusive, UTC.
    """

    __tablename__ = "import_schedule_runs"

    id: Mapped[Id]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("truelayer_import_schedules.id", ondelete="CASCADE"))
    scheduled_for: Mapped[datetime]
    trigger: Mapped[RunTrigger]
    state: Mapped[RunState]
    from_day: Mapped[date] = mapped_column(Date)
    to_day: Mapped[date] = mapped_column(Date)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("truelayer_import_jobs.id", ondelete="SET NULL"), unique=True)
    reason: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("schedule_id", "scheduled_for"),
        Index("ix_import_schedule_runs_open", "state", postgresql_where=text("state IN ('due', 'running')")),
    )
