"""Run commands in this process, as on a terminal with a given width."""

from typer.testing import CliRunner
from typer.testing import Result as Result

from bankimport.cli import app, console


def on_terminal(columns: int, *arguments: object) -> Result:
    """Run a command; the width is set on the consoles, because they read it only when they are created."""
    consoles = (console.out, console.err)
    before = [each.width for each in consoles]
    for each in consoles:
        each.width = columns
    try:
        return CliRunner().invoke(app, [str(word) for word in arguments])
    finally:
        for each, width in zip(consoles, before, strict=True):
            each.width = width
