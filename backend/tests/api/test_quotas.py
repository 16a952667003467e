"""A user may have so many of each thing that one makes on request."""

from typing import Any

import pytest
from tests.support.steps.installation import Installation, forget_settings
from tests.support.steps.record import a_record

from bankimport.settings import variable_of

PLAN = {"from_date": "2026-06-01"}
SCHEDULE = {"name": "daily", "frequency": "daily"}
RULE = {"match": "contains", "pattern": "coffee", "category": "Eating out"}


def test_one_may_not_have_more_than_the_quota(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    record = a_record(installation)
    for name in ("connections", "plans", "schedules", "rules", "channels"):
        monkeypatch.setenv(variable_of(f"quota_{name}"), "1")
    forget_settings()
    of_bank = {"connection_id": record.connection_id}
    operations: list[tuple[str, dict[str, Any], int]] = [
        ("/api/truelayer/connections/authorize", {"provider_ids": ["sim-plain"]}, 0),
        ("/api/truelayer/import/plan", of_bank | PLAN, 0),
        ("/api/truelayer/import/schedules", of_bank | SCHEDULE, 1),
        ("/api/truelayer/enrichment/rules", RULE, 1),
        ("/api/webhooks", {"name": "mine", "url": "https://93.184.215.14/"}, 1),
    ]

    for path, body, free in operations:
        for number in range(free + 1):
            answer = record.client.post(
                path, json=body | ({"pattern": f"coffee {number}"} if "pattern" in body else {})
            )
            if number < free:
                assert answer.status_code in (200, 201), (path, answer.text)
        assert (answer.status_code, answer.json()["code"]) == (409, "quota_reached"), (path, answer.text)
        assert answer.json()["details"] == {"most": 1}
    renewal = record.client.post(f"/api/truelayer/connections/{record.connection_id}/reauthorize")
    assert renewal.status_code == 200, "a renewal adds no bank"
