"""A running installation as operators see it: Prometheus scrapes it, the dashboard resolves, traces are complete."""

import asyncio
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import psycopg
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.journeys.listener import Listener
from tests.journeys.machine import PASSWORD, Machine, machine
from tests.support.monitoring.alerting import ROOT
from tests.support.servers.model_server import running_model_server
from tests.support.suite.loopback import http_get
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.cli.local import read_note
from bankimport.processes.ports import free_port
from bankimport.processes.postgres import owner_url
from bankimport.processes.stack import simulator_settings
from bankimport.settings import variable_of
from truelayer_simulator.launch import RunningSimulator

pytestmark = [pytest.mark.journey, pytest.mark.real_clock]
"""Prometheus uses the machine's clock."""

BANK = "sim-many-countries"
"""Not all of its merchants are known, so a model is asked."""

PROMETHEUS = ROOT / ".cache" / "prometheus" / "prometheus"

MODEL = {
    "BANKIMPORT_LLM_MODEL": "openai:test",
    "BANKIMPORT_LLM_INPUT_PRICE": "1 USD",
    "BANKIMPORT_LLM_OUTPUT_PRICE": "2 USD",
    "BANKIMPORT_LLM_MONTHLY_CAP": "5 USD",
}

NAMED = {
    "import duration by range": 'sum(bankimport_import_duration_seconds_count{days="92"})',
    "calls": "sum(bankimport_calls_made_last_day)",
    "estimates": "sum(bankimport_calls_estimated_last_day)",
    "enrichment success": 'sum(bankimport_enrichment_rows_last_day{outcome="with_category"})',
    "rows": "sum(bankimport_transactions_stored_total)",
    "newest proven day": "max(bankimport_account_newest_proven_day_seconds)",
    "newest stored day": "max(bankimport_account_newest_held_day_seconds)",
    "input tokens": 'sum(bankimport_llm_tokens_last_day{kind="input"})',
    "output tokens": 'sum(bankimport_llm_tokens_last_day{kind="output"})',
    "cost of a day": "sum(bankimport_llm_cost_last_day)",
    "cost of the month": "sum(bankimport_llm_cost_this_month)",
    "calls to models": 'sum(bankimport_llm_calls_last_hour{outcome="answered"})',
    "enrichment jobs": "sum(bankimport_enrichment_jobs)",
    "attempts": "sum(bankimport_attempts_last_hour)",
    "calls to banks": "sum(bankimport_bank_calls_last_hour)",
    "notifications": "sum(bankimport_notifications_last_day)",
    "periodic tasks": "sum(bankimport_periodic_run_seconds)",
    "requests": "sum(bankimport_http_requests_total)",
}
"""Metrics that an import and its enrichment increase: they were absent or lower before."""


@contextmanager
def otlp_receiver() -> Iterator[tuple[str, dict[str, list[bytes]]]]:
    """A receiver of OTLP over HTTP, which stores what arrives at /v1/traces, /v1/logs and /v1/metrics."""
    got: dict[str, list[bytes]] = {"traces": [], "logs": [], "metrics": []}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            got[self.path.removeprefix("/v1/")].append(body)
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


def services_that_log(bodies: list[bytes]) -> set[str]:
    """The services whose log records arrived."""
    sent = [rows for body in bodies for rows in ExportLogsServiceRequest.FromString(body).resource_logs]
    return {
        attribute.value.string_value
        for rows in sent
        for attribute in rows.resource.attributes
        if attribute.key == "service.name"
    }


def metrics(bodies: list[bytes]) -> set[str]:
    """The names of the metrics that arrived."""
    sent = [rows for body in bodies for rows in ExportMetricsServiceRequest.FromString(body).resource_metrics]
    return {metric.name for rows in sent for scope in rows.scope_metrics for metric in scope.metrics}


