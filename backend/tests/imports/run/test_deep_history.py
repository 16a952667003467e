"""The minutes after consent: deep history of all accounts first, then everything that can wait."""

from datetime import timedelta
from urllib.parse import parse_qs

from tests.support.steps.imports import LONG_AGO, accounts_by_kind, happened, start, status_of, stored
from tests.support.steps.installation import Installation

from bankimport.clock import utc_today

DEEP = (utc_today() - timedelta(days=100)).isoformat()


def test_right_after_consent_deep_days_of_all_accounts_come_first(
    installation: Installation,
) -> None:
    # Fewer rows are faster to store: what counts here is which days are requested, and when.
    installation.simulator.admin("PATCH", "profiles/sim-six-years", rows_per_day=1, card_rows_per_day=1)
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-six-years")
    before = len(installation.simulator.admin("GET", "calls"))
    job_id = start(client, connection_id, from_date=(utc_today() - timedelta(days=1500)).isoformat())

    installation.run_tasks()

    assert status_of(client, job_id)["status"] == "completed"
    calls = installation.simulator.admin("GET", "calls")[before:]
    is_deep = ["from=" in call["query"] and parse_qs(call["query"])["from"][0] < DEEP for call in calls]
    deep = sum(is_deep)
    assert deep == 3 * 5
    assert all(is_deep[:deep]), [call["path"].rsplit("/", 1)[-1] + call["query"] for call in calls]
    account = accounts_by_kind(client, connection_id)["account"][0]
    since = utc_today() - timedelta(days=1500)
    assert stored(account["account_id"]) == happened(installation, "sim-six-years", "account", 0, since)


def test_the_user_sees_until_when_deep_history_is_available(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-six-years")

    (connection,) = client.get("/api/truelayer/connections").json()["connections"]
    plan = client.post(
        "/api/truelayer/import/plan", json={"connection_id": connection_id, "from_date": LONG_AGO.isoformat()}
    ).json()

    assert connection["deep_history_until"] > connection["authorised_at"]
    limit = next(limit for limit in plan["limits"] if limit["code"] == "sca_window")
    assert limit["until"] == connection["deep_history_until"]
