"""The command line: every command exists, loads no more than it needs, and prints foreign text literally."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.commands.terminal import on_terminal
from tests.support.steps.imports import start
from tests.support.steps.installation import Installation
from typer.testing import CliRunner

from bankimport.cli import COMMANDS, app
from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.settings import Settings, variable_of

SLOW_TO_LOAD = {"alembic", "apprise", "celery", "fastapi", "icalendar", "pydantic_ai", "redis", "socketio", "uvicorn"}
CLI_ALONE = {"bankimport", "bankimport.cli", "bankimport.cli.described"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_description(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert f" {name} " in result.output


def test_help_and_version_load_neither_the_database_nor_any_feature() -> None:
    script = (
        "import sys; from bankimport.cli import app; app([sys.argv[1]], standalone_mode=False);"
        "print('loaded:', *sys.modules)"
    )
    for option in ("--help", "--version"):
        done = subprocess.run([sys.executable, "-c", script, option], capture_output=True, text=True, check=True)
        loaded = set(done.stdout.rpartition("loaded:")[2].split())
        assert {name for name in loaded if name.startswith("bankimport")} == CLI_ALONE
        assert not (SLOW_TO_LOAD | {"sqlalchemy", "pydantic", "psycopg", "httpx2", "opentelemetry"}) & loaded


def test_a_reading_command_loads_no_server_and_no_broker() -> None:
    script = (
        "import sys; from bankimport.cli import load; load('status');"
        "print('loaded:', *{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert "sqlalchemy" in loaded
    assert not SLOW_TO_LOAD & loaded


def test_live_progress_loads_no_client_of_socket_io_nor_its_other_brokers() -> None:
    script = (
        "import sys; from bankimport.realtime.sockets import socketio; loaded = set(sys.modules);"
        "socketio.AsyncServer(async_mode='asgi'); import aiohttp, requests;"
        "print('loaded:', *{name.partition('.')[0] for name in loaded})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert {"socketio", "engineio", "redis"} <= loaded
    assert not {"aiohttp", "requests", "tornado", "valkey"} & loaded


HOSTILE = "PAY [/x] [red]back[/red] \x1b[2J\u202eabc"


def test_text_from_banks_and_payers_is_printed_literally_and_never_interpreted(
    installation: Installation, tmp_path: Path
) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-accounts-only")
    start(client, connection_id, from_date=(utc_today() - timedelta(days=20)).isoformat())
    installation.run_tasks()
    with session_scope() as session:
        session.execute(text("UPDATE transactions SET description = :text").bindparams(text=HOSTILE))
        session.execute(text("UPDATE truelayer_accounts SET display_name = :text").bindparams(text=HOSTILE))
    shown = "PAY [/x] [red]back[/red] \\x1b[2J\\u202eabc"
    for command in (["transactions"], ["proof"], ["accounts"], ["status", "1"], ["verify"]):
        result = on_terminal(400, *command)
        assert result.exception is None or isinstance(result.exception, SystemExit), (command, result.exception)
        assert shown in result.output, command
    for command, words in (
        (["provenance", "1"], "SHA-256"),
        (["rejected", "1"], "no row of the bank was rejected"),
        (["review"], "nothing to review"),
        (["discard", "1"], "not a dry run"),
        (["review", "1", "--keep", "--reopen"], "give a review"),
        (["evidence", "1", "--output", str(tmp_path / "pack.zip")], "signed by the key"),
        (["verify", str(tmp_path / "pack.zip"), "--key", "00"], "signed by a different key"),
    ):
        result = on_terminal(400, *command)
        assert words in result.output, (command, result.output)
    refused = on_terminal(400, "verify", "[/x]")
    assert (refused.exit_code, "[/x]" in refused.output) == (1, True)


def test_no_name_of_a_setting_is_cut_off_on_a_narrow_screen() -> None:
    printed = on_terminal(80, "settings").output
    assert "…" not in printed
    for name in Settings.model_fields:
        assert f"{variable_of(name)} " in printed
