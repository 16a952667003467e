"""Categories, rules, cached answers, enrichment jobs, where a row's values came from, and calls to a model."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.db.base import Base, CreatedAt, Id
from bankimport.enrichment.rows import RuleMatch, RuleOrigin
from bankimport.enrichment.statements.merchant_key import Direction


class EnrichmentStatus(StrEnum):
    """The status of an enrichment job.

    `queued` waits for its time or for a worker. `waiting` waits for a model that requested a pause. `stopped` would
    have exceeded a cap; it can be resumed, and resumes automatically at `next_attempt_at` if that is set.
    """

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    STOPPED = "stopped"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE_STATUSES = (EnrichmentStatus.QUEUED, EnrichmentStatus.RUNNING, EnrichmentStatus.WAITING)
"""The job continues automatically; in every other status it has ended, or waits for its user."""


class LlmCallStatus(StrEnum):
    """`reserved`: the maximum cost is counted before the call is sent; if the worker crashes, it stays reserved."""

    RESERVED = "reserved"
    ANSWERED = "answered"
    MALFORMED = "malformed"
    FAILED = "failed"


class Category(Base):
    """A category of one user; rows contain its `name`. An archived one stays on rows but is not assigned any more.

    `default_name` is its original name, which existing mappings use to find it.
    """

    __tablename__ = "categories"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"), index=True)
    colour: Mapped[str] = mapped_column(Text)
    default_name: Mapped[str | None] = mapped_column(Text)
    archived_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"))
    """The category that took over its rows, and that its original name now means; it is archived."""
    created_at: Mapped[CreatedAt]

    __table_args__ = (UniqueConstraint("user_id", "name"),)


class CategoryMerge(Base):
    """A category merged into another, with everything that was moved, so that it can be undone.

    `changed_before` and `changed_after` are changes of rows, by the side that was written. `parent_of_into` is the
    target's old parent if the target had to be moved out from below this category. Row changes up to `last_change_id`
    are older.
    """

    __tablename__ = "category_merges"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    from_id: Mapped[int] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"))
    row_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    changed_before: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    changed_after: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    rule_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    cache_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    child_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    last_change_id: Mapped[int]
    was_archived_at: Mapped[datetime | None]
    parent_of_into: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class CategoryRule(Base):
    """A user's rule, or what was learned from a correction. A removed one is kept, so that it can be restored."""

    __tablename__ = "category_rules"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    origin: Mapped[RuleOrigin]
    match: Mapped[RuleMatch]
    pattern: Mapped[str] = mapped_column(Text)
    direction: Mapped[Direction | None]
    merchant: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]
    is_enabled: Mapped[bool] = mapped_column(server_default="true")
    removed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class CacheEntry(Base):
    """A model's answer about a merchant; without `category`, one job is asking about it until `lease_expires_at`."""

    __tablename__ = "enrichment_cache"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    merchant_key: Mapped[str] = mapped_column(Text)
    direction: Mapped[Direction]
    merchant: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float | None]
    model: Mapped[str | None] = mapped_column(Text)
    prompt_version: Mapped[str | None] = mapped_column(Text)
    lease_expires_at: Mapped[datetime | None]
    asked_by_job_id: Mapped[int | None] = mapped_column(
        ForeignKey("truelayer_enrichment_jobs.id", ondelete="SET NULL"), index=True
    )
    answered_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (UniqueConstraint("user_id", "merchant_key", "direction"),)


class EnrichmentJob(Base):
    """One enrichment: of given rows, of an import's rows, or of all. Rows are paged by id; `cursor` is the last one
    done.

    `rule_id`: the job applies that rule to the given rows, which it matches. `changed` counts the rows that got another
    value. `total_cost` and `total_tokens` cover its calls, reserved ones at their maximum; None: a price is unknown. An
    attempt's writes only count while `attempt_number` is its own.
    """

    __tablename__ = "truelayer_enrichment_jobs"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    import_job_id: Mapped[int | None] = mapped_column(
        ForeignKey("truelayer_import_jobs.id", ondelete="CASCADE"), index=True
    )
    transaction_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("category_rules.id", ondelete="SET NULL"), index=True)
    job_status: Mapped[EnrichmentStatus]
    uses_model: Mapped[bool]
    is_refresh: Mapped[bool]
    enrich_at: Mapped[datetime | None]
    cap: Mapped[Decimal | None] = mapped_column(Numeric)
    cap_currency: Mapped[str | None] = mapped_column(Text)
    total_transactions: Mapped[int]
    successful: Mapped[int] = mapped_column(server_default="0")
    failed: Mapped[int] = mapped_column(server_default="0")
    cached_hits: Mapped[int] = mapped_column(server_default="0")
    total_cost: Mapped[Decimal | None] = mapped_column(Numeric, server_default="0")
    total_tokens: Mapped[int] = mapped_column(server_default="0")
    processed: Mapped[int] = mapped_column(server_default="0")
    changed: Mapped[int] = mapped_column(server_default="0")
    cursor: Mapped[int] = mapped_column(server_default="0")
    last_id: Mapped[int]
    last_event_id: Mapped[int] = mapped_column(server_default="0")
    error_message: Mapped[str | None] = mapped_column(Text)
    attempt_number: Mapped[int] = mapped_column(server_default="0")
    losses: Mapped[int] = mapped_column(server_default="0")
    worker: Mapped[str | None] = mapped_column(Text)
    lease_expires_at: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(
            "ix_truelayer_enrichment_jobs_open",
            "job_status",
            postgresql_where=text("job_status IN ('queued', 'running', 'waiting')"),
        ),
        Index(
            "ix_truelayer_enrichment_jobs_stopped",
            "next_attempt_at",
            postgresql_where=text("job_status = 'stopped'"),
        ),
    )


