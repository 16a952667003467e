"""Serves the authorisation host, the data host and the admin endpoints at one address."""

import secrets
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from truelayer_simulator import admin, consent, data_api
from truelayer_simulator.state import Simulator, WireError
from truelayer_simulator.v3.serve import routes as v3_routes

_Handler = Callable[[Request, Simulator], Awaitable[Response]]


def create_app(simulator: Simulator) -> Starlette:
    """The ASGI application of one simulator."""

    def endpoint(handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
        async def call(request: Request) -> Response:
            try:
                response = await handler(request, simulator)
            except WireError as error:
                body: dict[str, object] = {"error": error.error}
                if error.description is not None:
                    body["error_description"] = error.description
                if error.details:
                    body["error_details"] = error.details
                response = JSONResponse(body, status_code=error.status)
            response.headers["X-TL-Correlation-Id"] = secrets.token_hex(16)
            if request.url.path.startswith("/data/"):
                response.headers["Cache-Control"] = "max-age=3600"
            return response

        return call

    return Starlette(
        routes=[
            Route("/", endpoint(consent.authorise), methods=["GET", "POST"]),
            Route("/connect/token", endpoint(consent.token), methods=["POST"]),
            Route("/v1/reauthuri", endpoint(consent.reauth_uri), methods=["POST"]),
            Route("/api/delete", endpoint(consent.delete), methods=["DELETE"]),
            Route("/api/providers", endpoint(consent.providers)),
            Route("/api/providers/{kind:path}", endpoint(consent.providers)),
            Route("/connections/extend", endpoint(consent.extend), methods=["POST"]),
            Route("/data/v1/connections/extend", endpoint(consent.extend), methods=["POST"]),
            Route("/data/v1/batch/transactions", endpoint(data_api.serve), methods=["POST"]),
            Route("/data/v1/{path:path}", endpoint(data_api.serve)),
            *v3_routes(simulator),
            Route("/simulator/{path:path}", endpoint(admin.serve), methods=["GET", "POST", "PATCH", "DELETE"]),
        ]
    )
