"""Export and erasure over HTTP: one's own, and for administrators the erasure of others."""

from contextlib import closing

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from bankimport.auth import Administrator, RecentCaller, RecentPerson, session_cookie
from bankimport.clock import utc_now
from bankimport.data_rights.erase import erase_user
from bankimport.data_rights.export import zip_pieces
from bankimport.data_rights.schemas import ErasedRead, ErasureRequest
from bankimport.db.request import UntilSent
from bankimport.db.session import session_scope, snapshot_scope
from bankimport.edge.depends import WAITS_OUTSIDE
from bankimport.errors import InvalidRequest
from bankimport.ids import Id
from bankimport.transactions.export.service import export_place
from bankimport.users.record import record

router = APIRouter(tags=["data rights"])


@router.get(
    "/api/me/export",
    response_class=StreamingResponse,
    responses={200: {"description": "A zip file.", "content": {"application/zip": {}}}},
)
def export_everything(until_sent: UntilSent, caller: RecentCaller) -> StreamingResponse:
    """All data of the user in one zip: each table as JSON lines, banks' answers among them, and a README."""
    user_id, at = caller.user.id, utc_now()
    until_sent.enter_context(export_place(user_id))
    with session_scope() as session:
        record(session, user_id, "user.exported")
    session = until_sent.enter_context(snapshot_scope())
    pieces = until_sent.enter_context(closing(zip_pieces(session, user_id, at)))
    name = f'attachment; filename="bankimport-everything-{at:%Y-%m-%d}.zip"'
    return StreamingResponse(pieces, media_type="application/zip", headers={"Content-Disposition": name})


@router.delete("/api/me", dependencies=[WAITS_OUTSIDE])
def erase_me(body: ErasureRequest, response: Response, caller: RecentPerson) -> ErasedRead:
    """Erase the user: their consents are ended at TrueLayer, and all their data is deleted for good."""
    if body.email.casefold() != caller.user.email.casefold():
        raise InvalidRequest("that is not your e-mail address; nothing was erased")
    erased = ErasedRead.of(erase_user(caller.user.id, caller.user.id))
    response.delete_cookie(session_cookie(), path="/")
    return erased


@router.delete("/api/users/{user_id}", tags=["users"], dependencies=[WAITS_OUTSIDE])
def erase_another(user_id: Id, admin: Administrator, _recent: RecentPerson) -> ErasedRead:
    """Erase a user with all their data, and end their consents at TrueLayer."""
    return ErasedRead.of(erase_user(user_id, admin.id))
