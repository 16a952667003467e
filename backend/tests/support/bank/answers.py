"""Answers that a bank is made to return."""

import base64
import json
from datetime import timedelta
from typing import Any

from bankimport.clock import utc_today
from tests.support.steps.installation import Installation

TODAY = utc_today()


def a_row(days_ago: int, number: int, **fields: Any) -> dict[str, Any]:
    return {
        "timestamp": f"{TODAY - timedelta(days=days_ago)}T00:00:00Z",
        "amount": -1.25 * number,
        "currency": "GBP",
        "transaction_type": "DEBIT",
        "description": f"ROW {number}",
        "normalised_provider_transaction_id": f"n{number}",
    } | fields


def answer_with(installation: Installation, path: str, rows: list[dict[str, Any]]) -> None:
    body = base64.b64encode(json.dumps({"results": rows, "status": "Succeeded"}).encode()).decode()
    installation.simulator.admin("POST", "faults", kind="answer", path=path, times=1, body=body)
