"""Connect a simulated bank over Data API v3, and set what v3 leaves open."""

from typing import Any

import httpx2
from starlette.testclient import TestClient

from bankimport.clock import utc_now
from bankimport.connections.models import BankConnection, ConnectionStatus, DataApi
from bankimport.db.session import session_scope
from bankimport.users.service import user_by_email
from tests.support.steps.installation import Installation
from tests.support.suite.loopback import http_get, http_post
from truelayer_simulator.launch import CLIENT_ID, CLIENT_SECRET

RETURN = "http://127.0.0.1:9/back?state=one"


def set_v3(installation: Installation, **settings: Any) -> None:
    """Serve v3, with these settings beside the standard ones; answers come at once unless they say otherwise."""
    installation.simulator.admin("PATCH", "v3", is_on=True, **{"completion_seconds": 0, **settings})


def application_token(url: str) -> httpx2.Response:
    body = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scope": "data"}
    return http_post(f"{url}/connect/token", json=body)


def connection_body(bank_id: str) -> dict[str, Any]:
    return {
        "scopes": ["info", "accounts", "balance", "transactions"],
        "provider_selection": {"type": "preselected", "provider_id": bank_id},
        "user": {"name": "Ada Doe", "email": "ada@example.org"},
        "user_consent": {"type": "authorization_flow_captured"},
        "hosted_page": {"type": "authorization_flow", "return_uri": RETURN},
    }


def create_connection(url: str, bank_id: str, **changes: Any) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {application_token(url).json()['access_token']}"}
    return http_post(f"{url}/v3/data-connections", json={**connection_body(bank_id), **changes}, headers=headers)


def consent_v3(page: str, user: str = "john") -> httpx2.Response:
    """Consent on the hosted page."""
    signed = {"simulator_user": user, "simulator_password": f"doe{user.removeprefix('john')}"}
    return http_get(httpx2.URL(page).copy_merge_params(signed), follow_redirects=False)


def connect_v3(installation: Installation, client: TestClient, bank_id: str, email: str = "ada@example.org") -> int:
    """A connection that is read over v3, its accounts listed. The product itself makes none yet."""
    made = create_connection(installation.simulator.url, bank_id).raise_for_status().json()
    assert consent_v3(made["hosted_page"]["uri"]).headers["location"] == RETURN
    with session_scope() as session:
        connection = BankConnection(
            user_id=user_by_email(session, email).id,
            bank_id=bank_id,
            bank_name=bank_id,
            credentials_id=made["id"],
            data_api=DataApi.V3,
            status=ConnectionStatus.ACTIVE,
            scopes=["info", "accounts", "transactions"],
            authorised_at=utc_now(),
        )
        session.add(connection)
        session.flush()
        connection_id = connection.id
    client.post(f"/api/truelayer/connections/{connection_id}/accounts/refresh").raise_for_status()
    return connection_id
