"""Refuse connections from the test process to anything but this machine, and make requests to servers here."""

import functools
import ipaddress
import sys
from typing import Any

import httpx2

from tests.support.suite.waiting import HANGS_AFTER_S


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


# Both read no certificates, which takes 45 ms of processor time for each client.
http_get = functools.partial(httpx2.get, verify=False, trust_env=False, timeout=HANGS_AFTER_S)
http_post = functools.partial(httpx2.post, verify=False, trust_env=False, timeout=HANGS_AFTER_S)
