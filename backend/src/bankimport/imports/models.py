"""Import jobs, their accounts, windows, attempts, events, raw answers and rejected rows."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Computed, Date, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from bankimport.accounts.models import Account
from bankimport.db.base import Base, CreatedAt, Id
from bankimport.imports.import_plan import ImportPlan, PlanColumn
from bankimport.vault.keys import plain_of, stored_key_of
from bankimport.vault.seal import UNSEALED

REJECTED = "rejected_rows.raw"
"""What a sealed rejected row is bound to."""


class JobType(StrEnum):
    """What determines the requested days."""

    DATE_RANGE = "date_range"
    INCREMENTAL = "incremental"
    FULL_SYNC = "full_sync"


class JobStatus(StrEnum):
    """The status of a job.

    `enriching` is never stored: a completed job is shown with it while its rows are enriched.
    """

    PLANNED = "planned"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    WAITING = "waiting"
    ENRICHING = "enriching"
    COMPLETED = "completed"
    PARTLY_FAILED = "partly_failed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDONE = "undone"


class AccountStatus(StrEnum):
    """The status of one account of a job; `waiting` has an end time."""

    PENDING = "pending"
    SYNCING = "syncing"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WindowState(StrEnum):
    """The state of one window.

    `fetched`: the raw answer is stored, but not all of its rows; a restart continues from the stored answer. `refused`:
    the bank refuses these days. `split`: smaller windows replaced it. `undone`: its days were stored until the job was
    undone.
    """

    PLANNED = "planned"
    FETCHED = "fetched"
    COMPLETED = "completed"
    REFUSED = "refused"
    SPLIT = "split"
    UNDONE = "undone"


OPEN_JOB_STATUSES = (JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.PAUSING, JobStatus.PAUSED, JobStatus.WAITING)
FINISHED_JOB_STATUSES = (JobStatus.COMPLETED, JobStatus.PARTLY_FAILED, JobStatus.FAILED, JobStatus.CANCELLED)
ENDED_JOB_STATUSES = (*FINISHED_JOB_STATUSES, JobStatus.UNDONE)
OPEN_ACCOUNT_STATUSES = (AccountStatus.PENDING, AccountStatus.SYNCING, AccountStatus.WAITING)
ENDED_ACCOUNT_STATUSES = (AccountStatus.COMPLETED, AccountStatus.FAILED, AccountStatus.CANCELLED)
OPEN_WINDOW_STATES = (WindowState.PLANNED, WindowState.FETCHED)


class ImportJob(Base):
    """A saved plan and its progress. Totals count booked rows of finished batches.

    `paused_at` and `cancelled_at` are the user's requests; `job_status` shows how far they have taken effect. A dry run
    fetches and stores answers but no rows; `committed_at` is when it became a real import, which stores those answers.
    """

    __tablename__ = "truelayer_import_jobs"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("bank_connections.id", ondelete="CASCADE"), index=True)
    job_status: Mapped[JobStatus]
    job_type: Mapped[JobType]
    from_date: Mapped[date] = mapped_column(Date)
    to_date: Mapped[date] = mapped_column(Date)
    account_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    card_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    batch_size: Mapped[int | None]
    max_parallel: Mapped[int]
    auto_enrich: Mapped[bool]
    attended_ip: Mapped[str | None] = mapped_column(Text)
    """The public address of the person who asked at `attended_at`, if they were present; else None."""
    attended_at: Mapped[datetime | None]
    """When a person or their program last started, resumed or retried it; None: only a schedule did."""
    served_at: Mapped[datetime | None]
    """When a worker last took one of its accounts."""
    run_next_at: Mapped[datetime | None]
    """When the user asked that it runs before their other imports; the latest comes first. None: in turn."""
    paused_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    total_accounts: Mapped[int] = mapped_column(server_default="0")
    total_transactions: Mapped[int] = mapped_column(server_default="0")
    total_duplicates: Mapped[int] = mapped_column(server_default="0")
    total_errors: Mapped[int] = mapped_column(server_default="0")
    last_event_id: Mapped[int] = mapped_column(server_default="0")
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    is_dry_run: Mapped[bool] = mapped_column(server_default="false")
    committed_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    """When a dry run was discarded: its answers are deleted, so it can be neither shown nor committed."""
    undone_at: Mapped[datetime | None]
    status_before_undo: Mapped[JobStatus | None]
    enrich_at: Mapped[datetime | None]
    """Its rows are enriched from this time on; None: as soon as it ends."""
    enrich_after_completion: Mapped[bool] = mapped_column(Computed("auto_enrich AND enrich_at IS NULL", persisted=True))
    """Whether its rows are enriched as soon as it ends."""
    enrichment_job_id: Mapped[int | None] = mapped_column(
        ForeignKey(
            "truelayer_enrichment_jobs.id",
            name="fk_truelayer_import_jobs_enrichment_job_id",
            ondelete="SET NULL",
            use_alter=True,
        )
    )
    """The enrichment that was started when it ended."""
    enriching_since: Mapped[datetime | None]
    """Since when its rows are being enriched; None before, after, and while enrichment is paused."""
    transfers_looked_at: Mapped[datetime | None]
    """When its rows were last scanned for transfers; if before `completed_at` or never, the scan is still due."""
    estimated_completion: Mapped[datetime | None]
    plan: Mapped[ImportPlan] = mapped_column("metadata", PlanColumn, server_default="{}", deferred=True)
    """Loaded at first use; queries for the plans of many jobs use `undefer(ImportJob.plan)`."""
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index("ix_truelayer_import_jobs_user_id_id", "user_id", text("id DESC")),
        Index("ix_truelayer_import_jobs_completed_at", "completed_at"),
        Index(
            "ix_truelayer_import_jobs_open",
            "job_status",
            postgresql_where=text("job_status IN ('queued', 'running', 'pausing', 'paused', 'waiting')"),
        ),
        Index(
            "ix_truelayer_import_jobs_turn",
            text("served_at NULLS FIRST"),
            "id",
            postgresql_where=text(
                "job_status IN ('queued', 'running', 'pausing', 'paused', 'waiting') AND paused_at IS NULL"
            ),
        ),
        Index(
            "ix_truelayer_import_jobs_run_next",
            "user_id",
            postgresql_where=text("run_next_at IS NOT NULL"),
        ),
        Index(
            "ix_truelayer_import_jobs_enriching",
            "enriching_since",
            postgresql_where=text("enriching_since IS NOT NULL"),
        ),
    )

    @property
    def shown_status(self) -> JobStatus:
        """The status as shown to its user."""
        is_enriching = self.job_status is JobStatus.COMPLETED and self.enriching_since is not None
        return JobStatus.ENRICHING if is_enriching else self.job_status


class AccountImport(Base):
    """The part of a job that covers one account: the unit of work, retry and progress.

    `attempt_number` is the fencing token: only the attempt with the newest number may write. Attempts up to
    `tries_from` do not count towards the maximum. `errors` counts rejected rows. `days_done` of `days_total` is its
    progress; `days_refused` are the days that the bank refused.
    """

    __tablename__ = "truelayer_import_progress"

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(ForeignKey("truelayer_import_jobs.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"))
    status: Mapped[AccountStatus]
    position: Mapped[int]
    synced: Mapped[int] = mapped_column(server_default="0")
    duplicates: Mapped[int] = mapped_column(server_default="0")
    updated: Mapped[int] = mapped_column(server_default="0")
    errors: Mapped[int] = mapped_column(server_default="0")
    pending: Mapped[int] = mapped_column(server_default="0")
    days_total: Mapped[int]
    days_done: Mapped[int] = mapped_column(server_default="0")
    days_refused: Mapped[int] = mapped_column(server_default="0")
    attempt_number: Mapped[int] = mapped_column(server_default="0")
    tries_from: Mapped[int] = mapped_column(server_default="0")
    paused_at: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(Text)
    lease_expires_at: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("job_id", "account_id"),
        Index("ix_truelayer_import_progress_account_id_completed_at", "account_id", "completed_at"),
        Index(
            "uq_truelayer_import_progress_one_at_a_time",
            "account_id",
            unique=True,
            postgresql_where=text("status = 'syncing'"),
        ),
        Index(
            "ix_truelayer_import_progress_open",
            "status",
            postgresql_where=text("status IN ('pending', 'syncing', 'waiting')"),
        ),
        Index(
            "ix_truelayer_import_progress_waits",
            "next_attempt_at",
            postgresql_where=text("status = 'waiting'"),
        ),
    )


class ImportWindow(Base):
    """Wanted days of one account, `window_from` to `window_to`, and the slightly wider requested days; inclusive."""

    __tablename__ = "import_windows"

    id: Mapped[Id]
    account_import_id: Mapped[int] = mapped_column(ForeignKey("truelayer_import_progress.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"))
    window_from: Mapped[date] = mapped_column(Date)
    window_to: Mapped[date] = mapped_column(Date)
    asked_from: Mapped[date | None] = mapped_column(Date)
    asked_to: Mapped[date | None] = mapped_column(Date)
    state: Mapped[WindowState]
    fetches: Mapped[int] = mapped_column(server_default="0")
    begun: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Requests that the bank still computes or has computed for these days, of a source that waits for answers."""
    raw_response_id: Mapped[int | None] = mapped_column(
        ForeignKey("raw_responses.id", use_alter=True, name="fk_import_windows_raw_response_id_raw_responses")
    )
    stored_to: Mapped[date | None] = mapped_column(Date)
    rows_in_answer: Mapped[int | None]
    rows_in_window: Mapped[int | None]
    error_code: Mapped[str | None] = mapped_column(Text)
    completed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index("ix_import_windows_account_import_id", "account_import_id", "window_to"),
        Index("ix_import_windows_account_id_state", "account_id", "state", "window_from"),
    )