class EnrichmentEvent(Base):
    """An event of an enrichment job, numbered per job from 1 without gaps."""

    __tablename__ = "enrichment_events"

    job_id: Mapped[int] = mapped_column(
        ForeignKey("truelayer_enrichment_jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[CreatedAt]


class Enriched(Base):
    """Where a row's values came from: rung, confidence, rule, model and prompt of the row's latest enrichment.

    The user and the job are those of the attempt that writes, which locks the job, so they are not looked up.
    """

    __tablename__ = "transaction_enrichments"

    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int]
    job_id: Mapped[int | None]
    merchant_key: Mapped[str] = mapped_column(Text)
    direction: Mapped[Direction]
    merchant_source: Mapped[str | None] = mapped_column(Text)
    merchant_confidence: Mapped[float | None]
    merchant_reason: Mapped[str | None] = mapped_column(Text)
    merchant_rule_id: Mapped[int | None] = mapped_column(ForeignKey("category_rules.id", ondelete="SET NULL"))
    category_source: Mapped[str | None] = mapped_column(Text)
    category_confidence: Mapped[float | None]
    category_reason: Mapped[str | None] = mapped_column(Text)
    category_rule_id: Mapped[int | None] = mapped_column(ForeignKey("category_rules.id", ondelete="SET NULL"))
    model: Mapped[str | None] = mapped_column(Text)
    prompt_version: Mapped[str | None] = mapped_column(Text)
    enriched_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_transaction_enrichments_user_id_merchant_key", "user_id", "merchant_key", "direction"),
        Index(
            "ix_transaction_enrichments_merchant_rule_id",
            "merchant_rule_id",
            postgresql_where=text("merchant_rule_id IS NOT NULL"),
        ),
        Index(
            "ix_transaction_enrichments_category_rule_id",
            "category_rule_id",
            postgresql_where=text("category_rule_id IS NOT NULL"),
        ),
    )


class MerchantKeyState(Base):
    """The version of a user's stored merchant keys: `version` if all have it, `target` while they are being rewritten.

    `cursor` is the last rewritten row, so that rewriting resumes there after a crash.
    """

    __tablename__ = "merchant_key_states"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[str] = mapped_column(Text, server_default="")
    target: Mapped[str] = mapped_column(Text, server_default="")
    cursor: Mapped[int] = mapped_column(server_default="0")


class MerchantKeyMove(Base):
    """A key that rows of a user had and their present key, until corrections and answers have been moved too."""

    __tablename__ = "merchant_key_moves"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    direction: Mapped[Direction] = mapped_column(primary_key=True)
    old_key: Mapped[str] = mapped_column(Text, primary_key=True)
    new_key: Mapped[str] = mapped_column(Text, primary_key=True)


class LlmCall(Base):
    """One request to a model. `cost` is None if the price is unknown; a reserved call counts its maximum cost."""

    __tablename__ = "llm_calls"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("truelayer_enrichment_jobs.id", ondelete="SET NULL"), index=True
    )
    model: Mapped[str] = mapped_column(Text)
    prompt_version: Mapped[str] = mapped_column(Text)
    merchants: Mapped[int]
    status: Mapped[LlmCallStatus]
    called_at: Mapped[datetime]
    latency_ms: Mapped[int | None]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cached_tokens: Mapped[int] = mapped_column(server_default="0")
    cost: Mapped[Decimal | None] = mapped_column(Numeric)
    currency: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_llm_calls_called_at", "called_at"),
        Index("ix_llm_calls_user_id_called_at", "user_id", "called_at"),
    )
