"""The types of settings: each checks a text and says what is wrong with it."""

import ipaddress
import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, TypeAdapter, ValidationError
from pydantic_settings import NoDecode

from bankimport.broker import SENTINEL, sentinels_of
from bankimport.money import parse_money

POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")


def _checked_url(*schemes: str, host_alone: bool = False) -> Any:
    def check(value: str) -> str:
        if SENTINEL in schemes and sentinels_of(value):
            return value
        if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"must start with {' or '.join(scheme + '://' for scheme in schemes)}")
        parts = urlsplit(value)
        # A database without a host uses a socket on this machine; reading the port checks the URL.
        has_place = parts.hostname or (schemes == POSTGRES and parts.path.strip("/"))
        if not has_place or parts.port == 0 or " " in value:
            raise ValueError("has no host")
        if host_alone and (parts.path.strip("/") or parts.query):
            raise ValueError("must be only a host, because paths are added to it")
        return value.rstrip("/")

    return AfterValidator(check)


def quota(most: int, name: str, things: str) -> Any:
    """A setting for how much of something one user may have."""
    description = f"most {things} of one user"
    return Field(
        most,
        ge=1,
        le=1_000_000,
        validation_alias=f"BANKIMPORT_QUOTA_{name}",
        description=description,
        examples=[str(most)],
    )


def _host_names(value: object) -> object:
    if not isinstance(value, str):
        return value
    names = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if not all(re.fullmatch(r"[a-z0-9._-]+", name) for name in names):
        raise ValueError("must be names of hosts, without scheme and port")
    return names


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    networks = tuple(part.strip() for part in value.split(",") if part.strip())
    for network in networks:
        try:
            width = ipaddress.ip_network(network).prefixlen
        except ValueError:
            raise ValueError("must be addresses or networks, such as 10.0.3.0/24; never *") from None
        if width < 8:
            raise ValueError(f"{network} takes in strangers; name the proxy's own network")
    return networks


def _keys(value: object) -> object:
    if not isinstance(value, str):
        return value
    keys = tuple(part.strip() for part in value.split(",") if part.strip())
    if not keys:
        raise ValueError("contains no key")
    return keys


def _check_keys(value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    for number, key in enumerate(value, 1):
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key.get_secret_value()):
            raise ValueError(f"key {number} is not 32 bytes in URL-safe base64")
    return value


def _check_money(value: str) -> str:
    parse_money(value)
    return value


class OidcProvider(BaseModel, extra="forbid", frozen=True):
    """A provider of sign-ins (OpenID Connect), as the operator registered this installation there."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")
    """In addresses."""
    label: str = Field(min_length=1, max_length=60)
    """On the button."""
    issuer: str = Field(pattern=r"^https?://[^\s?#]+$", max_length=500)
    client_id: str = Field(min_length=1, max_length=500)
    client_secret: SecretStr | None = None
    second_factor: Literal["ask", "unless_used_there", "never"] = "ask"
    """Whether a user who has a second factor here needs it after signing in there."""


_OIDC_PROVIDERS = TypeAdapter(tuple[OidcProvider, ...])


def read_oidc_providers(text: str) -> tuple[OidcProvider, ...]:
    """The providers of a JSON list.

    Raises:
        ValueError: what is wrong with it, without its secrets.
    """
    try:
        found = _OIDC_PROVIDERS.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{place}: {first['msg']}" if place else str(first["msg"])) from None
    for field in ("name", "issuer"):
        if len({getattr(provider, field) for provider in found}) < len(found):
            raise ValueError(f"two providers have the same {field}")
    return found


def _check_oidc_providers(value: SecretStr) -> SecretStr:
    read_oidc_providers(value.get_secret_value())
    return value


OidcProviders = Annotated[SecretStr, AfterValidator(_check_oidc_providers)]
PostgresUrl = Annotated[str, _checked_url(*POSTGRES)]
RedisUrl = Annotated[str, _checked_url("redis", "rediss", SENTINEL)]
BrokerUrl = Annotated[str, _checked_url("amqp", "amqps", "redis", "rediss", SENTINEL)]
HttpUrl = Annotated[str, _checked_url("http", "https")]
TrueLayerHost = Annotated[str, _checked_url("http", "https", host_alone=True)]
HostNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_host_names)]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)]
FernetKeys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_keys), AfterValidator(_check_keys)]
AmountOfMoney = Annotated[str, AfterValidator(_check_money)]
