"""The return from a bank's consent pages: list the accounts, and resume the import that needed the consent.

A consent that a program or a command began may come back to anybody's browser. There its user confirms it first, so
that nobody's bank is connected for somebody who merely sent them the link.
"""

from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bankimport.accounts.settle import settle_consent
from bankimport.auth import authenticate, refuse_other_sites, session_cookie
from bankimport.connections.calls.bank import Bank
from bankimport.connections.calls.holder import learn_holder_names
from bankimport.connections.calls.presence import browser_address
from bankimport.connections.consent.authorise import ConsentReturn, finish_authorisation
from bankimport.connections.errors import AuthorisationCancelled, ConfirmationNeeded
from bankimport.db.acting import become, for_everyone
from bankimport.db.session import session_scope
from bankimport.edge.plain_page import form, link, paragraph, plain_page, text_input
from bankimport.errors import BankImportError
from bankimport.imports.run.control import retry_import

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])

PAGE = "/connections"
CALLBACK = "/api/truelayer/connections/callback"


@router.get("/callback", include_in_schema=False)
def callback(request: Request, state: str = "", code: str | None = None, error: str | None = None) -> Response:
    """Where the bank sends the user back: store the consent, list its accounts, redirect to the page.

    The tokens are committed before any other call, so that a later failure never costs a consent.
    """
    return _come_back(request, ConsentReturn(state, code, error, by_program=not _is_browser(request)))


@router.post("/callback/confirm", include_in_schema=False)
def confirm(
    request: Request,
    state: Annotated[str, Form()],
    code: Annotated[str, Form()],
    confirmation: Annotated[str, Form()],
) -> Response:
    """The same, once the user has typed the code that was shown with the link."""
    refuse_other_sites(request)
    return _come_back(request, ConsentReturn(state, code, None, by_program=False, confirmation=confirmation))


def _come_back(request: Request, returned: ConsentReturn) -> Response:
    try:
        with for_everyone():
            with session_scope() as session:
                cookie = request.cookies.get(session_cookie())
                user = authenticate(session, cookie, request.headers.get("authorization"))
            consent = finish_authorisation(user, returned)
    except ConfirmationNeeded as needed:
        return _confirmation_page(needed, returned)
    except BankImportError as failure:
        log.info("consent.not_given", code=failure.code)
        about = "cancelled" if isinstance(failure, AuthorisationCancelled) else "consent"
        return _to_page(problem=failure.code, about=about)
    become(consent.user_id)
    # A bank sends its user's browser back because they have just confirmed there. A program with a token is not they.
    is_session = user is not None and user.id == consent.user_id and request.headers.get("authorization") is None
    is_present = is_session and not returned.by_program
    address = browser_address(request) if is_present else None
    try:
        settled = settle_consent(consent.connection_id, address)
    except BankImportError as failure:
        log.warning("accounts.not_listed", connection_id=consent.connection_id, code=failure.code)
        return _to_page(connected=consent.renews_id or consent.connection_id, problem=failure.code, about="accounts")
    if settled.is_other_login:
        return _to_page(connected=settled.connection_id, problem="another_login", about="login")
    learn_holder_names(Bank(settled.connection_id, attended_ip=address), settled.connection_id)
    if consent.then_retry_job_id is None:
        return _to_page(connected=settled.connection_id)
    try:
        with session_scope() as session:
            retry_import(session, consent.user_id, consent.then_retry_job_id, attended_ip=address)
    except BankImportError as failure:
        log.info("import.not_retried", job_id=consent.then_retry_job_id, code=failure.code)
        return _to_page(connected=settled.connection_id, problem=failure.code, about="import")
    return RedirectResponse(f"/imports/{consent.then_retry_job_id}", status_code=303)


@router.post("/callback", include_in_schema=False)
def callback_form(
    request: Request,
    state: Annotated[str, Form()] = "",
    code: Annotated[str | None, Form()] = None,
    error: Annotated[str | None, Form()] = None,
) -> RedirectResponse:
    """Handle `response_mode=form_post` as a GET, because browsers omit the cookie from another site's POST."""
    values = {"state": state, "code": code, "error": error}
    query = urlencode({name: value for name, value in values.items() if value is not None})
    return RedirectResponse(f"{request.url.path}?{query}", status_code=303)


def _is_browser(request: Request) -> bool:
    """Whether a person's browser came here, as all do that follow a bank's redirect."""
    return "sec-fetch-mode" in request.headers or "text/html" in request.headers.get("accept", "")


def _confirmation_page(needed: ConfirmationNeeded, returned: ConsentReturn) -> Response:
    again = f"{CALLBACK}?{urlencode({'state': returned.state, 'code': returned.code or ''})}"
    return plain_page(
        "Connect this bank?",
        paragraph(f"{needed.email} asked to connect this bank to their bankimport."),
        paragraph("If that is not you, close this page: nothing is connected then."),
        *([paragraph("That is not the code.", is_fault=True)] if needed.is_wrong_code else []),
        form(
            f"{CALLBACK}/confirm",
            "Connect the bank",
            {"state": returned.state, "code": returned.code or ""},
            text_input("confirmation", "The code that was shown with the link"),
        ),
        link("I am signed in now: continue without the code", again),
    )


def _to_page(**query: object) -> RedirectResponse:
    """Redirect to the page with codes only: the page has the texts, so that no address can make it show anything else.

    `problem` is the error's code; `about` is what it concerns: consent, cancelled, login, accounts or import.
    """
    return RedirectResponse(f"{PAGE}?{urlencode(query)}", status_code=303)
