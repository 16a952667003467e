"""The user's answer to a renewal that came back as another login, over HTTP."""

from fastapi import APIRouter

from bankimport.auth import CurrentUser
from bankimport.connections.calls.presence import PersonAddress
from bankimport.edge.depends import WAITS_OUTSIDE
from bankimport.ids import Id
from bankimport.imports.renewal import answer_renewal
from bankimport.imports.schemas import DecisionRequest, RenewalAnswered

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])


@router.post("/{connection_id}/renewal", dependencies=[WAITS_OUTSIDE])
def decide(connection_id: Id, user: CurrentUser, body: DecisionRequest, address: PersonAddress) -> RenewalAnswered:
    """Decide what happens to a waiting renewal. The import that waited for it is retried if that is possible."""
    return answer_renewal(user.id, connection_id, body.decision, address)
