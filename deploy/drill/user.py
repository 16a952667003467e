"""A user of the deployment, who comes through the TLS proxy and trusts its authority."""

import asyncio
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import httpx2
import socketio
from deployment import HANGS_AFTER_S, Deployment, wait_for

EMAIL, PASSWORD = "ada@example.org", "correct horse battery"
DAYS = 60
Rows = Counter[tuple[str, str]]


class User:
    """Somebody with a browser."""

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self._deployment = deployment
        self._first = (datetime.now(UTC).date() - timedelta(days=DAYS)).isoformat()
        self._bank = f"http://127.0.0.1:{deployment.bank}"
        root = folder / "root.crt"
        (proxy,) = deployment.containers("proxy")
        wait_for("the proxy's authority", lambda: self._copies(proxy, root))
        self._trust = ssl.create_default_context(cafile=str(root))
        self.http = httpx2.Client(base_url=deployment.url, verify=self._trust, timeout=60, trust_env=False)
        self._token = ""

    def _copies(self, proxy: str, root: Path) -> bool:
        source = f"{proxy}:/data/caddy/pki/authorities/local/root.crt"
        self._deployment.podman("cp", source, str(root), may_fail=True)
        return root.exists()

    def call(self, method: str, path: str, **body: Any) -> Any:
        """Ask until there is an answer; a refusal ends the test."""
        give_up_at = time.monotonic() + HANGS_AFTER_S
        said = ""
        while time.monotonic() < give_up_at:
            try:
                answer = self.http.request(method, path, json=body or None)
                if answer.status_code < 500:
                    if answer.is_error:
                        raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text[:2000]}")
                    return answer.json() if answer.content else None
                said = f"{answer.status_code} {answer.text[:500]}"
            except httpx2.TransportError as error:
                said = repr(error)
            time.sleep(0.3)
        raise SystemExit(f"{method} {path} was not answered: {said}")

    def sign_up(self) -> None:
        """Get an account from the operator, sign in, and make a token."""
        self._deployment.cli("user", "create", EMAIL, "--password-stdin", text=PASSWORD + "\n")
        self.call("POST", "/api/auth/login", email=EMAIL, password=PASSWORD)
        self._token = self.call("POST", "/api/auth/tokens", name="drill")["token"]
        self.http.headers["Authorization"] = f"Bearer {self._token}"

    def connect(self, bank: str) -> int:
        """Consent at the simulated bank and come back through the proxy; returns the connection's id."""
        link = self.call("POST", "/api/truelayer/connections/authorize", provider_ids=[bank])["authorization_url"]
        signed = f"{link.replace('http://simulator:8080', self._bank)}&simulator_user=john&simulator_password=doe"
        back = httpx2.get(signed, follow_redirects=False, trust_env=False, timeout=60).headers["location"]
        landed = self.http.get(back, follow_redirects=False)
        if "location" not in landed.headers:
            raise SystemExit(f"the callback did not redirect: {landed.status_code} {landed.text[:500]}")
        return int(parse_qs(urlsplit(landed.headers["location"]).query)["connected"][0])

    def start_import(self, connection_id: int) -> int:
        """Plan and start an import of the last DAYS days; returns the job's id."""
        plan = self.call(
            "POST",
            "/api/truelayer/import/plan",
            connection_id=connection_id,
            from_date=self._first,
            auto_enrich=False,
        )
        self.call("POST", "/api/truelayer/import/start", job_id=plan["job_id"])
        return int(plan["job_id"])

    def status(self, job_id: int) -> dict[str, Any]:
        """The job's status as the API shows it."""
        found: dict[str, Any] = self.call("GET", f"/api/truelayer/import/status/{job_id}")
        return found

    def wait_for_import(self, job_id: int) -> None:
        """Wait until it has ended, and see that it succeeded."""
        ended = ("completed", "partly_failed", "failed", "cancelled", "paused")
        wait_for(f"import {job_id} to end", lambda: self.status(job_id)["status"] in ended, 2 * HANGS_AFTER_S)
        if (found := self.status(job_id))["status"] != "completed":
            raise SystemExit(f"import {job_id} ended as {found['status']}:\n{json.dumps(found)[:3000]}")

    def watch(self, job_id: int) -> list[dict[str, Any]]:
        """What Socket.IO sends of a job through the proxy until it has finished, over a WebSocket alone."""
        return asyncio.run(self._watch(job_id))

    async def _watch(self, job_id: int) -> list[dict[str, Any]]:
        heard: list[dict[str, Any]] = []
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self._trust)) as session:
            sio = socketio.AsyncClient(http_session=session)
            sio.on("import_progress", heard.append)
            headers = {"Authorization": f"Bearer {self._token}"}
            await sio.connect(self._deployment.url, headers=headers, transports=["websocket"], wait_timeout=60)
            await sio.call("subscribe_import_job", {"job_id": job_id}, timeout=60)
            async with asyncio.timeout(HANGS_AFTER_S):
                while not any(row["type"] in ("job_finished", "job_completed") for row in heard):
                    await asyncio.sleep(0.1)
            await sio.disconnect()
        return heard

    @contextmanager
    def asks_all_the_time(self) -> Iterator[list[str]]:
        """Send requests meanwhile, each once; yields what was refused."""
        refused: list[str] = []
        over = threading.Event()

        def ask() -> None:
            with httpx2.Client(base_url=self._deployment.url, verify=self._trust, timeout=60, trust_env=False) as http:
                http.headers["Authorization"] = f"Bearer {self._token}"
                while not over.wait(0.2):
                    try:
                        answer = http.get("/api/truelayer/connections")
                        if answer.status_code != 200:
                            refused.append(f"{answer.status_code} {answer.text[:200]}")
                    except httpx2.TransportError as error:
                        refused.append(repr(error))

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            yield refused
        finally:
            over.set()
            asking.join()

    def slow_down(self, bank: str, delay_ms: int) -> None:
        """Let each answer of the simulated bank take so long."""
        with httpx2.Client(trust_env=False, timeout=60) as http:
            http.patch(f"{self._bank}/simulator/profiles/{bank}", json={"delay_ms": delay_ms}).raise_for_status()

    def compare(self, bank: str, connection_id: int, database: str = "bankimport") -> int:
        """See that the booked rows of a connection are exactly those of the bank; returns how many there are."""
        accounts = self.call("GET", f"/api/truelayer/connections/{connection_id}/accounts")["accounts"]
        total = 0
        for kind in ("account", "card"):
            for number, account in enumerate(row for row in accounts if row["kind"] == kind):
                there, here = self._truth(bank, kind, number), self._stored(int(account["account_id"]), database)
                if there != here:
                    raise SystemExit(f"{bank} {kind} {number}: lacking {there - here}, surplus {here - there}")
                total += sum(here.values())
        if not total:
            raise SystemExit(f"{bank} has no rows, so that nothing was compared")
        return total

    def _truth(self, bank: str, kind: str, number: int) -> Rows:
        wanted = {"provider_id": bank, "kind": kind, "number": str(number), "from": self._first}
        answer = httpx2.get(f"{self._bank}/simulator/truth", params=wanted, trust_env=False, timeout=60)
        rows = [json.loads(line) for line in answer.raise_for_status().text.splitlines()]
        return Counter((row["date"], f"{float(row['amount']):.2f}") for row in rows)

    def _stored(self, account_id: int, database: str) -> Rows:
        rows = self._deployment.sql(
            "SELECT date, round(amount, 2) FROM transactions "
            f"WHERE account_id = {account_id} AND removed_at IS NULL AND status = 'booked'",
            database,
        )
        return Counter((day, amount) for day, _, amount in (line.partition("|") for line in rows.splitlines()))
