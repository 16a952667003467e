"""A plan's ranges contain what the import then takes, and its obstacles are shown in advance."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.steps.imports import plan
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel

from bankimport.clock import utc_now, utc_today
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.imports.plan.estimate import Range, estimate_duration_s
from bankimport.imports.plan.plan import plan_import
from bankimport.imports.schemas import PlanRequest
from bankimport.settings import get_settings

calls = st.integers(1, 2000).map(lambda number: Range(number, number, number * 2))
rows = st.integers(0, 100_000).map(lambda number: Range(number // 2, number, number * 2))


def codes(planned: Any) -> list[str]:
    return [limit["code"] for limit in planned["limits"]]


@given(calls, rows, st.integers(1, 16), st.one_of(st.none(), st.floats(0.01, 60)))
def test_a_duration_is_in_its_range_and_never_below_what_the_call_limit_allows(
    request: Range, brought: Range, parallel: int, call_s: float | None
) -> None:
    duration = estimate_duration_s(request, brought, parallel=parallel, call_s=call_s)

    assert 1 <= duration.low <= duration.expected <= duration.high
    assert duration.low >= int(
        (request.expected - get_settings().calls_per_minute) / get_settings().calls_per_minute * 60
    )


def test_more_accounts_at_a_time_shorten_the_estimate(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-many")

    slow, fast = (plan(client, connection_id, max_parallel=parallel) for parallel in (1, 16))

    assert slow["api_calls"] == fast["api_calls"]
    assert slow["estimated_duration_seconds"] > 3 * fast["estimated_duration_seconds"]


def test_the_calls_sent_are_in_the_planned_range(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    planned = plan(client, connection_id)
    client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]})
    installation.run_tasks()

    (entry,) = client.get("/api/truelayer/import/history").json()["imports"]
    expected = planned["estimated_range"]
    assert expected["api_calls"]["low"] <= entry["api_calls"] <= expected["api_calls"]["high"]
    assert expected["transactions"]["low"] <= entry["transactions_imported"] <= expected["transactions"]["high"]


def test_a_plan_shows_a_bank_that_requested_a_pause_with_its_end(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    until = utc_now() + timedelta(minutes=5)
    with session_scope() as session:
        session.get_one(BankConnection, connection_id).rate_limited_until = until

    limits = {limit["code"]: limit for limit in plan(client, connection_id)["limits"]}

    assert datetime.fromisoformat(limits["rate_limited"]["until"]) == until
    with session_scope() as session:
        session.get_one(BankConnection, connection_id).rate_limited_until = utc_now() - timedelta(seconds=1)
    assert "rate_limited" not in codes(plan(client, connection_id))


def test_a_plan_says_that_calls_above_the_limit_per_minute_wait(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-many")
    assert "calls_per_minute" not in codes(plan(client, connection_id))
    monkeypatch.setenv("BANKIMPORT_CALLS_PER_MINUTE", "40")
    get_settings.cache_clear()

    planned = plan(client, connection_id)

    assert planned["api_calls"] == 60
    assert "calls_per_minute" in codes(planned)
    assert planned["estimated_range"]["duration_seconds"]["low"] >= 30


def test_an_unattended_plan_lists_accounts_whose_allowance_is_too_small(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-accounts-only")
    with session_scope() as session:
        request = PlanRequest(connection_id=connection_id, from_date=utc_today() - timedelta(days=6 * 365))
        after_consent = plan_import(session, 1, request, None).plan.limits
        scheduled = plan_import(session, 1, request, None, is_requested=False).plan.limits
    travel(minutes=61)
    with session_scope() as session:
        limits = plan_import(session, 1, request, None).plan.limits
        attended = plan_import(session, 1, request, "203.0.113.7").plan.limits

    short = [limit for limit in limits if limit.code == "unattended_allowance"]
    assert [limit.account_id for limit in short] == [1, 2]
    assert "reconnect the bank and press Start the import within 60 minutes" in short[0].message
    assert "unattended_allowance" in [limit.code for limit in scheduled]
    for unlimited in (attended, after_consent):
        assert "unattended_allowance" not in [limit.code for limit in unlimited]
