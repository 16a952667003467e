"""Signing in and out, and tokens for programs."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bankimport.auth import SESSION_COOKIE, CurrentUser, refuse_other_sites
from bankimport.db.request import SessionDep
from bankimport.edge.plain_page import form, link, paragraph, plain_page
from bankimport.errors import BankImportError
from bankimport.ids import Id
from bankimport.settings import get_settings
from bankimport.users import service
from bankimport.users.schemas import (
    ApiTokenCreated,
    ApiTokenList,
    ApiTokenRead,
    ApiTokenRequest,
    LoginRequest,
    UserRead,
)

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post("/login", status_code=200)
def login(credentials: LoginRequest, request: Request, response: Response, session: SessionDep) -> UserRead:
    """Sign in with e-mail address and password; sets the session cookie."""
    refuse_other_sites(request)
    token = service.sign_in(session, credentials.email, credentials.password)
    _set_cookie(response, token)
    return UserRead.model_validate(service.user_by_email(session, credentials.email))


@router.get("/link", include_in_schema=False)
def show_login_link(session: SessionDep, token: str = "") -> HTMLResponse:
    """What a one-time link opens: a button. Opening it changes nothing, as mail scanners and previews do that too."""
    try:
        service.check_login_link(session, token)
    except BankImportError as failure:
        return _no_sign_in(failure)
    return plain_page(
        "Sign in",
        paragraph("This link signs you in to bankimport on this device, once."),
        form("/api/auth/link", "Sign in", {"token": token}),
    )


@router.post("/link", include_in_schema=False)
def login_by_link(request: Request, session: SessionDep, token: Annotated[str, Form()] = "") -> Response:
    """Sign in by a one-time link and redirect to the page; a browser that cannot is shown why."""
    response = RedirectResponse("/", status_code=303)
    try:
        refuse_other_sites(request)
        _set_cookie(response, service.sign_in_by_link(session, token))
    except BankImportError as failure:
        return _no_sign_in(failure)
    return response


@router.post("/logout", status_code=204)
def logout(request: Request, response: Response, session: SessionDep, _user: CurrentUser) -> None:
    """End this session."""
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie is not None:
        service.sign_out(session, cookie)
    response.delete_cookie(SESSION_COOKIE)


@router.get("/me")
def me(user: CurrentUser) -> UserRead:
    """The signed-in user."""
    return UserRead.model_validate(user)


@router.post("/tokens", status_code=201)
def create_token(wanted: ApiTokenRequest, session: SessionDep, user: CurrentUser) -> ApiTokenCreated:
    """Create a bearer token; it is shown only now."""
    row, token = service.create_api_token(session, user.id, wanted.name)
    return ApiTokenCreated(**ApiTokenRead.model_validate(row).model_dump(), token=token)


@router.get("/tokens")
def list_tokens(session: SessionDep, user: CurrentUser) -> ApiTokenList:
    """The tokens that are not revoked."""
    rows = service.api_tokens_of(session, user.id)
    return ApiTokenList(tokens=[ApiTokenRead.model_validate(row) for row in rows])


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(token_id: Id, session: SessionDep, user: CurrentUser) -> None:
    """Revoke a token."""
    service.revoke_api_token(session, user.id, token_id)


def _no_sign_in(failure: BankImportError) -> HTMLResponse:
    """The page for a link that does not sign anybody in."""
    return plain_page(
        "This link does not sign you in",
        paragraph(f"{str(failure).capitalize()}.", is_fault=True),
        link("Go to the sign-in page", "/"),
        status_code=failure.http_status,
    )


def _set_cookie(response: Response, token: str) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(service.SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=get_settings().browser_url.startswith("https://"),
        path="/",
    )
