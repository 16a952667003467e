"""Schedules are fired exactly once, whichever beat asks, whatever crashes, and however long the downtime."""

import threading
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text
from tests.support.steps.installation import Installation
from tests.support.steps.schedules import PATH, a_schedule, end_jobs, history, make_due_since
from tests.support.suite.lanes import in_deep

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.schedules.catch_up import CatchUp
from bankimport.schedules.fire import begin_due, fire_due, keep_schedules, settle_ended
from bankimport.schedules.models import Overlap, Schedule
from bankimport.schedules.repository import locked_schedule

DAYS = in_deep(31, else_=8)
TODAY = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)


def count(query: str) -> int:
    with session_scope() as session:
        return int(session.execute(text(query)).scalar_one())


def at_once(*moments: datetime) -> None:
    """Let this many beats ask at the same time."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(moments))

    def ask(moment: datetime) -> None:
        gate.wait()
        try:
            keep_schedules(moment)
        except BaseException as failure:
            failures.append(failure)

    beats = [threading.Thread(target=ask, args=(moment,)) for moment in moments]
    for beat in beats:
        beat.start()
    for beat in beats:
        beat.join()
    assert not failures


def test_two_beats_fire_each_run_exactly_once(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    jittery = a_schedule(client, connection_id, jitter_minutes=30, run_time="02:00", time_zone="Europe/London")
    twice = a_schedule(client, connection_id, frequency="cron", cron="0 6,18 * * *")
    start = TODAY - timedelta(days=DAYS)
    for schedule_id in (jittery, twice):
        make_due_since(schedule_id, start + timedelta(hours=2))

    now = start
    while now < TODAY:
        at_once(now, now + timedelta(seconds=3))
        end_jobs()
        now += timedelta(minutes=40) if now.hour in (1, 2, 5, 6, 17, 18) else timedelta(hours=1)
    keep_schedules(TODAY)

    for schedule_id, runs_a_day in ((jittery, 1), (twice, 2)):
        runs = history(client, schedule_id)
        times = Counter(run["scheduled_for"] for run in runs)
        # The first moment was set by hand and belongs to no rule of `twice`.
        assert set(times.values()) == {1}
        days = Counter(run["scheduled_for"][:10] for run in runs if run["scheduled_for"] > runs[0]["scheduled_for"])
        assert set(list(days.values())[1:-1]) == {runs_a_day}
        assert {run["state"] for run in runs} == {"completed"}
    assert count("SELECT count(*) - count(DISTINCT job_id) FROM import_schedule_runs WHERE state = 'completed'") == 0
    assert count("SELECT count(*) FROM truelayer_import_jobs") == count(
        "SELECT count(*) FROM import_schedule_runs WHERE job_id IS NOT NULL"
    )


def test_a_schedule_that_another_beat_is_at_is_left_out_and_delays_no_other(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    one, other = (a_schedule(client, connection_id, name=name) for name in ("one", "other"))
    moment = TODAY - timedelta(hours=1)
    for schedule_id in (one, other):
        make_due_since(schedule_id, moment)

    with session_scope() as elsewhere:
        locked_schedule(elsewhere, one)
        keep_schedules(moment)
        assert (history(client, one), len(history(client, other))) == ([], 1)
    keep_schedules(moment)

    assert len(history(client, one)) == 1


@pytest.mark.parametrize(
    ("policy", "states", "reach"),
    [
        (CatchUp.NONE, ["missed", "missed", "missed", "running"], 3),
        (CatchUp.ONE, ["missed", "missed", "missed", "running"], 6),
        (CatchUp.ALL, ["running", "due", "due", "due"], 3),
    ],
)
def test_three_days_of_downtime_catch_up_as_the_policy_says(
    installation: Installation, policy: CatchUp, states: list[str], reach: int
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    schedule_id = a_schedule(client, connection_id, catch_up=policy.value)
    newest = TODAY - timedelta(days=1) + timedelta(hours=2)
    make_due_since(schedule_id, newest - timedelta(days=3))

    keep_schedules(newest + timedelta(seconds=30))

    runs = history(client, schedule_id)
    assert [run["state"] for run in runs] == states
    assert all(run["reason"] for run in runs if run["state"] == "missed")
    last = runs[-1]
    assert last["to_day"] == f"{newest:%Y-%m-%d}"
    assert last["from_day"] == f"{newest - timedelta(days=reach):%Y-%m-%d}"
    following = client.get(f"{PATH}/{schedule_id}").json()["next_run"]
    assert datetime.fromisoformat(following) == newest + timedelta(days=1)
    for _ in range(4):
        end_jobs()
        keep_schedules(newest + timedelta(minutes=1))
    assert {run["state"] for run in history(client, schedule_id)} <= {"completed", "missed"}
    assert count("SELECT count(*) FROM truelayer_import_jobs") == (4 if policy is CatchUp.ALL else 1)


def test_a_crash_between_firing_and_starting_neither_loses_nor_duplicates_a_run(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"))
    at = TODAY - timedelta(days=1) + timedelta(hours=2)
    make_due_since(schedule_id, at)

    assert fire_due(at) == 1
    assert fire_due(at) == 0
    assert [run["state"] for run in history(client, schedule_id)] == ["due"]

    assert begin_due(at + timedelta(minutes=5)) == 1
    assert begin_due(at + timedelta(minutes=5)) == 0
    assert count("SELECT count(*) FROM truelayer_import_jobs") == 1


def test_schedules_fired_together_are_fired_alone_if_the_database_refuses_one(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    broken, well = a_schedule(client, connection_id), a_schedule(client, connection_id)
    at = TODAY - timedelta(days=1) + timedelta(hours=2)
    for schedule_id in (broken, well):
        make_due_since(schedule_id, at)
    installation.as_owner(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON import_schedule_runs FOR EACH ROW "
        f"WHEN (NEW.schedule_id = {broken}) EXECUTE FUNCTION refuse()",
    )

    assert fire_due(at) == 1
    assert [run["state"] for run in history(client, well)] == ["due"]
    assert history(client, broken) == []

    installation.as_owner("DROP TRIGGER refuse ON import_schedule_runs")
    assert fire_due(at) == 1
    assert [run["state"] for run in history(client, broken)] == ["due"]


def test_a_crash_while_starting_leaves_no_half_job(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"))
    at = TODAY - timedelta(days=1) + timedelta(hours=2)
    make_due_since(schedule_id, at)
    # The database drops the connection at the statement that records the start, when the job is already written.
    installation.as_owner(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
        "CREATE TRIGGER die BEFORE UPDATE ON import_schedule_runs FOR EACH ROW "
        "WHEN (NEW.state = 'running') EXECUTE FUNCTION die()",
    )
    keep_schedules(at)
    assert [run["state"] for run in history(client, schedule_id)] == ["due"]
    assert count("SELECT count(*) FROM truelayer_import_jobs") == 0

    installation.as_owner("DROP TRIGGER die ON import_schedule_runs")
    keep_schedules(at + timedelta(seconds=10))

    assert [run["state"] for run in history(client, schedule_id)] == ["running"]
    assert count("SELECT count(*) FROM truelayer_import_jobs") == 1


@pytest.mark.parametrize("overlap", Overlap)
def test_a_run_that_overlaps_is_skipped_or_waits(installation: Installation, overlap: Overlap) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"), overlap=overlap.value)
    at = TODAY - timedelta(days=2) + timedelta(hours=2)
    make_due_since(schedule_id, at)

    keep_schedules(at)
    keep_schedules(at + timedelta(days=1))

    first, second = history(client, schedule_id)
    assert first["state"] == "running"
    assert second["state"] == ("skipped" if overlap is Overlap.SKIP else "due")
    if overlap is Overlap.SKIP:
        assert f"import {first['job_id']}" in second["reason"]
    end_jobs()
    keep_schedules(at + timedelta(days=1, minutes=5))
    assert history(client, schedule_id)[1]["state"] == ("skipped" if overlap is Overlap.SKIP else "running")


def test_a_scheduled_import_runs_and_never_declares_the_user_present(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"))
    before = len(installation.simulator.admin("GET", "calls"))
    make_due_since(schedule_id, utc_now() - timedelta(minutes=1))

    keep_schedules(utc_now())
    installation.run_tasks()
    keep_schedules(utc_now())

    calls = installation.simulator.admin("GET", "calls")[before:]
    assert calls
    assert not any(call["is_attended"] for call in calls)
    (run,) = history(client, schedule_id)
    assert run["state"] == "completed"
    assert run["transactions_imported"] > 0
    assert run["api_calls"] == len([call for call in calls if "/data/v1" in call["path"]])
    read = client.get(f"{PATH}/{schedule_id}").json()
    assert (read["last_status"], read["last_job_id"]) == ("completed", run["job_id"])


def test_running_now_is_attended_and_does_not_change_the_next_run(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"))
    following = client.get(f"{PATH}/{schedule_id}").json()["next_run"]
    before = len(installation.simulator.admin("GET", "calls"))

    run = client.post(f"{PATH}/{schedule_id}/run").raise_for_status().json()
    again = client.post(f"{PATH}/{schedule_id}/run")
    installation.run_tasks()
    settle_ended(utc_now())

    assert run["state"] == "running"
    assert (again.status_code, again.json()["code"]) == (409, "schedule_busy")
    assert str(run["job_id"]) in again.json()["message"]
    assert all(call["is_attended"] for call in installation.simulator.admin("GET", "calls")[before:])
    (only,) = history(client, schedule_id)
    assert (only["state"], only["trigger"]) == ("completed", "user")
    assert client.get(f"{PATH}/{schedule_id}").json()["next_run"] == following


def test_repeated_failures_pause_a_schedule_with_a_reason(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    schedule_id = a_schedule(client, connection_id, pause_after_failures=2)
    installation.simulator.admin(
        "POST", "faults", kind="status", path="/transactions", status=400, error="validation_error"
    )
    at = TODAY - timedelta(days=3) + timedelta(hours=2)
    make_due_since(schedule_id, at)

    for day in range(3):
        keep_schedules(at + timedelta(days=day))
        installation.run_tasks()
        settle_ended(at + timedelta(days=day, minutes=5))

    read = client.get(f"{PATH}/{schedule_id}").json()
    assert (read["enabled"], read["paused_by"], read["last_status"]) == (False, "failures", "failed")
    assert read["pause_reason"].startswith("2 runs in a row failed; the last one: ")
    assert count("SELECT count(*) FROM notifications WHERE kind = 'schedule.paused'") == 1
    assert read["next_run"] is None
    assert len(history(client, schedule_id)) == 2
    resumed = client.post(f"{PATH}/{schedule_id}/resume").json()
    assert (resumed["enabled"], resumed["failures_in_a_row"], resumed["pause_reason"]) == (True, 0, None)
    assert datetime.fromisoformat(resumed["next_run"]) > utc_now()


def test_a_pause_has_a_reason_and_missed_runs_are_not_caught_up(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"), catch_up="all")

    paused = client.post(f"{PATH}/{schedule_id}/pause", json={"reason": "moving house"}).json()
    keep_schedules(utc_now() + timedelta(days=3))
    resumed = client.post(f"{PATH}/{schedule_id}/resume").json()

    assert (paused["enabled"], paused["paused_by"], paused["pause_reason"]) == (False, "user", "moving house")
    assert resumed["enabled"]
    assert history(client, schedule_id) == []


def test_a_very_long_downtime_is_reported_and_bounded(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"), frequency="cron", cron="0 */2 * * *")
    make_due_since(schedule_id, TODAY - timedelta(days=900))

    keep_schedules(TODAY + timedelta(minutes=1))

    runs = history(client, schedule_id)
    assert len(runs) == 50
    assert [run["state"] for run in runs[-2:]] == ["missed", "running"]


def test_the_schedule_row_shows_when_it_fires(installation: Installation) -> None:
    client = installation.signed_in()
    schedule_id = a_schedule(client, installation.connect(client, "sim-plain"), jitter_minutes=30)

    with session_scope() as session:
        schedule = session.get_one(Schedule, schedule_id)
        assert schedule.next_run is not None
        assert schedule.fires_at is not None
        assert schedule.next_run.timetz() == time(2, tzinfo=UTC)
        assert timedelta() <= schedule.fires_at - schedule.next_run <= timedelta(minutes=30)


def test_a_schedule_with_an_invalid_rule_pauses_and_does_not_affect_others(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    broken, well = a_schedule(client, connection_id), a_schedule(client, connection_id)
    with session_scope() as session:
        session.execute(
            text("UPDATE truelayer_import_schedules SET time_zone = 'Europe/Atlantis' WHERE id = :id"), {"id": broken}
        )
    for schedule_id in (broken, well):
        make_due_since(schedule_id, utc_now())

    keep_schedules(utc_now())

    assert [run["state"] for run in history(client, well)] == ["running"]
    listed = {int(schedule["id"]): schedule for schedule in client.get(PATH).json()["schedules"]}
    assert not listed[broken]["enabled"]
    assert "Europe/Atlantis" in listed[broken]["pause_reason"]
