"""Check an id token: who signed it, for whom, when, and for which sign-in.

Source: OpenID Connect Core 1.0, section 3.1.3.7.
"""

from dataclasses import dataclass

import structlog
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from bankimport.clock import utc_now
from bankimport.settings.types import OidcProvider
from bankimport.users.errors import ProviderFailed
from bankimport.users.oidc.providers import DIRECTORY, Directory

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Those with a key pair. With a shared secret, anyone who has ours could sign, and `none` means unsigned."""
LEEWAY_S = 60
"""How far the provider's clock may differ."""
LONGEST_SUBJECT = 255
SECOND_FACTOR_LEVELS = (
    "phr",
    "phrh",
    "https://refeds.org/profile/mfa",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
)
"""Values of `acr` for phishing-resistant sign-ins and for several factors.

Sources: OpenID Connect Extended Authentication Profile (EAP) ACR Values 1.0, section 2; REFEDS MFA profile; OpenID
Provider Authentication Policy Extension 1.0, section 4. For `amr`, RFC 8176, section 2: only `mfa` says that there were
several.
"""
OLDEST_S = 600

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody at a provider.

    `email` is there only if the provider says that it checked the address. `used_second_factor`: whether it says that
    they gave more than one factor.
    """

    issuer: str
    subject: str
    email: str | None
    used_second_factor: bool = False


def read_id_token(token: str, provider: OidcProvider, nonce: str, directory: Directory = DIRECTORY) -> Identity:
    """Who signed in, as the provider's id token says.

    Raises:
        ProviderFailed: the token is not the provider's, not for us, too old, or of another sign-in.
    """
    try:
        claims = _decoded(token, provider, directory)
        now = int(utc_now().timestamp())
        registry = jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": provider.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as failure:
        log.warning(
            "oidc.id_token_refused", provider=provider.name, error=type(failure).__name__, why=str(failure)[:200]
        )
        raise ProviderFailed("the provider's answer is not valid; try again, or sign in another way") from None
    audience, party, subject = claims["aud"], claims.get("azp"), claims["sub"]
    is_for_others = isinstance(audience, list) and len(audience) > 1 and party is None
    is_old = claims["iat"] < now - OLDEST_S - LEEWAY_S
    has_subject = isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT and "\0" not in subject
    if is_for_others or party not in (None, provider.client_id) or is_old or not has_subject:
        log.warning("oidc.id_token_refused", provider=provider.name, why="audience, age or subject")
        raise ProviderFailed("the provider's answer is not valid; try again, or sign in another way")
    email = claims.get("email")
    is_checked = claims.get("email_verified") is True and isinstance(email, str) and "\0" not in email
    return Identity(provider.issuer, subject, email if is_checked else None, _used_second_factor(claims))


def _used_second_factor(claims: jwt.Claims) -> bool:
    """Whether the provider says so: by `amr`, or by an `acr` that stands for more than one factor."""
    methods, level = claims.get("amr"), claims.get("acr")
    return (isinstance(methods, list) and "mfa" in methods) or level in SECOND_FACTOR_LEVELS


def _decoded(token: str, provider: OidcProvider, directory: Directory) -> jwt.Claims:
    """The claims, whose signature is right; keys that the provider has changed meanwhile are read again."""
    try:
        return jwt.decode(token, directory.keys(provider), algorithms=ALGORITHMS).claims
    except InvalidKeyIdError:
        return jwt.decode(token, directory.keys(provider, newer=True), algorithms=ALGORITHMS).claims
