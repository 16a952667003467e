"""The audit log over HTTP: a user's own entries, and all entries for administrators."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from bankimport.auth import Administrator, CurrentUser
from bankimport.clock import utc_today
from bankimport.db.request import SessionDep
from bankimport.db.session import session_scope
from bankimport.paging import Cursor, id_before
from bankimport.users.record import entries_before
from bankimport.users.schemas import AuditEntryRead, AuditList

router = APIRouter(prefix="/api/audit", tags=["audit"])

ENTRIES_AT_ONCE = 1000

Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("")
def list_entries(session: SessionDep, user: CurrentUser, limit: Limit = 50, cursor: Cursor = None) -> AuditList:
    """What the user did that may matter later, newest first."""
    return _page(session, user.id, limit, cursor)


@router.get("/all")
def list_all(session: SessionDep, _admin: Administrator, limit: Limit = 50, cursor: Cursor = None) -> AuditList:
    """The entries of all users and of the installation itself, newest first."""
    return _page(session, None, limit, cursor)


@router.get("/export", response_class=StreamingResponse)
def export_entries(user: CurrentUser) -> StreamingResponse:
    """The user's entries as JSON lines, newest first."""
    return _file(user.id)


@router.get("/all/export", response_class=StreamingResponse)
def export_all(_admin: Administrator) -> StreamingResponse:
    """The entries of all users as JSON lines, newest first."""
    return _file(None)


def _page(session: Session, user_id: int | None, limit: int, cursor: str | None) -> AuditList:
    found = entries_before(session, user_id, id_before(cursor), limit + 1)
    page = [AuditEntryRead.of(entry, email) for entry, email in found[:limit]]
    return AuditList(entries=page, next_cursor=str(page[-1].id) if len(found) > limit else None)


def _file(user_id: int | None) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="bankimport-audit-{utc_today()}.ndjson"'}
    return StreamingResponse(_lines(user_id), media_type="application/x-ndjson", headers=headers)


def _lines(user_id: int | None) -> Iterator[str]:
    """The entries, read a page at a time: a slow reader keeps no connection to the database."""
    before: int | None = None
    while True:
        with session_scope() as session:
            found = entries_before(session, user_id, before, ENTRIES_AT_ONCE)
            page = [AuditEntryRead.of(entry, email) for entry, email in found]
        for item in page:
            yield item.model_dump_json() + "\n"
        if len(page) < ENTRIES_AT_ONCE:
            return
        before = page[-1].id
