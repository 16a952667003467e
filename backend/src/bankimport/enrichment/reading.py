"""Enrichment jobs, rules and spending as they are shown."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.enrichment import ledger
from bankimport.enrichment.jobs import Estimate, jobs_of
from bankimport.enrichment.models import CategoryRule, EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.enrichment.rule_store import RulePreview
from bankimport.enrichment.schemas import (
    EnrichmentList,
    EnrichmentRead,
    EstimateRead,
    RulePreviewRead,
    RuleRead,
    RuleSample,
    SpendRead,
)
from bankimport.settings import get_settings


def job_read(session: Session, job: EnrichmentJob) -> EnrichmentRead:
    """A job with the sums of its calls."""
    c = LlmCall
    calls, tokens, cost, unknown, currency = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(c.input_tokens + c.output_tokens), 0),
            func.coalesce(func.sum(c.cost), Decimal(0)),
            func.count().filter(c.cost.is_(None)),
            func.max(c.currency),
        ).where(c.job_id == job.id)
    ).one()
    return EnrichmentRead(
        id=str(job.id),
        import_job_id=str(job.import_job_id) if job.import_job_id is not None else None,
        job_status=job.job_status,
        uses_model=job.uses_model,
        is_refresh=job.is_refresh,
        enrich_at=job.enrich_at,
        cap=job.cap,
        cap_currency=job.cap_currency,
        total_transactions=job.total_transactions,
        processed=job.processed,
        successful=job.successful,
        failed=job.failed,
        cached_hits=job.cached_hits,
        total_cost=None if unknown else cost,
        currency=currency,
        total_tokens=int(tokens),
        calls=calls,
        error_message=job.error_message,
        next_attempt_at=job.next_attempt_at,
        created_at=job.created_at,
        started_at=job.started_at,
        completed_at=job.completed_at,
    )


def job_list(session: Session, user_id: int, *, limit: int, before: int | None) -> EnrichmentList:
    """A page of the user's jobs, newest first."""
    found = jobs_of(session, user_id, limit=limit + 1, before=before)
    return EnrichmentList(
        jobs=[job_read(session, job) for job in found[:limit]],
        next_cursor=str(found[limit - 1].id) if len(found) > limit else None,
    )


def estimate_read(found: Estimate) -> EstimateRead:
    """An estimate with its money taken apart."""
    return EstimateRead(
        transactions=found.transactions,
        without_model=found.without_model,
        merchants_to_ask=found.merchants_to_ask,
        calls=found.calls,
        most_input_tokens=found.most_input_tokens,
        most_output_tokens=found.most_output_tokens,
        cost=found.cost.amount if found.cost else None,
        currency=found.cost.currency if found.cost else None,
        model=found.model,
    )


def rule_read(row: CategoryRule, job_id: int | None = None) -> RuleRead:
    """A rule, and the job that applies it."""
    return RuleRead(
        id=str(row.id),
        origin=row.origin,
        match=row.match,
        pattern=row.pattern,
        direction=row.direction,
        merchant=row.merchant,
        category=row.category,
        position=row.position,
        enrichment_job_id=str(job_id) if job_id is not None else None,
    )


def preview_read(found: RulePreview) -> RulePreviewRead:
    """What a rule would change, with some of the rows."""
    return RulePreviewRead(
        matching=found.matching,
        changing=found.changing,
        kept_by_user=found.kept_by_user,
        samples=[
            RuleSample(
                transaction_id=str(row.id),
                description=row.description,
                amount=row.amount,
                currency=row.currency,
                merchant=row.merchant,
                category=row.category,
            )
            for row in found.samples
        ],
    )


def spend_read(session: Session, user_id: int, now: datetime) -> SpendRead:
    """What the user's calls came to this month."""
    c = LlmCall
    since = ledger.month_start(now)
    calls, into, out, cached, currency, reserved = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(c.input_tokens), 0),
            func.coalesce(func.sum(c.output_tokens), 0),
            func.coalesce(func.sum(c.cached_tokens), 0),
            func.max(c.currency),
            func.count().filter(c.status == LlmCallStatus.RESERVED),
        ).where(c.user_id == user_id, c.called_at >= since)
    ).one()
    spent = ledger.spent_since(session, since, user_id)
    return SpendRead(
        month=f"{now:%Y-%m}",
        calls=calls,
        input_tokens=int(into),
        output_tokens=int(out),
        cached_tokens=int(cached),
        amount=spent.amount,
        currency=currency,
        calls_of_unknown_price=spent.unknown,
        reserved_calls=reserved,
        monthly_cap=get_settings().llm_monthly_cap,
    )
