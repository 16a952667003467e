"""The `bankimport` command."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import structlog
import typer
from typer.core import TyperGroup

from bankimport import __version__

if TYPE_CHECKING:
    from typer._click.core import Command, Context

# Where each command lives, in the order of `--help`: a module of this package and the function or group in it.
COMMANDS = {
    "up": "up:up",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "health": "health:health",
    "settings": "doctor:settings",
    "user": "users:app",
    "connect": "connections:connect",
    "connections": "connections:connections",
    "consents": "consents:consents",
    "accounts": "connections:accounts",
    "plan": "imports:plan",
    "import": "imports:run_import",
    "status": "imports:status",
    "rejected": "rejected:rejected",
    "pause": "control:pause",
    "resume": "control:resume",
    "cancel": "control:cancel",
    "retry": "control:retry",
    "diff": "dry_run:diff",
    "commit": "dry_run:commit",
    "discard": "dry_run:discard",
    "undo": "control:undo",
    "redo": "control:redo",
    "schedules": "schedules:app",
    "queue": "control:queue",
    "history": "imports:history",
    "enrichment": "enrichment:app",
    "categories": "categories:app",
    "rules": "rules:app",
    "costs": "costs:costs",
    "transactions": "transactions:transactions",
    "transfers": "transfers:transfers",
    "provenance": "provenance:provenance",
    "proof": "proof:proof",
    "review": "review:review",
    "verify": "verify:verify",
    "reparse": "verify:reparse",
    "evidence": "verify:evidence",
    "export": "export:export",
    "notifications": "notifications:app",
    "webhooks": "webhooks:app",
    "migrate": "processes:migrate",
    "api": "processes:api",
    "worker": "processes:worker",
    "beat": "processes:beat",
    "flower": "processes:flower",
}


class LoadedWhenCalled(TyperGroup):
    """The commands of `COMMANDS`; only the one that is called is imported, since all together take seconds to load."""

    def list_commands(self, ctx: "Context") -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        found = getattr(import_module(f"bankimport.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            command: Command = typer.main.get_group(found)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(found)
            command = typer.main.get_command(alone)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LoadedWhenCalled,
    help="Import bank and card transactions through TrueLayer, in bulk, and prove what is held.",
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
    """Import bank and card transactions through TrueLayer, in bulk, and prove what is held."""
    # What a command prints is for its caller; what is logged meanwhile must not come in between.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def main() -> None:
    """Run the command line."""
    app()
