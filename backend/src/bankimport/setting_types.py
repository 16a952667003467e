"""The types of settings: each checks a text and says what is wrong with it."""

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
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


def quota(most: int, name: str, what: str) -> Any:
    """A setting for how much of something one user may have."""
    description = f"most {what} of one user"
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


PostgresUrl = Annotated[str, _checked_url(*POSTGRES)]
RedisUrl = Annotated[str, _checked_url("redis", "rediss", SENTINEL)]
BrokerUrl = Annotated[str, _checked_url("amqp", "amqps", "redis", "rediss", SENTINEL)]
HttpUrl = Annotated[str, _checked_url("http", "https")]
TrueLayerHost = Annotated[str, _checked_url("http", "https", host_alone=True)]
HostNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_host_names)]
FernetKeys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_keys), AfterValidator(_check_keys)]
AmountOfMoney = Annotated[str, AfterValidator(_check_money)]
