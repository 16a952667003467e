"""One lever moves the time of every process and of everything written to the database."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import select, text
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation
from tests.support.suite.clock import DAY, travel, travel_to

from bankimport import clock
from bankimport.clock import VARIABLE, utc_now, utc_today
from bankimport.db.session import session_scope
from bankimport.errors import SettingsInvalid
from bankimport.observability.pulse import beat_once, note_periodic_run
from bankimport.settings import load_settings
from bankimport.transactions.models import Transaction
from truelayer_simulator import clock as simulators_clock

LEAP_DAY = datetime(2028, 2, 29, 23, tzinfo=UTC)


def test_tests_start_on_the_suites_day_and_travel_from_there() -> None:
    assert timedelta() <= utc_now() - DAY < timedelta(minutes=1)
    travel(days=3, hours=-1)
    assert (utc_now() - DAY).total_seconds() // 3600 == 71


@pytest.mark.journey
def test_time_never_goes_back_in_a_journey_as_its_processes_already_run(start_of_day: Callable[[], None]) -> None:
    travel_to(DAY + timedelta(days=3))
    start_of_day()
    assert utc_now() - DAY >= timedelta(days=3)


@pytest.mark.parametrize("in_a_file", [True, False], ids=["file", "variable"])
def test_seconds_move_the_clock_of_both_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_a_file: bool
) -> None:
    file = tmp_path / "clock"
    for seconds in ("-86400", "+3600.5"):
        file.write_text(seconds)
        monkeypatch.setenv(VARIABLE, str(file) if in_a_file else seconds)
        assert clock.offset() == timedelta(seconds=float(seconds))
        assert abs(simulators_clock.utc_now() - utc_now()) < timedelta(minutes=1)
        file.unlink()


def test_an_instant_is_the_start_of_time_for_a_process_and_its_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, LEAP_DAY.isoformat())
    assert simulators_clock.utc_now().date() == LEAP_DAY.date()
    assert utc_today() == LEAP_DAY.date()
    moved = clock.offset()
    code = "from bankimport.clock import offset; print(offset().total_seconds())"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert timedelta(seconds=float(child.stdout)) == moved


@pytest.mark.parametrize("value", ["soon", "nan", "1e999", "2028-02-30T12:00:00Z", "2028-02-29T12:00:00", "/nowhere"])
def test_a_wrong_value_stops_the_start_with_one_line(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(SettingsInvalid, match=f"^{VARIABLE}: .*; for example {VARIABLE}=2028"):
        load_settings()
    with pytest.raises(simulators_clock.ClockInvalid, match=f"^{VARIABLE}: "):
        simulators_clock.utc_now()


def test_every_time_in_the_database_is_from_our_clock(installation: Installation) -> None:
    travel_to(LEAP_DAY)
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-transfers")
    installation.simulator.admin("PATCH", "profiles/sim-transfers", dropped=True)
    for _ in range(2):
        start(client, connection_id, from_date=(LEAP_DAY - timedelta(days=20)).date().isoformat())
        installation.run_tasks()
    with session_scope() as session:
        row_id = session.scalars(select(Transaction.id).order_by(Transaction.id)).first()
    client.patch(f"/api/transactions/{row_id}", json={"category": "Mine"}).raise_for_status()
    beat_once("worker", {})
    note_periodic_run("a task")

    found = times_of_tables()

    a_day = timedelta(days=1)
    others = {name for name, (first, last) in found.items() if first < LEAP_DAY - a_day or last > LEAP_DAY + a_day}
    # Consents and sessions end later, rows happened earlier, and the kernel reports when a process started.
    of_others = {"bank_connections.consent_expires_at", "transactions.timestamp", "user_sessions.expires_at"}
    assert others <= of_others | {"running_processes.started_at"}
    assert {"transactions.created_at", "transaction_changes.created_at", "bank_api_calls.called_at"} <= found.keys()


def times_of_tables() -> dict[str, tuple[datetime, datetime]]:
    """The first and the last instant of every time column of the database."""
    found = {}
    with session_scope() as session:
        columns = session.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE data_type = 'timestamp with time zone' AND table_schema = 'public'"
            )
        ).all()
        for table, column in columns:
            query = sql.SQL("SELECT min({0}), max({0}) FROM {1}").format(sql.Identifier(column), sql.Identifier(table))
            first, last = session.execute(text(query.as_string())).one()
            if first is not None:
                found[f"{table}.{column}"] = (first, last)
    return found
