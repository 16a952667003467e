"""Reach the running installation from the command line: its databases, and the user that a command acts for.

Anyone who can read the home folder, or has DATABASE_URL, controls this installation. A command names the user it acts
for, and touches only that user's data.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import psutil
import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

# A command loads no more than it needs; but a row can be written only if the tables it refers to are loaded too.
from bankimport.db import tables as tables
from bankimport.db.acting import for_user
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError, InvalidRequest
from bankimport.settings import Settings, get_settings, load_settings, variable_of
from bankimport.users.models import User
from bankimport.users.service import user_by_email

ForUser = Annotated[
    str | None,
    typer.Option("--user", help="E-mail address of the user to act for; required if there are several."),
]


class NotRunning(BankImportError):
    """There is no running installation to use."""

    code = "not_running"


DATABASE_URL = variable_of("database_url")


def _note_path(home: Path) -> Path:
    return home / "run" / "stack.json"


OF_THE_SERVER = (
    "price_connection_month",
    "price_call",
    "llm_model",
    "llm_monthly_cap",
    "llm_job_cap",
    "llm_input_price",
    "llm_output_price",
    "calls_per_minute",
    "max_parallel_accounts",
)
"""Settings that plans and costs depend on: the running server's values are used, not the shell's."""


def write_note(home: Path, environment: dict[str, str], settings: Settings, owner_url: str) -> Path:
    """Write down what other programs need to reach this installation, readable only by the account that runs it.

    The note's environment has the URL of the database's owner, since anyone who may read it runs the installation. Our
    commands take the application's instead.
    """
    values = {variable_of(name): getattr(settings, name) for name in OF_THE_SERVER}
    note = {
        "pid": os.getpid(),
        "environment": {**environment, DATABASE_URL: owner_url},
        "application_database_url": environment[DATABASE_URL],
        "settings": {name: None if value is None else str(value) for name, value in values.items()},
    }
    path = _note_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(note, file)
    return path


def read_note(home: Path) -> dict[str, str] | None:
    """The environment of the installation running with this home, or None if there is none."""
    with suppress(OSError, ValueError, KeyError):
        note = json.loads(_note_path(home).read_text())
        if psutil.pid_exists(note["pid"]):
            environment = {**note["environment"], DATABASE_URL: note["application_database_url"]}
            return {str(name): str(value) for name, value in environment.items()}
    return None


def read_settings(home: Path) -> dict[str, str | None]:
    """The settings that the installation running with this home uses for plans and costs; None: not set."""
    with suppress(OSError, ValueError, KeyError):
        settings = json.loads(_note_path(home).read_text())["settings"]
        return {str(name): None if value is None else str(value) for name, value in settings.items()}
    return {}


def join_installation() -> None:
    """Use the environment and the prices of the running installation, unless DATABASE_URL names one.

    Raises:
        NotRunning: there is none.
        SettingsInvalid: as `load_settings`.
    """
    settings = load_settings()
    if settings.database_url is None:
        home = settings.home.expanduser().resolve()
        environment = read_note(home)
        if environment is None:
            raise NotRunning(
                f"bankimport is not running with its data in {home}; start it with `bankimport up`, "
                f"or set {variable_of('home')} or {variable_of('database_url')} to a running one"
            )
        os.environ.update(environment)
        for name, value in read_settings(home).items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    get_settings.cache_clear()


@contextmanager
def acting_as(email: str | None) -> Iterator[tuple[Session, User]]:
    """Join the running installation; yields a session in it, and the user that the command acts for.

    It is committed at the end, as by `session_scope`.

    Raises:
        NotRunning, SettingsInvalid: as `join_installation`.
        NotFound, InvalidRequest: as `chosen_user`.
    """
    join_installation()
    with session_scope() as session:
        user_id = chosen_user(session, email).id
    with for_user(user_id), session_scope() as session:
        yield session, session.get_one(User, user_id)


def chosen_user(session: Session, email: str | None) -> User:
    """The user with this address, or the only user.

    Raises:
        NotFound: no such user.
        InvalidRequest: no address is given, and there is not exactly one user.
    """
    if email is not None:
        return user_by_email(session, email)
    users = list(session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.id).limit(2)))
    if not users:
        raise InvalidRequest("there is no user yet; create one with `bankimport user create EMAIL`")
    if len(users) > 1:
        raise InvalidRequest("there are several users; choose one with --user EMAIL")
    return users[0]
