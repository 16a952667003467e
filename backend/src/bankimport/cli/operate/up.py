"""`bankimport up`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bankimport.cli.console import errors_shown, out
from bankimport.cli.local import write_note
from bankimport.cli.operate.preflight import check_servers, check_settings
from bankimport.db.session import get_engine, session_scope
from bankimport.processes.forks import default_processes
from bankimport.processes.postgres import owner_url
from bankimport.processes.stack import (
    Stack,
    StackOptions,
    Step,
    interrupts_on_termination,
    running_stack,
    wait_for_end,
)
from bankimport.settings import get_settings, variable_of
from bankimport.users.first_user import first_user_link


def print_step(step: Step) -> None:
    """Print one line for a started component."""
    out.print(f"[green]✓[/green] {step.name:12} {step.where}  [dim]{step.seconds:.1f} s[/dim]", soft_wrap=True)


def up(
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=32,
            show_default="one for each processor, at most 4",
            help="Worker processes. By default they share memory; with a number, each is started by itself.",
        ),
    ] = None,
    simulator: Annotated[bool, typer.Option(help="Start the bank simulator and use it as TrueLayer.")] = False,
    flower: Annotated[bool, typer.Option(help="Start Flower, which shows the queue.")] = False,
) -> None:
    """Start everything on this machine and keep it running until Ctrl-C."""
    with errors_shown(), interrupts_on_termination():
        settings = get_settings()
        check_settings(settings)
        check_servers(settings)
        options = StackOptions(
            workers=workers or 1,
            processes_of_worker=default_processes() if workers is None else 1,
            with_simulator=simulator,
            with_flower=flower,
        )
        try:
            with running_stack(settings, options, print_step) as stack:
                keep_up(stack)
        except KeyboardInterrupt:
            pass
        out.print("stopped")


def keep_up(stack: Stack) -> None:
    """Print the page's address, and run until Ctrl-C.

    Raises:
        ProcessFailed: a process ended unexpectedly.
    """
    home, database_url = Path(stack.environment["BANKIMPORT_HOME"]), stack.environment[variable_of("database_url")]
    owner = stack.settings.owner_url or owner_url(home, database_url)
    note = write_note(home, stack.environment, stack.settings, owner)
    try:
        _print_first_link(stack)
        out.print(f"\n[bold]bankimport is up at {stack.urls['page']}[/bold]   Ctrl-C stops it", soft_wrap=True)
        wait_for_end(stack)
    finally:
        note.unlink(missing_ok=True)


def _print_first_link(stack: Stack) -> None:
    """Print the link for the first user, if there is no user yet."""
    os.environ.update(stack.environment)
    get_settings.cache_clear()
    with session_scope() as session:
        link = first_user_link(session)
    get_engine().dispose()
    if link is not None:
        out.print(f"\ncreate the administrator's account within a day: [bold]{link}[/bold]", soft_wrap=True)
