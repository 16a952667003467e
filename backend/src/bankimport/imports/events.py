"""The events of an import job: one model for each, and the log that numbers them.

Stored events are kept forever. Give a new field a default; to rename or remove one, add a new event. A stored event
that fits no model is read as `OtherImportEvent`, with everything that was stored.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, TypeAdapter
from typing_extensions import TypeAliasType

from bankimport.enrichment.models import EnrichmentStatus
from bankimport.ids import Id
from bankimport.imports.models import ImportEvent, ImportJob, JobStatus
from bankimport.realtime.event_log import EventLog, JobEvent, OtherEvent
from bankimport.realtime.publish import IMPORT_JOB


class ImportEventBase(JobEvent):
    """An event of an import job; `account_id` is None if it is about the whole job."""

    account_id: Id | None = None

    @property
    def subject(self) -> int | None:
        """The account."""
        return self.account_id


class AccountEvent(ImportEventBase):
    """An event of one account of a job."""

    account_id: Id


class JobStarted(ImportEventBase):
    """The user started the job."""

    type: Literal["job_started"] = "job_started"
    accounts: int


class JobFinished(ImportEventBase):
    """All accounts have ended. Counts are the job's totals."""

    type: Literal["job_finished"] = "job_finished"
    status: JobStatus
    synced: int
    duplicates: int
    errors: int


class JobStatusChanged(ImportEventBase):
    """The job has another status and has not ended."""

    type: Literal["job_status_changed"] = "job_status_changed"
    status: JobStatus


class ControlEvent(ImportEventBase):
    """The user acted on the job, or on these accounts of it."""

    account_ids: list[Id]


class JobPauseAsked(ControlEvent):
    """Pause the job; requests in progress finish first."""

    type: Literal["job_pause_asked"] = "job_pause_asked"


class JobResumed(ControlEvent):
    """Resume."""

    type: Literal["job_resumed"] = "job_resumed"


class JobCancelled(ControlEvent):
    """Cancel."""

    type: Literal["job_cancelled"] = "job_cancelled"


class JobRetried(ControlEvent):
    """Retry what failed or was cancelled."""

    type: Literal["job_retried"] = "job_retried"


class JobCommitted(ImportEventBase):
    """The user committed the dry run; `accounts` accounts are stored from its answers."""

    type: Literal["job_committed"] = "job_committed"
    accounts: int


class JobDiscarded(ImportEventBase):
    """The user discarded the dry run."""

    type: Literal["job_discarded"] = "job_discarded"


class JobUndone(ImportEventBase):
    """The job was undone."""

    type: Literal["job_undone"] = "job_undone"


class JobRedone(ImportEventBase):
    """The job was redone after an undo."""

    type: Literal["job_redone"] = "job_redone"


class EnrichmentScheduled(ImportEventBase):
    """The job's rows will be enriched from `enrich_at` on."""

    type: Literal["enrichment_scheduled"] = "enrichment_scheduled"
    enrichment_job_id: Id
    enrich_at: datetime


class EnrichmentStarted(ImportEventBase):
    """The enrichment of the job's rows started or resumed."""

    type: Literal["enrichment_started"] = "enrichment_started"
    enrichment_job_id: Id


class EnrichmentEnded(ImportEventBase):
    """Nothing enriches the job's rows any more; `status` is the import's. Ids are None if the enrichment was
    deleted."""

    type: Literal["enrichment_ended"] = "enrichment_ended"
    enrichment_job_id: Id | None
    enrichment_status: EnrichmentStatus | None
    status: JobStatus


class AccountStarted(AccountEvent):
    """A worker began attempt number `attempt`."""

    type: Literal["account_started"] = "account_started"
    attempt: int


class AttemptEnded(AccountEvent):
    """An attempt ended. Counts are the account's totals; `next_attempt_at` is set only while the account waits."""

    synced: int
    duplicates: int
    errors: int
    error_code: str | None
    message: str | None
    next_attempt_at: datetime | None


class AccountCompleted(AttemptEnded):
    """Everything is stored."""

    type: Literal["account_completed"] = "account_completed"


