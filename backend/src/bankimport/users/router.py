"""Signing in and out, and tokens for programs."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bankimport.auth import (
    CurrentCaller,
    CurrentPerson,
    CurrentUser,
    RecentPerson,
    device_cookie,
    device_of,
    is_behind_tls,
    refuse_other_sites,
    session_cookie,
    set_session_cookies,
)
from bankimport.clock import utc_now
from bankimport.db.acting import for_everyone
from bankimport.db.request import SessionDep
from bankimport.edge.plain_page import form, link, paragraph, plain_page, text_input
from bankimport.errors import BankImportError, InvalidRequest
from bankimport.ids import Id
from bankimport.users import first_user, service, sessions
from bankimport.users.confirm import confirm
from bankimport.users.errors import PasswordTooWeak
from bankimport.users.passwords import LONGEST, SHORTEST
from bankimport.users.schemas import (
    ApiTokenCreated,
    ApiTokenList,
    ApiTokenRead,
    ApiTokenRequest,
    LoginRequest,
    PasswordChange,
    PasswordGiven,
    SessionList,
    SessionRead,
    UserRead,
)
from bankimport.users.sign_in import change_password, new_device_mark, sign_in

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post("/login", status_code=200)
def login(credentials: LoginRequest, request: Request, response: Response) -> UserRead:
    """Sign in with e-mail address and password; sets the session cookie."""
    refuse_other_sites(request)
    device, mark = device_of(request), request.cookies.get(device_cookie())
    email, password = credentials.email, credentials.password
    with for_everyone():
        signed_in = sign_in(email, password, device, mark, credentials.code, credentials.passkey)
    set_session_cookies(response, signed_in.token, signed_in.device_mark)
    return UserRead.model_validate(signed_in.user)


@router.get("/link", include_in_schema=False)
def show_login_link(session: SessionDep, token: str = "") -> HTMLResponse:
    """What a one-time link opens: a button. Opening it changes nothing, as mail scanners and previews do that too."""
    try:
        with for_everyone():
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
        with for_everyone():
            user, opened = service.sign_in_by_link(session, token, device_of(request))
        set_session_cookies(response, opened, new_device_mark(user))
    except BankImportError as failure:
        return _no_sign_in(failure)
    return response


@router.get("/first", include_in_schema=False)
def show_first_user(session: SessionDep, token: str = "") -> HTMLResponse:
    """What the link of `bankimport up` opens while there is no user: a form for the administrator's account."""
    try:
        first_user.check_first_token(session, token)
    except BankImportError as failure:
        return _no_sign_in(failure)
    return _first_user_form(token)


@router.post("/first", include_in_schema=False)
def create_first_user(
    request: Request,
    session: SessionDep,
    token: Annotated[str, Form()] = "",
    email: Annotated[str, Form(max_length=service.LONGEST_ADDRESS)] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Create the administrator, sign them in and redirect to the page; what is wrong is said above the same form."""
    response = RedirectResponse("/", status_code=303)
    try:
        refuse_other_sites(request)
        with for_everyone():
            first_user.check_first_token(session, token)
            service.check_address(email)
            user = first_user.create_first_user(session, token, email, password)
            opened = sessions.open_session(session, user.id, "user.signed_in_by_link", device_of(request))
        set_session_cookies(response, opened, new_device_mark(user))
    except (PasswordTooWeak, InvalidRequest) as fault:
        return _first_user_form(token, email, fault)
    except BankImportError as failure:
        return _no_sign_in(failure)
    return response


@router.post("/logout", status_code=204)
def logout(request: Request, response: Response, session: SessionDep, _user: CurrentUser) -> None:
    """End this session."""
    cookie = request.cookies.get(session_cookie())
    if cookie is not None:
        service.sign_out(session, cookie)
    response.delete_cookie(session_cookie(), path="/", secure=is_behind_tls(), httponly=True)


@router.post("/password", status_code=204)
def set_password(body: PasswordChange, request: Request, caller: CurrentPerson) -> None:
    """Change the password; all other sessions end."""
    device = device_of(request)
    change_password(caller.user, body.old_password, body.new_password, device, keeps_session=caller.session_id)


@router.get("/confirm", status_code=204)
def is_confirmed(_caller: RecentPerson) -> None:
    """Succeeds if the user signed in or gave their password in this session in the last ten minutes."""


@router.post("/confirm", status_code=204)
def confirm_password(body: PasswordGiven, request: Request, caller: CurrentPerson) -> None:
    """Give the password again, as some operations require; it counts for ten minutes in this session."""
    assert caller.session_id is not None
    confirm(caller.user, caller.session_id, body.password, device_of(request))


@router.get("/sessions")
def list_sessions(session: SessionDep, caller: CurrentCaller) -> SessionList:
    """The browsers in which the user is signed in."""
    rows = sessions.sessions_of(session, caller.user.id)
    found = [
        SessionRead.model_validate(row).model_copy(update={"is_current": row.id == caller.session_id}) for row in rows
    ]
    return SessionList(sessions=found, failed_sign_ins=service.failed_sign_ins(session, caller.user.id))


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(session_id: Id, session: SessionDep, caller: CurrentPerson) -> None:
    """End one session."""
    sessions.end_session(session, caller.user.id, session_id)


@router.delete("/sessions", status_code=204)
def end_other_sessions(session: SessionDep, caller: CurrentPerson) -> None:
    """End all other sessions."""
    sessions.end_sessions(session, caller.user.id, but=caller.session_id)


@router.get("/me")
def me(user: CurrentUser) -> UserRead:
    """The signed-in user."""
    return UserRead.model_validate(user)


@router.post("/tokens", status_code=201)
def create_token(body: ApiTokenRequest, session: SessionDep, caller: RecentPerson) -> ApiTokenCreated:
    """Create a bearer token; it is shown only now. A token cannot create another."""
    days = body.expires_in_days
    expires_at = None if days is None else utc_now() + timedelta(days=days)
    row, token = service.create_api_token(session, caller.user.id, body.name, body.scopes, expires_at)
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


def _first_user_form(token: str, email: str = "", fault: BankImportError | None = None) -> HTMLResponse:
    return plain_page(
        "Welcome to bankimport",
        paragraph("Nobody uses this installation yet. Create your account; it is the administrator's."),
        *([] if fault is None else [paragraph(f"{fault.message[:1].upper()}{fault.message[1:]}.", is_fault=True)]),
        form(
            first_user.FIRST_PATH,
            "Create the account",
            {"token": token},
            text_input(
                "email",
                "E-mail address",
                type="email",
                value=email,
                autocomplete="username",
                maxlength=str(service.LONGEST_ADDRESS),
            ),
            text_input(
                "password",
                f"Password, at least {SHORTEST} characters",
                type="password",
                autocomplete="new-password",
                minlength=str(SHORTEST),
                maxlength=str(LONGEST),
            ),
        ),
        status_code=200 if fault is None else fault.http_status,
    )


def _no_sign_in(failure: BankImportError) -> HTMLResponse:
    """The page for an invalid sign-in link."""
    return plain_page(
        "This link does not sign you in",
        paragraph(f"{str(failure).capitalize()}.", is_fault=True),
        link("Go to the sign-in page", "/"),
        status_code=failure.http_status,
    )
