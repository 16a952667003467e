"""Our client id at TrueLayer over HTTP: every user sees which is in use, administrators check and change it."""

from fastapi import APIRouter

from bankimport.auth import Administrator, CurrentUser
from bankimport.connections.schemas import SetupChecks, TrueLayerSetup, TrueLayerSetupChange, TrueLayerSetupRequest
from bankimport.connections.setup import check_setup, save_setup, setup_read
from bankimport.db.request import SessionDep
from bankimport.edge.depends import WAITS_OUTSIDE

router = APIRouter(prefix="/api/setup/truelayer", tags=["setup"])


@router.get("")
def show_setup(session: SessionDep, _user: CurrentUser) -> TrueLayerSetup:
    """The client id in use, where it comes from, and the redirect URI to register. The secret is never shown."""
    return setup_read(session)


@router.put("")
def change_setup(session: SessionDep, body: TrueLayerSetupChange, admin: Administrator) -> TrueLayerSetup:
    """Store a client id and its secret, encrypted. Check them first with `POST /api/setup/truelayer/check`."""
    save_setup(session, body, by=admin.id)
    return setup_read(session)


@router.post("/check", dependencies=[WAITS_OUTSIDE])
def check(body: TrueLayerSetupRequest, _admin: Administrator) -> SetupChecks:
    """Try a client id and secret at TrueLayer; stores nothing."""
    return check_setup(body)
