"""The `bankimport` command.

described      the help of a command without loading it
console        print for people or for programs, and end on one clear error
local          reach the running installation
days           days and presets on the command line
ids            ids on the command line
option_groups  options that several commands share
connections    `connect`, `connections` and `accounts`
consents       `consents`
costs          `costs`

The sub-packages:

imports     commands about imports and schedules
record      commands about the record
enrichment  commands about enrichment
notify      commands about notifications
operate     commands for operators
"""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer
from typer.core import TyperGroup

from bankimport import __version__
from bankimport.cli.described import asks_for_help, descriptions, rebuild

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter

# The location of each command, in the order of `--help`: a module of this package, and the function or group in it.
COMMANDS = {
    "up": "operate.up:up",
    "demo": "operate.demo:demo",
    "setup": "operate.setup:setup",
    "doctor": "operate.doctor:doctor",
    "health": "operate.health:health",
    "settings": "operate.doctor:settings",
    "user": "operate.users:app",
    "audit": "operate.audit:app",
    "connect": "connections:connect",
    "connections": "connections:connections",
    "consents": "consents:consents",
    "accounts": "connections:accounts",
    "continuations": "record.continuations:continuations",
    "time-zone": "connections:time_zone",
    "plan": "imports.imports:plan",
    "import": "imports.imports:run_import",
    "status": "imports.imports:status",
    "rejected": "imports.rejected:rejected",
    "pause": "imports.control:pause",
    "resume": "imports.control:resume",
    "cancel": "imports.control:cancel",
    "retry": "imports.control:retry",
    "diff": "imports.dry_run:diff",
    "commit": "imports.dry_run:commit",
    "discard": "imports.dry_run:discard",
    "undo": "imports.control:undo",
    "redo": "imports.control:redo",
    "schedules": "imports.schedules:app",
    "queue": "imports.control:queue",
    "history": "imports.imports:history",
    "enrichment": "enrichment.enrichment:app",
    "categories": "enrichment.categories:app",
    "rules": "enrichment.rules:app",
    "costs": "costs:costs",
    "transactions": "record.transactions:transactions",
    "transfers": "record.transfers:transfers",
    "provenance": "record.provenance:provenance",
    "proof": "record.proof:proof",
    "review": "record.review:review",
    "verify": "record.verify:verify",
    "reparse": "record.verify:reparse",
    "evidence": "record.verify:evidence",
    "export": "record.export:export",
    "notifications": "notify.notifications:app",
    "webhooks": "notify.webhooks:app",
    "backup": "operate.backup:backup",
    "restore": "operate.backup:restore",
    "secrets": "operate.secrets:app",
    "upgrade": "operate.upgrade:upgrade",
    "migrate": "operate.processes:migrate",
    "api": "operate.processes:api",
    "worker": "operate.processes:worker",
    "beat": "operate.processes:beat",
    "flower": "operate.processes:flower",
}


class LoadedWhenCalled(TyperGroup):
    """The commands of `COMMANDS`; only the called one is imported, for `--help` none: that takes seconds."""

    is_printing_help = False

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        self.is_printing_help = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self.is_printing_help = False

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        self.is_printing_help = asks_for_help(args)
        try:
            return super().resolve_command(ctx, args)
        finally:
            self.is_printing_help = False

    def list_commands(self, ctx: "Context") -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        if cmd_name not in COMMANDS:
            return None
        is_described = self.is_printing_help and cmd_name in descriptions()
        return as_command(cmd_name, rebuild(descriptions()[cmd_name]) if is_described else load(cmd_name))


def load(name: str) -> Callable[..., Any] | typer.Typer:
    """The function or group of a command, imported."""
    # Not needed for `--help`.
    from bankimport.processes.garbage import no_searches

    module, attribute = COMMANDS[name].split(":")
    with no_searches():
        found: Callable[..., Any] | typer.Typer = getattr(import_module(f"bankimport.cli.{module}"), attribute)
    return found


def as_command(name: str, found: Callable[..., Any] | typer.Typer) -> "Command":
    """What the command line runs for a function or a group."""
    if isinstance(found, typer.Typer):
        command: Command = typer.main.get_group(found)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command


app = typer.Typer(
    cls=LoadedWhenCalled,
    help="Import bank and card transactions through TrueLayer, in bulk, and prove that the record is complete.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bankimport {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Import bank and card transactions through TrueLayer, in bulk, and prove that the record is complete."""
    # The output is for the caller; log lines must not mix with it.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def main() -> None:
    """Run the command line."""
    app()
