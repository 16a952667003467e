"""Reach the running installation from the command line: its databases, and the user on whose behalf a command runs.

Anyone who can read the home folder, or has DATABASE_URL, runs this installation; a command names the user it acts for,
and touches only what is theirs.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import psutil
import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.connections.calls.presence import UNKNOWN_ADDRESS

# A command loads no more than it calls; a row can be written only while the tables that it points to are known too.
from bankimport.db import tables as tables
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError, InvalidRequest
from bankimport.settings import get_settings, load_settings, variable_of
from bankimport.users.models import User
from bankimport.users.service import user_by_email

ForUser = Annotated[
    str | None,
    typer.Option("--user", help="E-mail address of the user to act for; needed when there are several."),
]


def terminal_address() -> str | None:
    """The address that says to a bank that its user is there: known to be so only where a terminal is."""
    return UNKNOWN_ADDRESS if sys.stdin.isatty() else None


class NotRunning(BankImportError):
    """There is no running installation to talk to."""

    code = "not_running"


def _note_path(home: Path) -> Path:
    return home / "run" / "stack.json"


def write_note(home: Path, environment: dict[str, str]) -> Path:
    """Leave what other commands need to reach this installation, readable by its owner alone."""
    path = _note_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"pid": os.getpid(), "environment": environment}, file)
    return path


def read_note(home: Path) -> dict[str, str] | None:
    """The environment of the installation that runs with this home, or None when none does."""
    with suppress(OSError, ValueError, KeyError):
        note = json.loads(_note_path(home).read_text())
        if psutil.pid_exists(note["pid"]):
            return {str(name): str(value) for name, value in note["environment"].items()}
    return None


def join_installation() -> None:
    """Take on the environment of the running installation, unless DATABASE_URL names one.

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
                f"bankimport does not run with its data in {home}; start it with `bankimport up`, "
                f"or set {variable_of('home')} or {variable_of('database_url')} to one that runs"
            )
        os.environ.update(environment)
    get_settings.cache_clear()


@contextmanager
def acting_as(email: str | None) -> Iterator[tuple[Session, User]]:
    """Join the running installation; a session in it, and the user for whom the command acts.

    It is committed at the end, as `session_scope` does.

    Raises:
        NotRunning, SettingsInvalid: as `join_installation`.
        NotFound, InvalidRequest: as `chosen_user`.
    """
    join_installation()
    with session_scope() as session:
        yield session, chosen_user(session, email)


def chosen_user(session: Session, email: str | None) -> User:
    """The user that is named, or the only one there is.

    Raises:
        NotFound: no such user.
        InvalidRequest: none is named, and there is not exactly one.
    """
    if email is not None:
        return user_by_email(session, email)
    users = list(session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.id).limit(2)))
    if not users:
        raise InvalidRequest("there is no user yet; create one with `bankimport user create EMAIL`")
    if len(users) > 1:
        raise InvalidRequest("there are several users; say for whom with --user EMAIL")
    return users[0]
