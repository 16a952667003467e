"""Imports over HTTP: plan, start, status, history, events, rejected rows."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from sqlalchemy.orm import Session

from bankimport.auth import CurrentUser
from bankimport.connections.calls.presence import PersonAddress
from bankimport.connections.consent.authorise import begin_reauthorisation
from bankimport.connections.schemas import AuthoriseRead
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.imports import repository
from bankimport.imports.answers import rejected
from bankimport.imports.changes import dry_run, undo
from bankimport.imports.changes.schemas import DiffRead, UndoList, UndoRead, UndoRequest
from bankimport.imports.models import ImportJob, JobStatus, JobType
from bankimport.imports.plan.plan import plan_import, work_out_plan
from bankimport.imports.read import queue, status
from bankimport.imports.run import control
from bankimport.imports.run.start import start_import
from bankimport.imports.schemas import (
    AccountChoice,
    AccountState,
    BulkRead,
    BulkRequest,
    EventList,
    HistoryRead,
    ImportEstimateRead,
    NextRequest,
    PlanRead,
    PlanRequest,
    QueueRead,
    RejectedList,
    StartRead,
    StartRequest,
    StatusRead,
)
from bankimport.paging import Cursor
from bankimport.transactions.filters import TransactionFilter
from bankimport.transactions.router import PageLimit
from bankimport.transactions.schemas import TransactionPage
from bankimport.transactions.service import search_transactions

router = APIRouter(prefix="/api/truelayer/import", tags=["imports"])
Chosen = Annotated[AccountChoice, Body(default_factory=AccountChoice)]


@router.post("/plan")
def plan(body: PlanRequest, session: SessionDep, user: CurrentUser, address: PersonAddress) -> PlanRead:
    """Show what an import would fetch; nothing is fetched until it is started."""
    return status.plan_read(plan_import(session, user.id, body, address))


@router.post("/estimate")
def estimate(body: PlanRequest, session: SessionDep, user: CurrentUser, address: PersonAddress) -> ImportEstimateRead:
    """Show what an import would fetch, like `plan`, but save nothing; for use while the user is still choosing."""
    return status.estimate_read(work_out_plan(session, user.id, body, address), body)


@router.post("/start")
def start(body: StartRequest, session: SessionDep, user: CurrentUser, address: PersonAddress) -> StartRead:
    """Carry out a plan in the background; repeating the request changes nothing."""
    job = start_import(session, user.id, body.job_id, address)
    return StartRead(
        job_id=job.id,
        status=job.shown_status,
        started_at=job.started_at,
        accounts=[
            AccountState(account_id=account.id, status=account_import.status)
            for account_import, account in repository.account_imports_of(session, job.id)
        ],
    )


@router.get("/status/{job_id}")
def read_status(job_id: Id, session: SessionDep, user: CurrentUser) -> StatusRead:
    """A job and the present state of its accounts."""
    return status.status_read(session, user.id, job_id)


@router.get("/history")
def read_history(
    session: SessionDep,
    user: CurrentUser,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
    connection_id: Id | None = None,
    job_status: Annotated[list[JobStatus] | None, Query(alias="status")] = None,
    job_type: JobType | None = None,
) -> HistoryRead:
    """The user's jobs, newest first; `status` may be given several times."""
    return status.history_read(
        session,
        user.id,
        limit=limit,
        cursor=cursor,
        connection_id=connection_id,
        statuses=job_status or (),
        job_type=job_type,
    )


@router.get("/queue")
def read_queue(
    session: SessionDep,
    user: CurrentUser,
    connection_id: Id | None = None,
    status: JobStatus | None = None,
    recent: Annotated[int, Query(ge=0, le=200)] = 20,
) -> QueueRead:
    """Queued, running, waiting, paused and recently ended jobs."""
    return queue.queue_read(session, user.id, connection_id=connection_id, status=status, recent=recent)


@router.post("/queue/pause", status_code=204)
def pause_queue(session: SessionDep, user: CurrentUser) -> None:
    """Pause all of the user's imports."""
    control.pause_queue(session, user.id)


@router.post("/queue/resume", status_code=204)
def resume_queue(session: SessionDep, user: CurrentUser) -> None:
    """Resume the user's imports."""
    control.resume_queue(session, user.id)


@router.post("/queue/bulk")
def control_many(body: BulkRequest, session: SessionDep, user: CurrentUser, address: PersonAddress) -> BulkRead:
    """Pause, resume, cancel or retry several jobs, or run them next, the newest first."""
    actions: dict[str, Callable[[Session, int, int], ImportJob]] = {
        "next": control.run_next,
        "pause": control.pause_import,
        "resume": partial(control.resume_import, attended_ip=address),
        "cancel": control.cancel_import,
        "retry": partial(control.retry_import, attended_ip=address),
    }
    return BulkRead(outcomes=control.control_many(session, user.id, body.job_ids, actions[body.action]))


