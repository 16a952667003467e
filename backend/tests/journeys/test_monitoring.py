"""A running installation as operators see it: Prometheus scrapes it, the dashboard resolves, traces arrive whole."""

import asyncio
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.enrichment.model_server import running_model_server
from tests.journeys.listener import Listener
from tests.journeys.machine import PASSWORD, machine
from tests.observability.alerting import ROOT

from bankimport.processes.ports import free_port
from bankimport.processes.stack import simulator_settings
from bankimport.settings import variable_of
from truelayer_simulator.launch import RunningSimulator

pytestmark = pytest.mark.journey

PROMETHEUS = ROOT / ".cache" / "prometheus" / "prometheus"

MODEL = {
    "BANKIMPORT_LLM_MODEL": "openai:test",
    "BANKIMPORT_LLM_INPUT_PRICE": "1 USD",
    "BANKIMPORT_LLM_OUTPUT_PRICE": "2 USD",
    "BANKIMPORT_LLM_MONTHLY_CAP": "5 USD",
}

MOVES = [
    "bankimport_import_duration_seconds_count",
    "bankimport_calls_estimated_last_day",
    "bankimport_calls_made_last_day",
    "bankimport_transactions_stored_total",
    "bankimport_attempts_last_hour",
    "bankimport_bank_calls_last_hour",
    "bankimport_account_newest_proven_day_seconds",
    "bankimport_account_newest_held_day_seconds",
    "bankimport_periodic_run_seconds",
    "bankimport_notifications_last_day",
    "bankimport_enrichment_jobs",
    "bankimport_enrichment_rows_last_day",
    "bankimport_llm_calls_last_hour",
    "bankimport_llm_tokens_last_day",
    "bankimport_llm_cost_last_day",
    "bankimport_llm_cost_this_month",
    "bankimport_http_requests_total",
]
"""What an import must move: there was none of it before, or less."""


@contextmanager
def otlp_receiver() -> Iterator[tuple[str, list[bytes]]]:
    """Something that takes traces by OTLP over HTTP, and keeps what came."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path == "/v1/traces":
                got.append(body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Prometheus:
    """A Prometheus that scrapes one target every second."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, query: str) -> list[Any]:
        answer = httpx2.get(f"{self._url}/api/v1/query", params={"query": query}, timeout=30, trust_env=False)
        found = answer.json()
        assert found["status"] == "success", (query, found)
        return list(found["data"]["result"])

    def total(self, query: str) -> float:
        return sum(float(item["value"][1]) for item in self.ask(f"sum({query})"))

    def wait_for(self, query: str) -> None:
        deadline = time.monotonic() + 120
        while not self.ask(query):
            assert time.monotonic() < deadline, query
            time.sleep(0.5)


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[Prometheus]:
    """Debian's Prometheus with our rules, scraping this address."""
    configuration = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(ROOT / "deploy" / "prometheus" / "alerts.yml")],
        "scrape_configs": [{"job_name": "bankimport", "static_configs": [{"targets": [target]}]}],
    }
    folder.mkdir()
    (folder / "prometheus.yml").write_text(json.dumps(configuration))
    port = free_port()
    process = subprocess.Popen(
        [PROMETHEUS, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
         f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"],
    )  # fmt: skip
    try:
        asked = Prometheus(f"http://127.0.0.1:{port}")
        deadline = time.monotonic() + 60
        while True:
            try:
                asked.ask("up")
                break
            except (httpx2.TransportError, ValueError):
                assert time.monotonic() < deadline
                time.sleep(0.2)
        yield asked
    finally:
        process.terminate()
        process.wait(30)


def panel_queries() -> list[str]:
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "bankimport.json").read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def spans(bodies: list[bytes]) -> list[tuple[str, Any]]:
    """Service and span of all that came."""
    found = []
    for body in bodies:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = next(
                item.value.string_value for item in resource.resource.attributes if item.key == "service.name"
            )
            found += [(service, span) for scope in resource.scope_spans for span in scope.spans]
    return found


async def follow(url: str, token: str, asked: Prometheus) -> None:
    """Hold a socket open until Prometheus has seen it."""
    listener = Listener()
    await listener.connect(url, token)
    await asyncio.to_thread(asked.wait_for, "sum(bankimport_socketio_clients) > 0")
    await listener.sio.disconnect()


