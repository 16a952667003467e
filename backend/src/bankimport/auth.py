"""The caller: the user behind a session cookie or a bearer token."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from bankimport.db.session import session_scope
from bankimport.errors import Forbidden, NotSignedIn
from bankimport.settings import get_settings
from bankimport.users import service
from bankimport.users.models import User

SESSION_COOKIE = "bankimport_session"
UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def authenticate(session: Session, cookie: str | None, authorization: str | None) -> User | None:
    """The user of a cookie or an Authorization header; the header wins. HTTP and sockets share this."""
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        return service.user_of_api_token(session, token.strip()) if scheme.lower() == "bearer" else None
    return service.user_of_session(session, cookie) if cookie else None


def current_user(request: Request) -> User:
    """The calling user, read in a short session of its own: a route that waits for a bank holds no connection.

    Raises:
        NotSignedIn: no session or token, or an expired one.
        Forbidden: a browser sent the cookie from another site's page.
    """
    authorization = request.headers.get("authorization")
    if authorization is None and request.method in UNSAFE_METHODS:
        refuse_other_sites(request)
    with session_scope() as session:
        user = authenticate(session, request.cookies.get(SESSION_COOKIE), authorization)
    if user is None:
        raise NotSignedIn("sign in first: POST /api/auth/login, or send an API token as a bearer")
    return user


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
