"""Calls stay within the banks' limits, no matter who makes them and what goes wrong."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel

from bankimport.clock import utc_now, utc_today
from bankimport.connections.calls.bank import Bank
from bankimport.connections.errors import CallBudgetSpent
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.imports.plan.plan import plan_import
from bankimport.imports.run.start import start_import
from bankimport.imports.schemas import PlanRequest
from bankimport.settings import get_settings


def import_unattended(installation: Installation, user_id: int, connection_id: int, first: date) -> None:
    with session_scope() as session:
        request = PlanRequest(connection_id=connection_id, from_date=first)
        start_import(session, user_id, plan_import(session, user_id, request, None).id)
    installation.run_tasks()


def test_a_bank_with_four_calls_a_day_is_never_called_a_fifth_time(installation: Installation) -> None:
    installation.simulator.admin("PATCH", "profiles/sim-four-a-day", accounts=1, cards=1)
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-four-a-day")
    travel(minutes=61)
    installation.simulator.admin("POST", "faults", kind="status", path="/transactions", status=503, probability=0.3)

    for _ in range(3):
        for _ in range(7):
            import_unattended(installation, 1, connection_id, utc_today() - timedelta(days=30))
        travel(days=1)

    calls = installation.simulator.admin("GET", "calls")
    assert {call["status"] for call in calls} <= {200, 503}
    per_day = Counter((call["at"][:10], call["path"]) for call in calls if not call["is_attended"])
    assert max(per_day.values()) == 4
    with session_scope() as session:
        waiting = session.execute(
            text("SELECT count(*) FROM truelayer_import_progress WHERE error_code = 'daily_allowance_spent'")
        ).scalar_one()
    assert waiting > 0


def test_the_unattended_allowance_does_not_delay_a_present_users_import(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-four-a-day")
    travel(minutes=61)
    for _ in range(5):
        import_unattended(installation, 1, connection_id, utc_today() - timedelta(days=5))

    planned = client.post("/api/truelayer/import/plan", json={"connection_id": connection_id}).json()
    client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]})
    # Earlier jobs of the same accounts wait; only the new one may run.
    installation.run_tasks()

    status = client.get(f"/api/truelayer/import/status/{planned['job_id']}").json()
    assert status["status"] == "completed", status


def test_the_users_address_is_sent_only_while_they_are_present(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    planned = client.post("/api/truelayer/import/plan", json={"connection_id": connection_id}).json()
    client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]})
    travel(minutes=16)
    before = len(installation.simulator.admin("GET", "calls"))

    installation.run_tasks()

    later = installation.simulator.admin("GET", "calls")[before:]
    assert later
    assert not any(call["is_attended"] for call in later)


def test_after_a_429_the_whole_connection_pauses_as_long_as_the_bank_requests(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    installation.simulator.admin(
        "POST",
        "faults",
        kind="status",
        path="/transactions",
        status=429,
        error="rate_limited",
        retry_after_s=300,
        times=1,
    )
    planned = client.post("/api/truelayer/import/plan", json={"connection_id": connection_id}).json()
    client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]})
    before = len(installation.simulator.admin("GET", "calls"))

    installation.run_tasks()

    assert len(installation.simulator.admin("GET", "calls")) == before + 1
    status = client.get(f"/api/truelayer/import/status/{planned['job_id']}").json()
    assert {account["status"] for account in status["accounts"]} == {"waiting"}
    with session_scope() as session:
        until = session.get_one(BankConnection, connection_id).rate_limited_until
    assert until is not None
    assert until > utc_now() + timedelta(seconds=250)


def test_the_client_wide_limit_holds_over_all_connections(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    monkeypatch.setenv("BANKIMPORT_CALLS_PER_MINUTE", "5")
    get_settings.cache_clear()
    bank = Bank(connection_id, attended_ip="81.2.69.142")
    for _ in range(2):  # consent has spent three of the five
        bank.call(lambda api, token, begin: api.accounts(token, begin_call=begin))

    with pytest.raises(CallBudgetSpent) as raised:
        bank.call(lambda api, token, begin: api.accounts(token, begin_call=begin))

    assert raised.value.retry_after_s is not None
    assert 0 < raised.value.retry_after_s <= 60
