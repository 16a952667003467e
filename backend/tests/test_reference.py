"""The pages of docs/ that are generated from the code are up to date."""

import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bankimport import cli
from bankimport.cli.described import asks_for_help, descriptions, rebuild

ROOT = Path(__file__).resolve().parents[2]


def test_the_pages_on_settings_and_commands_match_the_code() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_described_help_of_a_command_is_its_own_help(name: str) -> None:
    described = dict(_helps(cli.as_command(name, rebuild(descriptions()[name])), name))

    assert described == dict(_helps(cli.as_command(name, cli.load(name)), name))


def _helps(command: Any, path: str) -> Iterator[tuple[str, str]]:
    """The help of a command, and of each command in it."""
    context = typer.Context(command, info_name=path)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        command.format_help(context, context.make_formatter())
    yield path, printed.getvalue()
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield from _helps(command.get_command(context, name), f"{path} {name}")


HEAVY = ("sqlalchemy", "celery", "fastapi", "psycopg", "alembic", "httpx2", "opentelemetry", "socketio")


def test_help_loads_no_library_of_the_server() -> None:
    program = f"""
import sys
from bankimport.cli import app
for line in ("--help", "--version", "import --help", "rules add --help", "rules", "worker --help"):
    try:
        app(line.split(), standalone_mode=False)
    except Exception as asked:
        assert type(asked).__name__ == "NoArgsIsHelpError", asked
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_help_is_of_the_command_only_where_nothing_may_take_it_for_a_value() -> None:
    commands = ["import --help", "rules add --help", "rules", "rules nothing"]
    not_asked = ["import", "import --last --help", "rules add", "nothing --help"]

    assert [line for line in commands + not_asked if asks_for_help(line.split())] == commands[:3]


def test_every_link_in_the_documents_has_a_target() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]

    assert broken == []
