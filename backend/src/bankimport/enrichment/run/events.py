"""The events of an enrichment job: one model for each, and the log that numbers them.

Stored events are kept forever. Give a new field a default; to rename or remove one, add a new event. A stored event
that fits no model is read as `OtherEnrichmentEvent`, with everything that was stored.
"""

from typing import Annotated, ClassVar, Literal, TypedDict

from pydantic import Field, TypeAdapter
from sqlalchemy.orm import Session
from typing_extensions import TypeAliasType

from bankimport.enrichment.models import ACTIVE_STATUSES, EnrichmentEvent, EnrichmentJob, EnrichmentStatus
from bankimport.queue import Task, enqueue
from bankimport.realtime.event_log import EventLog, JobEvent, OtherEvent
from bankimport.realtime.publish import ENRICHMENT_JOB


class Counts(TypedDict):
    """A job's status, and its numbers of transactions by result."""

    job_status: EnrichmentStatus
    processed: int
    total_transactions: int
    successful: int
    failed: int
    cached_hits: int


class EnrichmentEventBase(JobEvent):
    """An event of an enrichment job, with the job's counts at that time."""

    job_status: EnrichmentStatus
    processed: int
    total_transactions: int
    successful: int
    failed: int
    cached_hits: int


class EnrichmentJobCreated(EnrichmentEventBase):
    """The job was created."""

    type: Literal["job_created"] = "job_created"


class EnrichmentJobQueued(EnrichmentEventBase):
    """The job was resumed: by its user, by redoing its import, or because the month's cap started over."""

    type: Literal["job_queued"] = "job_queued"
    message: str | None = None


class EnrichmentJobPaused(EnrichmentEventBase):
    """The user paused the job."""

    type: Literal["job_paused"] = "job_paused"


class EnrichmentJobCancelled(EnrichmentEventBase):
    """The job was cancelled, by its user or for `reason`."""

    type: Literal["job_cancelled"] = "job_cancelled"
    reason: Literal["import_undone"] | None = None


class EnrichmentJobCompleted(EnrichmentEventBase):
    """All rows are enriched."""

    type: Literal["job_completed"] = "job_completed"


class EnrichmentJobFailed(EnrichmentEventBase):
    """The job failed, and does not resume automatically."""

    type: Literal["job_failed"] = "job_failed"
    message: str


class EnrichmentJobWaiting(EnrichmentEventBase):
    """The job is waiting for the model."""

    type: Literal["job_waiting"] = "job_waiting"
    message: str


class EnrichmentJobStopped(EnrichmentEventBase):
    """The next call could have exceeded a cap."""

    type: Literal["job_stopped"] = "job_stopped"
    message: str


class EnrichmentJobUndone(EnrichmentEventBase):
    """The job was undone: `rows_back` rows are restored; `changed_since` rows were changed since and stay."""

    type: Literal["job_undone"] = "job_undone"
    rows_back: int
    changed_since: int


class EnrichmentAttemptStarted(EnrichmentEventBase):
    """A worker began attempt number `attempt`."""

    type: Literal["attempt_started"] = "attempt_started"
    attempt: int


class EnrichmentWorkerLost(EnrichmentEventBase):
    """The job's worker crashed; `job_status` says what follows."""

    type: Literal["worker_lost"] = "worker_lost"
    message: str | None


class RowsEnriched(EnrichmentEventBase):
    """A page of rows was enriched."""

    is_running_total: ClassVar[bool] = True
    type: Literal["rows_enriched"] = "rows_enriched"


class MerchantsAnswered(EnrichmentEventBase):
    """The model answered a call about `merchants` merchants."""

    is_running_total: ClassVar[bool] = True
    type: Literal["merchants_answered"] = "merchants_answered"
    merchants: int


class ModelCallFailed(EnrichmentEventBase):
    """A call about `merchants` merchants had no usable answer."""

    type: Literal["call_failed"] = "call_failed"
    merchants: int


class OtherEnrichmentEvent(OtherEvent):
    """A stored event of another version; `stored_type` and `fields` are what was stored."""

    type: Literal["other"] = "other"


EnrichmentJobEvent = TypeAliasType(
    "EnrichmentJobEvent",
    Annotated[
        EnrichmentJobCreated
        | EnrichmentJobQueued
        | EnrichmentJobPaused
        | EnrichmentJobCancelled
        | EnrichmentJobCompleted
        | EnrichmentJobFailed
        | EnrichmentJobWaiting
        | EnrichmentJobStopped
        | EnrichmentJobUndone
        | EnrichmentAttemptStarted
        | EnrichmentWorkerLost
        | RowsEnriched
        | MerchantsAnswered
        | ModelCallFailed
        | OtherEnrichmentEvent,
        Field(discriminator="type"),
    ],
)
"""Any event of an enrichment job."""

EVENTS: EventLog[EnrichmentJobEvent] = EventLog(
    kind=ENRICHMENT_JOB,
    topic="enrichment",
    jobs=EnrichmentJob,
    events=EnrichmentEvent,
    known=TypeAdapter(EnrichmentJobEvent),
    other=OtherEnrichmentEvent,
)


def counts(job: EnrichmentJob) -> Counts:
    """The job's counts, for one of its events."""
    return Counts(
        job_status=job.job_status,
        processed=job.processed,
        total_transactions=job.total_transactions,
        successful=job.successful,
        failed=job.failed,
        cached_hits=job.cached_hits,
    )


def append_event(session: Session, job: EnrichmentJob, event: EnrichmentJobEvent) -> None:
    """Append an event to a job whose row this transaction has locked.

    When an import's job starts, pauses or ends, `recover` is sent, which records it for the import.
    """
    EVENTS.append(session, job.id, event)
    begins_or_rests = isinstance(event, EnrichmentAttemptStarted) or job.job_status not in ACTIVE_STATUSES
    if job.import_job_id is not None and begins_or_rests:
        enqueue(session, Task.RECOVER)