class ImportAttempt(Base):
    """One run of an account import by one worker. `error_code` is empty on success."""

    __tablename__ = "import_attempts"

    id: Mapped[Id]
    account_import_id: Mapped[int] = mapped_column(ForeignKey("truelayer_import_progress.id", ondelete="CASCADE"))
    number: Mapped[int]
    worker: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("account_import_id", "number"),
        Index("ix_import_attempts_ended_at", "ended_at"),
    )


class ImportEvent(Base):
    """An event of a job, numbered per job from 1 without gaps."""

    __tablename__ = "import_events"

    job_id: Mapped[int] = mapped_column(
        ForeignKey("truelayer_import_jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int | None]
    type: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[CreatedAt]


class RawResponse(Base):
    """A bank's answer as received: `body` is zstandard-compressed, then sealed with its user's key.

    `sha256` is of the body before compression. Bodies from before there were users' keys are compressed only.
    """

    __tablename__ = "raw_responses"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("truelayer_import_jobs.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("import_attempts.id"))
    window_id: Mapped[int | None] = mapped_column(ForeignKey("import_windows.id"))
    endpoint: Mapped[str] = mapped_column(Text)
    request: Mapped[str] = mapped_column(Text)
    correlation_id: Mapped[str | None] = mapped_column(Text)
    client_correlation_id: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    size_bytes: Mapped[int]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    rows_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the booked rows that were read from it; None if the same bytes must be read again when they come again."""

    rows_digest_since: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of those from its window's first day on; None if that is all of them."""

    if TYPE_CHECKING:
        stored_key: Mapped[bytes | None]

    __table_args__ = (
        # Empty once every body is sealed.
        Index(
            "ix_raw_responses_unsealed",
            "id",
            postgresql_where=text(f"body IS NOT NULL AND {UNSEALED.format(column='body')}"),
        ),
        Index(
            "ix_raw_responses_account_id_sha256",
            "account_id",
            "sha256",
            postgresql_where=text("rows_digest IS NOT NULL"),
        ),
    )


class RejectedRow(Base):
    """A rejected row: unreadable, or of a day that was not requested. Stored as received, sealed, counted and shown."""

    __tablename__ = "rejected_rows"

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(ForeignKey("truelayer_import_jobs.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("truelayer_accounts.id", ondelete="CASCADE"))
    raw_response_id: Mapped[int] = mapped_column(ForeignKey("raw_responses.id", ondelete="CASCADE"))
    raw_position: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[CreatedAt]

    if TYPE_CHECKING:
        owner_id: Mapped[int]
        stored_key: Mapped[bytes | None]

    __table_args__ = (
        UniqueConstraint("raw_response_id", "raw_position"),
        Index("ix_rejected_rows_unsealed", "id", postgresql_where=text(UNSEALED.format(column="raw"))),
    )

    @property
    def received(self) -> bytes:
        """The row as received.

        Raises:
            SealBroken: it was altered, or the user's key was erased.
        """
        return plain_of(self.owner_id, self.stored_key, self.raw, REJECTED)


RawResponse.stored_key = column_property(stored_key_of(RawResponse.__table__.c.user_id))
_owner = (
    select(Account.user_id)
    .where(Account.id == RejectedRow.__table__.c.account_id)
    .correlate(RejectedRow.__table__)
    .scalar_subquery()
)
RejectedRow.owner_id = column_property(_owner)
RejectedRow.stored_key = column_property(stored_key_of(_owner))


class ReviewKind(StrEnum):
    """What needs a decision."""

    BANK_LACKS_ROW = "bank_lacks_row"
    BANK_DISAGREES = "bank_disagrees"
    UNSURE_WHICH = "unsure_which"


class ReviewDecision(StrEnum):
    """The result: the user's side was kept, the bank's was accepted, the bank listed the row again, or the import that
    asked was undone."""

    KEPT = "kept"
    TAKEN = "taken"
    LISTED_AGAIN = "listed_again"
    WITHDRAWN = "withdrawn"


class ReviewItem(Base):
    """A conflict with both sides: `ours` is what is stored; `banks` is what the bank reports now.

    `closed_by_job_id` is the import in which the bank listed the row again.
    """

    __tablename__ = "review_items"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("truelayer_import_jobs.id", ondelete="CASCADE"), index=True)
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"))
    kind: Mapped[ReviewKind]
    ours: Mapped[dict[str, Any]]
    banks: Mapped[dict[str, Any]]
    decision: Mapped[ReviewDecision | None]
    decided_at: Mapped[datetime | None]
    closed_by_job_id: Mapped[int | None] = mapped_column(ForeignKey("truelayer_import_jobs.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(
            "uq_review_items_open",
            "transaction_id",
            "kind",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index(
            "ix_review_items_closed_by_job_id",
            "closed_by_job_id",
            postgresql_where=text("closed_by_job_id IS NOT NULL"),
        ),
    )