def import_while_the_bank_fails(api: httpx2.Client, simulator: RunningSimulator, connection_id: int) -> None:
    """Start an import of slow accounts, one at a time, the first of which has to wait for its bank."""
    simulator.admin("PATCH", "profiles/sim-plain", delay_ms=3000)
    simulator.admin("POST", "faults", kind="status", path="/transactions", status=503)
    wanted = {"connection_id": connection_id, "max_parallel": 1}
    planned = api.post("/api/truelayer/import/plan", json=wanted).raise_for_status().json()
    api.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]}).raise_for_status()


def test_imports_move_every_metric_resolve_the_dashboard_and_leave_one_trace(
    tmp_path: Path, simulator: RunningSimulator
) -> None:
    with (
        otlp_receiver() as (endpoint, bodies),
        running_model_server() as model,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "500")
        bank = {variable_of(name): value for name, value in simulator_settings(simulator.url).items()}
        more = {**MODEL, **bank, "BANKIMPORT_LLM_BASE_URL": model.url}
        with (
            machine(tmp_path / "home", "--flower", more=more) as up,
            prometheus(tmp_path / "prom", up.url[7:]) as asked,
        ):
            asked.wait_for('up{job="bankimport"} == 1')
            asked.wait_for('bankimport_processes{kind="worker"} == 1')
            before = {name: asked.total(name) for name in MOVES}
            up.run("user", "create", "ada@example.org", "--password-stdin", text=PASSWORD + "\n")
            link = up.read("connect", "--bank", "sim-plain", "--no-wait")["authorization_url"]
            with httpx2.Client(trust_env=False, timeout=60) as browser:
                browser.get(browser.get(f"{link}&simulator_user=john&simulator_password=doe").headers["location"])
            with httpx2.Client(base_url=up.url, trust_env=False, timeout=60) as api:
                api.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD}).raise_for_status()
                connection_id = api.get("/api/truelayer/connections").json()["connections"][0]["id"]
                planned = api.post("/api/truelayer/import/plan", json={"connection_id": connection_id}).json()
                api.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]}).raise_for_status()
                asked.wait_for('bankimport_jobs{status="completed"} == 1')
                asked.wait_for("bankimport_account_newest_proven_day_seconds > 0")
                asked.wait_for('bankimport_enrichment_jobs{status="completed"} == 1')
                asked.wait_for("bankimport_llm_cost_this_month > 0")
                health = api.get("/api/health").raise_for_status().json()
                import_while_the_bank_fails(api, simulator, connection_id)
                for name in ("bankimport_waiting", "bankimport_errors_last_hour", "bankimport_queue_depth"):
                    asked.wait_for(f"{name} > 0")
                token = api.post("/api/auth/tokens", json={"name": "test"}).raise_for_status().json()["token"]
                asyncio.run(follow(up.url, token, asked))
            assert health["state"] == "ok", health
            assert {process["kind"] for process in health["processes"]} == {"api", "worker", "beat"}
            assert httpx2.get(f"{health['flower_url']}/healthcheck", trust_env=False).status_code == 200
            assert up.read("health")["state"] == "ok"
            for name in MOVES:
                assert asked.total(name) > before[name], name
            for name in (
                "bankimport_queue_age_seconds",
                "bankimport_queue_messages",
                "bankimport_broker_up == 1",
                "bankimport_database_up == 1",
                "bankimport_db_pool_used",
                "bankimport_worker_threads",
                "bankimport_llm_monthly_cap == 5",
                'bankimport_queue_depth{queue="enrichment"}',
                "bankimport_llm_call_seconds_last_hour",
                'bankimport_queue_messages{queue="bankimport-enrichment"}',
            ):
                assert asked.ask(name), name
            for query in panel_queries():
                # Rates need two points.
                asked.wait_for(query)
            token_free = b"".join(bodies)
        found = spans(bodies)

    roots = {
        span.trace_id
        for service, span in found
        if service == "bankimport-api" and span.name == "POST /api/truelayer/import/start"
    }
    begun = [
        span
        for service, span in found
        if service == "bankimport-worker" and span.name == "imports.run_account_import" and span.trace_id in roots
    ]
    assert begun
    by_task = {span.span_id: span for span in begun}
    calls = [span for _, span in found if span.parent_span_id in by_task and span.name.startswith("bank ")]
    assert "bank transactions" in {span.name for span in calls}
    assert {span.trace_id for span in calls} <= {span.trace_id for span in begun}
    for secret in (b"ada@example.org", PASSWORD.encode(), b"Bearer", b"eyJ", b"john"):
        assert secret not in token_free
