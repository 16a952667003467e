"""A user of the HTTP API from outside, who retries while parts are down."""

import time
from pathlib import Path
from typing import Any

import httpx2
from tests.journeys.cluster import Cluster
from tests.journeys.machine import PASSWORD, environment
from tests.support.commands.command_line import run_command
from tests.support.steps.installation import PUBLIC_ADDRESS
from tests.support.suite.loopback import http_get
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.users.access import Scope


class Client:
    """A client that retries while parts are down."""

    def __init__(self, running: Cluster) -> None:
        self._http = running.at_end.enter_context(
            httpx2.Client(base_url=running.url, timeout=HANGS_AFTER_S, trust_env=False)
        )
        self.token = ""

    def call(self, method: str, path: str, **body: Any) -> Any:
        deadline = time.monotonic() + HANGS_AFTER_S
        while True:
            try:
                answer = self._http.request(method, path, json=body or None)
                if answer.status_code < 500:
                    return answer.raise_for_status().json() if answer.content else None
            except httpx2.TransportError:
                pass
            assert time.monotonic() < deadline, f"{method} {path} was not answered"
            time.sleep(0.2)

    def use(self, token: str) -> None:
        """Act with this token, for a user who is present."""
        self.token = token
        self._http.headers.update({"Authorization": f"Bearer {token}", "X-PSU-IP": PUBLIC_ADDRESS})

    def new_token(self, name: str) -> Any:
        """A new token, made with the session: a token cannot make another."""
        kept = self._http.headers.pop("Authorization")
        try:
            return self.call("POST", "/api/auth/tokens", name=name, scopes=list(Scope))
        finally:
            self._http.headers["Authorization"] = kept


def a_connected_user(running: Cluster, name: str, bank_id: str) -> tuple[Client, int]:
    """A signed-in user who has shared this simulated bank, and the connection's id."""
    email = f"{name}@example.org"
    env = environment(Path("/nonexistent"), DATABASE_URL=running.database_url)
    assert run_command(("user", "create", email, "--password-stdin"), env, PASSWORD).code == 0
    client = Client(running)
    client.call("POST", "/api/auth/login", email=email, password=PASSWORD)
    client.use(client.call("POST", "/api/auth/tokens", name="chaos", scopes=list(Scope))["token"])
    link = client.call("POST", "/api/truelayer/connections/authorize", provider_ids=[bank_id])["authorization_url"]
    http_get(f"{link}&simulator_user=john&simulator_password=doe", follow_redirects=True, timeout=HANGS_AFTER_S)
    return client, client.call("GET", "/api/truelayer/connections")["connections"][0]["id"]
