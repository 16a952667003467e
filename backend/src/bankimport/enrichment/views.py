"""Enrichment jobs, rules and spending as shown to the user."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.enrichment.model import ledger
from bankimport.enrichment.model.month_cap import month_cap
from bankimport.enrichment.model.private_names import names_of_holder, names_on_cards
from bankimport.enrichment.model.prompt import INSTRUCTIONS
from bankimport.enrichment.models import Category, CategoryRule, EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.enrichment.review import doubts
from bankimport.enrichment.rules.rule_store import rows_of_rules, rules_of
from bankimport.enrichment.rules_schemas import CategoryNode, RuleList, RulePreviewRead, RuleRead, RuleSample
from bankimport.enrichment.run.apply_rule import RulePreview
from bankimport.enrichment.run.estimate import Estimate, estimate, first_prompts
from bankimport.enrichment.run.events import EVENTS
from bankimport.enrichment.run.jobs import NewJob, job_of, jobs_of
from bankimport.enrichment.run.schemas import EnrichmentEventList, EnrichmentEventRead
from bankimport.enrichment.run.undo import UNDOABLE
from bankimport.enrichment.schemas import (
    DoubtList,
    DoubtRead,
    EnrichmentDetail,
    EnrichmentList,
    EnrichmentRead,
    EstimateRead,
    LlmCallList,
    LlmCallRead,
    OutgoingRead,
    PrivateNamesRead,
    SpendRead,
)
from bankimport.pricing.prices import month_start
from bankimport.users.models import User


def job_read(session: Session, job: EnrichmentJob) -> EnrichmentRead:
    """A job with the sums of its calls."""
    sums = ledger.sums_of(session, job)
    return EnrichmentRead(
        id=job.id,
        import_job_id=job.import_job_id,
        rule_id=job.rule_id,
        job_status=job.job_status,
        uses_model=job.uses_model,
        is_refresh=job.is_refresh,
        enrich_at=job.enrich_at,
        cap=job.cap,
        cap_currency=job.cap_currency,
        cap_left=None if job.cap is None else max(job.cap - sums.of_cap, Decimal(0)),
        total_transactions=job.total_transactions,
        processed=job.processed,
        successful=job.successful,
        failed=job.failed,
        changed=job.changed,
        cached_hits=job.cached_hits,
        total_cost=sums.cost,
        currency=sums.currency,
        total_tokens=sums.tokens,
        calls=sums.calls,
        last_event_id=job.last_event_id,
        error_message=job.error_message,
        next_attempt_at=job.next_attempt_at,
        created_at=job.created_at,
        started_at=job.started_at,
        completed_at=job.completed_at,
        undone_at=job.undone_at,
        is_undoable=job.job_status in UNDOABLE and job.undone_at is None and job.changed > 0,
    )


def job_detail(session: Session, user_id: int, job_id: int) -> EnrichmentDetail:
    """A job with the rows it was created for.

    Raises:
        EnrichmentJobNotFound: no such job, or not this user's.
    """
    job = job_of(session, user_id, job_id)
    return EnrichmentDetail(**job_read(session, job).model_dump(), transaction_ids=list(job.transaction_ids))


def events_read(session: Session, user_id: int, job_id: int, *, after: int, limit: int) -> EnrichmentEventList:
    """The job's events above `after`, in order.

    Raises:
        EnrichmentJobNotFound: no such job, or not this user's.
    """
    job = job_of(session, user_id, job_id)
    return EnrichmentEventList(
        events=[
            EnrichmentEventRead(
                event_id=item.event_id,
                job_id=item.job_id,
                type=item.event.type,
                created_at=item.created_at,
                payload=item.event,
            )
            for item in EVENTS.after(session, job_id, after, limit)
        ],
        last_event_id=job.last_event_id,
    )


def call_fields(call: LlmCall) -> dict[str, Any]:
    """A call with the field names of `LlmCallRead`."""
    return {
        "id": call.id,
        "called_at": call.called_at,
        "model": call.model,
        "prompt_version": call.prompt_version,
        "status": call.status,
        "enrichment_job_id": call.job_id,
        "merchants": call.merchants,
        "input_tokens": call.input_tokens,
        "output_tokens": call.output_tokens,
        "cached_tokens": call.cached_tokens,
        "amount": call.cost,
        "currency": call.currency,
        "latency_ms": call.latency_ms,
        "error": call.error,
    }


def calls_read(session: Session, user_id: int, job_id: int, *, limit: int, before: int | None) -> LlmCallList:
    """A page of a job's requests to models, newest first; their sums are the job's totals.

    Raises:
        EnrichmentJobNotFound: no such job, or not this user's.
    """
    job = job_of(session, user_id, job_id)
    statement = select(LlmCall).where(LlmCall.job_id == job.id)
    if before is not None:
        statement = statement.where(LlmCall.id < before)
    found = list(session.scalars(statement.order_by(LlmCall.id.desc()).limit(limit + 1)))
    return LlmCallList(
        calls=[LlmCallRead(**call_fields(call)) for call in found[:limit]],
        next_cursor=str(found[limit - 1].id) if len(found) > limit else None,
    )


def job_list(session: Session, user_id: int, *, limit: int, before: int | None) -> EnrichmentList:
    """A page of the user's jobs, newest first."""
    found = jobs_of(session, user_id, limit=limit + 1, before=before)
    return EnrichmentList(
        jobs=[job_read(session, job) for job in found[:limit]],
        next_cursor=str(found[limit - 1].id) if len(found) > limit else None,
    )


