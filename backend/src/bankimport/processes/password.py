"""The embedded servers' passwords, created once and stored next to their data, readable only by their owner."""

import secrets
from pathlib import Path


def server_password(home: Path, server: str) -> str:
    """The server's password, created if there is none yet."""
    path = home / f"{server}.password"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text().strip()
