"""Write docs/settings.md, docs/cli.md, docs/merchant-keys.md and the help of each command from the code; `--check` only says whether they are up to date."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from bankimport import cli
from bankimport.cli import app
from bankimport.cli.described import FILE, describe
from bankimport.settings import Settings, variable_of

DOCS = Path(__file__).resolve().parent.parent / "docs"
KEYS = DOCS.parent / "backend" / "tests" / "enrichment" / "statements" / "keys.tsv"
GENERATED = "<!-- Written by `make docs`; edit the code instead. -->\n"


def settings_page() -> str:
    """Every environment variable, with its meaning and an example."""
    lines = [
        "# Settings",
        "",
        GENERATED,
        "All settings are environment variables. `bankimport settings` prints them with their values. A wrong value stops the",
        "start with one line that names the variable, what is wrong, and a right example. With `DATABASE_URL` or `REDIS_URL` set,",
        "the embedded server of that kind is not started.",
        "",
        "A setting without a variable is read from the file of the variable's name in the folder that `BANKIMPORT_SECRETS_DIR` names,",
        "or systemd's `CREDENTIALS_DIRECTORY`.",
        "",
        "| variable | meaning | example |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        example = str((field.examples or [""])[0]).replace("|", "\\|")
        lines.append(f"| `{variable_of(name)}` | {field.description} | `{example}` |")
    return "\n".join(lines) + "\n"


def cli_page() -> str:
    """Every command with its options, in the order of `bankimport --help`."""
    group = typer.main.get_command(app)
    lines = [
        "# Command line",
        "",
        GENERATED,
        "Every command has `--help`; commands that print something have `--json`, for programs. Commands act for the only user, or",
        "for the one that `--user` names.",
        "",
        "`bankimport --install-completion` lets your shell complete commands and options with Tab, from its next start on.",
        "",
    ]
    for path, command in _commands(group, "bankimport"):
        lines += [
            f"## `{path}`" if path.count(" ") == 1 else f"### `{path}`",
            "",
            _text(command.help),
            "",
        ]
        context = typer.Context(command, info_name=path)
        rows = [row for parameter in command.params if (row := _row(parameter, context)) is not None]
        if rows and not hasattr(command, "list_commands"):
            lines += ["| | |", "|---|---|", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    context = typer.Context(group, info_name="bankimport")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{path} {name}", command
        if hasattr(command, "list_commands"):
            yield from _commands(command, f"{path} {name}")


def _text(help_text: str | None) -> str:
    return "\n".join(line.strip() for line in (help_text or "").strip().splitlines())


def _row(parameter: Any, context: typer.Context) -> str | None:
    if parameter.name == "help":
        return None
    record = parameter.get_help_record(context)
    if record is None:
        if parameter.hidden:
            return None
        record = (parameter.name.upper(), parameter.help or "")
    shown, meaning = (" ".join(part.split()).replace("|", "\\|") for part in record)
    return f"| `{shown}` | {meaning} |"


def described() -> str:
    """What each command takes, from which `bankimport COMMAND --help` is printed without loading it."""
    lines = [f"{json.dumps(name)}: {json.dumps(describe(cli.load(name)), ensure_ascii=False)}" for name in cli.COMMANDS]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def keys_page() -> str:
    """The key of every statement format, as it was and as it is."""
    lines = [
        "# Merchant keys by statement format",
        "",
        GENERATED,
        "What a bank wrote, the key that it had when keys were the first four words, and the key that it has now. An empty key means",
        "that the text names no merchant: nothing is remembered by it, and no model is asked about it. The tests check every line.",
        "",
        "| text | before | now |",
        "|---|---|---|",
    ]
    for line in KEYS.read_text(encoding="utf-8").splitlines()[1:]:
        text, before, now = (f"`{part}`" if part else "" for part in line.replace("|", "\\|").split("\t"))
        lines.append(f"| {text} | {before} | {now} |")
    return "\n".join(lines) + "\n"


PAGES = {
    DOCS / "settings.md": settings_page,
    DOCS / "cli.md": cli_page,
    DOCS / "merchant-keys.md": keys_page,
    FILE: described,
}


def main() -> None:
    """Write the pages, or with `--check` end in 1 when one is out of date."""
    stale = []
    for path, make in PAGES.items():
        text = make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        raise SystemExit(f"out of date: {', '.join(stale)}; run `make docs`")


if __name__ == "__main__":
    main()
