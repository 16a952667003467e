"""Notifications in a real browser: told, read, sent to a webhook that is real, and replayed."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys.browser import assert_accessible, connect_bank, open_page, sign_in
from tests.journeys.machine import machine
from tests.notifications.receiver import receiving

pytestmark = pytest.mark.journey


def test_an_import_rings_the_bell_and_reaches_a_webhook_that_is_tested_and_replayed(tmp_path: Path) -> None:
    more = {"BANKIMPORT_ALLOW_PRIVATE_TARGETS": "true"}
    with receiving() as receiver, machine(tmp_path, "--simulator", more=more) as up, open_page(up) as page:
        up.run("user", "create", "ada@example.org")
        sign_in(page, up)
        connection_id = connect_bank(page, "sim-plain")
        page.goto("/notifications/settings")
        page.get_by_label("Name of the webhook").fill("ledger")
        page.get_by_label("Address", exact=False).last.fill(receiver.url)
        page.get_by_role("button", name="Add webhook").click()
        alert = page.get_by_role("alert").filter(has_text="shown only once")
        secret = alert.locator("code").inner_text()
        webhook = page.get_by_role("article", name="ledger")
        webhook.get_by_role("button", name="Send a test").click()
        expect(webhook.get_by_text("The test arrived.")).to_be_visible()

        planned = page.request.post("/api/truelayer/import/plan", data={"connection_id": connection_id}).json()
        page.request.post("/api/truelayer/import/start", data={"job_id": planned["job_id"]})
        expect(page.get_by_role("link", name="Notifications, 1 unread")).to_be_visible(timeout=60_000)
        delivered = webhook.get_by_role("row").filter(has_text="is complete")
        expect(delivered.get_by_text("delivered")).to_be_visible(timeout=60_000)
        assert_accessible(page)
        before = len(receiver.got)
        delivered.get_by_role("button", name="Replay").click()
        page.get_by_role("link", name="Notifications, 1 unread").click()
        expect(page.get_by_role("heading", level=1, name="Notifications")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("link", name="is complete").click()
        expect(page).to_have_url(f"{up.url}/imports/{planned['job_id']}")
        expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
        for _ in range(600):
            if len(receiver.got) > before:
                break
            page.wait_for_timeout(100)

        events = receiver.events(secret)
        assert {event["type"] for _, event in events} == {"test", "import.finished"}  # type: ignore[index]
        finished = [message_id for message_id, event in events if event["type"] == "import.finished"]  # type: ignore[index]
        assert len(finished) >= 2
        assert len(set(finished)) == 1, "a replay bears the same id"
