"""The return from a bank's consent pages: list the accounts, and resume the import that needed the consent."""

from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from bankimport.accounts.settle import settle_consent
from bankimport.auth import SESSION_COOKIE, authenticate
from bankimport.connections.calls.bank import Bank
from bankimport.connections.calls.holder import learn_holder_names
from bankimport.connections.calls.presence import user_address
from bankimport.connections.consent.authorise import finish_authorisation
from bankimport.connections.errors import AuthorisationCancelled
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError
from bankimport.imports.run.control import retry_import

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])

PAGE = "/connections"


@router.get("/callback", include_in_schema=False)
def callback(request: Request, state: str = "", code: str | None = None, error: str | None = None) -> RedirectResponse:
    """The bank sends the user back here: store the consent, list its accounts, and redirect to the page.

    The tokens are committed before any other call, so that a later failure never costs a consent.
    """
    try:
        with session_scope() as session:
            user = authenticate(session, request.cookies.get(SESSION_COOKIE), request.headers.get("authorization"))
        consent = finish_authorisation(user, state=state, code=code, error=error)
    except BankImportError as failure:
        log.info("consent.not_given", code=failure.code)
        about = "cancelled" if isinstance(failure, AuthorisationCancelled) else "consent"
        return _to_page(problem=failure.code, about=about)
    address = user_address(request)
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
            retry_import(session, consent.user_id, consent.then_retry_job_id)
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


def _to_page(**query: object) -> RedirectResponse:
    """Redirect to the page with codes only: the page has the texts, so that no address can make it show anything else.

    `problem` is the error's code; `about` is what it concerns: consent, cancelled, login, accounts or import.
    """
    return RedirectResponse(f"{PAGE}?{urlencode(query)}", status_code=303)
