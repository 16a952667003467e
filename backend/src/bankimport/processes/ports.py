"""Find free ports."""

import socket

from bankimport.errors import SettingsInvalid

FIRST_PORT = 8000
LAST_PORT = 8999


def free_port(host: str = "127.0.0.1") -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Whether nothing listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def api_port(host: str, preferred: int | None) -> int:
    """The port for the HTTP API: the configured one, else 8000 or the next free one.

    Raises:
        SettingsInvalid: the configured port is taken, or the host is not an address of this machine.
    """
    try:
        free_port(host)
    except OSError as error:
        raise SettingsInvalid(
            f"BANKIMPORT_HOST: cannot listen on {host} ({error.strerror or error}); "
            "for example BANKIMPORT_HOST=127.0.0.1"
        ) from None
    if preferred is not None:
        if not is_free(host, preferred):
            raise SettingsInvalid(
                f"BANKIMPORT_PORT: cannot listen on {host}:{preferred}, it is taken; for example BANKIMPORT_PORT=8080"
            )
        return preferred
    for port in range(FIRST_PORT, LAST_PORT + 1):
        if is_free(host, port):
            return port
    raise SettingsInvalid(f"BANKIMPORT_HOST: no free port on {host}; for example BANKIMPORT_HOST=127.0.0.1")
