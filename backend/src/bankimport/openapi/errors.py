"""Describe errors and sign-in in the API's OpenAPI document.

Every error has the shape `Problem`; FastAPI knows only its own 422, in a shape that we do not send. Which codes an
operation answers with is in `operation_errors.json`, which `scripts/operation_errors.py` reads from the code; what
every operation with a body or with parameters may answer is added here.
"""

import functools
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from fastapi import FastAPI

FILE = Path(__file__).with_name("operation_errors.json")

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "An error: a code for programs, a sentence for people, and details that depend on the code.",
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string", "examples": ["not_found"]},
        "message": {"type": "string", "examples": ["no such import"]},
        "details": {"type": "object", "additionalProperties": True},
    },
}

ERRORS = {
    400: "The body is not JSON, or the Host header does not name this installation.",
    401: "Nobody is signed in: there is no session or token, it has ended, or the credentials are wrong.",
    403: "The token lacks the scope, the user may not do this, or another site's page made the call.",
    404: "It does not exist, or it is another user's.",
    408: "The body did not come whole in time.",
    409: "The present state does not allow it; the code says why.",
    413: "The body is larger than 1 MiB.",
    422: "A value is missing or impossible; `details.faults` names the fields.",
    429: "Too much at once or too often; `Retry-After` says when to try again.",
    502: "The bank, TrueLayer, a receiver or a provider of sign-ins gave no usable answer.",
    503: "The database, or a place that is needed, is busy; `Retry-After` says when to try again.",
    504: "The bank or TrueLayer did not answer in time.",
}

OF_ALL = {400: {"unknown_host"}, 503: {"busy", "database_unreachable"}}
OF_A_BODY = {400: {"malformed_json"}, 408: {"too_slow"}, 413: {"too_large"}}
OF_VALUES = {422: {"invalid_request"}}
WITHOUT_SIGN_IN = frozenset(
    {
        "/api/auth/login",
        "/api/auth/passkeys/sign-in",
        "/api/auth/passkeys/sign-in/options",
        "/api/auth/oidc",
        "/api/auth/oidc/{provider}/sign-in",
        "/api/auth/oidc/second-factor",
    }
)
"""Operations by which one signs in."""
_DEFAULT_ERRORS = ("HTTPValidationError", "ValidationError")


def describe_errors(app: FastAPI) -> None:
    """Add errors and security schemes to the application's OpenAPI document."""
    described = app.openapi

    def with_errors() -> dict[str, Any]:
        document = described()
        if "securitySchemes" not in document["components"]:
            _add(document)
        return document

    app.openapi = with_errors  # type: ignore[method-assign]


def errors_of(method: str, path: str, operation: dict[str, Any]) -> dict[int, list[str]]:
    """The codes of the errors that an operation may answer with, by HTTP status."""
    found: dict[int, set[str]] = defaultdict(set)
    has_body = "requestBody" in operation
    parts = [OF_ALL, OF_A_BODY if has_body else {}, OF_VALUES if has_body or operation.get("parameters") else {}]
    for part in parts:
        for status, codes in part.items():
            found[status] |= codes
    for error in _of_code().get(f"{method.upper()} {path}", ()):
        number, _, code = error.partition(" ")
        found[int(number)].add(code)
    return {status: sorted(found[status]) for status in sorted(found)}


@functools.cache
def _of_code() -> dict[str, list[str]]:
    codes: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return codes


def _add(document: dict[str, Any]) -> None:
    parts = document["components"]
    parts["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "bankimport_session"},
        "token": {"type": "http", "scheme": "bearer", "description": "An API token of POST /api/auth/tokens."},
    }
    for name in _DEFAULT_ERRORS:
        parts["schemas"].pop(name, None)
    parts["schemas"]["Problem"] = PROBLEM
    parts["responses"] = {f"Error{status}": _answer(status) for status in ERRORS}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            operation["security"] = [] if path in WITHOUT_SIGN_IN else [{"session": []}, {"token": []}]
            operation["responses"].pop("422", None)
            codes = errors_of(method, path, operation)
            for status in codes:
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/Error{status}"}
            operation["x-error-codes"] = {str(status): words for status, words in codes.items()}


def _answer(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": ERRORS[status], "content": {"application/json": {"schema": schema}}}
