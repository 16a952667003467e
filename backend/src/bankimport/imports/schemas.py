"""Plans, starts, progress, history and the queue of imports over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bankimport.accounts.settle import Decision
from bankimport.connections.schemas import ConnectionList
from bankimport.days import Day, Days
from bankimport.ids import Id
from bankimport.imports.events import ImportJobEvent
from bankimport.imports.import_plan import ImportPlan
from bankimport.imports.models import AccountStatus, JobStatus, JobType
from bankimport.pricing.schemas import CostRead, PlannedRead

AccountIds = Annotated[list[Id], Field(max_length=500)]


class PlanRequest(BaseModel, extra="forbid"):
    """What to import. No accounts given: all of the connection. Dates are inclusive; to_date defaults to today.

    A dry run fetches from the bank but stores no rows; it can be previewed and then committed.
    """

    connection_id: Id
    from_date: Day | None = None
    to_date: Day | None = None
    account_ids: AccountIds = []
    card_ids: AccountIds = []
    auto_enrich: bool = True
    enrich_at: AwareDatetime | None = Field(
        default=None, description="enrich the new rows from this time on; omitted: as soon as the import ends"
    )
    batch_size: int | None = Field(default=None, ge=10, le=1000)
    job_type: JobType = JobType.DATE_RANGE
    max_parallel: int | None = Field(default=None, ge=1, le=16)
    dry_run: bool = False

    @model_validator(mode="after")
    def _time_needs_enrichment(self) -> Self:
        if self.enrich_at is not None and not self.auto_enrich:
            raise ValueError("enrich_at sets when rows are enriched, but auto_enrich disables enrichment")
        return self


class ImportEstimateRead(ImportPlan):
    """What an import would fetch, as ranges, not promises; nothing is saved."""

    job_type: JobType
    is_dry_run: bool
    date_range: Days


class PlanRead(ImportEstimateRead):
    """The plan, saved as a job that waits to be started."""

    job_id: Id
    status: JobStatus


class StartRequest(BaseModel, extra="forbid"):
    """The plan to carry out."""

    job_id: Id


class AccountState(BaseModel):
    """An account of a started job."""

    account_id: Id
    status: AccountStatus


class StartRead(BaseModel):
    """The present state of the job; starting it twice changes nothing."""

    job_id: Id
    status: JobStatus
    started_at: datetime | None
    accounts: list[AccountState]


class Progress(BaseModel):
    """How far a job is. `percent` is work done: 100 only of a completed job."""

    completed_accounts: int
    failed_accounts: int
    cancelled_accounts: int
    total_accounts: int
    percent: int


class ErrorRead(BaseModel):
    """An error, for programs and for people."""

    code: str
    message: str | None


class AttemptRead(BaseModel):
    """One run of an account's import."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    error: ErrorRead | None


class AccountProgress(BaseModel):
    """One account of a job. `duplicates` were already stored; `errors` are rejected rows."""

    account_id: Id
    display_name: str
    kind: str
    currency: str
    status: AccountStatus
    synced: int
    duplicates: int
    updated: int
    errors: int
    pending: int
    is_paused: bool
    percent: int
    started_at: datetime | None
    completed_at: datetime | None
    error: ErrorRead | None
    next_attempt_at: datetime | None
    attempts: list[AttemptRead]


class Totals(BaseModel):
    """Rows so far."""

    synced: int
    duplicates: int
    errors: int


class ExpectedRows(BaseModel):
    """How many rows an import brings in all, those already stored too, by what it brought so far, and the range."""

    model_config = ConfigDict(from_attributes=True)

    low: int
    expected: int
    high: int


class StatusRead(BaseModel):
    """A job and the present state of its accounts."""

    job_id: Id
    connection_id: Id
    bank: str
    status: JobStatus
    job_type: JobType
    auto_enrich: bool
    enrich_at: datetime | None = Field(description="its rows are enriched from this time on; null: at once")
    is_dry_run: bool
    is_discarded: bool
    date_range: Days
    progress: Progress
    accounts: list[AccountProgress]
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    estimated_completion: datetime | None
    worked_seconds: float = Field(description="how long it was worked on; pauses and waits do not count")
    is_queue_paused: bool = Field(description="all imports of the user are paused; resuming this one changes nothing")
    total_so_far: Totals
    api_calls: int
    planned: PlannedRead
    expected_rows: ExpectedRows
    cost: CostRead
    last_event_id: int


