"""Make the passwords of a new deployment, one file each, so that nobody has to think of any."""

import os
import secrets
from pathlib import Path
from urllib.parse import SplitResult, urlsplit, urlunsplit

from bankimport.errors import InvalidRequest
from bankimport.settings import variable_of

READABLE_BY_ALL = 0o444
"""The folder, a volume that only the servers of the deployment mount, is what protects them."""

OWNER_PASSWORD = "POSTGRES_PASSWORD"  # noqa: S105 - a file's name
APPLICATION, METRICS = "bankimport_application", "bankimport_metrics"


def init_secrets(folder: Path, database_url: str, owner_folder: Path | None = None) -> list[str]:
    """Make the files that are missing, each whole or not at all; returns their names.

    `database_url` names the owner of the tables. What only the owner needs goes into `owner_folder`, and `folder` gets
    the addresses of two roles with fewer rights. Without `owner_folder` the owner is the only role. A deployment that
    began so keeps its one role: the address in `folder` stays, and the owner's password is copied to `owner_folder`.

    Raises:
        InvalidRequest: a folder cannot be written to, or the database's URL lacks a user or has a password.
    """
    parts = urlsplit(database_url)
    if not parts.scheme.startswith("postgres") or not parts.username or not parts.hostname or parts.password:
        raise InvalidRequest(
            "--database names user and host, and no password: for example postgresql://bankimport@postgres/bankimport"
        )
    place = owner_folder or folder
    made = []
    try:
        for name in (variable_of("metrics_token"), "GRAFANA_PASSWORD"):
            made += _make(folder / name, secrets.token_urlsafe(24))
        before = folder / OWNER_PASSWORD
        password = before.read_text().strip() if before.exists() else secrets.token_urlsafe(24)
        made += _make(place / OWNER_PASSWORD, password)
        owner = _url(parts, str(parts.username), (place / OWNER_PASSWORD).read_text().strip())
        if owner_folder is None:
            made += _make(folder / variable_of("database_url"), owner)
        else:
            made += _make(owner_folder / variable_of("owner_database_url"), owner)
            for name, role in (("database_url", APPLICATION), ("metrics_database_url", METRICS)):
                made += _make(folder / variable_of(name), _url(parts, role, secrets.token_urlsafe(24)))
    except OSError as error:
        raise InvalidRequest(f"cannot make files in {error.filename or folder} ({error.strerror})") from None
    return made


def _url(parts: SplitResult, role: str, password: str) -> str:
    """The same database for another role."""
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.netloc.rpartition('@')[2]}"))


def _make(path: Path, content: str) -> list[str]:
    if path.exists():
        return []
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(content + "\n")
    unfinished.chmod(READABLE_BY_ALL)
    unfinished.replace(path)
    return [path.name]
