"""A window's figures about its answer, including answers stored in several batches."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.support.steps.imports import run_import
from tests.support.steps.installation import Installation

from bankimport.db.session import session_scope
from bankimport.imports.models import ImportWindow, RawResponse, WindowState
from bankimport.transactions.models import Transaction


@pytest.fixture
def imported(installation: Installation) -> Any:
    """An import whose windows took several batches each."""

    def make() -> Any:
        client = installation.signed_in()
        return run_import(installation, client, installation.connect(client, "sim-plain"), batch_size=10)

    return installation.once("an import in small batches", make)


def figures() -> dict[int, tuple[int | None, int | None, int]]:
    """Per window: rows in the answer, rows in the window, and how often it was fetched."""
    with session_scope() as session:
        windows = session.scalars(select(ImportWindow).where(ImportWindow.state == WindowState.COMPLETED))
        return {row.id: (row.rows_in_answer, row.rows_in_window, row.fetches) for row in windows}


def test_a_window_counts_the_rows_of_all_its_batches(imported: Any) -> None:
    total = imported["total_so_far"]

    with session_scope() as session:
        stored = select(RawResponse.window_id, func.count()).join(
            Transaction, Transaction.raw_response_id == RawResponse.id
        )
        rows = Counter(
            {
                row[0]: row[1]
                for row in session.execute(
                    stored.where(RawResponse.window_id.isnot(None)).group_by(RawResponse.window_id)
                )
            }
        )
    found = figures()
    assert {window: row[1] for window, row in found.items()} == dict(rows)
    assert sum(row[1] or 0 for row in found.values()) == total["synced"] + total["duplicates"]
    assert all(in_answer is not None and in_answer >= (in_window or 0) for in_answer, in_window, _ in found.values())
    assert {fetches for _, _, fetches in found.values()} == {1}
