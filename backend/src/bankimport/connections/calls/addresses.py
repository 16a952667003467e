"""Which addresses say something to a bank: public ones. Those of a machine or a private network are not sent."""

import ipaddress

PRIVATE_ENDS = (".localhost", ".local", ".lan", ".internal", ".home.arpa")


def public_address(host: str | None) -> str | None:
    """An address as it is sent to banks, such as 81.2.69.142; None if it is not a public one of a person.

    Not public: loopback, private, link-local, shared by a carrier's customers (CGNAT), multicast, reserved, and texts
    that are not addresses.
    """
    try:
        address = ipaddress.ip_address((host or "").strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return public_address(str(address.ipv4_mapped))
        if address.is_site_local or address.scope_id is not None:
            return None
    is_public = address.is_global and not (address.is_multicast or address.is_reserved)
    return str(address) if is_public else None


def is_public_host(host: str) -> bool:
    """Whether browsers can reach a host from a public address: names like localhost or nas.local are private."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith(PRIVATE_ENDS)
    return public_address(host) is not None
