"""The API's description: its errors, its sign-in, and what a wrong method is answered."""

from typing import Any

from starlette.testclient import TestClient

from bankimport.app import create_app
from bankimport.openapi.errors import WITHOUT_SIGN_IN

DOCUMENT: dict[str, Any] = create_app().openapi()
OPERATIONS = [
    (method, path, described) for path, methods in DOCUMENT["paths"].items() for method, described in methods.items()
]


def test_every_error_has_our_shape() -> None:
    for method, path, described in OPERATIONS:
        errors = {status: answer for status, answer in described["responses"].items() if status >= "400"}
        assert errors.keys() == described["x-error-codes"].keys(), (method, path)
        for status, answer in errors.items():
            assert answer == {"$ref": f"#/components/responses/Error{status}"}, (method, path)
            assert described["x-error-codes"][status]
    for answer in DOCUMENT["components"]["responses"].values():
        assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in DOCUMENT["components"]["schemas"]


def test_codes_that_one_would_expect_are_found() -> None:
    codes = {f"{method} {path}": described["x-error-codes"] for method, path, described in OPERATIONS}
    for operation, status, code in (
        ("post /api/auth/login", "429", "too_many_tries"),
        ("post /api/auth/passkeys/sign-in", "401", "passkey_refused"),
        ("post /api/auth/tokens", "403", "recent_sign_in_needed"),
        ("post /api/truelayer/import/plan", "422", "date_in_future"),
        ("delete /api/truelayer/connections/{connection_id}", "429", "too_many_waiting"),
        ("post /api/truelayer/connections/{connection_id}/accounts/refresh", "502", "bank_timeout"),
        ("patch /api/webhooks/{channel_id}", "404", "channel_not_found"),
        ("get /api/users", "403", "forbidden"),
    ):
        assert code in codes[operation].get(status, ()), operation
    assert "409" not in codes["get /api/transactions"]


def test_both_ways_to_sign_in_are_described() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert (schemes["session"]["type"], schemes["session"]["in"]) == ("apiKey", "cookie")
    assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")
    for method, path, described in OPERATIONS:
        signs_in: list[Any] = [] if path in WITHOUT_SIGN_IN else [{"session": []}, {"token": []}]
        assert described["security"] == signs_in, (method, path)


def test_a_wrong_method_is_answered_with_all_that_are_right() -> None:
    client = TestClient(create_app(), base_url="http://127.0.0.1:8000")

    for path, allowed in (
        ("/api/truelayer/import/schedules/7", {"DELETE", "GET", "PATCH"}),
        ("/api/auth/login", {"POST"}),
    ):
        answer = client.request("PROPFIND", path)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert set(answer.headers["allow"].split(", ")) == allowed, path
