"""Read costs and the rows behind them, and move an import into an earlier month."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from starlette.testclient import TestClient

from bankimport.clock import utc_today
from bankimport.connections.models import BankApiCall
from bankimport.db.session import session_scope
from bankimport.imports.models import ImportJob
from bankimport.settings import get_settings

PATH = "/api/truelayer/analytics/costs"
RECENT = {"from_date": (utc_today() - timedelta(days=20)).isoformat()}


def sql(query: str, **values: Any) -> Any:
    with session_scope() as session:
        return session.execute(text(query), values).scalar_one()


def with_prices(monkeypatch: pytest.MonkeyPatch, *, month: str | None = "0.35 GBP", call: str | None = None) -> None:
    for name, value in (("MONTH", month), ("CALL", call)):
        variable = "BANKIMPORT_PRICE_CONNECTION_MONTH" if name == "MONTH" else "BANKIMPORT_PRICE_CALL"
        monkeypatch.delenv(variable, raising=False) if value is None else monkeypatch.setenv(variable, value)
    get_settings.cache_clear()


def costs(client: TestClient, **query: str) -> Any:
    answer = client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(client: TestClient, path: str, name: str) -> list[dict[str, Any]]:
    """All the rows behind a figure, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = client.get(f"{path}{cursor}").raise_for_status().json()
        found += page[name]
        if page.get("next_cursor") is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def move_first_import_back(by: timedelta) -> None:
    """Act as if the first import and its calls had been that much earlier.

    With the clock moved back during the import, it would not have been allowed the days that the other imports have.
    """
    first = select(func.min(ImportJob.id)).scalar_subquery()
    with session_scope() as session:
        session.execute(
            update(BankApiCall).where(BankApiCall.job_id == first).values(called_at=BankApiCall.called_at - by)
        )
        session.execute(
            update(ImportJob)
            .where(ImportJob.id == first)
            .values(started_at=ImportJob.started_at - by, completed_at=ImportJob.completed_at - by)
            .execution_options(synchronize_session=False)
        )
