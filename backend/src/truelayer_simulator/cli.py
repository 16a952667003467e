"""The `truelayer-simulator` command."""

import json
import os
import socket
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from truelayer_simulator.app import create_app
from truelayer_simulator.clock import ClockInvalid
from truelayer_simulator.persist import keep_in
from truelayer_simulator.profiles import BUILT_IN
from truelayer_simulator.state import Simulator

app = typer.Typer(help="Simulates TrueLayer's Data APIs v1 and v3 and the banks behind them.", no_args_is_help=True)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0: a free one.")] = 0,
    seed: Annotated[int, typer.Option(help="Same seed, same transactions.")] = 1,
    today: Annotated[str | None, typer.Option(help="Use this day as today, YYYY-MM-DD.")] = None,
    client_id: Annotated[str, typer.Option(help="The only accepted client id.")] = "sandbox-simulator",
    client_secret: Annotated[str, typer.Option(help="Its secret.")] = "simulator-secret",  # noqa: S107
    redirect_uri: Annotated[list[str] | None, typer.Option(help="A registered redirect URI; none: any.")] = None,
    port_file: Annotated[Path | None, typer.Option(help="Write the port here once it is open.")] = None,
    state_file: Annotated[
        Path | None, typer.Option(help="Store consents here, so that they survive a restart.")
    ] = None,
    data_api_v3: Annotated[bool, typer.Option("--data-api-v3", help="Serve Data API v3 beside v1.")] = False,
    until_input_ends: Annotated[
        bool, typer.Option("--until-input-ends", help="Stop when standard input is closed, as by the starter's death.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the address as JSON.")] = False,
) -> None:
    """Serve until Ctrl-C."""
    try:
        day = date.fromisoformat(today) if today is not None else None
    except ValueError:
        raise typer.BadParameter(f"{today} is not a day like 2026-01-31", param_hint="--today") from None
    try:
        simulator = Simulator(seed, day, client_id, client_secret, tuple(redirect_uri or ()))
    except ClockInvalid as error:
        raise typer.BadParameter(str(error), param_hint="environment") from None
    simulator.v3.starts_on = data_api_v3
    simulator.v3.settings = replace(simulator.v3.settings, is_on=data_api_v3)
    if state_file is not None:
        keep_in(simulator, state_file)
    listener = socket.create_server((host, port), backlog=1024)
    address = f"http://{host}:{listener.getsockname()[1]}"
    sys.stdout.write(json.dumps({"url": address}) + "\n" if as_json else f"simulator ready at {address}\n")
    sys.stdout.flush()
    if port_file is not None:
        port_file.write_text(str(listener.getsockname()[1]))
    config = uvicorn.Config(create_app(simulator), log_level="critical", access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    if until_input_ends:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _stop_at_end_of_input(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True


@app.command()
def profiles(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """List the simulated banks."""
    if as_json:
        typer.echo(json.dumps([{"provider_id": bank.provider_id, "about": bank.about} for bank in BUILT_IN], indent=2))
        return
    for bank in BUILT_IN:
        typer.echo(f"{bank.provider_id:24} {bank.about}")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
