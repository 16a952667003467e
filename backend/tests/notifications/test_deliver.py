"""Each event reaches each channel at least once, signed, however badly its receiver behaves."""

import json
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from tests.support.servers.receiver import Receiver, verified
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation
from tests.support.steps.notifications import add_webhook, end_waits, log_of, notify_user
from tests.support.suite.clock import at_now
from tests.support.suite.waiting import wait_for

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.notifications import deliver
from bankimport.notifications.channels import webhooks
from bankimport.notifications.channels.webhooks import Outcome
from bankimport.notifications.models import Kind
from bankimport.notifications.retention import delete_old_notifications


def test_an_event_is_delivered_once_signed_and_with_its_kind(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url)
    assert notify_user("a")
    assert not notify_user("a"), "the same key notifies once"

    deliver.deliver_due()

    ((message_id, event),) = receiver.events(webhook["secret"])
    assert message_id.startswith("msg_")
    assert event["type"] == "import.failed"
    assert event["data"]["key"] == "a"
    with pytest.raises(WebhookVerificationError):
        receiver.events("whsec_" + "A" * 43 + "=")
    assert deliver.deliver_due() == 0
    (entry,) = log_of(client, webhook["id"])
    assert (entry["state"], [item["status"] for item in entry["tries"]]) == ("delivered", [204])


def test_a_receiver_that_fails_repeatedly_gets_each_event_at_least_once_with_one_id(
    client: TestClient, receiver: Receiver
) -> None:
    webhook = add_webhook(client, receiver.url)
    receiver.answers = [500, 503, 302, 204, 429, 204]
    for key in ("a", "b", "c"):
        notify_user(key)

    for _ in range(8):
        deliver.deliver_due()
        end_waits()

    entries = log_of(client, webhook["id"])
    assert {entry["state"] for entry in entries} == {"delivered"}
    by_key: dict[str, set[str]] = {}
    for message_id, event in receiver.events(webhook["secret"]):
        by_key.setdefault(event["data"]["key"], set()).add(message_id)
    assert by_key.keys() == {"a", "b", "c"}
    assert all(len(ids) == 1 for ids in by_key.values())
    assert sum(len(entry["tries"]) for entry in entries) == len(receiver.got) == 7


