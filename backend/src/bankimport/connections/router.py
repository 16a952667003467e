"""Connections over HTTP: list, begin and renew a consent, extend it, remove it. `imports.callback` handles the
return."""

from fastapi import APIRouter, Request

from bankimport.auth import CurrentUser
from bankimport.connections import repository
from bankimport.connections.consent import authorise
from bankimport.connections.overview import connections_read
from bankimport.connections.schemas import AuthoriseRead, AuthoriseRequest, ConnectionList, ExtendRead, RemovedRead
from bankimport.db.request import SessionDep
from bankimport.db.session import session_scope
from bankimport.edge.depends import WAITS_OUTSIDE
from bankimport.ids import Id

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])


@router.get("")
def list_connections(session: SessionDep, user: CurrentUser) -> ConnectionList:
    """The user's connections, oldest first; removed ones are left out."""
    return ConnectionList(connections=connections_read(session, user.id))


@router.post("/authorize")
def authorize(request: Request, session: SessionDep, user: CurrentUser, body: AuthoriseRequest) -> AuthoriseRead:
    """Begin a consent: send the browser to the returned link."""
    redirect = authorise.begin_authorisation(
        session, user.id, provider_ids=body.provider_ids, in_browser=_is_browser(request)
    )
    return AuthoriseRead.model_validate(redirect)


@router.post("/{connection_id}/reauthorize")
def reauthorize(connection_id: Id, request: Request, session: SessionDep, user: CurrentUser) -> AuthoriseRead:
    """Begin the renewal of a consent at the same bank."""
    redirect = authorise.begin_reauthorisation(session, user.id, connection_id, in_browser=_is_browser(request))
    return AuthoriseRead.model_validate(redirect)


@router.post("/{connection_id}/extend", dependencies=[WAITS_OUTSIDE])
def extend(connection_id: Id, request: Request, user: CurrentUser) -> ExtendRead:
    """Extend a consent; this call is the user's reconfirmation."""
    extension = authorise.extend_connection(user.id, connection_id, in_browser=_is_browser(request))
    with session_scope() as session:
        return ExtendRead(
            extended=extension.tokens is not None,
            authorization_url=extension.user_link,
            consent_expires_at=repository.connection_of(session, user.id, connection_id).consent_expires_at,
        )


@router.delete("/{connection_id}", dependencies=[WAITS_OUTSIDE])
def remove(connection_id: Id, user: CurrentUser) -> RemovedRead:
    """End the consent at TrueLayer and delete its tokens; accounts and transactions stay."""
    end = authorise.remove_connection(user.id, connection_id)
    return RemovedRead(ended_at_truelayer=end.is_ended, problem=end.problem)


def _is_browser(request: Request) -> bool:
    return request.headers.get("authorization") is None
