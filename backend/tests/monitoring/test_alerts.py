"""Each alert fires when its reason occurs in the real system, and no alert fires without a reason."""

import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.support.monitoring.alerting import PROMTOOL, ROOT, RULES, alert_names, firing
from tests.support.monitoring.whole import (
    START,
    Whole,
    beat_dead,
    database_down,
    imports_stay_away,
    nobody_fires,
    nobody_works,
    worker_dead,
)
from tests.support.servers.model_server import running_model_server
from tests.support.steps.consents import let_consents_end
from tests.support.steps.imports import start

from bankimport.db.session import get_engine, session_scope
from bankimport.enrichment.run.run import run_enrichment
from bankimport.imports.attempt import open_attempt
from bankimport.imports.models import AccountImport
from bankimport.imports.run.recover import recover
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify
from bankimport.proof.freshness import keep_freshness
from bankimport.settings import get_settings, variable_of

DEPLOY = ROOT / "deploy" / "prometheus"


def broker_down(whole: Whole) -> None:
    whole.own_broker().child.stop()


def pool_full(whole: Whole) -> None:
    connections = [get_engine().connect() for _ in range(20)]
    whole.show_life()
    for connection in connections:
        connection.close()


def imports_fail(whole: Whole) -> None:
    whole.installation.simulator.admin("POST", "faults", kind="status", path="/transactions", status=503)
    start(whole.client, whole.connection_id, from_date=START)
    for _ in range(2):
        whole.installation.run_tasks()
        whole.sql("UPDATE truelayer_import_progress SET next_attempt_at = :now WHERE status = 'waiting'")


def workers_die(whole: Whole) -> None:
    start(whole.client, whole.connection_id, from_date=START)
    with session_scope() as session:
        ids = list(session.scalars(select(AccountImport.id).where(AccountImport.status == "pending")))
    for _ in range(4):
        with session_scope() as session:
            assert open_attempt(session, ids[0], "a worker that dies") is not None
        whole.sql("UPDATE truelayer_import_progress SET lease_expires_at = :now - interval '1 second'")
        recover()


def rows_vanish(whole: Whole) -> None:
    whole.sql(
        "DELETE FROM transactions WHERE id = (SELECT id FROM transactions WHERE running_balance IS NOT NULL "
        "AND status = 'booked' ORDER BY date DESC OFFSET 20 LIMIT 1)"
    )
    whole.sql("UPDATE account_standings SET proved_at = :now - interval '7 hours'")
    keep_freshness()


def consent_ends(whole: Whole) -> None:
    let_consents_end(days=3)


def plans_are_wrong(whole: Whole) -> None:
    for _ in range(3):
        start(whole.client, whole.connection_id, from_date=START)
        whole.installation.run_tasks()
    whole.sql("UPDATE truelayer_import_jobs SET metadata = metadata || '{\"api_calls\": 1}'")


def requests_crash(whole: Whole) -> None:
    whole.installation.as_owner("ALTER TABLE transactions RENAME TO gone")
    broken = TestClient(
        whole.client.app,
        base_url=str(whole.client.base_url),
        headers=dict(whole.client.headers),
        raise_server_exceptions=False,
    )
    assert broken.get("/api/transactions").status_code == 500


def a_receiver_is_away(whole: Whole) -> None:
    whole.client.post("/api/webhooks", json={"name": "mine", "url": "http://127.0.0.1:9/"}).raise_for_status()
    with session_scope() as session:
        for number in range(51):
            notify(session, 1, Kind.IMPORT_FAILED, f"key {number}", title="failed", body="failed")


def enrich(whole: Whole, *moods: str, cap: str | None = None) -> None:
    """Enrich a new merchant with a model that behaves like this, under a monthly cap."""
    settings = {"LLM_MODEL": "openai:test", "LLM_INPUT_PRICE": "1 USD", "LLM_OUTPUT_PRICE": "2 USD"}
    with running_model_server() as model, pytest.MonkeyPatch.context() as patch:
        model.moods = list(moods)
        for name, value in {**settings, "LLM_BASE_URL": model.url, **({"LLM_MONTHLY_CAP": cap} if cap else {})}.items():
            patch.setenv(f"BANKIMPORT_{name}", value)
        get_settings.cache_clear()
        unknown = "description = 'NOBODY KNOWS IT', merchant = 'Nobody Knows It'"
        whole.sql(f"UPDATE transactions SET classification = '{{}}', transaction_category = 'PURCHASE', {unknown}")
        made = whole.client.post("/api/truelayer/enrichment/jobs", json={}).raise_for_status().json()
        run_enrichment(int(made["id"]), "test")
        whole.saved = whole.scrape()
    get_settings.cache_clear()


