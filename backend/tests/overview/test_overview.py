"""The overview shows what is up to date, what needs the user and what it costs, with a fixed number of statements."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from starlette.testclient import TestClient
from tests.support.steps.consents import let_consents_end
from tests.support.steps.imports import run_import
from tests.support.steps.installation import Installation
from tests.support.suite.clock import travel

from bankimport.clock import utc_today
from bankimport.db.session import get_engine, session_scope
from bankimport.proof.freshness import keep_freshness


@pytest.fixture
def imported(installation: Installation) -> TestClient:
    return installation.once("an import of a bank with two accounts", lambda: _imported(installation))


def _imported(installation: Installation) -> TestClient:
    client = installation.signed_in()
    run_import(
        installation,
        client,
        installation.connect(client, "sim-accounts-only"),
        from_date=str(utc_today() - timedelta(days=28)),
    )
    keep_freshness()
    return client


def overview(client: TestClient) -> Any:
    return client.get("/api/overview").raise_for_status().json()


def sql(statement: str, **values: Any) -> None:
    with session_scope() as session:
        session.execute(text(statement), values)


def test_a_new_user_sees_an_empty_overview(installation: Installation) -> None:
    found = overview(installation.signed_in())

    assert (found["banks"], found["failed"], found["running"], found["next_runs"]) == ([], [], [], [])
    assert set(found["counts"].values()) == {0}
    assert len(found["days"]) == 30
    assert len(found["months"]) == 6


def test_the_overview_says_how_far_each_bank_is_and_what_was_stored_and_spent(imported: TestClient) -> None:
    found = overview(imported)

    (bank,) = found["banks"]
    assert (bank["accounts"], bank["accounts_never_imported"], bank["broken_days"]) == (2, 0, 0)
    assert bank["held_until"] == str(utc_today())
    assert (bank["accounts_being_checked"], bank["accounts_proven"]) == (0, 2)
    assert bank["consent_state"] == "fine"
    (entry,) = imported.get("/api/truelayer/import/history").json()["imports"]
    today = found["days"][-1]
    assert today == {"day": str(utc_today()), "rows": entry["transactions_imported"], "imports": 1}
    costs = imported.get("/api/truelayer/analytics/costs").json()
    assert found["months"][-1]["calls"] == costs["calls"]["total"]
    assert found["month"] == costs["month"]


def test_an_account_is_being_checked_until_its_days_are_worked_out_and_an_unproven_one_is_not_counted(
    installation: Installation, imported: TestClient
) -> None:
    sql("DELETE FROM account_standings WHERE account_id = (SELECT min(account_id) FROM account_standings)")
    (bank,) = overview(imported)["banks"]
    assert (bank["accounts_being_checked"], bank["accounts_proven"]) == (1, 1)

    travel(minutes=1)
    run_import(installation, imported, int(bank["connection_id"]), from_date=str(utc_today() - timedelta(days=28)))
    (bank,) = overview(imported)["banks"]
    assert bank["accounts_being_checked"] == 2
    assert bank["held_until"] is not None

    travel(minutes=1)
    keep_freshness()
    sql(
        "UPDATE account_standings SET newest_proven_day = NULL "
        "WHERE account_id = (SELECT min(account_id) FROM account_standings)"
    )
    (bank,) = overview(imported)["banks"]
    assert (bank["accounts_being_checked"], bank["accounts_proven"]) == (0, 1)
    assert bank["proven_until"] is not None


def test_the_overview_lists_what_needs_the_user_and_the_menu_has_the_same_counts(imported: TestClient) -> None:
    sql(
        "UPDATE account_standings SET broken_days = 3 "
        "WHERE account_id = (SELECT min(account_id) FROM account_standings)"
    )
    sql("UPDATE truelayer_import_jobs SET job_status = 'partly_failed'")
    let_consents_end(days=3, hours=1)

    found = overview(imported)

    (bank,) = found["banks"]
    assert (bank["broken_days"], bank["consent_state"], bank["consent_days_left"]) == (3, "ending", 3)
    assert bank["broken_account_id"] is not None
    assert [item["status"] for item in found["failed"]] == ["partly_failed"]
    expected = {"banks": 1, "broken_accounts": 1, "failed_imports": 1, "queue": 0, "reviews": 0}
    assert expected.items() <= found["counts"].items()
    assert imported.get("/api/overview/counts").json() == found["counts"]


def test_a_failure_is_over_once_a_later_import_of_the_bank_started(
    installation: Installation, imported: TestClient
) -> None:
    sql("UPDATE truelayer_import_jobs SET job_status = 'failed'")
    (bank,) = overview(imported)["banks"]
    run_import(installation, imported, int(bank["connection_id"]), from_date=str(utc_today() - timedelta(days=28)))

    assert overview(imported)["failed"] == []


def test_the_number_of_statements_does_not_grow_with_accounts(installation: Installation, imported: TestClient) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(*args: Any) -> None:
            seen.append(args[2])

        event.listen(get_engine(), "before_cursor_execute", note)
        try:
            overview(imported)
        finally:
            event.remove(get_engine(), "before_cursor_execute", note)
        return len(seen)

    before = statements()
    installation.connect(imported, "sim-many")

    assert statements() == before


def test_a_nickname_is_shown_everywhere_and_survives_a_new_listing(imported: TestClient) -> None:
    (bank,) = overview(imported)["banks"]
    path = f"/api/truelayer/connections/{bank['connection_id']}/accounts"
    account = imported.get(path).json()["accounts"][0]

    named = imported.put(f"/api/truelayer/accounts/{account['account_id']}/nickname", json={"nickname": " Holidays "})

    assert (named.json()["display_name"], named.json()["listed_name"]) == ("Holidays", account["listed_name"])
    (again, *_) = imported.post(f"{path}/refresh").json()["accounts"]
    assert (again["display_name"], again["listed_name"]) == ("Holidays", account["listed_name"])
    cleared = imported.put(f"/api/truelayer/accounts/{account['account_id']}/nickname", json={"nickname": " "})
    assert (cleared.json()["display_name"], cleared.json()["nickname"]) == (account["listed_name"], None)
