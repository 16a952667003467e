"""The caller: the user behind a session cookie or a bearer token, and what they may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from bankimport.db.acting import Group, become, for_everyone
from bankimport.db.session import session_scope
from bankimport.errors import Forbidden, NotSignedIn
from bankimport.settings import get_settings
from bankimport.users.access import READING_METHODS, Role, Scope, check_access
from bankimport.users.confirm import check_recent
from bankimport.users.models import User
from bankimport.users.service import find_api_token
from bankimport.users.sessions import SESSION_LIFETIME, Device, find_session

DEVICE_KNOWN_FOR = timedelta(days=365)
"""How long a browser is known as one in which a user has signed in."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A user, and how they are known: by a session, or by a token with scopes."""

    user: User
    session_id: int | None = None
    confirmed_at: datetime | None = None
    """When they last gave their password in this session; None with a token."""
    scopes: frozenset[Scope] | None = None


def session_cookie() -> str:
    """The name of the session's cookie. Behind TLS a browser accepts it only from this exact host."""
    return "__Host-bankimport_session" if is_behind_tls() else "bankimport_session"


def device_cookie() -> str:
    """The name of the cookie by which a browser is known as one in which a user has signed in."""
    return "__Host-bankimport_device" if is_behind_tls() else "bankimport_device"


def set_session_cookies(response: Response, token: str, device_mark: str) -> None:
    """Give the browser its session, and the mark by which it is known later."""
    for name, value, lasts in (
        (session_cookie(), token, SESSION_LIFETIME),
        (device_cookie(), device_mark, DEVICE_KNOWN_FOR),
    ):
        response.set_cookie(
            name,
            value,
            max_age=int(lasts.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=is_behind_tls(),
            path="/",
        )


def is_behind_tls() -> bool:
    """Whether browsers reach us by https."""
    return get_settings().browser_url.startswith("https://")


def find_caller(session: Session, cookie: str | None, authorization: str | None) -> Caller | None:
    """The caller with a cookie or an Authorization header; the header wins. HTTP and sockets share this."""
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        api_token = find_api_token(session, token.strip()) if scheme.lower() == "bearer" else None
        return None if api_token is None else Caller(api_token[0], scopes=frozenset(map(Scope, api_token[1].scopes)))
    opened = find_session(session, cookie) if cookie else None
    return None if opened is None else Caller(opened[0], opened[1].id, opened[1].confirmed_at)


def authenticate(session: Session, cookie: str | None, authorization: str | None) -> User | None:
    """The user of a cookie or an Authorization header, who may at least read."""
    caller = find_caller(session, cookie, authorization)
    is_closed = caller is None or (caller.scopes is not None and Scope.READ not in caller.scopes)
    return None if caller is None or is_closed else caller.user


def current_caller(request: Request) -> Caller:
    """The caller, read in a short session of its own: a route that waits for a bank holds no connection.

    Raises:
        NotSignedIn: no session or token, or an expired one.
        Forbidden: a browser sent the cookie from another site's page, the token lacks the scope that the request
            needs, or the user may only read.
    """
    authorization = request.headers.get("authorization")
    if authorization is None and request.method not in READING_METHODS:
        refuse_other_sites(request)
    with for_everyone(), session_scope() as session:
        caller = find_caller(session, request.cookies.get(session_cookie()), authorization)
    if caller is None:
        raise NotSignedIn("sign in first: POST /api/auth/login, or send an API token as a bearer")
    check_access(caller.user.role, caller.scopes, request.method, request.url.path)
    become(caller.user.id)
    return caller


CurrentCaller = Annotated[Caller, Depends(current_caller, scope="function")]


def current_user(caller: CurrentCaller) -> User:
    """The calling user; raises as `current_caller`."""
    return caller.user


def person(caller: CurrentCaller) -> Caller:
    """The caller, who is signed in with a session: tokens can neither make tokens nor change how one signs in.

    Raises:
        Forbidden: it is a token. Also as `current_caller`.
    """
    if caller.session_id is None:
        raise Forbidden("a token cannot do this; sign in with your password or a link")
    return caller


CurrentPerson = Annotated[Caller, Depends(person, scope="function")]


def recent_caller(caller: CurrentCaller) -> Caller:
    """The caller; one with a session has given their password lately. For a token its scopes are enough.

    Raises:
        RecentSignInNeeded: the session's user has to give their password again. Also as `current_caller`.
    """
    if caller.confirmed_at is not None:
        check_recent(caller.confirmed_at)
    return caller


RecentCaller = Annotated[Caller, Depends(recent_caller, scope="function")]


def recent_person(caller: CurrentPerson, _recent: RecentCaller) -> Caller:
    """A caller with a session who has given their password lately; raises as `person` and `recent_caller`."""
    return caller


RecentPerson = Annotated[Caller, Depends(recent_person, scope="function")]


def administrator(caller: CurrentPerson) -> User:
    """The calling user, who is an administrator; the request sees all users' rows.

    Raises:
        Forbidden: they are not. Also as `person`.
    """
    if caller.user.role is not Role.ADMIN:
        raise Forbidden("only an administrator may do this")
    become(Group.EVERYONE)
    return caller.user


def device_of(request: Request) -> Device:
    """Where a request comes from. Behind a reverse proxy, uvicorn puts the forwarded address here if it trusts it."""
    return Device(request.headers.get("user-agent"), request.client.host if request.client is not None else None)


def refuse_other_sites(request: Request) -> None:
    """Refuse a state-changing call that a browser makes for another site's page.

    Raises:
        Forbidden: the browser reports another origin.
    """
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Forbidden("this call comes from another site's page")
    origin = request.headers.get("origin")
    allowed = {f"{request.url.scheme}://{request.url.netloc}", get_settings().browser_url}
    if origin is not None and origin not in allowed:
        raise Forbidden("this call comes from another site's page")


CurrentUser = Annotated[User, Depends(current_user, scope="function")]
Administrator = Annotated[User, Depends(administrator, scope="function")]
