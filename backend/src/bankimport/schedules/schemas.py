"""Schedules over HTTP."""

from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import BaseModel, Field

from bankimport.ids import Id
from bankimport.imports.schemas import AccountIds
from bankimport.schedules.catch_up import CatchUp
from bankimport.schedules.jitter import MOST_MINUTES
from bankimport.schedules.models import Overlap, PausedBy, RunState, RunTrigger, Schedule
from bankimport.schedules.recurrence import Frequency, Recurrence
from bankimport.schedules.words import in_words

Name = Annotated[str, Field(max_length=100)]
DaysBack = Annotated[int, Field(ge=1, le=2190)]
Weekday = Annotated[int, Field(ge=1, le=7, description="1 for Monday to 7 for Sunday")]
DayOfMonth = Annotated[int, Field(ge=1, le=31, description="29 to 31: the last day of shorter months")]
Cron = Annotated[str, Field(max_length=100)]
JitterMinutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
EnrichTime = Annotated[
    time | None,
    Field(description="enrich a run's rows at this local time in `time_zone`; null: at once"),
]
PauseAfter = Annotated[int, Field(ge=1, le=100)]


class ScheduleRequest(BaseModel, extra="forbid"):
    """An import to repeat.

    `incremental` fetches the missing days among the last `days_back` days, and the newest days again; otherwise all of
    these days are fetched. `days_back` omitted: 84 if incremental, which banks return without the user, else 7. No
    account given: all accounts of the connection at each run. `pause_after_failures` null: never.
    """

    connection_id: Id
    name: Name = ""
    frequency: Frequency = Frequency.DAILY
    run_time: time = time(2)
    time_zone: Annotated[str, Field(max_length=60)] = "UTC"
    weekday: Weekday | None = None
    day_of_month: DayOfMonth | None = None
    cron: Cron | None = None
    days_back: DaysBack | None = None
    incremental: bool = True
    account_ids: AccountIds = []
    auto_enrich: bool = True
    enrich_time: EnrichTime = None
    enabled: bool = True
    overlap: Overlap = Overlap.SKIP
    catch_up: CatchUp = CatchUp.ONE
    jitter_minutes: JitterMinutes = 15
    pause_after_failures: PauseAfter | None = 3

    def recurrence(self) -> Recurrence:
        """When it runs."""
        return Recurrence(self.frequency, self.run_time, self.time_zone, self.weekday, self.day_of_month, self.cron)


class ScheduleChange(BaseModel, extra="forbid"):
    """The fields of a schedule to change; omitted fields stay."""

    connection_id: Id | None = None
    name: Name | None = None
    frequency: Frequency | None = None
    run_time: time | None = None
    time_zone: Annotated[str, Field(max_length=60)] | None = None
    weekday: Weekday | None = None
    day_of_month: DayOfMonth | None = None
    cron: Cron | None = None
    days_back: DaysBack | None = None
    incremental: bool | None = None
    account_ids: AccountIds | None = None
    auto_enrich: bool | None = None
    enrich_time: EnrichTime = None
    enabled: bool | None = None
    overlap: Overlap | None = None
    catch_up: CatchUp | None = None
    jitter_minutes: JitterMinutes | None = None
    pause_after_failures: PauseAfter | None = None


class ScheduleRead(BaseModel):
    """A schedule. `next_run` is its next time; `fires_at` is when that run starts, slightly later."""

    id: Id
    connection_id: Id
    bank: str
    name: str
    in_words: str
    frequency: Frequency
    run_time: time
    time_zone: str
    weekday: int | None
    day_of_month: int | None
    cron: str | None
    days_back: int
    incremental: bool
    account_ids: list[Id]
    auto_enrich: bool
    enrich_time: time | None
    enabled: bool
    overlap: Overlap
    catch_up: CatchUp
    jitter_minutes: int
    pause_after_failures: int | None
    failures_in_a_row: int
    paused_at: datetime | None
    paused_by: PausedBy | None
    pause_reason: str | None
    last_run: datetime | None
    last_status: RunState | None
    last_job_id: Id | None
    next_run: datetime | None
    fires_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, schedule: Schedule, bank: str, last_job_id: int | None) -> "ScheduleRead":
        """The schedule as shown to its user."""
        known = {"bank", "in_words", "last_job_id"}
        fields: dict[str, Any] = {name: getattr(schedule, name) for name in cls.model_fields if name not in known}
        rule = in_words(recurrence_of(schedule))
        return cls(bank=bank, in_words=rule, last_job_id=last_job_id, **fields)


class ScheduleList(BaseModel):
    """The user's schedules, oldest first."""

    schedules: list[ScheduleRead]


class PauseRequest(BaseModel, extra="forbid"):
    """The reason, in the user's words."""

    reason: Annotated[str, Field(max_length=500)] | None = None


class RunRead(BaseModel):
    """A run of a schedule and its result. `state` is how it ended; later retries of its job do not change it."""

    run_id: Id
    schedule_id: Id
    scheduled_for: datetime
    trigger: RunTrigger
    state: RunState
    from_day: date
    to_day: date
    reason: str | None
    error_code: str | None
    job_id: Id | None
    started_at: datetime | None
    ended_at: datetime | None
    duration_seconds: int | None
    transactions_imported: int | None
    duplicates: int | None
    errors: int | None
    api_calls: int | None


class RunList(BaseModel):
    """A schedule's runs, newest first; `next_cursor` requests the next page."""

    runs: list[RunRead]
    next_cursor: str | None


class PreviewRequest(ScheduleRequest):
    """A schedule that is not saved."""

    count: Annotated[int, Field(ge=1, le=50)] = 8


class WarningRead(BaseModel):
    """What would stop one run, or all runs if `run` is null; `run` counts from 1."""

    code: str
    message: str
    run: int | None


class NextRun(BaseModel):
    """A future run. It is fired between `fires_from` and `fires_until`, which are equal for a saved schedule.

    `calls` is the number of calls it makes. `allowance_spent` of `allowance` is what its busiest account has used of
    one endpoint's unattended calls in the 24 hours up to the run.
    """

    number: int
    scheduled_for: datetime
    in_words: str
    fires_from: datetime
    fires_until: datetime
    shift: str | None
    calls: int
    allowance_spent: int
    allowance: int
    warnings: list[str]


class PreviewRead(BaseModel):
    """The next runs in words and dates, and what would stop them."""

    in_words: str
    runs: list[NextRun]
    warnings: list[WarningRead]


def recurrence_of(schedule: Schedule) -> Recurrence:
    """When the schedule runs."""
    return Recurrence(
        schedule.frequency,
        schedule.run_time,
        schedule.time_zone,
        schedule.weekday,
        schedule.day_of_month,
        schedule.cron,
    )
