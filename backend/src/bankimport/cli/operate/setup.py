"""`bankimport setup`: our client id at TrueLayer."""

import sys
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, checked, errors_shown, escaped, out, show
from bankimport.cli.local import join_installation
from bankimport.connections.models import TrueLayerEnvironment
from bankimport.connections.schemas import SetupChecks, TrueLayerSetup, TrueLayerSetupChange
from bankimport.connections.setup import check_setup, save_setup, setup_read
from bankimport.db.session import session_scope

CONSOLE = "https://console.truelayer.com"


def setup(
    environment: Annotated[
        TrueLayerEnvironment | None, typer.Option(help="The environment that the client id is of.")
    ] = None,
    client_id: Annotated[str | None, typer.Option(help="The client id from TrueLayer's console.")] = None,
    secret_stdin: Annotated[
        bool, typer.Option("--client-secret-stdin", help="Read the client secret from standard input.")
    ] = False,
    even_if_connected: Annotated[
        bool, typer.Option("--even-if-connected", help="Change the client id though banks are connected with it.")
    ] = False,
    unchecked: Annotated[bool, typer.Option("--unchecked", help="Store without a check with TrueLayer.")] = False,
    show_only: Annotated[bool, typer.Option("--show", help="Only show what is set up.")] = False,
    as_json: AsJson = False,
) -> None:
    """Connect bankimport with your application at TrueLayer: check its client id and secret, and store them encrypted.

    Without an option, the command prompts for its value. A check that fails stores nothing, and the exit code is 1.
    """
    checks: SetupChecks | None = None
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            setup_now = setup_read(session)
        if not show_only:
            if not as_json:
                _explain(setup_now)
            request = checked(
                TrueLayerSetupChange,
                environment=environment or _ask_environment(),
                client_id=client_id or typer.prompt("Client id", err=True),
                client_secret=_read_secret() if secret_stdin else typer.prompt("Secret", hide_input=True, err=True),
                even_if_connected=even_if_connected,
            )
            checks = None if unchecked else check_setup(request)
            if checks is None or checks.is_well:
                with session_scope() as session:
                    save_setup(session, request, by=None)
                    setup_now = setup_read(session)
    body = {"setup": setup_now.model_dump(mode="json"), "checks": None if checks is None else checks.model_dump()}
    show(body, as_json, lambda: _print(setup_now, checks, is_stored=not show_only))
    if checks is not None and not checks.is_well:
        raise typer.Exit(1)


def _explain(setup_now: TrueLayerSetup) -> None:
    out.print(f"1. Sign in at {CONSOLE} and create an application, or open yours.", soft_wrap=True)
    out.print(
        f"2. In its settings, add this redirect URI exactly: [bold]{escaped(setup_now.redirect_uri)}[/bold]",
        soft_wrap=True,
    )
    out.print("3. Copy its client id and secret here.\n")


def _ask_environment() -> TrueLayerEnvironment:
    names = [environment.value for environment in TrueLayerEnvironment]
    while True:
        answer = typer.prompt(f"Environment ({' or '.join(names)})", default=names[0], err=True).strip().lower()
        if answer in names:
            return TrueLayerEnvironment(answer)
        typer.echo(f"{answer} is neither {' nor '.join(names)}", err=True)


def _read_secret() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _print(setup_now: TrueLayerSetup, checks: SetupChecks | None, *, is_stored: bool) -> None:
    for check in checks.checks if checks is not None else ():
        mark = "[green]✓[/green]" if check.is_well else "[red]✗[/red]"
        out.print(f"{mark} {escaped(check.found)}", soft_wrap=True)
        if check.remedy:
            out.print(f"  → {escaped(check.remedy)}", soft_wrap=True)
    if checks is not None and not checks.is_well:
        out.print("nothing was stored; --unchecked stores it anyway")
    elif is_stored:
        out.print("stored; `bankimport connect` connects a bank")
    else:
        places = {"environment": "environment variables", "database": "the database", "none": "nowhere yet"}
        out.print(
            f"client id     {escaped(setup_now.client_id or 'none')}, from {places[setup_now.source]}", soft_wrap=True
        )
        out.print(f"host          {escaped(setup_now.auth_url)}", soft_wrap=True)
        out.print(f"redirect URI  {escaped(setup_now.redirect_uri)}", soft_wrap=True)
