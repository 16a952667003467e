"""What a user decides about a renewal that came back as another login, over HTTP."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from bankimport.accounts.settle import Decision, decide_renewal
from bankimport.auth import CurrentUser
from bankimport.connections.calls.presence import user_address
from bankimport.connections.overview import connections_read
from bankimport.connections.schemas import ConnectionList
from bankimport.db.session import session_scope

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])


class DecisionRequest(BaseModel):
    """`replace`: the renewal takes the place of the consent; `add`: it becomes a connection of its own; `cancel`."""

    decision: Decision


@router.post("/{connection_id}/renewal")
def decide(connection_id: int, request: Request, user: CurrentUser, wanted: DecisionRequest) -> ConnectionList:
    """Say what becomes of a renewal that waits; answers with all connections."""
    decide_renewal(user.id, connection_id, wanted.decision, user_address(request))
    with session_scope() as session:
        return ConnectionList(connections=connections_read(session, user.id))
