"""One user's silent receivers delay nobody: every try has one deadline, every user a share of the places."""

import threading
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from tests.support.servers.receiver import Receiver, receiving
from tests.support.steps.installation import Installation
from tests.support.steps.notifications import add_webhook, end_waits, log_of, notify_user
from tests.support.suite.waiting import HANGS_AFTER_S, wait_for

from bankimport.db.session import session_scope
from bankimport.notifications import deliver, tries
from bankimport.notifications.channels import apprise_message, webhooks
from bankimport.notifications.models import Channel


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver that answers nobody until it is released; no try gives up before, however slow the machine is."""
    monkeypatch.setattr(tries, "TRY_WITHIN_S", HANGS_AFTER_S)
    monkeypatch.setattr(webhooks, "ANSWER_WITHIN_S", HANGS_AFTER_S)
    with receiving(silent=True) as made:
        yield made
    wait_for(lambda: not tries.lingering())


def in_flight() -> int:
    with session_scope() as session:
        return int(
            session.execute(
                text("SELECT count(*) FROM notification_deliveries WHERE lease_expires_at IS NOT NULL")
            ).scalar_one()
        )


def test_a_users_silent_receivers_take_a_few_places_and_others_are_delivered_to_meanwhile(
    installation: Installation, client: TestClient, receiver: Receiver, silent: Receiver
) -> None:
    for _ in range(12):
        add_webhook(client, silent.url)
    bob = installation.signed_in("bob@example.org")
    add_webhook(bob, receiver.url)
    notify_user("a", user_id=1)
    worker = threading.Thread(target=deliver.deliver_due)
    worker.start()
    wait_for(lambda: in_flight() == deliver.SHARE_OF_A_USER)

    notify_user("b", user_id=2)
    wait_for(lambda: len(receiver.got) == 1)

    wait_for(lambda: in_flight() == deliver.SHARE_OF_A_USER)
    assert worker.is_alive()
    assert silent.got == []
    silent.released.set()
    worker.join()
    assert len(silent.got) == 12, "each place is given to the next when it is free"


def test_a_try_that_takes_too_long_in_all_is_given_up_and_its_channel_is_switched_off_in_the_end(
    client: TestClient, silent: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = add_webhook(client, silent.url)
    monkeypatch.setattr(tries, "TRY_WITHIN_S", 0.2)
    notify_user("a")

    assert deliver.deliver_due() == 1

    (entry,) = log_of(client, slow["id"])
    assert (entry["state"], entry["tries"][0]["error"]) == ("waiting", "it took longer than 0.2 seconds in all")
    assert tries.lingering() == [int(slow["id"])]
    end_waits()
    assert deliver.deliver_due() == 0, "no second thread waits for the same receiver"

    silent.released.set()
    wait_for(lambda: not tries.lingering())
    silent.released.clear()
    with session_scope() as session:
        session.get_one(Channel, slow["id"]).overruns = 2
    deliver.deliver_due()
    (listed,) = client.get("/api/webhooks").json()["webhooks"]
    assert listed["disabled_reason"] == "it was too slow 3 times in a row"


def test_an_apprise_address_does_not_choose_how_long_it_is_waited_for() -> None:
    service = apprise_message._service("json://example.org/?rto=3600&cto=3600&retry=9&wait=60")

    assert service.request_timeout == (apprise_message.CONNECT_WITHIN_S, apprise_message.READ_WITHIN_S)
    assert service.retry == 0


@pytest.mark.parametrize("url", ["http://.example.org/", f"http://{'a' * 64}.example.org/", "http://a..b/"])
def test_a_host_that_cannot_be_one_is_refused(client: TestClient, url: str) -> None:
    answer = client.post("/api/webhooks", json={"name": "mine", "url": url})

    assert (answer.status_code, answer.json()["code"]) == (422, "target_refused")


def test_an_address_that_cannot_be_read_is_refused(client: TestClient) -> None:
    answer = client.post("/api/notifications/channels", json={"name": "mine", "address": "json://[::1"})

    assert (answer.status_code, answer.json()["code"]) == (422, "target_refused")
