"""Routes of Data API v3: who calls, how often, what it answers, and a line in the ledger."""

import secrets
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from truelayer_simulator.state import Call, Simulator
from truelayer_simulator.v3 import connections, requests, webhooks
from truelayer_simulator.v3.problems import V3Problem

_Handler = Callable[[Request, Simulator], Awaitable[Response]]

_OPERATIONS: tuple[tuple[str, str, _Handler], ...] = (
    ("POST", "/v3/data-connections", connections.create),
    ("GET", "/v3/data-connections/{connection_id}/user-info", connections.user_info),
    ("GET", "/v3/connected-accounts", connections.list_accounts),
    ("POST", "/v3/connected-accounts/{account_id}/transactions/requests", requests.ask),
    ("GET", "/v3/connected-accounts/{account_id}/transactions/requests/{request_id}", requests.read),
)


def routes(simulator: Simulator) -> list[Route]:
    """The five operations, the hosted page and the keys of webhooks; anything else below /v3 is not found."""

    def operation(handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
        async def call(request: Request) -> Response:
            trace_id = secrets.token_hex(16)
            try:
                _admit(request, simulator)
                response = await handler(request, simulator)
            except V3Problem as problem:
                response = problem.response(trace_id)
            response.headers["Tl-Trace-Id"] = trace_id
            _note(request, simulator, response.status_code)
            return response

        return call

    def outside(handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
        async def call(request: Request) -> Response:
            return await handler(request, simulator)

        return call

    async def unknown(_request: Request, _simulator: Simulator) -> Response:
        raise V3Problem("not-found")

    return [
        *(Route(path, operation(handler), methods=[method]) for method, path, handler in _OPERATIONS),
        Route("/v3/hosted/{connection_id}", outside(connections.hosted_page), methods=["GET", "POST"]),
        Route("/.well-known/jwks", outside(webhooks.jwks)),
        Route("/v3/{path:path}", operation(unknown), methods=["GET", "POST", "PATCH", "PUT", "DELETE"]),
    ]


def _admit(request: Request, simulator: Simulator) -> None:
    settings, now = simulator.v3.settings, time.monotonic()
    if not settings.is_on:
        raise V3Problem("not-found")
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    expires_at = simulator.v3.tokens.get(value)
    if scheme.lower() != "bearer" or expires_at is None or expires_at < simulator.now():
        raise V3Problem("unauthenticated")
    recent = [moment for moment in simulator.v3.recent_calls if now - moment < 60]
    simulator.v3.recent_calls = [*recent, now]
    if settings.requests_a_minute is not None and len(recent) >= settings.requests_a_minute:
        raise V3Problem("rate-limit-exceeded")


def _note(request: Request, simulator: Simulator, status: int) -> None:
    connection = simulator.v3.connections.get(request.headers.get("connection-id", ""))
    simulator.calls.append(
        Call(
            simulator.now().isoformat(),
            request.url.path,
            str(request.url.query),
            status,
            "tl-user-ip" in request.headers,
            request.headers.get("tl-user-ip"),
            connection.provider_id if connection else None,
            connection.bank_user if connection else None,
        )
    )
