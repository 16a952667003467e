"""The `bankimport` command."""

import sys
from typing import Annotated

import structlog
import typer

from bankimport import __version__
from bankimport.cli import (
    categories,
    connections,
    consents,
    control,
    costs,
    demo,
    doctor,
    dry_run,
    enrichment,
    export,
    health,
    imports,
    notifications,
    processes,
    proof,
    review,
    rules,
    schedules,
    transactions,
    transfers,
    users,
    verify,
    webhooks,
)

app = typer.Typer(
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


app.command("up")(processes.up)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("health")(health.health)
app.command("settings")(doctor.settings)
app.add_typer(users.app, name="user")
app.command("connect")(connections.connect)
app.command("connections")(connections.connections)
app.command("consents")(consents.consents)
app.command("accounts")(connections.accounts)
app.command("plan")(imports.plan)
app.command("import")(imports.run_import)
app.command("status")(imports.status)
app.command("pause")(control.pause)
app.command("resume")(control.resume)
app.command("cancel")(control.cancel)
app.command("retry")(control.retry)
app.command("diff")(dry_run.diff)
app.command("commit")(dry_run.commit)
app.command("undo")(control.undo)
app.command("redo")(control.redo)
app.add_typer(schedules.app, name="schedules")
app.command("queue")(control.queue)
app.command("history")(imports.history)
app.add_typer(enrichment.app, name="enrichment")
app.add_typer(categories.app, name="categories")
app.add_typer(rules.app, name="rules")
app.command("costs")(costs.costs)
app.command("transactions")(transactions.transactions)
app.command("transfers")(transfers.transfers)
app.command("proof")(proof.proof)
app.command("review")(review.review)
app.command("verify")(verify.verify)
app.command("reparse")(verify.reparse)
app.command("evidence")(verify.evidence)
app.command("export")(export.export)
app.add_typer(notifications.app, name="notifications")
app.add_typer(webhooks.app, name="webhooks")
app.command("migrate")(processes.migrate)
app.command("api")(processes.api)
app.command("worker")(processes.worker)
app.command("beat")(processes.beat)
app.command("flower")(processes.flower)


def main() -> None:
    """Run the command line."""
    app()
