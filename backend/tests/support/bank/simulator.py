"""A caller of the simulator's API."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from bankimport.clock import utc_now
from tests.support.suite.loopback import http_get, http_post
from truelayer_simulator.launch import CLIENT_ID, CLIENT_SECRET

REDIRECT = "http://127.0.0.1:9/callback"
SCOPE = "info accounts balance cards transactions offline_access"
TODAY = utc_now().date()


class Caller:
    """A client of the simulator with a consent."""

    def __init__(self, url: str, bank: str, user: str = "john", password: str = "doe") -> None:
        self.url = url
        query = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT, "scope": SCOPE}
        query |= {"providers": bank, "simulator_user": user, "simulator_password": password}
        back = http_get(url, params=query, follow_redirects=False).headers["location"]
        form = {"grant_type": "authorization_code", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        form |= {"redirect_uri": REDIRECT, "code": parse_qs(urlsplit(back).query)["code"][0]}
        self.tokens = http_post(f"{url}/connect/token", data=form).raise_for_status().json()

    def get(self, path: str, **params: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        return http_get(f"{self.url}/data/v1/{path}", params=params, headers=headers)

    def results(self, path: str, **params: str) -> list[dict[str, Any]]:
        body = self.get(path, **params).raise_for_status().json()
        assert body["status"] == "Succeeded"
        results: list[dict[str, Any]] = body["results"]
        return results

    def rows(self, number: int = 0, *, half: str = "accounts", days: int = 60) -> list[dict[str, Any]]:
        account_id = self.results(half)[number]["account_id"]
        first = (TODAY - timedelta(days=days)).isoformat()
        return self.results(f"{half}/{account_id}/transactions", **{"from": first, "to": TODAY.isoformat()})

    def refresh(self, token: str | None = None) -> httpx2.Response:
        form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        form["refresh_token"] = token or self.tokens["refresh_token"]
        return http_post(f"{self.url}/connect/token", data=form)
