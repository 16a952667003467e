"""What schedules do when a consent ends, is renewed, or is replaced."""

from sqlalchemy import text
from tests.support.steps.consents import let_consents_end
from tests.support.steps.installation import Installation
from tests.support.steps.schedules import PATH, a_schedule, history, make_due_since

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.schedules.fire import keep_schedules


def count_text(query: str) -> str:
    with session_scope() as session:
        return str(session.execute(text(query)).scalar_one())


def test_schedules_and_accounts_survive_a_consent_that_ended(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-rotating")
    accounts = client.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"]
    chosen = accounts[0]["account_id"]
    schedule_id = a_schedule(client, connection_id, account_ids=[chosen])
    make_due_since(schedule_id, utc_now())
    keep_schedules(utc_now())
    installation.run_tasks()
    keep_schedules(utc_now())
    truelayer_ids = count_text("SELECT string_agg(truelayer_id, ' ' ORDER BY account_id) FROM account_doors")
    let_consents_end(hours=-1)
    make_due_since(schedule_id, utc_now())
    keep_schedules(utc_now())

    read = client.get(f"{PATH}/{schedule_id}").json()
    assert (read["enabled"], read["paused_by"]) == (False, "consent")
    assert "reconnect" in read["pause_reason"]

    assert installation.connect(client, "sim-rotating") == connection_id
    keep_schedules(utc_now())

    read = client.get(f"{PATH}/{schedule_id}").json()
    assert (read["enabled"], read["account_ids"]) == (True, [chosen])
    assert count_text("SELECT string_agg(truelayer_id, ' ' ORDER BY account_id) FROM account_doors") != truelayer_ids
    again = client.get(f"/api/truelayer/connections/{connection_id}/accounts").json()["accounts"]
    assert [row["account_id"] for row in again] == [row["account_id"] for row in accounts]
    make_due_since(schedule_id, utc_now())
    keep_schedules(utc_now())
    installation.run_tasks()
    keep_schedules(utc_now())
    assert [run["state"] for run in history(client, schedule_id)] == ["completed", "failed", "completed"]
    assert history(client, schedule_id)[-1]["transactions_imported"] == 0, "the same rows are recognised"


def test_a_schedule_moves_to_the_connection_that_replaces_a_removed_one(installation: Installation) -> None:
    client = installation.signed_in()
    old = installation.connect(client, "sim-plain")
    schedule_id = a_schedule(client, old)
    client.delete(f"/api/truelayer/connections/{old}")
    make_due_since(schedule_id, utc_now())
    keep_schedules(utc_now())
    assert client.get(f"{PATH}/{schedule_id}").json()["paused_by"] == "consent"

    new = installation.connect(client, "sim-plain")
    keep_schedules(utc_now())

    read = client.get(f"{PATH}/{schedule_id}").json()
    assert new != old
    assert (read["connection_id"], read["enabled"]) == (str(new), True)


def test_a_consent_that_ends_during_a_run_pauses_the_schedule(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"))
    make_due_since(schedule_id, utc_now())
    keep_schedules(utc_now())
    with session_scope() as session:
        session.execute(text("UPDATE bank_connections SET status = 'expired'"))
    installation.run_tasks()

    keep_schedules(utc_now())

    assert client.get(f"{PATH}/{schedule_id}").json()["paused_by"] == "consent"
