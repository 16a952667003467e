"""Data API v3's error answers in problem+json.

Source: TrueLayer's specification of Data API v3; titles, types and details as it prints them.
"""

from typing import Any

from starlette.responses import JSONResponse, Response

_OF_TYPE = {
    "invalid-parameters": (400, "Invalid Parameters", "The request body was invalid."),
    "invalid_state": (400, "Invalid State", "Status of the connection does not allow this action to be executed."),
    "unauthenticated": (
        401,
        "Unauthenticated",
        "A Bearer token must be provided in the Authorization header.",
    ),
    "forbidden": (403, "Forbidden", "The token used for Authorization is not authorized to perform the request."),
    "not-found": (404, "Not Found", "Resource could not be found."),
    "rate-limit-exceeded": (
        429,
        "Rate Limit Exceeded",
        "Too many API requests have been received within the allowed time frame.",
    ),
    "unknown-error": (500, "Unknown Error", "An error occurred. Please contact customer support."),
    "provider-error": (502, "Provider Error", "Provider is temporarily unavailable, please retry."),
    "feature-not-supported": (502, "Feature Not Supported", "The provider does not support this feature."),
    "gateway-timeout": (504, "Gateway Timeout", "The request timed out waiting for a response from the provider."),
}


class V3Problem(Exception):
    """An error answer; `errors` names each faulty parameter with what is wrong with it."""

    def __init__(self, kind: str, errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.errors = errors or {}
        self.status = _OF_TYPE[kind][0]

    def response(self, trace_id: str) -> Response:
        """The answer as it is sent."""
        status, title, detail = _OF_TYPE[self.kind]
        body: dict[str, Any] = {
            "type": f"https://docs.truelayer.com/docs/error-types#{self.kind}",
            "title": title,
            "status": status,
            "trace_id": trace_id,
            "detail": detail,
        }
        if self.errors:
            body["errors"] = self.errors
        return JSONResponse(body, status, media_type="application/problem+json; charset=UTF-8")
