"""Health fails when imports silently stop, even if everything answers."""

from typing import Any

from tests.support.monitoring import whole as alerts
from tests.support.monitoring.whole import Whole
from tests.support.steps.installation import Installation


def checks(whole: Whole) -> dict[str, str]:
    whole.stand_still()
    found: dict[str, Any] = whole.client.get("/api/health").raise_for_status().json()
    return {check["name"]: check["state"] for check in found["checks"]}


def test_health_reports_a_working_installation_at_a_glance(whole: Whole) -> None:
    whole.stand_still()
    found = whole.client.get("/api/health").raise_for_status().json()

    assert found["state"] == "ok", found
    assert {"database", "queue server", "workers", "beat", "queue", "schedules", "data"} <= set(checks(whole))
    assert [process["kind"] for process in found["processes"]] == ["worker"]
    assert found["queue_depth"] == 0
    data = whole.client.get("/healthz/data")
    assert data.status_code == 200
    assert "ada" not in data.text


def test_health_needs_a_signed_in_user_and_the_probe_does_not(installation: Installation) -> None:
    assert installation.client().get("/api/health").status_code == 401
    assert installation.client().get("/healthz").status_code == 200


def test_each_stopped_part_fails_its_own_check_and_keeps_instances_ready(whole: Whole) -> None:
    for cause, name in (
        (alerts.worker_dead, "workers"),
        (alerts.beat_dead, "beat"),
        (alerts.nobody_works, "queue"),
        (alerts.nobody_fires, "schedules"),
        (alerts.imports_stay_away, "data"),
    ):
        before = checks(whole)
        cause(whole)
        after = checks(whole)
        assert {check for check in after if after[check] == "fail" != before[check]} == {name}
        whole.stand_still()
        probe = whole.client.get("/healthz/data")
        assert probe.status_code == 503
        assert probe.json()["checks"][name]["state"] == "fail"
        assert whole.client.get("/readyz").status_code == 200


def test_a_schedule_that_stopped_itself_is_a_warning(whole: Whole) -> None:
    whole.sql(
        "UPDATE truelayer_import_schedules SET enabled = false, paused_by = 'failures', paused_at = :now, "
        "next_run = NULL, fires_at = NULL"
    )
    assert checks(whole)["paused"] == "warn"
    whole.stand_still()
    assert whole.client.get("/healthz/data").status_code == 200


def test_an_unreachable_database_is_reported_without_a_crash(whole: Whole) -> None:
    alerts.database_down(whole)
    assert whole.client.get("/healthz/data").json()["checks"]["database"]["state"] == "fail"
