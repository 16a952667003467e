"""Enrichment over HTTP: jobs, what would be sent, the review queue, corrections and spending."""

from typing import Annotated

from fastapi import APIRouter, Body, Query

from bankimport.auth import CurrentUser
from bankimport.clock import utc_now
from bankimport.db.request import SessionDep
from bankimport.enrichment import origin, review, views
from bankimport.enrichment.model.private_names import set_private_names
from bankimport.enrichment.requests import new_job
from bankimport.enrichment.rules_schemas import RulePreviewRead, RuleRead
from bankimport.enrichment.run import apply_rule, jobs, undo
from bankimport.enrichment.run.estimate import estimate as estimate_job
from bankimport.enrichment.run.schemas import EnrichmentEventList
from bankimport.enrichment.schemas import (
    CorrectionRequest,
    DoubtList,
    EnrichmentDetail,
    EnrichmentList,
    EnrichmentRead,
    EnrichmentRequest,
    EnrichmentUndoRead,
    EstimateRead,
    LlmCallList,
    NeverAsked,
    OriginRead,
    OutgoingRead,
    PrivateNames,
    PrivateNamesRead,
    ResumeRequest,
    SpendRead,
)
from bankimport.ids import Id
from bankimport.money import parse_money
from bankimport.paging import Cursor, id_before

Samples = Annotated[int, Query(ge=0, le=apply_rule.MOST_SAMPLES, description="maximum number of rows to show")]

router = APIRouter(prefix="/api/truelayer/enrichment", tags=["enrichment"])


@router.post("/estimate")
def estimate(body: EnrichmentRequest, session: SessionDep, user: CurrentUser) -> EstimateRead:
    """The maximum cost of a job, before it is created."""
    return views.estimate_read(estimate_job(session, user.id, new_job(body)))


@router.post("/preview")
def preview(
    body: EnrichmentRequest,
    session: SessionDep,
    user: CurrentUser,
    limit: Annotated[int, Query(ge=1, le=50)] = 5,
) -> OutgoingRead:
    """The first of the exact texts that would be sent to the model; nothing is sent."""
    return views.outgoing_read(session, user.id, new_job(body), limit)


@router.get("/names")
def read_names(session: SessionDep, user: CurrentUser) -> PrivateNamesRead:
    """The names that are removed from everything that is sent to a model."""
    return views.names_read(session, user.id)


@router.put("/names")
def set_names(body: PrivateNames, session: SessionDep, user: CurrentUser) -> PrivateNamesRead:
    """Replace your own list of names to remove."""
    set_private_names(session, user.id, body.names)
    return views.names_read(session, user.id)


@router.post("/jobs", status_code=201)
def create(body: EnrichmentRequest, session: SessionDep, user: CurrentUser) -> EnrichmentRead:
    """Enrich given rows, an import's rows, or all."""
    return views.job_read(session, jobs.create_job(session, user.id, new_job(body)))