class JobSnapshot(BaseModel):
    """The state of a whole job, included in each message about one of its events."""

    status: JobStatus
    completed_accounts: int
    failed_accounts: int
    cancelled_accounts: int
    total_accounts: int
    percent: int
    total_so_far: Totals
    api_calls: int
    worked_seconds: float
    expected_rows: ExpectedRows
    estimated_completion: datetime | None


class HistoryEntry(BaseModel):
    """A started job in the history."""

    job_id: Id
    connection_id: Id
    bank: str
    job_type: JobType
    status: JobStatus
    is_dry_run: bool
    date_range: Days
    accounts_synced: int
    accounts_total: int
    transactions_imported: int
    duplicates: int
    errors: int
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    duration_seconds: int | None
    api_calls: int
    planned: PlannedRead
    cost: Decimal | None
    cost_currency: str | None
    cost_in_parts: CostRead


class HistoryRead(BaseModel):
    """Jobs, newest first; `next_cursor` requests the next page."""

    imports: list[HistoryEntry]
    next_cursor: str | None


class EventRead(BaseModel):
    """An event of a job, numbered per job without gaps."""

    event_id: int
    job_id: Id
    account_id: Id | None
    type: str
    created_at: datetime
    payload: ImportJobEvent


class EventList(BaseModel):
    """Events in order."""

    events: list[EventRead]
    last_event_id: int


class RejectedRead(BaseModel):
    """A rejected row: its position in the bank's answer of booked or pending rows, and the reason."""

    account_id: Id
    is_pending: bool
    position: int
    reason: str
    raw: str


class RejectedList(BaseModel):
    """The rejected rows, in the order they were received; `next_cursor` requests the next page."""

    rejected: list[RejectedRead]
    next_cursor: str | None


class AccountChoice(BaseModel, extra="forbid"):
    """The accounts of a job to act on; none given: the whole job."""

    account_ids: AccountIds = []


class BulkRequest(BaseModel, extra="forbid"):
    """The same action for several jobs."""

    action: Literal["next", "pause", "resume", "cancel", "retry"]
    job_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class BulkRead(BaseModel):
    """Each job's present status, or the error code if the action failed."""

    outcomes: dict[Id, str]


class NextRequest(BaseModel, extra="forbid"):
    """`wanted`: run the job before the user's other jobs; otherwise in turn again."""

    wanted: bool = True


class QueueEntry(BaseModel):
    """A job in the queue; `until` and `why` say what it waits for, or why it failed."""

    job_id: Id
    connection_id: Id
    bank: str
    job_type: JobType
    status: JobStatus
    date_range: Days
    percent: int
    completed_accounts: int
    failed_accounts: int
    cancelled_accounts: int
    total_accounts: int
    rows: int = Field(description="rows that came so far, those already stored too")
    errors: int
    api_calls: int
    planned: PlannedRead
    expected_rows: ExpectedRows
    cost: CostRead
    estimated_completion: datetime | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    runs_next: bool = Field(description="the user asked that it runs before their other jobs")
    place: int | None = Field(description="its place among the user's queued jobs, from 1; null if it is not queued")
    why: str | None
    until: datetime | None


class QueueRead(BaseModel):
    """The user's jobs by state: queued ones in the order in which they start, the recent ones newest first, others
    oldest first.
    """

    is_paused: bool
    counts: dict[JobStatus, int] = Field(description="how many jobs the user has with each status, all that ever ended")
    queued: list[QueueEntry]
    running: list[QueueEntry]
    waiting: list[QueueEntry]
    paused: list[QueueEntry]
    recent: list[QueueEntry]


class DecisionRequest(BaseModel, extra="forbid"):
    """`replace`: the renewal takes the place of the consent; `add`: it becomes a connection of its own; `cancel`."""

    decision: Decision


class RenewalAnswered(ConnectionList):
    """All connections after the answer. `retried_job_id` is the waiting import, if it could be retried."""

    retried_job_id: Id | None = None
