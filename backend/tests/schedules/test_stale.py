"""Accounts that their schedules should have imported are found, and their users notified once."""

from datetime import timedelta

from celery import Celery
from sqlalchemy import select, update
from tests.support.steps.installation import Installation
from tests.support.steps.schedules import a_schedule, let_accounts_rest_since

from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.queue import Task
from bankimport.schedules.models import Schedule
from bankimport.schedules.recurrence import Frequency
from bankimport.schedules.stale import stale_accounts
from bankimport.schedules.tasks import register


def test_a_user_is_notified_once_about_each_stale_account(
    installation: Installation,
) -> None:
    now = utc_now()
    client = installation.signed_in()
    a_schedule(client, installation.connect(client, "sim-plain"))
    with session_scope() as session:
        session.execute(update(Schedule).values(in_force_since=now - timedelta(days=9)))
    let_accounts_rest_since(now - timedelta(days=3))
    with session_scope() as session:
        first = session.scalars(select(Account).order_by(Account.id).limit(1)).one()
        first.last_synced_at = now - timedelta(hours=40)
    beat = Celery()
    register(beat)
    for _ in range(2):
        beat.tasks[Task.WARN_OF_STALE_ACCOUNTS.value]()

    found = client.get("/api/notifications").json()["notifications"]

    assert [item["kind"] for item in found] == ["imports.stale"] * 2
    assert f"{now - timedelta(days=3):%Y-%m-%d}" in found[0]["body"]
    assert str(first.id) not in {item["data"]["account_id"] for item in found}


def test_an_account_becomes_stale_only_after_two_periods_of_an_active_schedule(installation: Installation) -> None:
    now = utc_now()
    client = installation.signed_in()
    a_schedule(client, installation.connect(client, "sim-plain"))

    def is_stale(last_synced_days_ago: float, **schedule: object) -> bool:
        """Whether any account is stale that was last imported that long ago under such a schedule."""
        let_accounts_rest_since(now - timedelta(days=last_synced_days_ago))
        with session_scope() as session:
            values = {"in_force_since": now - timedelta(days=400), "enabled": True, "last_run": None, **schedule}
            session.execute(update(Schedule).values(values))
            found = list(session.scalars(stale_accounts(now)))
            everyone = list(session.scalars(select(Account.id)))
        assert sorted(found) in ([], sorted(everyone))
        return bool(found)

    for frequency, days in ((Frequency.DAILY, 2), (Frequency.WEEKLY, 14), (Frequency.MONTHLY, 62)):
        assert not is_stale(days - 0.1, frequency=frequency)
        assert is_stale(days + 0.1, frequency=frequency)
        assert not is_stale(days + 0.1, frequency=frequency, enabled=False)
        assert not is_stale(days + 0.1, frequency=frequency, in_force_since=now - timedelta(days=days - 0.1))
    monthly = {"frequency": Frequency.CRON, "cron": "0 2 1 * *", "next_run": now + timedelta(days=20)}
    assert not is_stale(20, **monthly, in_force_since=now - timedelta(days=5)), "it has not run yet"
    assert is_stale(61, **monthly, in_force_since=now - timedelta(days=61), last_run=now - timedelta(days=10))
