"""TrueLayer's hosts and our client id there: from the settings, or else as an administrator stored them."""

import threading
import time
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bankimport.connections.errors import TrueLayerNotConfigured
from bankimport.connections.models import TrueLayerApplication, TrueLayerEnvironment
from bankimport.db.session import session_scope
from bankimport.secrets import decrypt
from bankimport.settings import Settings, get_settings

REREAD_AFTER_S = 10.0
"""How long a process uses stored credentials before it reads them again."""

_DOMAINS = {TrueLayerEnvironment.SANDBOX: "truelayer-sandbox.com", TrueLayerEnvironment.LIVE: "truelayer.com"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """TrueLayer's two hosts, and our client id and secret there."""

    auth_url: str
    api_url: str
    client_id: str
    client_secret: str = field(repr=False)


_lock = threading.Lock()
_stored: dict[str, tuple[Credentials | None, float]] = {}
"""The stored credentials, None if there are none, and when they were read, on the monotonic clock."""


def hosts_of(environment: TrueLayerEnvironment) -> tuple[str, str]:
    """The authorisation and the data host of an environment; hosts that the settings name win."""
    settings = get_settings()
    domain = _DOMAINS[environment]
    named = settings.model_fields_set
    auth_url = settings.truelayer_auth_url if "truelayer_auth_url" in named else f"https://auth.{domain}"
    api_url = settings.truelayer_api_url if "truelayer_api_url" in named else f"https://api.{domain}"
    return auth_url, api_url


def of_settings(settings: Settings) -> Credentials | None:
    """The credentials that the settings contain; None unless they have both id and secret."""
    if settings.truelayer_client_id is None or settings.truelayer_client_secret is None:
        return None
    secret = settings.truelayer_client_secret.get_secret_value()
    return Credentials(settings.truelayer_auth_url, settings.truelayer_api_url, settings.truelayer_client_id, secret)


def of_database(session: Session) -> Credentials | None:
    """The stored credentials, or None."""
    row = session.get(TrueLayerApplication, TrueLayerApplication.ONLY)
    if row is None:
        return None
    return Credentials(*hosts_of(row.environment), row.client_id, decrypt(row.client_secret_encrypted))


def credentials() -> Credentials:
    """The credentials in force: those of the settings win over stored ones.

    Raises:
        TrueLayerNotConfigured: there are none.
    """
    found = of_settings(get_settings()) or _of_database_lately()
    if found is None:
        raise TrueLayerNotConfigured(
            "TrueLayer is not set up yet: an administrator does that under Settings, TrueLayer, or with "
            "`bankimport setup`; to try it without a bank, start with --simulator"
        )
    return found


def data_host() -> str:
    """The data host, which is known before there are credentials."""
    try:
        return credentials().api_url
    except TrueLayerNotConfigured:
        return get_settings().truelayer_api_url


def forget_credentials() -> None:
    """Read the stored credentials again at the next call, as they were just changed."""
    with _lock:
        _stored.clear()


def _of_database_lately() -> Credentials | None:
    with _lock:
        if _stored and time.monotonic() - _stored["read"][1] < REREAD_AFTER_S:
            return _stored["read"][0]
    with session_scope() as session:
        found = of_database(session)
    with _lock:
        _stored["read"] = (found, time.monotonic())
    return found
