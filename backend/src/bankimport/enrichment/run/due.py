"""Which enrichment jobs are due."""

from datetime import datetime

from sqlalchemy import ColumnElement, DateTime, Select, and_, func, or_, select

from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a job should be worked on now."""
    return and_(
        EnrichmentJob.job_status.in_([EnrichmentStatus.QUEUED, EnrichmentStatus.WAITING]),
        or_(EnrichmentJob.enrich_at.is_(None), EnrichmentJob.enrich_at <= now),
        or_(EnrichmentJob.next_attempt_at.is_(None), EnrichmentJob.next_attempt_at <= now),
    )


def due_queue(now: datetime) -> Select[int, datetime | None]:
    """A statement of one row: how many jobs are `due`, and `since` when the first of them has been waiting."""
    waits_since = func.greatest(
        EnrichmentJob.created_at,
        EnrichmentJob.enrich_at,
        EnrichmentJob.next_attempt_at,
        type_=DateTime(timezone=True),
    )
    return (
        select(func.count().label("due"), func.min(waits_since).label("since"))
        .select_from(EnrichmentJob)
        .where(is_due(now))
    )