@router.post("/{job_id}/next")
def run_next(
    job_id: Id,
    session: SessionDep,
    user: CurrentUser,
    body: Annotated[NextRequest, Body(default_factory=NextRequest)],
) -> StatusRead:
    """Run a job before the user's other jobs, or in turn again; other users' jobs keep their turns."""
    control.run_next(session, user.id, job_id, is_wanted=body.wanted)
    return status.status_read(session, user.id, job_id)


@router.post("/{job_id}/pause")
def pause(job_id: Id, session: SessionDep, user: CurrentUser, body: Chosen) -> StatusRead:
    """Pause a job or some of its accounts; the request in progress finishes first."""
    control.pause_import(session, user.id, job_id, body.account_ids)
    return status.status_read(session, user.id, job_id)


@router.post("/{job_id}/resume")
def resume(job_id: Id, session: SessionDep, user: CurrentUser, body: Chosen, address: PersonAddress) -> StatusRead:
    """Resume a paused job or some of its accounts where they stopped."""
    control.resume_import(session, user.id, job_id, body.account_ids, address)
    return status.status_read(session, user.id, job_id)


@router.post("/{job_id}/cancel")
def cancel(job_id: Id, session: SessionDep, user: CurrentUser, body: Chosen) -> StatusRead:
    """Cancel a job or some of its accounts at once; what is stored stays."""
    control.cancel_import(session, user.id, job_id, body.account_ids)
    return status.status_read(session, user.id, job_id)


@router.post("/{job_id}/retry")
def retry(job_id: Id, session: SessionDep, user: CurrentUser, body: Chosen, address: PersonAddress) -> StatusRead:
    """Retry what failed or was cancelled, and nothing else."""
    control.retry_import(session, user.id, job_id, body.account_ids, address)
    return status.status_read(session, user.id, job_id)


@router.get("/{job_id}/diff")
def read_diff(
    job_id: Id, session: SessionDep, user: CurrentUser, limit: Annotated[int, Query(ge=0, le=1000)] = 100
) -> DiffRead:
    """What committing a dry run would do."""
    return dry_run.diff_read(session, user.id, job_id, limit=limit)


@router.post("/{job_id}/commit")
def commit(job_id: Id, session: SessionDep, user: CurrentUser) -> StatusRead:
    """Store what a dry run fetched, without calling the bank again."""
    dry_run.commit_import(session, user.id, job_id)
    return status.status_read(session, user.id, job_id)


@router.post("/{job_id}/discard")
def discard(job_id: Id, session: SessionDep, user: CurrentUser) -> StatusRead:
    """Discard a dry run: its answers are deleted, and only their hashes stay."""
    dry_run.discard_import(session, user.id, job_id)
    return status.status_read(session, user.id, job_id)


@router.get("/{job_id}/undo")
def plan_undo(job_id: Id, session: SessionDep, user: CurrentUser) -> UndoRead:
    """What undoing a job would do."""
    return status.undo_read(undo.plan_undo(session, user.id, job_id))


@router.post("/{job_id}/undo")
def undo_job(
    job_id: Id,
    session: SessionDep,
    user: CurrentUser,
    body: Annotated[UndoRequest, Body(default_factory=UndoRequest)],
) -> UndoList:
    """Restore the record to its state before a job."""
    undone = undo.undo_import(session, user.id, job_id, with_later=body.with_later)
    return UndoList(undone=[status.undo_read(plan) for plan in undone])


@router.post("/{job_id}/redo")
def redo_job(job_id: Id, session: SessionDep, user: CurrentUser) -> StatusRead:
    """Redo an undone import."""
    undo.redo_import(session, user.id, job_id)
    return status.status_read(session, user.id, job_id)


@router.post("/{job_id}/reauthorize")
def reauthorize(job_id: Id, request: Request, session: SessionDep, user: CurrentUser) -> AuthoriseRead:
    """Begin to renew the consent for a job's bank; afterwards the job's failed accounts are retried at once."""
    job = repository.job_of(session, user.id, job_id)
    redirect = begin_reauthorisation(
        session,
        user.id,
        job.connection_id,
        in_browser=request.headers.get("authorization") is None,
        then_retry_job_id=job.id,
    )
    return AuthoriseRead.model_validate(redirect)


@router.get("/{job_id}/events")
def read_events(
    job_id: Id,
    session: SessionDep,
    user: CurrentUser,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> EventList:
    """The events of a job, numbered without gaps."""
    return status.events_read(session, user.id, job_id, after=after, limit=limit)


@router.get("/{job_id}/rejected")
def read_rejected(
    job_id: Id, session: SessionDep, user: CurrentUser, limit: PageLimit = 100, cursor: Cursor = None
) -> RejectedList:
    """The rejected rows, as the bank sent them: unreadable, or of days that were not requested."""
    return rejected.rejected_read(session, user.id, job_id, limit=limit, cursor=cursor)


@router.get("/{job_id}/transactions")
def read_transactions(
    job_id: Id, session: SessionDep, user: CurrentUser, limit: PageLimit = 100, cursor: Cursor = None
) -> TransactionPage:
    """The rows that a job stored, newest first."""
    repository.job_of(session, user.id, job_id)
    return search_transactions(session, user.id, TransactionFilter(job_id=job_id), limit=limit, cursor=cursor)