class AccountFailed(AttemptEnded):
    """The account failed and will not be tried again automatically."""

    type: Literal["account_failed"] = "account_failed"


class AccountWaiting(AttemptEnded):
    """The account is waiting for its bank."""

    type: Literal["account_waiting"] = "account_waiting"


class AccountPending(AttemptEnded):
    """The account is waiting for a worker: its attempt was paused, or lost its worker."""

    type: Literal["account_pending"] = "account_pending"


class DaysEvent(AccountEvent):
    """An event of the days `from` to `to`, both inclusive."""

    first: date = Field(validation_alias="from", serialization_alias="from")
    last: date = Field(validation_alias="to", serialization_alias="to")


class RowsStored(DaysEvent):
    """Rows of these days are stored. Counts are the account's totals."""

    is_running_total: ClassVar[bool] = True
    synced: int
    duplicates: int
    errors: int
    days_done: int
    days_total: int


class BatchStored(RowsStored):
    """A batch of a window is stored."""

    type: Literal["batch_stored"] = "batch_stored"


class WindowCompleted(RowsStored):
    """The last batch of a window is stored."""

    type: Literal["window_completed"] = "window_completed"


class WindowRefused(DaysEvent):
    """The bank refused a window."""

    error_code: str
    message: str


class WindowSplit(WindowRefused):
    """Smaller windows are requested instead."""

    type: Literal["window_split"] = "window_split"


class DaysRefused(WindowRefused):
    """The bank refuses some of these days for good."""

    type: Literal["days_refused"] = "days_refused"


class RowsRejected(AccountEvent):
    """`errors` rows of an answer were rejected."""

    type: Literal["rows_rejected"] = "rows_rejected"
    errors: int


class BlockRepeated(AccountEvent):
    """The bank's answer contained a block of rows twice; they are stored once, and `doubtful` of them are uncertain."""

    type: Literal["block_repeated"] = "block_repeated"
    repeated: int
    doubtful: int


class PendingRejected(AccountEvent):
    """`errors` pending rows of an answer were rejected."""

    type: Literal["pending_rejected"] = "pending_rejected"
    errors: int


class PendingReplaced(AccountEvent):
    """The account has `pending` pending rows now; `vanished` earlier ones are no longer listed."""

    is_running_total: ClassVar[bool] = True
    type: Literal["pending_replaced"] = "pending_replaced"
    pending: int
    vanished: int
    still_pending: int = 0


class PendingUnavailable(AccountEvent):
    """The bank did not return the pending rows; the stored ones stay."""

    type: Literal["pending_unavailable"] = "pending_unavailable"
    error_code: str
    message: str


class BalanceUnavailable(AccountEvent):
    """The bank did not return the balance; the stored one stays."""

    type: Literal["balance_unavailable"] = "balance_unavailable"
    error_code: str
    message: str


class OtherImportEvent(OtherEvent, ImportEventBase):
    """A stored event of another version; `stored_type` and `fields` are what was stored."""

    type: Literal["other"] = "other"


ImportJobEvent = TypeAliasType(
    "ImportJobEvent",
    Annotated[
        JobStarted
        | JobFinished
        | JobStatusChanged
        | JobPauseAsked
        | JobResumed
        | JobCancelled
        | JobRetried
        | JobCommitted
        | JobDiscarded
        | JobUndone
        | JobRedone
        | EnrichmentScheduled
        | EnrichmentStarted
        | EnrichmentEnded
        | AccountStarted
        | AccountCompleted
        | AccountFailed
        | AccountWaiting
        | AccountPending
        | BatchStored
        | WindowCompleted
        | WindowSplit
        | DaysRefused
        | RowsRejected
        | BlockRepeated
        | PendingRejected
        | PendingReplaced
        | PendingUnavailable
        | BalanceUnavailable
        | OtherImportEvent,
        Field(discriminator="type"),
    ],
)
"""Any event of an import job."""

EVENTS: EventLog[ImportJobEvent] = EventLog(
    kind=IMPORT_JOB,
    topic="imports",
    jobs=ImportJob,
    events=ImportEvent,
    known=TypeAdapter(ImportJobEvent),
    other=OtherImportEvent,
    columns=("account_id",),
)
