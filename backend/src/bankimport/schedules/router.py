"""Schedules over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Query

from bankimport.auth import CurrentUser
from bankimport.connections.calls.presence import PersonAddress
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.paging import Cursor
from bankimport.schedules import overview, preview, repository, service
from bankimport.schedules.schemas import (
    PauseRequest,
    PreviewRead,
    PreviewRequest,
    RunList,
    RunRead,
    ScheduleChange,
    ScheduleList,
    ScheduleRead,
    ScheduleRequest,
)

router = APIRouter(prefix="/api/truelayer/import/schedules", tags=["schedules"])

Count = Annotated[int, Query(ge=1, le=50)]


@router.get("")
def list_schedules(session: SessionDep, user: CurrentUser) -> ScheduleList:
    """The user's schedules, oldest first."""
    return overview.schedule_list(session, user.id)


@router.post("", status_code=201)
def create(body: ScheduleRequest, session: SessionDep, user: CurrentUser) -> ScheduleRead:
    """Repeat an import; the first run is the next time of the rule."""
    return overview.schedule_read(session, service.create_schedule(session, user.id, body))


@router.post("/preview")
def preview_unsaved(body: PreviewRequest, session: SessionDep, user: CurrentUser) -> PreviewRead:
    """When a schedule would run, and what would stop it; nothing is saved."""
    return preview.preview_request(session, user.id, body, body.count)


@router.get("/{schedule_id}")
def read(schedule_id: Id, session: SessionDep, user: CurrentUser) -> ScheduleRead:
    """One schedule."""
    return overview.schedule_read(session, repository.schedule_of(session, user.id, schedule_id))


@router.patch("/{schedule_id}")
def edit(schedule_id: Id, change: ScheduleChange, session: SessionDep, user: CurrentUser) -> ScheduleRead:
    """Change the given fields; omitted fields stay."""
    return overview.schedule_read(session, service.edit_schedule(session, user.id, schedule_id, change))


@router.delete("/{schedule_id}", status_code=204)
def remove(schedule_id: Id, session: SessionDep, user: CurrentUser) -> None:
    """Remove a schedule. Imports in progress continue, and the schedule can be restored."""
    service.remove_schedule(session, user.id, schedule_id)


@router.post("/{schedule_id}/restore")
def restore(schedule_id: Id, session: SessionDep, user: CurrentUser) -> ScheduleRead:
    """Restore a removed schedule."""
    return overview.schedule_read(session, service.restore_schedule(session, user.id, schedule_id))


@router.post("/{schedule_id}/run")
def run(schedule_id: Id, session: SessionDep, user: CurrentUser, address: PersonAddress) -> RunRead:
    """Run the schedule now; the import is attended if its user is present."""
    started = service.run_now(session, user.id, schedule_id, address)
    return overview.run_read(session, started)


@router.post("/{schedule_id}/pause")
def pause(
    schedule_id: Id,
    session: SessionDep,
    user: CurrentUser,
    body: Annotated[PauseRequest, Body(default_factory=PauseRequest)],
) -> ScheduleRead:
    """Fire no more runs until it is resumed; imports in progress continue."""
    return overview.schedule_read(session, service.pause_schedule(session, user.id, schedule_id, body.reason))


@router.post("/{schedule_id}/resume")
def resume(schedule_id: Id, session: SessionDep, user: CurrentUser) -> ScheduleRead:
    """Resume with the next time of the rule."""
    return overview.schedule_read(session, service.resume_schedule(session, user.id, schedule_id))


@router.get("/{schedule_id}/preview")
def preview_saved(schedule_id: Id, session: SessionDep, user: CurrentUser, count: Count = 8) -> PreviewRead:
    """When the schedule runs next, and what would stop it."""
    return preview.preview_schedule(session, user.id, schedule_id, count)


@router.get("/{schedule_id}/history")
def read_history(
    schedule_id: Id,
    session: SessionDep,
    user: CurrentUser,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> RunList:
    """The schedule's runs, newest first: carried out, missed and skipped."""
    return overview.history_read(session, user.id, schedule_id, limit=limit, cursor=cursor)
