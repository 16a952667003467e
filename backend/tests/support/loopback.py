"""Refuse connections from the test process to anything but this machine."""

import ipaddress
import sys
from typing import Any


class NotLoopback(RuntimeError):
    """A test tried to reach another machine."""


def refuse_other_machines() -> None:
    """From now on a connection of this process to an address that is not loopback raises `NotLoopback`."""
    sys.addaudithook(_check)


def _check(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        # A path is a socket of this machine.
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
