"""A saved plan is readable in every version that was ever stored, and never with a silent zero."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from tests.support.steps.imports import plan
from tests.support.steps.installation import Installation

from bankimport.db.session import session_scope
from bankimport.imports.errors import PlanUnreadable
from bankimport.imports.import_plan import ImportPlan, read_plan, stored_figure, written_plan
from bankimport.imports.models import ImportJob

UNVERSIONED: dict[str, Any] = {
    "estimated_accounts": 1,
    "estimated_transactions": 75,
    "estimated_duration_seconds": 8,
    "estimated_range": {
        "transactions": {"low": 25, "high": 225},
        "duration_seconds": {"low": 3, "high": 24},
        "api_calls": {"low": 4, "high": 8},
    },
    "api_calls": 4,
    "base": {"transactions": 60, "duration_seconds": 6, "api_calls": 3},
    "learned_from_imports": 5,
    "cost": {
        "amount": None,
        "currency": None,
        "amounts": [{"amount": "0.35", "currency": "GBP"}],
        "unknown": ["enrichment"],
        "parts": [
            {"what": "connection_month", "quantity": 1, "amount": "0.35", "currency": "GBP", "note": "once a month"},
            {"what": "enrichment", "quantity": 0, "amount": None, "currency": None, "note": "known afterwards"},
        ],
    },
    "limits": [
        {
            "code": "sca_window",
            "message": "days before 2026-08-30 are given only until 10:05:00 UTC",
            "until": "2026-11-28T10:05:00+00:00",
            "from": "2026-01-01",
            "to": "2026-08-29",
        },
        {"code": "consent_end", "message": "the consent ends soon", "at": "2026-12-01T00:00:00+00:00"},
        {"code": "unattended_allowance", "message": "Current needs 5 calls", "account_id": "7"},
    ],
    "coverage": [
        {
            "account_id": "7",
            "held_days": 31,
            "held": [{"from": "2026-10-01", "to": "2026-10-31"}],
            "missing": [{"from": "2026-11-01", "to": "2026-11-30"}],
        }
    ],
    "windows": [{"account_id": "7", "windows": [{"from": "2026-11-01", "to": "2026-11-30"}]}],
}
"""The stored form of plans before they had a version."""

FIRST = {name: value for name, value in UNVERSIONED.items() if name not in ("base", "learned_from_imports")} | {
    "cost": {"amount": "0.00", "currency": "GBP", "note": "TrueLayer charges per active connection a month"}
}
"""The stored form of the very first plans, before corrections and prices."""


def test_a_plan_without_a_version_is_read_completely() -> None:
    read = read_plan(UNVERSIONED)

    assert read.version == 1
    assert (read.planned.api_calls, read.planned.transactions, read.planned.duration_seconds) == (4, 75, 8)
    assert (read.base.api_calls, read.base.transactions, read.learned_from_imports) == (3, 60, 5)
    assert read.priced is not None
    assert [str(part.amount) for part in read.priced.parts] == ["0.35", "None"]
    written = written_plan(read)
    for name, value in UNVERSIONED.items():
        if name != "limits":
            assert written[name] == value, name
    assert [limit.first is None for limit in read.limits] == [False, True, True]


def test_a_plan_from_before_corrections_and_prices_is_its_own_base_and_has_no_price() -> None:
    read = read_plan(FIRST)

    assert (read.base.api_calls, read.base.transactions, read.base.duration_seconds) == (4, 75, 8)
    assert read.learned_from_imports == 0
    assert read.priced is None
    assert read.cost.amount is None, "0.00 was a guess"


def test_a_job_without_a_plan_has_estimated_nothing() -> None:
    read = read_plan({})

    assert (read.planned.api_calls, read.planned.transactions, read.priced) == (0, 0, None)
    assert read.coverage == []


@given(st.sampled_from([{}, UNVERSIONED, FIRST]))
def test_a_written_plan_is_read_back_unchanged(stored: dict[str, Any]) -> None:
    read = read_plan(stored)

    assert read_plan(written_plan(read)) == read


@pytest.mark.parametrize("name", [name for name in UNVERSIONED if name not in ("base", "learned_from_imports", "cost")])
@pytest.mark.parametrize("version", [0, 1])
def test_a_renamed_field_is_a_named_error_and_never_a_zero(name: str, version: int) -> None:
    whole = UNVERSIONED if version == 0 else written_plan(read_plan(UNVERSIONED))
    renamed = {f"new_{key}" if key == name else key: value for key, value in whole.items()}

    with pytest.raises(PlanUnreadable) as caught:
        read_plan(renamed)

    assert f"new_{name}" in caught.value.message
    assert name in str(caught.value.details["fields"])


def test_a_plan_of_a_newer_version_asks_to_upgrade() -> None:
    with pytest.raises(PlanUnreadable, match="version 2, but this program reads up to 1; upgrade bankimport"):
        read_plan({**written_plan(read_plan(UNVERSIONED)), "version": 2})


def test_sql_uses_only_figures_that_plans_have() -> None:
    assert all(name in ImportPlan.model_fields for name in ("api_calls", "estimated_transactions"))
    assert stored_figure("api_calls") == "(j.metadata->>'api_calls')::bigint"
    for unknown in ("calls", "limits"):
        with pytest.raises(KeyError):
            stored_figure(unknown)


def test_jobs_with_plans_of_both_versions_are_shown_side_by_side(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    new, old = (plan(client, connection_id) for _ in range(2))
    with session_scope() as session:
        session.execute(
            text(f"UPDATE truelayer_import_jobs SET metadata = metadata - 'version' WHERE id = {old['job_id']}")
        )
    for planned in (new, old):
        client.post("/api/truelayer/import/start", json={"job_id": planned["job_id"]}).raise_for_status()

    listed = client.get("/api/truelayer/import/history").json()["imports"]

    assert [item["planned"] for item in listed] == [
        {
            "api_calls": planned["api_calls"],
            "transactions": planned["estimated_transactions"],
            "duration_seconds": planned["estimated_duration_seconds"],
        }
        for planned in (old, new)
    ]
    with session_scope() as session:
        assert (
            session.get_one(ImportJob, int(old["job_id"])).plan == session.get_one(ImportJob, int(new["job_id"])).plan
        )
