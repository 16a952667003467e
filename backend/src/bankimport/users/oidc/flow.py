"""Send a browser to a provider and take what it brings back.

What belongs to one sign-in (state, nonce, PKCE's verifier) is in a cookie of that browser, encrypted: nobody else can
finish it, and nothing is stored for those who never return. A code works once, as the provider sees to.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets as random_source
from dataclasses import asdict, dataclass
from datetime import timedelta
from urllib.parse import urlencode

from bankimport.clock import utc_now
from bankimport.errors import InvalidRequest, SettingsInvalid
from bankimport.secrets import decrypt, encrypt
from bankimport.settings import get_settings
from bankimport.settings.types import OidcProvider
from bankimport.users.errors import ProviderFailed, ProviderRefused
from bankimport.users.oidc.fetch import fetch_json
from bankimport.users.oidc.id_token import Identity, read_id_token
from bankimport.users.oidc.providers import DIRECTORY, provider_named

CALLBACK = "/api/auth/oidc/callback"
LIFETIME = timedelta(minutes=10)
SCOPES = "openid email"

_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path of this page: no other host, no backslash, no control characters."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that began. `user_id`: who links the identity; None: the user to whom it belongs signs in."""

    provider: str
    state: str
    nonce: str
    verifier: str
    return_to: str
    until: float
    user_id: int | None = None


def begin(provider: OidcProvider, return_to: str, user_id: int | None = None) -> tuple[str, str]:
    """Begin a sign-in: the address at the provider, and the cookie's value.

    Raises:
        InvalidRequest: `return_to` is not a path of this page.
        ProviderFailed: the provider does not say where it is.
    """
    if not _OWN_PATH.fullmatch(return_to):
        raise InvalidRequest("return_to: must be a path of this page, such as /imports")
    known = DIRECTORY.known(provider)
    state, nonce, verifier = (random_source.token_urlsafe(32) for _ in range(3))
    until = (utc_now() + LIFETIME).timestamp()
    begun = Begun(provider.name, state, nonce, verifier, return_to, until, user_id)
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri(),
        "scope": SCOPES,
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in known.authorization_endpoint else "?"
    return f"{known.authorization_endpoint}{joint}{urlencode(query)}", encrypt(json.dumps(asdict(begun))).decode()


def read_begun(cookie: str | None, state: str) -> Begun:
    """The sign-in that this browser began.

    Raises:
        ProviderRefused: it began none, another one, or too long ago.
    """
    try:
        begun = Begun(**json.loads(decrypt((cookie or "").encode())))
    except (SettingsInvalid, ValueError, TypeError):
        raise _not_begun() from None
    if not hmac.compare_digest(begun.state.encode(), state.encode()) or begun.until < utc_now().timestamp():
        raise _not_begun()
    return begun


def finish(begun: Begun, code: str | None, error: str | None, issuer: str | None) -> Identity:
    """Exchange the code that the provider gave, and read who signed in. No connection to the database is held.

    Raises:
        NotFound: the provider is not in the settings any more.
        ProviderRefused: the provider refused, or another one answered.
        ProviderFailed: its answer is not usable.
    """
    provider = provider_named(begun.provider)
    known = DIRECTORY.known(provider)
    if issuer != provider.issuer and (issuer is not None or known.sends_issuer):
        raise ProviderRefused("another provider answered than the one that was chosen; try again")
    if error is not None or not code:
        raise ProviderRefused(f"{provider.label} did not sign you in; try again, or sign in another way")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": begun.verifier,
        "client_id": provider.client_id,
    }
    secret = provider.client_secret.get_secret_value() if provider.client_secret is not None else None
    if secret is not None and not known.takes_basic:
        form["client_secret"] = secret
    basic = (provider.client_id, secret) if secret is not None and known.takes_basic else None
    token = fetch_json(known.token_endpoint, form, basic).get("id_token")
    if not isinstance(token, str):
        raise ProviderFailed(f"{provider.label} gave no id token; ask the operator")
    return read_id_token(token, provider, begun.nonce)


def redirect_uri() -> str:
    """Where providers send browsers back to: what the operator registers there."""
    return f"{get_settings().browser_url}{CALLBACK}"


def _challenge(verifier: str) -> str:
    """PKCE's challenge. Source: RFC 7636, section 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _not_begun() -> ProviderRefused:
    return ProviderRefused("this sign-in did not begin in this browser, or took too long; try again")
