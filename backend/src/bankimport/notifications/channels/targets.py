"""Which addresses are allowed: users must not make this installation call into its own network.

We resolve the host, check every address found, and send the request to a checked address. So a name cannot change its
meaning between the check and the call.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from bankimport.notifications.errors import TargetRefused
from bankimport.settings import get_settings, variable_of

MOST_CHARACTERS = 2000

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""The addresses assigned to hosts of the public network. Source: RFC 4291, section 2.4."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses whose last 32 bits are an IPv4 address that a gateway calls. Source: RFC 6052, section 2.1."""


def check_url(url: str) -> None:
    """Refuse anything but an http or https address with a host.

    Raises:
        TargetRefused: the address has another form, or contains a user and password, which would be shown.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetRefused("the address is invalid; use for example https://example.org/hooks/bankimport") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or len(url) > MOST_CHARACTERS:
        raise TargetRefused("the address must be http or https with a host; for example https://example.org/hooks")
    if parts.username or parts.password:
        raise TargetRefused("remove the user and password from the address; the signature proves who calls")


def resolve(host: str, port: int) -> str:
    """The IP address to connect to for a host.

    Raises:
        TargetRefused: the host is in a private network, and the operator has not allowed that.
        OSError: the name cannot be resolved.
    """
    try:
        found = _ask(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise TargetRefused(f"{host[:100]} cannot be a host name; each part of it has 1 to 63 letters") from None
    _check(host, found)
    return _addresses(found)[0]


@contextmanager
def only_allowed_addresses() -> Iterator[None]:
    """Check every address that this thread connects to, as `resolve` does, at the moment of connecting.

    For code that chooses hosts itself: it may resolve a name again, or follow an answer to another host. All network
    libraries written in Python call `socket.getaddrinfo`, which raises `TargetRefused` in this context.
    """
    _watched.depth = getattr(_watched, "depth", 0) + 1
    try:
        yield
    finally:
        _watched.depth -= 1


def _getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
    found = _ask(host, *arguments, **options)
    if getattr(_watched, "depth", 0):
        _check(str(host), found)
    return found


_watched = threading.local()
_ask = socket.getaddrinfo
socket.getaddrinfo = _getaddrinfo


def _check(host: str, found: list[Any]) -> None:
    if get_settings().allow_private_targets:
        return
    if not all(map(_is_public, _addresses(found))):
        raise TargetRefused(
            f"{host} is in a private network; the operator of this installation can allow that by setting "
            f"{variable_of('allow_private_targets')}=true"
        )


def _addresses(found: list[Any]) -> list[str]:
    return [str(item[4][0]).partition("%")[0] for item in found]


def check_reachable(host: str, port: int) -> None:
    """Refuse a host that cannot be reached now, so that the user learns it when they enter the address.

    Raises:
        TargetRefused: as `resolve`, or the name cannot be resolved.
    """
    try:
        resolve(host, port)
    except OSError:
        raise TargetRefused(f"the host {host} cannot be found; check the address") from None


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    carried = _carried(ip)
    is_reachable = ip in GLOBAL_UNICAST or ip in NAT64 or ip.ipv4_mapped is not None
    return is_reachable and ip.is_global and all(item.is_global for item in carried)


def _carried(ip: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses embedded in an IPv6 address, which it leads to."""
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in NAT64:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
    return [item for item in found if item is not None]
