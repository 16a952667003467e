"""The address at which passkeys work: browsers bind each passkey to a host name, and require https; pure."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bankimport.settings import Settings
from bankimport.users.errors import PasskeysUnavailable

NAME = "bankimport"
_LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The relying party of passkeys: a host name, and the origin at which the page uses them."""

    id: str
    origin: str


def relying_party(settings: Settings) -> RelyingParty:
    """The host name and origin of this installation. On a single machine that is `localhost`, which browsers trust.

    Raises:
        PasskeysUnavailable: the public URL is an address of a network, or not https.
    """
    parts = urlsplit(settings.browser_url)
    host = (parts.hostname or "").rstrip(".")
    address = _address(host)
    if address is not None and (address.is_loopback or address.is_unspecified):
        host, address = _LOCAL, None
    if address is not None:
        raise PasskeysUnavailable(
            "passkeys need a host name, and this installation has only an address; "
            "set BANKIMPORT_PUBLIC_URL, for example to https://money.example.org"
        )
    if parts.scheme != "https" and host != _LOCAL:
        raise PasskeysUnavailable(
            f"passkeys need https; set BANKIMPORT_PUBLIC_URL to https://{host} behind a server that has a certificate"
        )
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