def estimate_read(found: Estimate) -> EstimateRead:
    """An estimate, with its money split into amount and currency."""
    return EstimateRead(
        transactions=found.transactions,
        rows_read=found.rows_read,
        without_model=found.without_model,
        merchants_to_ask=found.merchants_to_ask,
        calls=found.calls,
        most_input_tokens=found.most_input_tokens,
        most_output_tokens=found.most_output_tokens,
        cost=found.cost.amount if found.cost else None,
        currency=found.cost.currency if found.cost else None,
        model=found.model,
        fault=found.fault,
    )


def outgoing_read(session: Session, user_id: int, new_job: NewJob, most: int) -> OutgoingRead:
    """The first of the exact texts that a job would send, at most `most`, and how many there would be.

    Raises:
        TransactionNotFound: a row is not this user's.
        SettingsInvalid: the configured model cannot be used.
    """
    found = estimate(session, user_id, new_job)
    prompts = first_prompts(session, user_id, new_job, most)
    return OutgoingRead(instructions=INSTRUCTIONS, model=found.model, prompts=prompts, calls=found.calls)


def rule_list(session: Session, user_id: int) -> RuleList:
    """The user's rules in the order in which they apply, each with how many rows have a value from it."""
    rows = rows_of_rules(session, user_id)
    return RuleList(rules=[rule_read(row, rows=rows.get(row.id, 0)) for row in rules_of(session, user_id)])


def rule_read(row: CategoryRule, job_id: int | None = None, *, rows: int | None = None) -> RuleRead:
    """A rule, and the job that applies it."""
    return RuleRead(
        id=row.id,
        origin=row.origin,
        match=row.match,
        pattern=row.pattern,
        direction=row.direction,
        merchant=row.merchant,
        category=row.category,
        position=row.position,
        is_enabled=row.is_enabled,
        rows=rows,
        enrichment_job_id=job_id,
    )


def preview_read(found: RulePreview) -> RulePreviewRead:
    """What a rule would change, with some of the rows."""
    return RulePreviewRead(
        matching=found.matching,
        changing=found.changing,
        kept_by_user=found.kept_by_user,
        said_earlier=found.said_earlier,
        samples=[
            RuleSample(
                transaction_id=item.row.id,
                date=item.row.date,
                description=item.row.description,
                amount=item.row.amount,
                currency=item.row.currency,
                merchant=item.row.merchant,
                category=item.row.category,
                merchant_after=item.merchant,
                category_after=item.category,
            )
            for item in found.samples
        ],
    )


def names_read(session: Session, user_id: int) -> PrivateNamesRead:
    """The names that are never sent."""
    user = session.get_one(User, user_id)
    return PrivateNamesRead(
        names=user.private_names,
        from_banks=names_of_holder(session, user_id),
        from_cards=names_on_cards(session, user_id),
        email=user.email,
    )


def spend_read(session: Session, user_id: int, now: datetime) -> SpendRead:
    """The cost of the user's model calls this month."""
    c = LlmCall
    since = month_start(now)
    calls, into, out, cached, reserved = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(c.input_tokens), 0),
            func.coalesce(func.sum(c.output_tokens), 0),
            func.coalesce(func.sum(c.cached_tokens), 0),
            func.count().filter(c.status == LlmCallStatus.RESERVED),
        ).where(c.user_id == user_id, c.called_at >= since)
    ).one()
    unknown = ledger.spent_since(session, since, user_id=user_id).unknown
    amounts = ledger.amounts_since(session, since, user_id)
    cap = month_cap(session, user_id, now)
    return SpendRead(
        month=f"{now:%Y-%m}",
        calls=calls,
        input_tokens=int(into),
        output_tokens=int(out),
        cached_tokens=int(cached),
        amounts=amounts,
        amount=Decimal(0) if not amounts else amounts[0].amount if len(amounts) == 1 else None,
        currency=amounts[0].currency if len(amounts) == 1 else None,
        calls_of_unknown_price=unknown,
        reserved_calls=reserved,
        monthly_cap=None if cap is None else f"{cap.most.amount} {cap.most.currency}",
        monthly_cap_left=None if cap is None else cap.left,
        monthly_cap_state=None if cap is None else cap.state,
    )


def category_node(row: Category) -> CategoryNode:
    """A category as shown to the user."""
    return CategoryNode(
        id=row.id,
        name=row.name,
        parent_id=row.parent_id,
        colour=row.colour,
        is_archived=row.archived_at is not None,
        merged_into_id=row.merged_into_id,
    )


def doubts_read(session: Session, user_id: int, *, limit: int, offset: int) -> DoubtList:
    """Merchants that enrichment is not sure of, the most money first, without the first `offset`."""
    return DoubtList(
        doubts=[
            DoubtRead(
                merchant_key=item.merchant_key,
                direction=item.direction,
                rows=item.rows,
                money=item.money,
                currency=item.currency,
                category=item.category,
                confidence=item.confidence,
                example_id=item.example_id,
                example=item.example,
            )
            for item in doubts(session, user_id, limit=limit, offset=offset)
        ]
    )
