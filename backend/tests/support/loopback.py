"""Refuse connections from the test process to anything but this machine."""

import ipaddress
import sys
from typing import Any


class NotLoopback(RuntimeError):
    """A test tried to reach another machine."""


def refuse_other_machines() -> None:
    """Make connections of this process to any address other than loopback raise `NotLoopback`."""
    sys.addaudithook(_check)


def _check(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        # A path is a socket on this machine.
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise NotLoopback(f"a test tried to connect to {address[0]}; tests reach this machine alone")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)
