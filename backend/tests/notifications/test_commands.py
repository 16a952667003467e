"""`bankimport notifications` and `webhooks`: channels of both types from the command line."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.support.servers.receiver import Receiver
from tests.support.steps.notifications import notify_user
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.notifications import deliver


def run(*arguments: object, code: int = 0) -> Any:
    result = CliRunner().invoke(app, [*(str(word) for word in arguments), "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout or result.stderr.splitlines()[-1])


@pytest.mark.parametrize("group", ["notifications", "webhooks"])
def test_a_channel_is_tested_switched_replayed_and_removed(client: TestClient, receiver: Receiver, group: str) -> None:
    too_long = ["--name", "x" * 300, receiver.url] if group == "webhooks" else ["x" * 300, "--address", receiver.url]
    assert run(group, "add", *too_long, code=1)["message"].startswith("name: ")
    if group == "webhooks":
        channel = run("webhooks", "add", receiver.url, "--kind", "import.failed")["id"]
        listed = ("webhooks", "list")
    else:
        address = receiver.url.replace("http://", "json://")
        channel = run("notifications", "add", "mine", "--address", address, "--kind", "import.failed")["id"]
        listed = ("notifications", "channels")
    (shown,) = next(iter(run(*listed).values()))
    assert (shown["id"], shown["kinds"], shown["enabled"]) == (channel, ["import.failed"], True)

    assert run(group, "test", channel)["state"] == "delivered"
    receiver.answers = [500]
    assert run(group, "test", channel, code=1)["tries"][0]["error"] is not None
    assert notify_user("a")
    deliver.deliver_due()
    newest, failed, tried = run(group, "deliveries", channel)["deliveries"]
    assert [item["state"] for item in (newest, failed, tried)] == ["delivered", "waiting", "delivered"]

    assert run(group, "replay", channel, newest["id"])["state"] == "waiting"
    assert run(group, "disable", channel)["enabled"] is False
    assert run(group, "replay", channel, code=1)["code"] == "channel_off"
    assert run(group, "test", channel, code=1)["code"] == "channel_off"
    assert run(group, "enable", channel)["enabled"] is True
    assert run(group, "replay", channel) == {"replayed": 2}, "both were dropped when it was switched off"
    deliver.deliver_due()
    states = [item["state"] for item in run(group, "deliveries", channel)["deliveries"]]
    assert states == ["delivered"] * 3

    assert run(group, "remove", channel) == {"removed": channel}
    assert run(group, "deliveries", channel, code=1)["code"] == "channel_not_found"