class Prometheus:
    """A Prometheus that scrapes one target every second."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, query: str) -> list[Any]:
        answer = http_get(f"{self._url}/api/v1/query", params={"query": query}, timeout=HANGS_AFTER_S, trust_env=False)
        found = answer.json()
        assert found["status"] == "success", (query, found)
        return list(found["data"]["result"])

    def value(self, query: str) -> float:
        """The single value of a query; 0 if there is none."""
        return sum(float(item["value"][1]) for item in self.ask(query))

    def wait_for(self, query: str) -> None:
        deadline = time.monotonic() + HANGS_AFTER_S
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
        deadline = time.monotonic() + HANGS_AFTER_S
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
        process.wait(HANGS_AFTER_S)


def panel_queries() -> list[str]:
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "bankimport.json").read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def spans(bodies: list[bytes]) -> list[tuple[str, Any]]:
    """Service and span of everything received."""
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


def make_work_wait(
    up: Machine, asked: Prometheus, api: httpx2.Client, bank: RunningSimulator, connection_id: int
) -> None:
    """Start an import while the worker is stopped, then make its first account wait for its bank and the next one
    slow."""
    bank.admin("PATCH", f"profiles/{BANK}", delay_ms=3000)
    bank.admin("POST", "faults", kind="status", path="/transactions", status=503)
    (worker,) = (process for process, line in up.descendants().items() if line[-3:-2] == ["worker"])
    worker.suspend()
    try:
        wanted = {"connection_id": connection_id, "max_parallel": 1}
        planned = api.post("/api/truelayer/import/plan", json=wanted).raise_for_status().json()
        api.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]}).raise_for_status()
        for name in ("queue_depth", "queue_age_seconds"):
            asked.wait_for(f'bankimport_{name}{{queue="imports"}} > 0')
        asked.wait_for("sum(bankimport_queue_messages) > 0")
    finally:
        worker.resume()
    for name in ("waiting", "errors_last_hour"):
        asked.wait_for(f"sum(bankimport_{name}) > 0")


def use_up_the_pool(asked: Prometheus, database_url: str, up: Machine, token: str) -> None:
    """Make as many requests as there are connections wait for a locked table."""
    pool = round(asked.value('max(bankimport_db_pool_size{kind="api"})'))
    headers = {"Authorization": f"Bearer {token}"}
    with psycopg.connect(database_url) as holder, ThreadPoolExecutor(pool) as pool_users:
        holder.execute("LOCK TABLE category_rules IN ACCESS EXCLUSIVE MODE")
        waiting = [
            pool_users.submit(
                http_get,
                f"{up.url}/api/truelayer/enrichment/rules",
                headers=headers,
                timeout=HANGS_AFTER_S,
                trust_env=False,
            )
            for _ in range(pool)
        ]
        asked.wait_for(f'bankimport_db_pool_used{{kind="api"}} == {pool}')
        holder.rollback()
        assert {answer.result().status_code for answer in waiting} == {200}
    asked.wait_for(f'bankimport_db_pool_used{{kind="api"}} < {pool}')


def take_away_the_servers(up: Machine, asked: Prometheus, note: dict[str, str]) -> None:
    """Take broker and database down, one after the other, until Prometheus has seen it, and bring them back."""
    (broker,) = up.running("valkey-server")
    broker.suspend()
    try:
        asked.wait_for("bankimport_broker_up == 0")
    finally:
        broker.resume()
    asked.wait_for("bankimport_broker_up == 1")
    database = urlsplit(owner_url(Path(note["BANKIMPORT_HOME"]), note["DATABASE_URL"]))
    name = database.path[1:]
    with psycopg.connect(database._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            asked.wait_for("bankimport_database_up == 0")
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    asked.wait_for("bankimport_database_up == 1")


@pytest.mark.slow("Prometheus scrapes a stack of processes until each metric has moved")
def test_every_metric_moves_the_dashboard_resolves_and_one_import_is_one_trace(
    tmp_path: Path, simulator: RunningSimulator
) -> None:
    with (
        otlp_receiver() as (endpoint, bodies),
        running_model_server() as model,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "500")
        patch.setenv("OTEL_BLRP_SCHEDULE_DELAY", "500")
        patch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "1000")
        bank = {variable_of(name): value for name, value in simulator_settings(simulator.url).items()}
        more = {**MODEL, **bank, "BANKIMPORT_LLM_BASE_URL": model.url}
        with (
            machine(tmp_path / "home", "--flower", more=more) as up,
            prometheus(tmp_path / "prom", up.url[7:]) as asked,
        ):
            asked.wait_for('up{job="bankimport"} == 1')
            asked.wait_for('bankimport_processes{kind="worker"} == 1')
            before = {name: asked.value(query) for name, query in NAMED.items()}
            up.run("user", "create", "ada@example.org", "--password-stdin", text=PASSWORD + "\n")
            link = up.read("connect", "--bank", BANK, "--no-wait")["authorization_url"]
            with httpx2.Client(trust_env=False, timeout=HANGS_AFTER_S) as browser:
                browser.get(browser.get(f"{link}&simulator_user=john&simulator_password=doe").headers["location"])
            with httpx2.Client(base_url=up.url, trust_env=False, timeout=HANGS_AFTER_S) as api:
                api.post("/api/auth/login", json={"email": "ada@example.org", "password": PASSWORD}).raise_for_status()
                connection_id = api.get("/api/truelayer/connections").json()["connections"][0]["id"]
                planned = api.post("/api/truelayer/import/plan", json={"connection_id": connection_id}).json()
                api.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]}).raise_for_status()
                asked.wait_for('bankimport_jobs{status="completed"} == 1')
                asked.wait_for("bankimport_account_newest_proven_day_seconds > 0")
                asked.wait_for('bankimport_enrichment_jobs{status="completed"} == 1')
                asked.wait_for("bankimport_llm_cost_this_month > 0")
                health = api.get("/api/health").raise_for_status().json()
                for name, query in NAMED.items():
                    asked.wait_for(f"{query} > {before[name]}")
                asked.wait_for("max_over_time(rate(bankimport_transactions_stored_total[1m])[10m:1s]) > 0")
                make_work_wait(up, asked, api, simulator, connection_id)
                token = api.post("/api/auth/tokens", json={"name": "test"}).raise_for_status().json()["token"]
                asyncio.run(follow(up.url, token, asked))
            assert health["state"] == "ok", health
            assert {process["kind"] for process in health["processes"]} == {"api", "worker", "beat"}
            assert any("Flower" in line and health["flower_url"] in line for line in up.said.splitlines())
            assert http_get(f"{health['flower_url']}/healthcheck", trust_env=False).status_code == 200
            assert up.read("health")["state"] == "ok"
            for name in (
                "bankimport_broker_up == 1",
                "bankimport_database_up == 1",
                "bankimport_worker_threads",
                "bankimport_llm_monthly_cap == 5",
                'bankimport_queue_depth{queue="enrichment"}',
                "bankimport_llm_call_seconds_last_hour",
                'bankimport_queue_messages{queue="bankimport-enrichment"}',
            ):
                asked.wait_for(name)
            for query in panel_queries():
                # Rates need two points.
                asked.wait_for(query)
            note = read_note(tmp_path / "home")
            assert note is not None
            use_up_the_pool(asked, note["DATABASE_URL"], up, token)
            take_away_the_servers(up, asked, note)
            sent = b"".join(body for each in bodies.values() for body in each)
        found = spans(bodies["traces"])

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
        assert secret not in sent
    assert {"bankimport-api", "bankimport-worker", "bankimport-beat"} <= services_that_log(bodies["logs"])
    assert {"bankimport_transactions_stored_total", "bankimport_http_request_seconds"} <= metrics(bodies["metrics"])
