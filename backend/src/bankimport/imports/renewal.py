"""The user's answer to a renewal that came back as another login, and the import that was waiting for it."""

from typing import Self

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel

from bankimport.accounts.settle import Decision, decide_renewal
from bankimport.auth import CurrentUser
from bankimport.connections import repository as connections
from bankimport.connections.calls.presence import user_address
from bankimport.connections.overview import connections_read
from bankimport.connections.schemas import ConnectionList
from bankimport.db.session import session_scope
from bankimport.edge.depends import WAITS_OUTSIDE
from bankimport.errors import BankImportError
from bankimport.ids import Id
from bankimport.imports.run.control import retry_import

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])


class DecisionRequest(BaseModel):
    """`replace`: the renewal takes the place of the consent; `add`: it becomes a connection of its own; `cancel`."""

    decision: Decision


class RenewalAnswered(ConnectionList):
    """All connections after the answer. `retried_job_id` is the waiting import, where it could be retried."""

    retried_job_id: Id | None = None

    @classmethod
    def read(cls, user_id: int, retried_job_id: int | None) -> Self:
        """The connections as they are now."""
        with session_scope() as session:
            return cls(connections=connections_read(session, user_id), retried_job_id=retried_job_id)


def answer_renewal(user_id: int, connection_id: int, decision: Decision, attended_ip: str | None) -> RenewalAnswered:
    """Do with a waiting renewal what its user wants, then retry the import that the consent was given to continue.

    The import is retried only if its own connection can be used after the answer: one that is added as a connection of
    its own does not revive an ended consent.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
        NothingToDecide: no renewal of it waits.
    """
    with session_scope() as session:
        connections.connection_of(session, user_id, connection_id)
        job_id = connections.waiting_job(session, connection_id)
    decide_renewal(user_id, connection_id, decision, attended_ip)
    return RenewalAnswered.read(user_id, job_id if job_id is not None and _is_retried(user_id, job_id) else None)


def _is_retried(user_id: int, job_id: int) -> bool:
    try:
        with session_scope() as session:
            retry_import(session, user_id, job_id)
    except BankImportError as failure:
        log.info("import.not_retried", job_id=job_id, code=failure.code)
        return False
    return True


@router.post("/{connection_id}/renewal", dependencies=[WAITS_OUTSIDE])
def decide(connection_id: Id, request: Request, user: CurrentUser, wanted: DecisionRequest) -> RenewalAnswered:
    """Say what becomes of a renewal that waits. The import that waited for it is retried where that is possible."""
    return answer_renewal(user.id, connection_id, wanted.decision, user_address(request))
