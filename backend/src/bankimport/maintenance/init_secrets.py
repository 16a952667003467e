"""Make the passwords of a new deployment, one file each, so that nobody has to think of any."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bankimport.errors import InvalidRequest
from bankimport.settings import variable_of

READABLE_BY_ALL = 0o444
"""The folder, a volume that only the servers of the deployment mount, is what protects them."""


def init_secrets(folder: Path, database_url: str) -> list[str]:
    """Make the files that are missing, each whole or not at all; returns their names.

    Raises:
        InvalidRequest: the folder cannot be written to, or the database's URL lacks a user or has a password.
    """
    parts = urlsplit(database_url)
    if not parts.scheme.startswith("postgres") or not parts.username or not parts.hostname or parts.password:
        raise InvalidRequest(
            "--database names user and host, and no password: for example postgresql://bankimport@postgres/bankimport"
        )
    made = []
    try:
        for name in ("POSTGRES_PASSWORD", variable_of("metrics_token"), "GRAFANA_PASSWORD"):
            made += _make(folder / name, secrets.token_urlsafe(24))
        password = (folder / "POSTGRES_PASSWORD").read_text().strip()
        place = f"{parts.username}:{password}@{parts.netloc.rpartition('@')[2]}"
        made += _make(folder / variable_of("database_url"), urlunsplit(parts._replace(netloc=place)))
    except OSError as error:
        raise InvalidRequest(f"cannot make files in {folder} ({error.strerror})") from None
    return made


def _make(path: Path, content: str) -> list[str]:
    if path.exists():
        return []
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(content + "\n")
    unfinished.chmod(READABLE_BY_ALL)
    unfinished.replace(path)
    return [path.name]
