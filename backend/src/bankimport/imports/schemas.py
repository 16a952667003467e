"""What plans, starts, progress, history and the queue of imports look like over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from bankimport.day import Day
from bankimport.days import DateRange
from bankimport.imports.events import ImportJobEvent
from bankimport.imports.import_plan import ImportPlan
from bankimport.imports.models import AccountStatus, JobStatus, JobType
from bankimport.pricing.schemas import CostRead, PlannedRead

AccountIds = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=500)]


class PlanRequest(BaseModel):
    """What to import. No account named: all of the connection. Dates are inclusive; to_date defaults to today.

    A dry run asks the bank and stores no row; it can be looked at and then committed.
    """

    connection_id: int
    from_date: Day | None = None
    to_date: Day | None = None
    account_ids: AccountIds = []
    card_ids: AccountIds = []
    auto_enrich: bool = True
    enrich_at: AwareDatetime | None = Field(
        default=None, description="enrich the new rows not before then; left out: at once when the import ends"
    )
    batch_size: int | None = Field(default=None, ge=10, le=1000)
    job_type: JobType = JobType.DATE_RANGE
    max_parallel: int | None = Field(default=None, ge=1, le=16)
    dry_run: bool = False

    @model_validator(mode="after")
    def _time_needs_enrichment(self) -> Self:
        if self.enrich_at is not None and not self.auto_enrich:
            raise ValueError("enrich_at says when rows are enriched, and auto_enrich says that they are not")
        return self


class ImportEstimateRead(ImportPlan):
    """What an import would fetch, as ranges, never promises; nothing is saved."""

    job_type: JobType
    is_dry_run: bool
    date_range: DateRange


class PlanRead(ImportEstimateRead):
    """The plan, saved as a job that waits to be started."""

    job_id: int
    status: JobStatus


class StartRequest(BaseModel):
    """Which plan to carry out."""

    job_id: int


class AccountState(BaseModel):
    """An account of a started job."""

    account_id: str
    status: AccountStatus


class StartRead(BaseModel):
    """The job as it stands now; starting it twice changes nothing."""

    job_id: int
    status: JobStatus
    started_at: datetime | None
    accounts: list[AccountState]


class Progress(BaseModel):
    """How far a job is."""

    completed_accounts: int
    total_accounts: int
    percent: int


class ErrorRead(BaseModel):
    """What went wrong, for programs and for people."""

    code: str
    message: str | None


class AttemptRead(BaseModel):
    """One run of an account's import."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    error: ErrorRead | None


class AccountProgress(BaseModel):
    """One account of a job. `duplicates` were held already; `errors` are rows kept aside."""

    account_id: str
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


class StatusRead(BaseModel):
    """A job and its accounts as they stand."""

    job_id: int
    connection_id: int
    bank: str
    status: JobStatus
    job_type: JobType
    auto_enrich: bool
    enrich_at: datetime | None = Field(description="its rows are enriched not before then; null: at once")
    is_dry_run: bool
    is_discarded: bool
    date_range: DateRange
    progress: Progress
    accounts: list[AccountProgress]
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    estimated_completion: datetime | None
    total_so_far: Totals
    api_calls: int
    planned: PlannedRead
    cost: CostRead
    last_event_id: int


class JobStanding(BaseModel):
    """How a whole job is, as each message about one of its events says it."""

    status: JobStatus
    completed_accounts: int
    total_accounts: int
    percent: int
    total_so_far: Totals
    estimated_completion: datetime | None


class HistoryEntry(BaseModel):
    """A started job in the list of all."""

    job_id: int
    connection_id: int
    bank: str
    job_type: JobType
    status: JobStatus
    is_dry_run: bool
    date_range: DateRange
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
    """Jobs, newest first; `next_cursor` asks for the page after."""

    imports: list[HistoryEntry]
    next_cursor: str | None


class EventRead(BaseModel):
    """Something that happened to a job, numbered per job without gaps."""

    event_id: int
    job_id: int
    account_id: str | None
    type: str
    created_at: datetime
    payload: ImportJobEvent


class EventList(BaseModel):
    """Events in order."""

    events: list[EventRead]
    last_event_id: int


class RejectedRead(BaseModel):
    """A row that was not taken: where it stands in the bank's answer, of booked or of pending rows, and why."""

    account_id: str
    is_pending: bool
    position: int
    reason: str
    raw: str


class RejectedList(BaseModel):
    """The rows kept aside, in the order they came; `next_cursor` asks for the page after."""

    rejected: list[RejectedRead]
    next_cursor: str | None


class AccountChoice(BaseModel):
    """Which accounts of a job are meant; none named: the whole job."""

    account_ids: AccountIds = []


class BulkRequest(BaseModel):
    """The same for several jobs."""

    action: Literal["pause", "resume", "cancel", "retry"]
    job_ids: Annotated[list[int], Field(min_length=1, max_length=200)]


class BulkRead(BaseModel):
    """Per job its status now, or the code of why it could not be done."""

    outcomes: dict[int, str]


class QueueEntry(BaseModel):
    """A job in the queue; `until` and `why` say what it waits for."""

    job_id: int
    connection_id: int
    bank: str
    job_type: JobType
    status: JobStatus
    date_range: DateRange
    percent: int
    completed_accounts: int
    total_accounts: int
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    why: str | None
    until: datetime | None


class QueueRead(BaseModel):
    """The user's jobs by where they stand, oldest first; the recent ones newest first."""

    is_paused: bool
    queued: list[QueueEntry]
    running: list[QueueEntry]
    waiting: list[QueueEntry]
    paused: list[QueueEntry]
    recent: list[QueueEntry]