@router.get("/jobs")
def list_jobs(
    session: SessionDep,
    user: CurrentUser,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> EnrichmentList:
    """The user's enrichment jobs, newest first."""
    return views.job_list(session, user.id, limit=limit, before=id_before(cursor))


@router.get("/jobs/{job_id}")
def read(job_id: Id, session: SessionDep, user: CurrentUser) -> EnrichmentDetail:
    """One enrichment job, with the rows it was created for."""
    return views.job_detail(session, user.id, job_id)


@router.get("/jobs/{job_id}/events")
def read_events(
    job_id: Id,
    session: SessionDep,
    user: CurrentUser,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> EnrichmentEventList:
    """The events of an enrichment job after the event `after`."""
    return views.events_read(session, user.id, job_id, after=after, limit=limit)


@router.get("/jobs/{job_id}/calls")
def read_calls(
    job_id: Id,
    session: SessionDep,
    user: CurrentUser,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> LlmCallList:
    """The requests to models of an enrichment job, newest first: tokens, cost, latency, prompt version."""
    return views.calls_read(session, user.id, job_id, limit=limit, before=id_before(cursor))


@router.post("/jobs/{job_id}/pause")
def pause(job_id: Id, session: SessionDep, user: CurrentUser) -> EnrichmentRead:
    """Pause after the call in progress."""
    return views.job_read(session, jobs.pause_job(session, user.id, job_id))


@router.post("/jobs/{job_id}/resume")
def resume(
    job_id: Id,
    session: SessionDep,
    user: CurrentUser,
    body: Annotated[ResumeRequest, Body(default_factory=ResumeRequest)],
) -> EnrichmentRead:
    """Resume where it stopped, with a new cap if one is given."""
    cap = parse_money(body.cap) if body.cap else None
    return views.job_read(session, jobs.resume_job(session, user.id, job_id, cap))


@router.post("/jobs/{job_id}/cancel")
def cancel(job_id: Id, session: SessionDep, user: CurrentUser) -> EnrichmentRead:
    """Cancel it; what it wrote stays."""
    return views.job_read(session, jobs.cancel_job(session, user.id, job_id))


@router.post("/jobs/{job_id}/undo")
def undo_job(job_id: Id, session: SessionDep, user: CurrentUser) -> EnrichmentUndoRead:
    """Restore the rows that it changed; rows changed since stay."""
    job, restored, unchanged = undo.undo_job(session, user.id, job_id)
    return EnrichmentUndoRead(job=views.job_read(session, job), rows_back=restored, changed_since=unchanged)


@router.get("/review")
def read_review(
    session: SessionDep,
    user: CurrentUser,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> DoubtList:
    """Merchants that enrichment is not sure of, most money first."""
    return views.doubts_read(session, user.id, limit=limit, offset=offset)


@router.post("/corrections/preview")
def preview_correction(
    body: CorrectionRequest, session: SessionDep, user: CurrentUser, samples: Samples = 10
) -> RulePreviewRead:
    """What a correction would change in the merchant's stored rows."""
    found = review.preview_correction(
        session, user.id, body.transaction_id, body.merchant, body.category, samples=samples
    )
    return views.preview_read(found)


@router.post("/corrections", status_code=201)
def correct(body: CorrectionRequest, session: SessionDep, user: CurrentUser) -> RuleRead:
    """Correct a row and learn it for its merchant; with `apply`, also change the merchant's stored rows."""
    rule = review.correct(session, user.id, body.transaction_id, body.merchant, body.category)
    job = apply_rule.apply_if_it_fits(session, user.id, rule) if body.apply else None
    return views.rule_read(rule, job.id if job else None)


@router.put("/transactions/{transaction_id}/never-ask")
def never_ask(transaction_id: Id, session: SessionDep, user: CurrentUser) -> NeverAsked:
    """Prevent models from being asked about the row's merchant."""
    key, direction = review.set_never_asked(session, user.id, transaction_id, is_never_asked=True)
    return NeverAsked(merchant_key=key, direction=direction, is_never_asked=True)


@router.delete("/transactions/{transaction_id}/never-ask")
def may_ask(transaction_id: Id, session: SessionDep, user: CurrentUser) -> NeverAsked:
    """Allow models to be asked about the row's merchant again."""
    key, direction = review.set_never_asked(session, user.id, transaction_id, is_never_asked=False)
    return NeverAsked(merchant_key=key, direction=direction, is_never_asked=False)


@router.get("/transactions/{transaction_id}")
def read_origin(transaction_id: Id, session: SessionDep, user: CurrentUser) -> OriginRead:
    """Where a row's present merchant and category came from."""
    return origin.origin_of(session, user.id, transaction_id)


@router.get("/spend")
def read_spend(session: SessionDep, user: CurrentUser) -> SpendRead:
    """The cost of the user's model calls this month."""
    return views.spend_read(session, user.id, utc_now())
