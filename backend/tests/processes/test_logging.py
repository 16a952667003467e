"""Logs show where an error happened, never the values of variables."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
sys.stderr.isatty = lambda: {is_terminal}
import structlog
from bankimport.observability.logging import configure_logging
configure_logging()
def refresh():
    token = "hunter" + "2"
    raise ValueError("it broke")
try:
    refresh()
except ValueError:
    structlog.get_logger("test").exception("refresh.failed", connection_id=7)
"""


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_logged_traceback_contains_no_values_of_variables(is_terminal: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(is_terminal=is_terminal)], capture_output=True, text=True, check=True
    )

    assert "it broke" in done.stderr
    assert "refresh.failed" in done.stderr
    assert "hunter2" not in done.stderr
