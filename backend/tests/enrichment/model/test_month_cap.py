"""Users are notified once of a reached cap: on the page, at an Apprise address and by a signed webhook."""

from typing import Any

import pytest
from tests.support.servers.model_server import ModelServer
from tests.support.servers.receiver import receiving
from tests.support.steps.enrichment import PATH, add, enrich, set_up
from tests.support.steps.record import Record

from bankimport.enrichment.run.run import run_enrichment
from bankimport.notifications.deliver import deliver_due


def notifications_of(record: Record) -> list[dict[str, Any]]:
    page = record.client.get("/api/notifications").raise_for_status().json()["notifications"]
    return [item for item in page if item["kind"] == "cap.reached"]


def test_users_are_notified_once_of_a_cap_on_every_channel_and_again_after_it_is_raised(
    record: Record, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, LLM_MONTHLY_CAP="0.0001 USD", ALLOW_PRIVATE_TARGETS="true")
    add(record, "SHOP ONE")
    with receiving() as hook, receiving() as people:
        secret = record.client.post(
            "/api/webhooks", json={"name": "mine", "url": hook.url, "kinds": ["cap.reached"]}
        ).json()["secret"]
        address = people.url.replace("http://", "json://")
        wanted = {"name": "phone", "address": address, "kinds": ["cap.reached"]}
        record.client.post("/api/notifications/channels", json=wanted).raise_for_status()

        first, second = enrich(record), enrich(record)
        record.client.post(f"{PATH}/jobs/{first['id']}/resume").raise_for_status()
        run_enrichment(int(first["id"]), "test")
        deliver_due()

        assert {first["job_status"], second["job_status"]} == {"stopped"}
        assert model.requests == []
        (notification,) = notifications_of(record)
        assert "1 of 1 transactions are left" in notification["body"]
        assert notification["link"] == "/enrichment"
        ((_, event),) = hook.events(secret)
        assert event["type"] == "cap.reached"
        assert event["data"]["enrichment_job_id"] == first["id"]
        ((_, body),) = people.got
        assert b"Enrichment stopped before exceeding its cap" in body

        set_up(monkeypatch, LLM_MONTHLY_CAP="0.0002 USD")
        enrich(record)
        enrich(record, cap="0.00005 USD")
        deliver_due()
        assert len(notifications_of(record)) == len(hook.got) == 3
