"""The passwords of the embedded servers, made once and kept beside their data, readable by their owner alone."""

import secrets
from pathlib import Path


def server_password(home: Path, server: str) -> str:
    """The server's password, made when there is none yet."""
    path = home / f"{server}.password"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text().strip()
