"""The application's token: one for all users, without a refresh token."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from truelayer_simulator.state import ACCESS_TOKEN_S, Simulator, WireError


def give(simulator: Simulator, body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to `grant_type=client_credentials`, whose client was checked already.

    Raises:
        WireError: v3 is off, or the application may not have the scope.
    """
    settings = simulator.v3.settings
    if not settings.is_on:
        raise WireError(400, "unsupported_grant_type")
    if body.get("scope") != "data" or not settings.product_enabled:
        raise WireError(400, "invalid_scope")
    value = secrets.token_urlsafe(48)
    simulator.v3.tokens[value] = simulator.now() + timedelta(seconds=ACCESS_TOKEN_S)
    return {"access_token": value, "expires_in": ACCESS_TOKEN_S, "token_type": "Bearer", "scope": "data"}
