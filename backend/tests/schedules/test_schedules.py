"""Schedules over HTTP and on the command line: created, changed, previewed, removed, and never another user's."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient
from tests.support.steps.consents import let_consents_end
from tests.support.steps.installation import Installation
from tests.support.steps.schedules import PATH, a_schedule
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.clock import utc_now


def preview(client: TestClient, connection_id: int, **fields: Any) -> Any:
    answer = client.post(f"{PATH}/preview", json={"connection_id": connection_id, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_schedule_has_the_fields_of_the_users_plan_and_sensible_defaults(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")

    made = client.post(PATH, json={"connection_id": connection_id}).raise_for_status().json()

    assert (made["frequency"], made["run_time"], made["time_zone"]) == ("daily", "02:00:00", "UTC")
    assert (made["days_back"], made["incremental"], made["account_ids"]) == (84, True, [])
    assert (made["enabled"], made["auto_enrich"], made["last_run"], made["last_status"]) == (True, True, None, None)
    assert (made["overlap"], made["catch_up"], made["jitter_minutes"]) == ("skip", "one", 15)
    assert made["in_words"] == "every day at 02:00, UTC"
    assert datetime.fromisoformat(made["next_run"]) > utc_now()
    assert client.get(PATH).json() == {"schedules": [made]}
    whole = client.post(PATH, json={"connection_id": connection_id, "incremental": False}).json()
    assert whole["days_back"] == 7


def test_a_runs_rows_are_enriched_at_the_next_set_local_time(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    fields = {"connection_id": installation.connect(client, "sim-plain"), "time_zone": "Asia/Tokyo"}
    made = client.post(PATH, json={**fields, "enrich_time": "04:30"}).raise_for_status().json()
    assert made["enrich_time"] == "04:30:00"

    job_id = client.post(f"{PATH}/{made['id']}/run").raise_for_status().json()["job_id"]

    planned = client.get(f"/api/truelayer/import/status/{job_id}").json()["enrich_at"]
    at = datetime.fromisoformat(planned)
    assert f"{at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}" == "04:30"
    assert timedelta(0) < at - utc_now() <= timedelta(days=1)
    assert client.patch(f"{PATH}/{made['id']}", json={"enrich_time": None}).json()["enrich_time"] is None


def test_an_edit_changes_only_its_fields_and_moves_the_next_run_only_if_the_rule_changed(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    made = client.post(PATH, json={"connection_id": connection_id, "frequency": "weekly", "weekday": 3}).json()
    path = f"{PATH}/{made['id']}"

    renamed = client.patch(path, json={"name": "Wages", "pause_after_failures": None}).json()
    assert renamed == {**made, "name": "Wages", "pause_after_failures": None}
    daily = client.patch(path, json={"frequency": "daily", "run_time": "23:59"}).json()
    assert (daily["weekday"], daily["in_words"]) == (None, "every day at 23:59, UTC")
    assert daily["next_run"] != made["next_run"]
    for body, fault in (
        ({"frequency": "weekly"}, "weekday"),
        ({"time_zone": "Nowhere"}, "time zone"),
        ({"run_time": None}, "run_time"),
        ({"days_back": 0}, "days_back"),
        ({"jitter_minutes": 56}, "jitter_minutes"),
    ):
        answer = client.patch(path, json=body)
        assert answer.status_code == 422, body
        assert fault in answer.json()["message"]
    assert client.get(path).json() == daily, "a refused edit changes nothing"
    off = client.patch(path, json={"enabled": False}).json()
    assert (off["enabled"], off["next_run"], off["paused_by"]) == (False, None, "user")
    assert client.patch(path, json={"enabled": True}).json()["next_run"] is not None


def test_a_removed_schedule_can_be_restored(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"))
    before = client.get(f"{PATH}/{schedule_id}").json()

    assert client.delete(f"{PATH}/{schedule_id}").status_code == 204
    assert client.get(PATH).json() == {"schedules": []}
    assert client.get(f"{PATH}/{schedule_id}").status_code == 404
    assert client.post(f"{PATH}/{schedule_id}/run").status_code == 404

    assert client.post(f"{PATH}/{schedule_id}/restore").json() == before


def test_a_preview_shows_when_in_words_and_the_calls_of_each_run(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-accounts-only")

    previewed = preview(client, connection_id, time_zone="Europe/London", jitter_minutes=20, count=3)

    assert previewed["in_words"] == "every day at 02:00, Europe/London"
    assert [run["number"] for run in previewed["runs"]] == [1, 2, 3]
    first = previewed["runs"][0]
    assert "02:00" in first["in_words"]
    begins, at_last = (datetime.fromisoformat(first[name]) for name in ("fires_from", "fires_until"))
    assert at_last - begins == timedelta(minutes=20)
    # Two accounts, each with calls for transactions, pending rows and the balance.
    assert first["calls"] == 6
    assert (first["allowance_spent"], first["allowance"]) == (1, 4)
    assert previewed["warnings"] == []
    assert client.get(PATH).json() == {"schedules": []}


def test_a_preview_shows_the_run_before_which_the_consent_ends(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    let_consents_end(days=4.5)

    previewed = preview(client, connection_id, run_time=f"{utc_now():%H:%M}", jitter_minutes=0)

    (warning,) = previewed["warnings"]
    assert (warning["code"], warning["run"]) == ("consent_ends", 5)
    assert warning["message"].startswith("the consent ends before run 5 of 8, on ")
    assert [bool(run["warnings"]) for run in previewed["runs"]] == [False] * 4 + [True] * 4


def test_a_preview_lists_runs_that_exceed_the_unattended_allowance(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")

    previewed = preview(client, connection_id, frequency="cron", cron="0 */4 * * *", jitter_minutes=0)

    assert [run["allowance_spent"] for run in previewed["runs"]] == [1, 2, 3, 4, 5, 6, 6, 6]
    (warning,) = previewed["warnings"]
    assert (warning["code"], warning["run"]) == ("unattended_allowance", 5)
    assert warning["message"].startswith("runs 5, 6, 7, 8 need up to 6 of the 4 calls that banks allow")
    assert [bool(run["warnings"]) for run in previewed["runs"]] == [False] * 4 + [True] * 4
    deep = preview(client, connection_id, incremental=False, days_back=400)
    assert "sca_window" in {warning["code"] for warning in deep["warnings"]}


def test_a_saved_schedules_preview_shows_when_it_fires(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"), jitter_minutes=30)

    previewed = client.get(f"{PATH}/{schedule_id}/preview?count=2").json()

    read = client.get(f"{PATH}/{schedule_id}").json()
    assert previewed["runs"][0]["scheduled_for"] == read["next_run"]
    assert previewed["runs"][0]["fires_from"] == previewed["runs"][0]["fires_until"] == read["fires_at"]
    client.post(f"{PATH}/{schedule_id}/pause")
    assert client.get(f"{PATH}/{schedule_id}/preview").json()["warnings"][0]["code"] == "paused"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"frequency": "cron", "cron": "*/5 * * * *"}, "schedule_invalid"),
        ({"frequency": "monthly"}, "schedule_invalid"),
        ({"frequency": "yearly"}, "invalid_request"),
        ({"run_time": "25:00"}, "invalid_request"),
        ({"account_ids": ["nobody's"]}, "invalid_request"),
        ({"account_ids": ["99999"]}, "account_not_found"),
        ({"connection_id": 9_999}, "connection_not_found"),
    ],
)
def test_an_invalid_schedule_is_refused_and_not_saved(
    installation: Installation, body: dict[str, Any], code: str
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")

    for path in (PATH, f"{PATH}/preview"):
        answer = client.post(path, json={"connection_id": connection_id, **body})
        assert answer.json()["code"] == code, answer.text
    assert client.get(PATH).json() == {"schedules": []}


def test_another_user_cannot_read_or_change_a_schedule(installation: Installation) -> None:
    ada = installation.signed_in()
    connection_id = installation.connect(ada, "sim-plain")
    schedule_id = a_schedule(ada, connection_id)
    before = ada.get(f"{PATH}/{schedule_id}").json()
    eve = installation.signed_in("eve@example.org")

    assert eve.get(PATH).json() == {"schedules": []}
    for method, path, body in [
        ("GET", f"{PATH}/{schedule_id}", None),
        ("PATCH", f"{PATH}/{schedule_id}", {"name": "mine"}),
        ("DELETE", f"{PATH}/{schedule_id}", None),
        ("POST", f"{PATH}/{schedule_id}/restore", None),
        ("POST", f"{PATH}/{schedule_id}/run", None),
        ("POST", f"{PATH}/{schedule_id}/pause", None),
        ("POST", f"{PATH}/{schedule_id}/resume", None),
        ("GET", f"{PATH}/{schedule_id}/preview", None),
        ("GET", f"{PATH}/{schedule_id}/history", None),
        ("POST", PATH, {"connection_id": connection_id}),
        ("POST", f"{PATH}/preview", {"connection_id": connection_id}),
    ]:
        answer = eve.request(method, path, json=body)
        assert answer.status_code == 404, (method, path, answer.text)
    hers = a_schedule(eve, installation.connect(eve, "sim-plain"))
    assert eve.patch(f"{PATH}/{hers}", json={"connection_id": connection_id}).status_code == 404
    assert ada.get(f"{PATH}/{schedule_id}").json() == before


def command(*arguments: str) -> Any:
    """Run `bankimport schedules …` and return its output for programs."""
    result = CliRunner().invoke(app, ["schedules", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_command_line_does_all_of_it(installation: Installation) -> None:
    client = installation.signed_in()
    installation.connect(client, "sim-plain")

    made = command("add", "--frequency", "weekly", "--weekday", "mon", "--at", "07:30", "--time-zone", "Europe/Dublin")
    schedule_id = str(made["id"])
    assert made["in_words"] == "every Monday at 07:30, Europe/Dublin"
    assert command("edit", schedule_id, "--cron", "0 6 * * *", "--pause-after", "0")["cron"] == "0 6 * * *"
    assert command("list")["schedules"][0]["pause_after_failures"] is None
    assert len(command("preview", schedule_id, "--count", "5")["runs"]) == 5
    assert command("pause", schedule_id, "--reason", "holiday")["pause_reason"] == "holiday"
    assert command("resume", schedule_id)["enabled"]
    job_id = command("run", schedule_id)["job_id"]
    assert command("history", schedule_id)["runs"][0]["job_id"] == job_id
    command("remove", schedule_id)
    assert command("list")["schedules"] == []
    assert command("restore", schedule_id)["id"] == made["id"]

    for words in ("add", "list", "preview 1", "history 1"):
        result = CliRunner().invoke(app, ["schedules", *words.split()])
        assert result.exit_code == 0, result.output
        assert result.stdout
    too_long = "x" * 600
    for wrong, message in (
        (["add", "--cron", "* * * * *"], "hour"),
        (["add", "--name", too_long], "name: "),
        (["edit", "1", "--name", too_long], "name: "),
        (["pause", "1", "--reason", too_long], "reason: "),
    ):
        refused = CliRunner().invoke(app, ["schedules", *wrong])
        assert refused.exit_code == 1
        assert refused.stderr.startswith("error "), "a line, and no traceback"
        assert message in refused.stderr
