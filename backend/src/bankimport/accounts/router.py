"""The user's decision about a renewal with another login, over HTTP."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from bankimport.accounts.settle import Decision, decide_renewal
from bankimport.auth import CurrentUser
from bankimport.connections.calls.presence import user_address
from bankimport.connections.overview import connections_read
from bankimport.connections.schemas import ConnectionList
from bankimport.db.session import session_scope
from bankimport.edge.depends import WAITS_OUTSIDE

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])


class DecisionRequest(BaseModel):
    """`replace`: the renewal replaces the consent; `add`: it becomes a connection of its own; `cancel`: it ends."""

    decision: Decision


@router.post("/{connection_id}/renewal", dependencies=[WAITS_OUTSIDE])
def decide(connection_id: int, request: Request, user: CurrentUser, wanted: DecisionRequest) -> ConnectionList:
    """Decide what happens to a waiting renewal; returns all connections."""
    decide_renewal(user.id, connection_id, wanted.decision, user_address(request))
    with session_scope() as session:
        return ConnectionList(connections=connections_read(session, user.id))