def cap_reached(whole: Whole) -> None:
    enrich(whole, cap="0.000001 USD")


def cap_near(whole: Whole) -> None:
    enrich(whole)
    whole.sql("UPDATE llm_calls SET cost = 0.9")
    enrich(whole, cap="1 USD")


def model_fails(whole: Whole) -> None:
    for _ in range(2):
        enrich(whole, *["malformed"] * 9)


def server_full(whole: Whole) -> None:
    url = get_settings().database_url or ""
    with ExitStack() as connections, psycopg.connect(url) as first:
        (most,) = first.execute("SELECT current_setting('max_connections')::int").fetchone() or (0,)
        (used,) = first.execute("SELECT count(*) FROM pg_stat_activity").fetchone() or (0,)
        for _ in range(int(most * 0.9) - used):
            connections.enter_context(psycopg.connect(url))
        whole.saved = whole.scrape()


CAUSES: dict[str, tuple[Callable[[Whole], None], set[str]]] = {
    # alert: what causes it, and which other alerts that causes
    "BankimportDatabaseDown": (database_down, set()),
    "BankimportBrokerDown": (broker_down, set()),
    "BankimportNoWorkers": (worker_dead, set()),
    "BankimportBeatSilent": (beat_dead, set()),
    "BankimportQueueStuck": (nobody_works, set()),
    "BankimportPoolFull": (pool_full, set()),
    "BankimportDatabaseConnectionsHigh": (server_full, set()),
    "BankimportHttpErrors": (requests_crash, set()),
    "BankimportDeliveriesStuck": (a_receiver_is_away, set()),
    "BankimportDataStale": (imports_stay_away, set()),
    "BankimportSchedulesOverdue": (nobody_fires, set()),
    "BankimportImportsFailing": (imports_fail, {"BankimportBanksKeepUsWaiting"}),
    "BankimportWorkersLost": (workers_die, {"BankimportImportsFailing"}),
    "BankimportBanksKeepUsWaiting": (imports_fail, {"BankimportImportsFailing"}),
    "BankimportProofBroken": (rows_vanish, set()),
    "BankimportConsentEnding": (consent_ends, set()),
    "BankimportEnrichmentCapNear": (cap_near, set()),
    "BankimportEnrichmentCapReached": (cap_reached, set()),
    "BankimportModelFailing": (model_fails, set()),
    "BankimportCallsAboveEstimate": (plans_are_wrong, set()),
}


def test_a_working_installation_fires_no_alert(whole: Whole) -> None:
    assert whole.firing() == set()


@pytest.mark.parametrize("alert", CAUSES)
def test_an_alert_fires_when_its_reason_is_caused_and_no_other_alert_does(whole: Whole, alert: str) -> None:
    cause, others = CAUSES[alert]

    cause(whole)

    assert whole.firing() - others == {alert}


def test_an_api_that_does_not_answer_fires_an_alert(tmp_path: Path) -> None:
    assert firing({}, tmp_path, is_up=False) == {"BankimportDown"}


def test_each_alert_is_caused_here_and_has_its_runbook() -> None:
    assert set(alert_names()) == {"BankimportDown", *CAUSES}
    for name in alert_names():
        page = ROOT / "docs" / "runbooks" / f"{name}.md"
        assert page.is_file(), name
        assert f"runbook_url: docs/runbooks/{name}.md" in RULES.read_text()
    assert {page.stem for page in (ROOT / "docs" / "runbooks").glob("*.md")} == set(alert_names())


def test_promtool_accepts_rules_and_scrape_configuration(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY, tmp_path / "prometheus")
    configuration = tmp_path / "prometheus" / "prometheus.yml"
    token = tmp_path / variable_of("metrics_token")
    token.write_text("a-long-random-word")
    text = configuration.read_text()
    assert f"/run/bankimport/{token.name}" in text
    configuration.write_text(text.replace("/run/bankimport", str(tmp_path)))

    done = subprocess.run(
        [PROMTOOL, "check", "config", "prometheus.yml"],
        cwd=tmp_path / "prometheus",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(alert_names())} rules found" in done.stdout
