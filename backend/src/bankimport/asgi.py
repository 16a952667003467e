"""What an API process serves: HTTP and sockets."""

from bankimport.app import create_app
from bankimport.auth import authenticate, session_cookie
from bankimport.db.acting import for_everyone
from bankimport.db.session import session_scope
from bankimport.edge.guard import Guard
from bankimport.enrichment.live import LIVE_ENRICHMENTS
from bankimport.imports.read.live import LIVE_IMPORTS
from bankimport.processes.garbage import spare_what_stays
from bankimport.realtime.publish import ENRICHMENT_JOB, IMPORT_JOB
from bankimport.realtime.server import Credentials, LiveServer
from bankimport.realtime.sockets import socketio


def create_asgi() -> Guard:
    """The whole application of one API process."""
    live = LiveServer(_user_of, {IMPORT_JOB: LIVE_IMPORTS, ENRICHMENT_JOB: LIVE_ENRICHMENTS}, session_cookie())
    made = Guard(socketio.ASGIApp(live.sio, other_asgi_app=create_app(), socketio_path="socket.io"))
    spare_what_stays()
    return made


def _user_of(credentials: Credentials) -> int | None:
    with for_everyone(), session_scope() as session:
        user = authenticate(session, credentials.cookie, credentials.authorization)
        return user.id if user is not None else None
