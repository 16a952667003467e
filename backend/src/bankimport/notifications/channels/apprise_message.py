"""Send a message through an Apprise address: mail, ntfy, Slack and many more.

Source: the apprise package; its addresses are `service://what/the/service/needs`.
"""

import logging
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bankimport.notifications.channels.targets import MOST_CHARACTERS, check_reachable, only_allowed_addresses, resolve
from bankimport.notifications.channels.webhooks import Outcome
from bankimport.notifications.errors import TargetRefused

CONNECT_WITHIN_S = 5.0
READ_WITHIN_S = 10.0
"""For one read; a whole try has a deadline of its own (`tries.py`)."""

LOCAL_SERVICES = frozenset({"blink1", "dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "vapid", "windows"})
"""Services that show, read or write something on the server itself, which does not belong to the user."""

OF_THE_SERVER = frozenset({"attach", "keyfile", "pgp", "pgpprv", "pgppub", "subfile", "template", "wkd"})
"""Options that make Apprise read a file of the server, or fetch something, and send it."""


def check_address(address: str) -> str:
    """The address without its secrets, if Apprise understands it and it is allowed.

    Raises:
        TargetRefused: Apprise does not understand it, or it names this machine or a private network.
    """
    service = _service(address)
    for host in _named_hosts(service):
        check_reachable(host, int(service.port or 443))
    return _shown_as(address, service)


def send(address: str, title: str, body: str) -> Outcome:
    """Send the message and return the outcome. Apprise reports only success or failure."""
    started = time.monotonic()
    try:
        service = _service(address)
        for host in _named_hosts(service):
            resolve(host, int(service.port or 443))
        # Some services look up more hosts than their address names.
        with only_allowed_addresses():
            was_sent = bool(service.notify(title=title, body=body))
    except TargetRefused as refusal:
        return Outcome(refusal.message, time.monotonic() - started)
    except OSError:
        return Outcome("the host name cannot be resolved", time.monotonic() - started)
    return Outcome(None if was_sent else "the service rejected it; check the address", time.monotonic() - started)


def _service(address: str) -> Any:
    scheme = address.partition("://")[0].lower()
    if scheme in LOCAL_SERVICES:
        raise TargetRefused("an address that shows messages on the server itself cannot be used")
    try:
        options = {name.lower() for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)}
    except ValueError:
        raise TargetRefused("the address cannot be read; for example ntfys://ntfy.sh/my-topic") from None
    if named := options & OF_THE_SERVER:
        raise TargetRefused(f"remove {min(named)} from the address: it names a server file or something to fetch")
    # Apprise is large; only senders load it. It logs invalid addresses, which are secret.
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    service = None
    if len(address) <= MOST_CHARACTERS:
        service = apprise.Apprise.instantiate(
            address, asset=apprise.AppriseAsset(async_mode=False, secure_logging=True), suppress_exceptions=True
        )
    if service is None or service.__class__.__name__ in ("CustomNotifyPlugin",):
        raise TargetRefused("Apprise does not know this address; for example ntfys://ntfy.sh/my-topic")
    # A redirect would lead to an unchecked address.
    service.redirects = False
    # The address may name times of its own; they are ours to choose.
    service.socket_connect_timeout, service.socket_read_timeout = CONNECT_WITHIN_S, READ_WITHIN_S
    service.retry = 0
    return service


def _named_hosts(service: Any) -> list[str]:
    """Hosts that the address names. Many services have a fixed host and put a token in the host's place."""
    smtp_host = getattr(service, "smtp_host", None)
    if smtp_host:
        return [str(smtp_host)]
    return [str(service.host)] if service.__class__.template_tokens.get("host") and service.host else []


def _shown_as(address: str, service: Any) -> str:
    """Only the service's name and host; the rest of an Apprise address may be secret."""
    scheme = address.partition("://")[0].lower()
    hosts = _named_hosts(service)
    return f"{scheme}://{hosts[0]}/…" if hosts else f"{scheme}://…"
