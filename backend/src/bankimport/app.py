"""The HTTP process: routers, and one shape for every error."""

import math
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from bankimport import __version__
from bankimport.audit.router import evidence_router, provenance_router
from bankimport.connections.consent_router import feed_router
from bankimport.connections.consent_router import router as consents_router
from bankimport.connections.router import router as connections_router
from bankimport.connections.setup_router import router as setup_router
from bankimport.costs.router import router as costs_router
from bankimport.data_rights.router import router as data_rights_router
from bankimport.enrichment.router import router as enrichment_router
from bankimport.enrichment.rules_router import router as rules_router
from bankimport.errors import BankImportError
from bankimport.imports.callback import router as callback_router
from bankimport.imports.changes.continuation_router import router as continuation_router
from bankimport.imports.changes.router import router as review_router
from bankimport.imports.renewal_router import router as renewals_router
from bankimport.imports.router import router as imports_router
from bankimport.notifications.router import router as notifications_router
from bankimport.notifications.webhook_router import router as webhooks_router
from bankimport.observability.metrics import HTTP_REQUESTS, HTTP_SECONDS
from bankimport.observability.tracing import name_request, request_span
from bankimport.openapi.errors import describe_errors
from bankimport.openapi.sockets import describe_sockets
from bankimport.operations import router as operations_router
from bankimport.overview.router import router as overview_router
from bankimport.page import router as page_router
from bankimport.proof.router import router as accounts_router
from bankimport.schedules.router import router as schedules_router
from bankimport.transactions.router import router as transactions_router
from bankimport.transactions.transfers.router import router as transfers_router
from bankimport.users.audit.router import router as audit_router
from bankimport.users.factor_router import router as factor_router
from bankimport.users.oidc.router import router as oidc_router
from bankimport.users.passkeys.router import router as passkeys_router
from bankimport.users.passkeys.sign_in_router import router as passkey_sign_in_router
from bankimport.users.router import router as auth_router
from bankimport.users.users_router import router as users_router

log = structlog.get_logger(__name__)

_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_HTTP_MESSAGES = {
    404: "{0.url.path} does not exist; see /api/docs for what does",
    405: "{0.url.path} does not support {0.method}; see /api/docs for what it supports",
}
_SOON = {"Retry-After": "5"}
_NO_OBJECT = ("missing", "model_attributes_type")


def create_app() -> FastAPI:
    """The application of one API process."""
    app = FastAPI(
        title="bankimport",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    for router in (
        auth_router,
        factor_router,
        passkeys_router,
        passkey_sign_in_router,
        oidc_router,
        users_router,
        data_rights_router,
        audit_router,
        setup_router,
        callback_router,
        consents_router,
        feed_router,
        connections_router,
        renewals_router,
        continuation_router,
        accounts_router,
        provenance_router,
        review_router,
        schedules_router,
        enrichment_router,
        rules_router,
        costs_router,
        overview_router,
        imports_router,
        evidence_router,
        transfers_router,
        transactions_router,
        notifications_router,
        webhooks_router,
        operations_router,
    ):
        app.include_router(router)
    describe_sockets(app)
    describe_errors(app)
    _add_error_handlers(app)
    app.middleware("http")(_observe)
    app.include_router(page_router)
    return app


def _add_error_handlers(app: FastAPI) -> None:
    """Give every error the body `{code, message, details?}`."""

    @app.exception_handler(BankImportError)
    def known(_request: Request, error: BankImportError) -> JSONResponse:
        headers = None if error.retry_after_s is None else {"Retry-After": str(math.ceil(max(0, error.retry_after_s)))}
        return _problem(error.http_status, error.code, error.message, error.details, headers)

    @app.exception_handler(RequestValidationError)
    def unreadable(_request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [_fault(item) for item in error.errors()]
        if faults[0]["type"] == "json_invalid":
            return _problem(400, "malformed_json", "the request body is not JSON", {"fault": faults[0]["message"]})
        if faults[0]["field"] == ["body"] and faults[0]["type"] in _NO_OBJECT:
            message = "send a JSON object as the body, with Content-Type: application/json"
            return _problem(422, "invalid_request", message, {"faults": faults})
        where = ".".join(str(part) for part in faults[0]["field"])
        return _problem(422, "invalid_request", f"{where}: {faults[0]['message']}", {"faults": faults})

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> JSONResponse:
        code = _HTTP_CODES.get(error.status_code, "http_error")
        text = _HTTP_MESSAGES.get(error.status_code)
        message = str(error.detail) if text is None else text.format(request)
        headers = error.headers
        if error.status_code == 405 and (allowed := _methods(app, request.url.path)):
            headers = {**(headers or {}), "Allow": ", ".join(allowed)}
        return _problem(error.status_code, code, message, {}, headers)

    @app.exception_handler(DataError)
    def out_of_range(_request: Request, error: DataError) -> JSONResponse:
        log.info("request.data_error", error=type(error.orig).__name__)
        return _problem(422, "invalid_request", "a value of the request is out of range or not text", {})

    @app.exception_handler(OperationalError)
    def database_gone(_request: Request, error: OperationalError) -> JSONResponse:
        log.error("database.unreachable", error=type(error.orig).__name__)
        message = "the database cannot be reached; try again in a moment"
        return _problem(503, "database_unreachable", message, {}, _SOON)

    @app.exception_handler(PoolTimeout)
    def no_connection_free(_request: Request, error: PoolTimeout) -> JSONResponse:
        log.error("database.pool_full", error=type(error).__name__)
        return _problem(503, "busy", "too many requests are under way; try again in a moment", {}, _SOON)

    @app.exception_handler(Exception)
    def unexpected(_request: Request, error: Exception) -> JSONResponse:
        log.error("request.crashed", exc_info=error)
        return _problem(500, "internal_error", "internal error; see the server log", {})


def _methods(app: FastAPI, path: str) -> list[str]:
    """The methods of all operations under a path; the framework names those of one."""
    described = app.openapi()["paths"].items()
    return sorted(
        {method.upper() for known, methods in described if compile_path(known)[0].match(path) for method in methods}
    )


def _fault(error: Any) -> dict[str, Any]:
    return {
        "field": [part for part in error["loc"] if part not in ("body", "query", "path")] or ["body"],
        "message": str(error["msg"]).removeprefix("Value error, "),
        "type": error["type"],
    }


def _problem(
    status: int, code: str, message: str, details: dict[str, Any], headers: Mapping[str, str] | None = None
) -> JSONResponse:
    body: dict[str, Any] = {"code": code, "message": message}
    if details:
        body["details"] = details
    if status == 401:
        headers = {**(headers or {}), "WWW-Authenticate": "Bearer"}
    return JSONResponse(body, status_code=status, headers=headers)


async def _observe(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    started_at = time.perf_counter()
    status = 500
    with request_span(request.method) as span:
        try:
            response = await call_next(request)
            status = response.status_code
        finally:
            route = getattr(request.scope.get("route"), "path", "unknown")
            name_request(span, request.method, route, status)
            HTTP_REQUESTS.labels(request.method, route, status).inc()
            HTTP_SECONDS.labels(request.method, route).observe(time.perf_counter() - started_at)
    return response
