"""The return from a bank's consent pages: lists the accounts, and goes on with the import it was given for."""

from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from bankimport.accounts.service import list_accounts
from bankimport.auth import SESSION_COOKIE, authenticate
from bankimport.connections.authorise import finish_authorisation
from bankimport.connections.bank import Bank
from bankimport.connections.holder import learn_holder_names
from bankimport.connections.presence import user_address
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError
from bankimport.imports.run.control import retry_import

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/api/truelayer/connections", tags=["connections"])

PAGE = "/connections"


@router.get("/callback", include_in_schema=False)
def callback(request: Request, state: str = "", code: str | None = None, error: str | None = None) -> RedirectResponse:
    """Where the bank sends the user back: store the consent, list its accounts, go on to the page.

    The consent is committed before the accounts are listed: a bank that stumbles there costs nobody a consent.
    """
    try:
        with session_scope() as session:
            user = authenticate(session, request.cookies.get(SESSION_COOKIE), request.headers.get("authorization"))
            consent = finish_authorisation(session, user, state=state, code=code, error=error)
        connection_id = consent.connection.id
    except BankImportError as failure:
        return _to_page(problem=failure.code, message=failure.message)
    try:
        list_accounts(Bank(connection_id, attended_ip=user_address(request)), connection_id)
    except BankImportError as failure:
        log.warning("accounts.not_listed", connection_id=connection_id, code=failure.code)
        return _to_page(connected=connection_id, problem=failure.code, message=failure.message)
    learn_holder_names(Bank(connection_id, attended_ip=user_address(request)), connection_id)
    if consent.then_retry_job_id is None:
        return _to_page(connected=connection_id)
    try:
        with session_scope() as session:
            retry_import(session, consent.connection.user_id, consent.then_retry_job_id)
    except BankImportError as failure:
        return _to_page(connected=connection_id, problem=failure.code, message=failure.message)
    return RedirectResponse(f"/imports/{consent.then_retry_job_id}", status_code=303)


@router.post("/callback", include_in_schema=False)
def callback_form(
    request: Request,
    state: Annotated[str, Form()] = "",
    code: Annotated[str | None, Form()] = None,
    error: Annotated[str | None, Form()] = None,
) -> RedirectResponse:
    """The same for `response_mode=form_post`, as a GET, since browsers keep the cookie from another site's POST."""
    values = {"state": state, "code": code, "error": error}
    query = urlencode({name: value for name, value in values.items() if value is not None})
    return RedirectResponse(f"{request.url.path}?{query}", status_code=303)


def _to_page(**query: object) -> RedirectResponse:
    return RedirectResponse(f"{PAGE}?{urlencode(query)}", status_code=303)
