"""The host names of this installation; pure.

Another site can point its own name at this machine, and its page would then have the same origin as ours. It cannot do
that with an IP address, so addresses are always accepted.
"""

import ipaddress
from urllib.parse import urlsplit

from bankimport.settings import Settings


def is_ours(host: str | None, settings: Settings) -> bool:
    """Whether a Host header, with or without a port, names this installation."""
    name = _name(host or "")
    if name is None:
        return False
    known = {"localhost", settings.host, *settings.allowed_hosts}
    known |= {urlsplit(url).hostname or "" for url in (settings.browser_url, settings.redirect_uri)}
    return _is_address(name) or name in {item.lower().rstrip(".") for item in known}


def _name(host: str) -> str | None:
    try:
        parts = urlsplit(f"//{host}")
        has_more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
        return None if has_more or parts.port == 0 else (parts.hostname or "").rstrip(".") or None
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
