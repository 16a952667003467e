"""The command line: every command is there, and each loads no more than it needs."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bankimport.cli import COMMANDS, app

SLOW_TO_LOAD = {"alembic", "apprise", "celery", "fastapi", "icalendar", "pydantic_ai", "redis", "socketio", "uvicorn"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_is_for(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert f" {name} " in result.output


def test_a_command_that_only_reads_loads_no_server_and_no_broker() -> None:
    script = (
        "import sys; from bankimport.cli import COMMANDS, app; app(['status', '--help'], standalone_mode=False);"
        "print('loaded:', *{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert "sqlalchemy" in loaded
    assert not SLOW_TO_LOAD & loaded
