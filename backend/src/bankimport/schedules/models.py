"""Schedules and their runs."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ARRAY, Date, ForeignKey, Index, Text, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.db.base import Base, CreatedAt, Id
from bankimport.schedules.catch_up import CatchUp
from bankimport.schedules.recurrence import Frequency


class Overlap(StrEnum):
    """What becomes of a run whose time comes while an earlier one is under way."""

    SKIP = "skip"
    QUEUE = "queue"


class PausedBy(StrEnum):
    """Who paused a schedule. After `consent` it goes on by itself once the user has renewed the consent."""

    USER = "user"
    FAILURES = "failures"
    CONSENT = "consent"


class RunTrigger(StrEnum):
    """Why a run is there: its time came, its time had passed, or the user wanted it now."""

    TIME = "time"
    CATCH_UP = "catch_up"
    USER = "user"


class RunState(StrEnum):
    """Where a run stands. `due`: written down, to be begun; `missed` and `skipped`: never begun, `reason` says why."""

    DUE = "due"
    RUNNING = "running"
    COMPLETED = "completed"
    PARTLY_FAILED = "partly_failed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    MISSED = "missed"


class Schedule(Base):
    """An import that is repeated. `run_time` is a wall clock's in `time_zone`.

    `next_run` is the time of the run that comes next, `fires_at` when it is fired, a little later. Both are empty while
    it is not enabled. `enrich_time` is the same clock's: a run's rows are enriched not before it comes; None: at once.
    `days_back` is how many days before the day of a run are asked for, at most. `in_force_since` is when it was made,
    resumed, restored, or told other times or accounts: what it was to import before that nobody misses.
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
    """One run of a schedule, written down before anything is begun: a time is there once, whoever comes to it.

    It asks for `from_day` to `to_day`, both inclusive, UTC.
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
