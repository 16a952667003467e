"""One import over either of TrueLayer's data APIs: v3 is asked, waited for and read page by page, and stores the same.

Whatever v3 leaves open is a setting of the simulator; under each, what is stored is whole or not there.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.support.bank.v3 import connect_v3, set_v3
from tests.support.steps.imports import accounts_by_kind, happened, plan, run_import, status_of, stored
from tests.support.steps.installation import Installation, forget_settings
from tests.support.suite.clock import travel, travel_to

from bankimport.audit.verify import verify_user
from bankimport.clock import utc_today
from bankimport.connections.models import BankApiCall, BankConnection
from bankimport.db.session import session_scope
from bankimport.imports.models import ImportWindow, RawResponse
from bankimport.settings import variable_of
from bankimport.transactions.models import Transaction

BANK = "sim-plain"
SINCE = utc_today() - timedelta(days=12)
RECENT = SINCE.isoformat()


def one_account(installation: Installation, **profile: Any) -> None:
    installation.simulator.admin("PATCH", f"profiles/{BANK}", accounts=1, cards=0, **profile)


def asked_requests() -> list[BankApiCall]:
    with session_scope() as session:
        return list(session.scalars(select(BankApiCall).order_by(BankApiCall.id)))


def test_an_import_over_v3_stores_what_happened_in_pages_and_a_second_one_finds_only_duplicates(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    one_account(installation, pending=2)
    set_v3(installation, most_rows_in_page=25, completion_seconds=0.05)
    connection_id = connect_v3(installation, client, BANK)

    first = run_import(installation, client, connection_id, from_date=RECENT)
    second = run_import(installation, client, connection_id, from_date=RECENT)

    assert first["status"] == second["status"] == "completed", (first, second)
    (account,) = accounts_by_kind(client, connection_id)["account"]
    assert stored(account["account_id"]) == happened(installation, BANK, "account", 0, SINCE)
    assert second["total_so_far"]["synced"] == 0
    with session_scope() as session:
        pending = select(func.count()).where(Transaction.status == "pending", Transaction.removed_at.is_(None))
        assert session.scalars(pending).one() == 2
        assert not session.scalars(select(ImportWindow.begun).where(ImportWindow.begun != [])).all()
    pages = [call for call in asked_requests() if call.endpoint == "transactions_page"]
    assert len(pages) >= 2
    with session_scope() as session:
        user_id = session.get_one(BankConnection, connection_id).user_id
        assert not verify_user(session, user_id, int(account["account_id"])).findings


def test_a_login_that_comes_back_over_v3_keeps_its_connection_and_its_rows_once(installation: Installation) -> None:
    client = installation.signed_in()
    one_account(installation)
    set_v3(installation)
    connection_id = installation.connect(client, BANK)
    run_import(installation, client, connection_id, from_date=RECENT)

    connect_v3(installation, client, BANK)
    status = run_import(installation, client, connection_id, from_date=RECENT)

    assert status["status"] == "completed"
    with session_scope() as session:
        assert session.get_one(BankConnection, connection_id).data_api == "v3"
    (account,) = accounts_by_kind(client, connection_id)["account"]
    assert stored(account["account_id"]) == happened(installation, BANK, "account", 0, SINCE)


def named(value: object) -> str:
    return "-".join(f"{name}-{item}" for name, item in value.items()) if isinstance(value, dict) else str(value)


SAFE: list[dict[str, Any]] = [
    {"last_page": "absent", "row_ids": "per_request", "pending_on": "every_page", "enrichment": "none"},
    {"last_page": "then_empty", "row_ids": "on_settling", "pending_outside_range": False, "enrichment": "all"},
    {"row_ids": "reused", "cursor_with_other_days": "refused", "account_cursor": "always_same"},
]


@pytest.mark.parametrize("settings", SAFE, ids=lambda settings: settings["row_ids"])
def test_whatever_v3_leaves_open_the_stored_rows_are_what_happened(
    installation: Installation, settings: dict[str, Any]
) -> None:
    client = installation.signed_in()
    one_account(installation, pending=1)
    set_v3(installation, most_rows_in_page=25, **settings)
    connection_id = connect_v3(installation, client, BANK)

    for _ in range(2):
        status = run_import(installation, client, connection_id, from_date=RECENT)
        assert status["status"] == "completed", status

    (account,) = accounts_by_kind(client, connection_id)["account"]
    assert stored(account["account_id"]) == happened(installation, BANK, "account", 0, SINCE)


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ({"last_page": "same_again"}, "unexpected_response"),
        ({"failing_requests": 1.0, "failure_reason": "a_word_of_tomorrow"}, "bank_unavailable"),
        ({"completion_seconds": None}, "answer_not_ready"),
        ({"unsupported_accounts": [0]}, "endpoint_not_supported"),
        ({"request_seconds": 0}, "bank_unavailable"),
        ({"cursor_seconds": 0}, "bank_unavailable"),
        ({"after_end": "forbidden"}, None),
    ],
    ids=named,
)
def test_an_answer_without_its_last_page_stores_nothing_and_says_why(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, setting: dict[str, Any], code: str | None
) -> None:
    monkeypatch.setenv(variable_of("bank_answer_wait_s"), "0")
    forget_settings()
    client = installation.signed_in()
    one_account(installation)
    set_v3(installation, most_rows_in_page=25)
    connection_id = connect_v3(installation, client, BANK)
    set_v3(installation, most_rows_in_page=25, **setting)
    if code is None:
        installation.simulator.admin("POST", "consents/revoke")

    status = run_import(installation, client, connection_id, from_date=RECENT)

    assert status["status"] != "completed"
    (account,) = accounts_by_kind(client, connection_id)["account"]
    assert not stored(account["account_id"])
    (shown,) = status["accounts"]
    assert code is None or shown["error"]["code"] == code, shown


def test_a_restart_reads_on_in_the_requests_that_were_begun(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable_of("bank_answer_wait_s"), "0")
    forget_settings()
    # From noon on, so that no midnight passes: other days would be other requests.
    travel_to(datetime.combine(utc_today() + timedelta(days=1), time(12), UTC))
    client = installation.signed_in()
    one_account(installation)
    set_v3(installation)
    connection_id = connect_v3(installation, client, BANK)
    set_v3(installation, completion_seconds=None)
    waiting = run_import(installation, client, connection_id, from_date=RECENT)
    assert waiting["accounts"][0]["error"]["code"] == "answer_not_ready"
    with session_scope() as session:
        (begun,) = session.scalars(select(ImportWindow.begun)).one()
    set_v3(installation, completion_seconds=0)

    travel(hours=1)
    installation.run_tasks()

    assert status_of(client, int(waiting["job_id"]))["status"] == "completed"
    calls = [call for call in asked_requests() if call.endpoint == "transactions"]
    assert len(calls) == 1
    with session_scope() as session:
        answer = session.scalars(select(RawResponse).where(RawResponse.endpoint == "transactions")).one()
        assert begun in answer.request


@pytest.mark.parametrize("how", ["forbidden", "clipped"])
def test_days_beyond_the_banks_depth_never_lose_recent_ones(installation: Installation, how: str) -> None:
    client = installation.signed_in()
    one_account(installation, history_days=100, recent_days=100)
    set_v3(installation, too_deep=how)
    connection_id = connect_v3(installation, client, BANK)

    status = run_import(installation, client, connection_id, from_date=(utc_today() - timedelta(days=150)).isoformat())

    (account,) = accounts_by_kind(client, connection_id)["account"]
    recent = utc_today() - timedelta(days=80)
    assert happened(installation, BANK, "account", 0, recent) <= stored(account["account_id"]), status


def test_rows_in_a_currency_without_an_established_minor_unit_are_rejected_and_counted(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    one_account(installation)
    set_v3(installation, has_foreign_row=True)
    connection_id = connect_v3(installation, client, BANK)

    status = run_import(installation, client, connection_id, from_date=RECENT)

    assert status["status"] == "completed"
    assert status["total_so_far"]["errors"] == 1


def test_a_connection_that_ended_asks_its_user_to_reconnect(installation: Installation) -> None:
    client = installation.signed_in()
    one_account(installation)
    set_v3(installation)
    connection_id = connect_v3(installation, client, BANK)
    plan(client, connection_id)
    installation.simulator.admin("POST", "consents/revoke")

    status = run_import(installation, client, connection_id, from_date=RECENT)

    assert status["accounts"][0]["error"]["code"] == "connection_expired"
    with session_scope() as session:
        assert session.get_one(BankConnection, connection_id).status == "expired"
