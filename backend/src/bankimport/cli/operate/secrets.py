"""`bankimport secrets`: which keys encrypt what is stored, and a change of keys."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from cryptography.fernet import Fernet

from bankimport.audit.signature import own_keys
from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.operate.place import database_at_hand
from bankimport.db.session import session_scope
from bankimport.errors import InvalidRequest
from bankimport.maintenance.init_secrets import init_secrets
from bankimport.maintenance.rotate import UNREADABLE, Stored, check_processes, old_values, survey
from bankimport.maintenance.rotate import rotate as rotate_stored
from bankimport.secrets import key_file_path, key_id, load_keys, write_key_file
from bankimport.settings import variable_of

app = typer.Typer(help="See and change the keys that encrypt stored secrets.", no_args_is_help=True)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show the keys by their ids, and how many stored values each encrypts. Exit code 1 when one is unreadable."""
    with errors_shown(as_json), database_at_hand() as settings:
        keys = load_keys(settings)
        with session_scope() as session:
            values = survey(session.connection(), keys)
        _report(keys, values, as_json)


@app.command()
def rotate(
    new_key: Annotated[
        bool, typer.Option("--new-key", help="First put a new key in front of the key file; needs no restart.")
    ] = False,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="In the end take keys that encrypt nothing out of the key file.")
    ] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for rows that are in use.")] = 120,
    as_json: AsJson = False,
) -> None:
    """Encrypt every stored secret again under the first key, while everything runs.

    It can be stopped at any time and run again. It says what is left; exit code 1 when something is.
    """
    with errors_shown(as_json), database_at_hand() as settings:
        path = key_file_path(settings)
        if (new_key or drop_old) and settings.secret_keys:
            raise InvalidRequest(
                f"{variable_of('secret_keys')} holds the keys, so change it there: first OLD,NEW, then NEW,OLD, then "
                "run `bankimport secrets rotate`, then NEW, and restart every process each time"
            )
        keys = load_keys(settings)
        signed_before = own_keys()
        if new_key:
            keys = [Fernet.generate_key().decode(), *keys]
            write_key_file(path, keys, replaces=True)
        with session_scope() as session:
            # A shared key file takes effect at once; a variable does after a restart.
            if settings.secret_keys:
                check_processes(session, keys[0])
        changed = 0
        for changed in rotate_stored(keys, patience_s=wait):
            if not as_json:
                out.print(f"{changed} encrypted again under {key_id(keys[0])}")
        with session_scope() as session:
            values = survey(session.connection(), keys)
        if drop_old and not old_values(values, keys) and not any(stored.key == UNREADABLE for stored in values):
            keys = keys[:1]
            write_key_file(path, keys, replaces=True)
        missing = [key for key in signed_before if key not in own_keys()]
        if missing and not as_json:
            out.print("evidence packs made before are signed by " + ", ".join(missing), soft_wrap=True)
        _report(keys, values, as_json, changed=changed, signed_by_dropped_keys=missing)
        if old_values(values, keys):
            raise typer.Exit(1)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files are made.")],
    database: Annotated[
        str, typer.Option(help="URL of the database for its owner, without a password; the new password is added.")
    ],
    owner_folder: Annotated[
        Path | None,
        typer.Option(help="Folder of what only the owner needs; the others then work as roles with fewer rights."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the passwords of a new deployment, a file each, for BANKIMPORT_SECRETS_DIR. Files that are there stay.

    FOLDER gets DATABASE_URL, BANKIMPORT_METRICS_DATABASE_URL, BANKIMPORT_METRICS_TOKEN and GRAFANA_PASSWORD, and the
    owner's folder POSTGRES_PASSWORD and BANKIMPORT_OWNER_DATABASE_URL. They are readable by every account that sees the
    folder, since each server reads them under an account of its own.
    """
    with errors_shown(as_json):
        made = init_secrets(folder, database, owner_folder)
    show({"made": made}, as_json, lambda: out.print(f"made {', '.join(made)}" if made else "all are there already"))


def _report(keys: list[str], values: list[Stored], as_json: bool, **more: object) -> None:
    left, lost = old_values(values, keys), sum(stored.values for stored in values if stored.key == UNREADABLE)

    def print_report() -> None:
        out.print(f"keys: {', '.join(key_id(key) for key in keys)}; the first encrypts")
        rows = table("stored in", "key", ">values")
        for stored in values:
            rows.add_row(f"{stored.table}.{stored.column}", stored.key, str(stored.values))
        if values:
            out.print(rows)
        out.print(f"{left} left under older keys" if left else "nothing is left under an older key")
        if lost:
            out.print(f"[red]{lost} can be read with none of these keys[/red]; add the key that was used before")

    body = {
        "keys": [key_id(key) for key in keys],
        "stored": [asdict(stored) for stored in values],
        "left": left,
        "unreadable": lost,
        **more,
    }
    show(body, as_json, print_report)
    if lost:
        raise typer.Exit(1)
