"""A user's edit outranks every bank's value, and can be undone."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation

from bankimport.clock import utc_today

URL = "/api/transactions"


@pytest.fixture
def imported(installation: Installation) -> tuple[TestClient, int]:
    return installation.once("an amended bank", lambda: _imported(installation))


def _imported(installation: Installation) -> tuple[TestClient, int]:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-amended")
    run(installation, client, connection_id)
    return client, connection_id


def run(installation: Installation, client: TestClient, connection_id: int) -> None:
    start(client, connection_id, from_date=(utc_today() - timedelta(days=10)).isoformat())
    installation.run_tasks()


def rows(client: TestClient) -> dict[int, Any]:
    return {row["id"]: row for row in client.get(URL, params={"limit": 1000}).json()["transactions"]}


def test_an_edit_survives_later_changes_by_the_bank(
    installation: Installation, imported: tuple[TestClient, int]
) -> None:
    client, connection_id = imported
    before = rows(client)
    for row_id in before:
        client.patch(f"{URL}/{row_id}", json={"merchant": f"Shop {row_id}", "category": "Mine"}).raise_for_status()
    installation.simulator.admin("POST", "clock", advance_seconds=3 * 86_400)
    run(installation, client, connection_id)

    after = rows(client)
    assert [row_id for row_id in before if after[row_id]["description"] != before[row_id]["description"]]
    assert all(after[row_id]["merchant"] == f"Shop {row_id}" for row_id in before)
    assert all(after[row_id]["category"] == "Mine" for row_id in before)


def test_undoing_edits_restores_the_banks_values(imported: tuple[TestClient, int]) -> None:
    client, _ = imported
    row = next(iter(rows(client).values()))
    for category in ("One", "Two", None):
        edited = client.patch(f"{URL}/{row['id']}", json={"category": category, "merchant": "X"}).json()
        assert (edited["category"], edited["category_source"]) == (category, "user")

    assert client.delete(f"{URL}/{row['id']}/edits").json() == row
    assert client.delete(f"{URL}/{row['id']}/edits").json() == row
    client.patch(f"{URL}/{row['id']}", json={"category": "Three"})
    assert client.delete(f"{URL}/{row['id']}/edits").json() == row


@pytest.mark.parametrize(
    "body", [{}, {"amount": "1"}, {"category": ""}, {"category": "x" * 101}, {"category": 5}, {"category": " "}]
)
def test_invalid_edits_are_refused(imported: tuple[TestClient, int], body: Any) -> None:
    client, _ = imported
    row_id = next(iter(rows(client)))
    assert client.patch(f"{URL}/{row_id}", json=body).status_code == 422


def test_another_users_row_is_not_found(installation: Installation, imported: tuple[TestClient, int]) -> None:
    client, _ = imported
    row_id = next(iter(rows(client)))
    eve = installation.signed_in("eve@example.org")
    assert eve.patch(f"{URL}/{row_id}", json={"category": "Hers"}).json()["code"] == "transaction_not_found"
    assert eve.delete(f"{URL}/{row_id}/edits").status_code == 404
