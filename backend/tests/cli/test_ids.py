"""Ids on the command line: a malformed one is quoted, with what an id looks like."""

import pytest
from typer.testing import CliRunner

from bankimport.cli import app


@pytest.mark.parametrize(
    "command",
    [
        ("status", "7a"),
        ("plan", "--account", "7a"),
        ("rules", "remove", "7a"),
        ("schedules", "edit", "1", "--connection", "7a"),
        ("accounts", "--connection", "99999999999999999999"),
    ],
)
def test_a_malformed_id_is_quoted_with_what_an_id_looks_like(command: tuple[str, ...]) -> None:
    refused = CliRunner().invoke(app, command, env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"})

    assert refused.exit_code == 2
    output = " ".join(refused.output.replace("│", "").split())
    assert f"'{command[-1]}' is not an id; ids are whole numbers such as 42, as lists show them" in output