def test_a_receiver_that_answers_too_late_gets_the_event_again_with_the_same_id(
    client: TestClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = add_webhook(client, receiver.url)
    notify_user("a")
    receiver.released.clear()
    with monkeypatch.context() as patch:
        patch.setattr(webhooks, "ANSWER_WITHIN_S", 0.5)
        deliver.deliver_due()
    (entry,) = log_of(client, webhook["id"])
    assert (entry["state"], entry["tries"][0]["error"]) == ("waiting", "no answer within 0.5 seconds")

    receiver.released.set()
    end_waits()
    deliver.deliver_due()
    wait_for(lambda: len(receiver.got) == 2)

    (entry,) = log_of(client, webhook["id"])
    assert entry["state"] == "delivered"
    assert len({message_id for message_id, _ in receiver.events(webhook["secret"])}) == 1


def test_a_worker_crash_while_sending_loses_nothing(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url)
    notify_user("a")
    taken = deliver._take_due()
    assert len(taken) == 1
    assert deliver.deliver_due() == 0, "held by the one that will die"

    end_waits()
    deliver.deliver_due()
    deliver._write_down(taken[0], Outcome("too late", 1.0))

    (entry,) = log_of(client, webhook["id"])
    assert entry["state"] == "delivered"
    assert len(receiver.got) == 1


@pytest.mark.real_clock
def test_messages_are_verified_by_the_standards_own_library(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url)
    notify_user("a")
    deliver.deliver_due()

    ((headers, body),) = receiver.got
    assert Webhook(webhook["secret"]).verify(body, headers) == verified(webhook["secret"], headers, body)


def test_a_receiver_that_requests_a_pause_gets_it(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url)
    receiver.answers, receiver.headers = [429], {"Retry-After": "7200"}
    notify_user("a")

    deliver.deliver_due()

    (entry,) = log_of(client, webhook["id"])
    rest = datetime.fromisoformat(entry["next_try_at"]) - utc_now()
    assert timedelta(minutes=115) < rest < timedelta(minutes=125)


def test_a_message_is_given_up_after_a_day_and_can_be_replayed(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url)
    receiver.answers = [500] * 11
    notify_user("a")
    for _ in range(12):
        deliver.deliver_due()
        end_waits()
    (entry,) = log_of(client, webhook["id"])
    assert (entry["state"], len(entry["tries"])) == ("failed", 11)

    replayed = client.post(f"/api/webhooks/{webhook['id']}/deliveries/{entry['id']}/replay")
    assert replayed.json()["state"] == "waiting"
    deliver.deliver_due()

    assert log_of(client, webhook["id"])[0]["state"] == "delivered"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_a_webhook_that_fails_for_days_is_switched_off_reported_and_can_replay_what_it_missed(
    client: TestClient, receiver: Receiver
) -> None:
    webhook = add_webhook(client, receiver.url)
    receiver.answers = [500]
    notify_user("a")
    with session_scope() as session:
        session.execute(at_now("UPDATE notification_channels SET failing_since = :now - interval '73 hours'"))

    deliver.deliver_due()

    (listed,) = client.get("/api/webhooks").json()["webhooks"]
    assert not listed["enabled"]
    assert "3 days" in listed["disabled_reason"]
    notices = client.get("/api/notifications").json()["notifications"]
    assert notices[0]["kind"] == "channel.disabled"
    assert "mine" in notices[0]["title"]
    assert log_of(client, webhook["id"])[0]["state"] == "dropped"
    path = f"/api/webhooks/{webhook['id']}"
    since = (utc_now() - timedelta(hours=1)).isoformat()
    assert client.post(f"{path}/replay", json={"since": since}).json()["code"] == "channel_off"
    assert client.patch(path, json={"enabled": True}).json()["enabled"]
    assert client.post(f"{path}/replay", json={"since": since}).json() == {"replayed": 1}
    deliver.deliver_due()
    assert {entry["state"] for entry in log_of(client, webhook["id"])} == {"delivered"}


def test_a_receiver_that_is_gone_gets_no_more_messages(client: TestClient, receiver: Receiver) -> None:
    add_webhook(client, receiver.url)
    receiver.answers = [410]
    notify_user("a")

    deliver.deliver_due()

    (listed,) = client.get("/api/webhooks").json()["webhooks"]
    assert listed["disabled_reason"] == "its receiver wants no more messages"


def test_both_signatures_are_valid_for_a_day_after_a_change_of_secret(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url)
    new = client.post(f"/api/webhooks/{webhook['id']}/rotate-secret").json()["secret"]
    assert new != webhook["secret"]
    notify_user("a")
    deliver.deliver_due()
    assert receiver.events(webhook["secret"])
    assert receiver.events(new)

    with session_scope() as session:
        session.execute(at_now("UPDATE notification_channels SET previous_secret_until = :now"))
    notify_user("b")
    deliver.deliver_due()

    headers, body = receiver.got[-1]
    assert verified(new, headers, body)
    with pytest.raises(WebhookVerificationError):
        verified(webhook["secret"], headers, body)


def test_a_channel_gets_only_its_selected_kinds(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url, kinds=["proof.broken"])
    notify_user("a")
    notify_user("b", Kind.PROOF_BROKEN)

    deliver.deliver_due()

    assert [event["type"] for _, event in receiver.events(webhook["secret"])] == ["proof.broken"]


def test_a_test_message_is_sent_at_once_and_appears_only_in_the_log(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url)
    receiver.answers = [500]

    tried = client.post(f"/api/webhooks/{webhook['id']}/test").json()
    assert (tried["state"], tried["tries"][0]["error"]) == ("waiting", "it answered 500")
    again = client.post(f"/api/webhooks/{webhook['id']}/test").json()

    assert again["state"] == "delivered"
    assert client.get("/api/notifications").json() == {"notifications": [], "unread_count": 0, "next_cursor": None}


def test_neither_secret_nor_address_is_shown_or_stored_in_the_clear(client: TestClient, receiver: Receiver) -> None:
    webhook = add_webhook(client, receiver.url)
    channel = client.post(
        "/api/notifications/channels", json={"name": "json", "address": f"json://u:hidden@127.0.0.1:{_port(receiver)}"}
    ).json()
    assert "hidden" not in json.dumps([client.get("/api/webhooks").json(), channel])
    with session_scope() as session:
        stored = session.execute(text("SELECT string_agg(t::text, ' ') FROM notification_channels t")).scalar_one()
    assert "hidden" not in stored
    assert webhook["secret"].removeprefix("whsec_") not in stored


def _port(receiver: Receiver) -> str:
    return receiver.url.split(":")[2].partition("/")[0]


def test_people_are_not_disturbed_in_quiet_hours_and_get_one_digest_afterwards(
    client: TestClient, receiver: Receiver
) -> None:
    added = client.post(
        "/api/notifications/channels", json={"name": "json", "address": f"json://127.0.0.1:{_port(receiver)}"}
    )
    channel_id = added.raise_for_status().json()["id"]
    now = utc_now()
    client.put(
        "/api/notifications/quiet-hours",
        json={
            "quiet_from": (now - timedelta(hours=1)).strftime("%H:%M"),
            "quiet_to": (now + timedelta(hours=1)).strftime("%H:%M"),
            "time_zone": "UTC",
        },
    ).raise_for_status()
    notify_user("a")
    notify_user("b")

    assert deliver.deliver_due() == 0
    assert receiver.got == []
    path = f"/api/notifications/channels/{channel_id}/deliveries"
    assert {entry["waits_for_quiet_end"] for entry in client.get(path).json()["deliveries"]} == {True}
    client.put("/api/notifications/quiet-hours", json={}).raise_for_status()
    assert deliver.deliver_due() == 1

    ((_, body),) = receiver.got
    sent = json.loads(body)
    assert sent["title"] == "2 messages from bankimport"
    assert "title a" in sent["message"]
    assert "title b" in sent["message"]
    entries = client.get(path).json()["deliveries"]
    assert [entry["tries"][0]["in_digest_of"] for entry in entries] == [2, 2]


def test_another_users_channels_notifications_and_log_are_inaccessible(
    installation: Installation, client: TestClient, receiver: Receiver
) -> None:
    webhook = add_webhook(client, receiver.url)
    channel = client.post(
        "/api/notifications/channels", json={"name": "json", "address": f"json://127.0.0.1:{_port(receiver)}"}
    ).json()
    notify_user("a")
    deliver.deliver_due()
    (entry,) = log_of(client, webhook["id"])
    other = installation.signed_in("bob@example.org")

    assert other.get("/api/webhooks").json() == {"webhooks": []}
    assert other.get("/api/notifications/channels").json() == {"channels": []}
    assert other.get("/api/notifications").json()["notifications"] == []
    hook, mine = f"/api/webhooks/{webhook['id']}", f"/api/notifications/channels/{channel['id']}"
    since = {"since": "2020-01-01T00:00:00Z"}
    tried = [
        other.patch(hook, json={"name": "x"}),
        other.delete(hook),
        other.post(f"{hook}/rotate-secret"),
        other.post(f"{hook}/test"),
        other.get(f"{hook}/deliveries"),
        other.post(f"{hook}/deliveries/{entry['id']}/replay"),
        other.post(f"{hook}/replay", json=since),
        other.patch(mine, json={"name": "x"}),
        other.delete(mine),
        other.post(f"{mine}/test"),
        other.get(f"{mine}/deliveries"),
        other.post(f"{mine}/replay", json=since),
    ]
    assert {answer.status_code for answer in tried} == {404}
    marked = other.post("/api/notifications/read", json={"ids": [entry["notification_id"]]})
    assert marked.json() == {"changed": 0, "unread_count": 0}
    assert client.get("/api/notifications").json()["unread_count"] == 1


def test_notifications_are_marked_read_up_to_an_id_and_unread_again(client: TestClient) -> None:
    for key in ("a", "b", "c"):
        notify_user(key)
    page = client.get("/api/notifications?limit=2").json()
    assert [item["title"] for item in page["notifications"]] == ["title c", "title b"]
    assert page["unread_count"] == 3
    older = client.get(f"/api/notifications?cursor={page['next_cursor']}").json()
    assert [item["title"] for item in older["notifications"]] == ["title a"]

    second = page["notifications"][1]["id"]
    assert client.post("/api/notifications/read", json={"up_to_id": second}).json() == {
        "changed": 2,
        "unread_count": 1,
    }
    assert len(client.get("/api/notifications?unread=true").json()["notifications"]) == 1
    assert client.post("/api/notifications/unread", json={"ids": [second]}).json()["unread_count"] == 2


def test_a_user_is_notified_once_when_a_job_ends(installation: Installation, client: TestClient) -> None:
    connection_id = installation.connect(client, "sim-plain")
    job_id = start(client, connection_id, from_date=(utc_now() - timedelta(days=20)).date().isoformat())
    installation.run_tasks()

    (notice,) = client.get("/api/notifications").json()["notifications"]
    assert notice["kind"] == "import.finished"
    assert notice["link"] == f"/imports/{job_id}"
    assert notice["data"]["synced"] > 0


@pytest.mark.parametrize(
    "body",
    [
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_to": "22:00"},
        {"time_zone": "Nowhere/Land"},
        {"quiet_from": "22:00+02:00", "quiet_to": "07:00"},
    ],
)
def test_invalid_quiet_hours_are_refused(client: TestClient, body: dict[str, str]) -> None:
    assert client.put("/api/notifications/quiet-hours", json=body).status_code == 422


def test_old_notifications_are_deleted_with_their_log_and_waiting_ones_stay(
    client: TestClient, receiver: Receiver
) -> None:
    webhook = add_webhook(client, receiver.url)
    for key in ("old", "new"):
        notify_user(key)
    deliver.deliver_due()
    receiver.answers = [500]
    notify_user("waits")
    deliver.deliver_due()
    with session_scope() as session:
        session.execute(
            at_now("UPDATE notifications SET created_at = :now - interval '181 days' WHERE dedupe_key <> 'new'")
        )

    assert delete_old_notifications() == 1

    assert [entry["title"] for entry in log_of(client, webhook["id"])] == ["title waits", "title new"]
    left = client.get("/api/notifications").json()["notifications"]
    assert [item["title"] for item in left] == ["title waits", "title new"]
    with session_scope() as session:
        assert session.execute(text("SELECT count(*) FROM notification_delivery_tries")).scalar_one() == 2
    assert delete_old_notifications() == 0
