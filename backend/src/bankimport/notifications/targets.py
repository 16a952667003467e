"""Which addresses may be sent to: a user must not make this installation call into its own network.

An address is resolved here, every result is looked at, and the request then goes to the very result that was looked
at, so that a name cannot change its mind between the look and the call.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from bankimport.notifications.errors import TargetRefused
from bankimport.settings import get_settings, variable_of

MOST_CHARACTERS = 2000

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All that is assigned to hosts of the public network. Source: RFC 4291, section 2.4."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses whose last 32 bits are an IPv4 address, which a gateway calls. Source: RFC 6052, section 2.1."""


def check_url(url: str) -> None:
    """Refuse what is not an http or https address with a host.

    Raises:
        TargetRefused: it is none, or carries a user and password, which would be shown.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetRefused("the address cannot be read; for example https://example.org/hooks/bankimport") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or len(url) > MOST_CHARACTERS:
        raise TargetRefused("the address must be http or https with a host; for example https://example.org/hooks")
    if parts.username or parts.password:
        raise TargetRefused("leave user and password out of the address; the signature proves who calls")


def resolve(host: str, port: int) -> str:
    """The IP address to connect to for a host.

    Raises:
        TargetRefused: it lies in a private network, and the operator has not allowed that.
        OSError: the name cannot be resolved.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(item[4][0]).partition("%")[0] for item in found]
    if not get_settings().allow_private_targets:
        for address in addresses:
            if not _is_public(address):
                raise TargetRefused(
                    f"{host} lies in a private network; who runs this installation can allow that by setting "
                    f"{variable_of('allow_private_targets')}=true"
                )
    return addresses[0]


def check_reachable(host: str, port: int) -> None:
    """Refuse a host that cannot be sent to now, so that its user learns it when they name it.

    Raises:
        TargetRefused: as `resolve`, or its name is not known.
    """
    try:
        resolve(host, port)
    except OSError:
        raise TargetRefused(f"no host of the name {host} can be found; check the address") from None


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    carried = _carried(ip)
    is_reachable = ip in GLOBAL_UNICAST or ip in NAT64 or ip.ipv4_mapped is not None
    return is_reachable and ip.is_global and all(item.is_global for item in carried)


def _carried(ip: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses to which an IPv6 address leads, written in it."""
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in NAT64:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
    return [item for item in found if item is not None]
