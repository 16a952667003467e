"""The providers of the settings, and what each says of itself: its addresses and its keys, read again now and then."""

import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bankimport.errors import NotFound
from bankimport.settings import get_settings
from bankimport.settings.types import OidcProvider, read_oidc_providers
from bankimport.users.errors import ProviderFailed
from bankimport.users.oidc.fetch import fetch_json

READ_AGAIN_AFTER_S = 3600.0
KEYS_AGAIN_AFTER_S = 60.0
"""Keys of an unknown id are looked for at most so often."""

_KEY_TYPES = ("RSA", "EC", "OKP")


@dataclass(slots=True)
class Known:
    """What a provider said of itself, and when, on the monotonic clock."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_basic: bool
    sends_issuer: bool
    """Whether it names itself when it sends a browser back (RFC 9207)."""
    read_at: float
    keys: KeySet | None = None
    keys_at: float = 0.0


def providers() -> list[OidcProvider]:
    """The providers of the settings, in their order."""
    configured = get_settings().oidc_providers
    return [] if configured is None else list(read_oidc_providers(configured.get_secret_value()))


def provider_named(name: str) -> OidcProvider:
    """A provider by its name.

    Raises:
        NotFound: the settings have none of this name.
    """
    for provider in providers():
        if provider.name == name:
            return provider
    raise NotFound("no such provider")


class Directory:
    """What providers said of themselves. Thread-safe; requests are made without the lock."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._lock = threading.Lock()

    def known(self, provider: OidcProvider) -> Known:
        """The provider's addresses.

        Raises:
            ProviderFailed: it does not say, or says those of another issuer.
        """
        with self._lock:
            found = self._known.get(provider.issuer)
        if found is None or time.monotonic() - found.read_at > READ_AGAIN_AFTER_S:
            found = _read(provider, fetch_json(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"))
            with self._lock:
                self._known[provider.issuer] = found
        return found

    def keys(self, provider: OidcProvider, *, newer: bool = False) -> KeySet:
        """The keys with which the provider signs; `newer`: look again, unless that was done just now.

        Raises:
            ProviderFailed: it has none that can be used.
        """
        known = self.known(provider)
        age = time.monotonic() - known.keys_at
        if known.keys is None or age > READ_AGAIN_AFTER_S or (newer and age > KEYS_AGAIN_AFTER_S):
            known.keys = _read_keys(fetch_json(known.jwks_uri))
            known.keys_at = time.monotonic()
        return known.keys


DIRECTORY = Directory()
"""Of this process."""


def _read(provider: OidcProvider, document: dict[str, Any]) -> Known:
    """Source: OpenID Connect Discovery 1.0, section 4.3: the issuer has to be the very same."""
    if document.get("issuer") != provider.issuer:
        raise ProviderFailed(f"the provider {provider.name} names another issuer than the settings; ask the operator")
    scheme = urlsplit(provider.issuer).scheme

    def address(name: str) -> str:
        found = document.get(name)
        if not isinstance(found, str) or not _fits(found, scheme):
            raise ProviderFailed(f"the provider {provider.name} names no usable addresses; ask the operator")
        return found

    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    takes_basic = isinstance(methods, list) and "client_secret_basic" in methods
    sends_issuer = document.get("authorization_response_iss_parameter_supported") is True
    return Known(
        authorization_endpoint=address("authorization_endpoint"),
        token_endpoint=address("token_endpoint"),
        jwks_uri=address("jwks_uri"),
        takes_basic=takes_basic,
        sends_issuer=sends_issuer,
        read_at=time.monotonic(),
    )


def _fits(address: str, scheme: str) -> bool:
    """Only an issuer without TLS, as on one's own machine, may have addresses without."""
    return urlsplit(address).scheme in ("https", scheme)


def _read_keys(document: dict[str, Any]) -> KeySet:
    keys = document.get("keys")
    usable = [
        key
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, dict) and key.get("kty") in _KEY_TYPES and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError):
        raise ProviderFailed("the provider's keys cannot be read; ask the operator") from None
