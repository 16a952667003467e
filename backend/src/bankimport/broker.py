"""The servers of the queue and of live progress, as URLs name them: Redis or Valkey, also behind Sentinel, or RabbitMQ.

`redis+sentinel://USER:PASSWORD@HOST1:PORT1,HOST2:PORT2/DATABASE/SERVICE` names Sentinels, and the servers that they
watch by the service's name; user and password are the servers'. python-socketio reads the same form.
"""

import re
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

if TYPE_CHECKING:
    import redis

SENTINEL = "redis+sentinel"
_SENTINEL_URL = re.compile(
    rf"{re.escape(SENTINEL)}://(?:(?P<user>[^:@/]*):(?P<password>[^:@/]+)@)?"
    r"(?P<hosts>[^@/,:]+:\d{1,5}(?:,[^@/,:]+:\d{1,5})*)/(?P<database>\d+)/(?P<service>[\w.-]+)"
)

CONFIRMS_WITHIN_S = 10
"""How long to wait for RabbitMQ to say that it has a message."""


_OF_ALL = ("max_retries", "interval_start", "interval_step")
"""Options of transports that are not Redis's own."""


class Sentinels(NamedTuple):
    """Sentinels as hosts and ports, and the name of the server that they watch; None: without user or password."""

    hosts: list[tuple[str, int]]
    service: str
    database: int
    user: str | None
    password: str | None


def sentinels_of(url: str) -> Sentinels | None:
    """The Sentinels that a URL names; None if it names a server.

    Raises:
        ValueError: the URL names Sentinels, but not in the form described at the top of this module.
    """
    if not url.startswith(f"{SENTINEL}://"):
        return None
    match = _SENTINEL_URL.fullmatch(url)
    if match is None:
        raise ValueError(f"must have the form {SENTINEL}://:PASSWORD@HOST:PORT,HOST:PORT/DATABASE/SERVICE")
    pairs = (part.rpartition(":") for part in match["hosts"].split(","))
    return Sentinels(
        hosts=[(host, int(port)) for host, _, port in pairs],
        service=match["service"],
        database=int(match["database"]),
        user=unquote(match["user"]) if match["user"] else None,
        password=unquote(match["password"]) if match["password"] else None,
    )


def redis_client(url: str, **options: Any) -> "redis.Redis":
    """A client of the server; it connects at its first command, and through Sentinel to the present master."""
    import redis
    from redis.sentinel import Sentinel

    sentinels = sentinels_of(url)
    if sentinels is None:
        return redis.Redis.from_url(url, **options)
    credentials = {"username": sentinels.user, "password": sentinels.password}
    client: redis.Redis = Sentinel(sentinels.hosts, **options).master_for(  # type: ignore[no-untyped-call]
        sentinels.service, db=sentinels.database, **credentials, **options
    )
    return client


def is_amqp(url: str) -> bool:
    """Whether the URL names a broker of AMQP, such as RabbitMQ."""
    return urlsplit(url).scheme in ("amqp", "amqps")


def celery_settings(url: str, transport_options: dict[str, Any]) -> dict[str, Any]:
    """Celery's settings of its broker; `transport_options` are options for Redis that a URL cannot contain."""
    if is_amqp(url):
        address, tls = _amqp(url)
        options: dict[str, Any] = {
            "confirm_publish": True,
            "read_timeout": CONFIRMS_WITHIN_S,
            "write_timeout": CONFIRMS_WITHIN_S,
        }
        known = {name: value for name, value in transport_options.items() if name in _OF_ALL}
        return {"broker_url": address, "broker_use_ssl": tls, "broker_transport_options": {**known, **options}}
    sentinels = sentinels_of(url)
    if sentinels is None:
        return {"broker_url": url, "broker_transport_options": transport_options}
    credentials = [quote(part or "", safe="") for part in (sentinels.user, sentinels.password)]
    sign_in = f"{credentials[0]}:{credentials[1]}@" if any(credentials) else ""
    hosts = (f"sentinel://{sign_in}{host}:{port}/{sentinels.database}" for host, port in sentinels.hosts)
    options = {**transport_options, "master_name": sentinels.service}
    options["sentinel_kwargs"] = {
        name: value for name, value in transport_options.items() if name.startswith("socket_")
    }
    return {"broker_url": ";".join(hosts), "broker_transport_options": options}


def fault_of_server(url: str, patience_s: float) -> str | None:
    """Why the server of a URL cannot be used, in one line; None: it can."""
    import redis

    if is_amqp(url):
        return _fault_of_amqp(url, patience_s)
    try:
        with redis_client(url, socket_connect_timeout=patience_s, socket_timeout=patience_s) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
    return None


def messages_at_amqp(url: str, queues: tuple[str, ...], patience_s: float) -> dict[str, int] | None:
    """The number of messages in each queue; None if the broker cannot be reached."""
    from amqp.exceptions import AMQPError, NotFound

    counts = dict.fromkeys(queues, 0)
    try:
        with _connection(url, patience_s) as connection:
            for queue in queues:
                # A queue that no process has made yet has no messages, and an answer of `NotFound` closes the channel.
                with suppress(NotFound):
                    counts[queue] = connection.channel().queue_declare(queue, passive=True).message_count
    except (AMQPError, OSError):
        return None
    return counts


def _fault_of_amqp(url: str, patience_s: float) -> str | None:
    from amqp.exceptions import AMQPError

    try:
        with _connection(url, patience_s) as connection:
            connection.connect()
    except (AMQPError, OSError) as error:
        return str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
    return None


def _connection(url: str, patience_s: float) -> Any:
    from kombu.connection import Connection

    address, tls = _amqp(url)
    options = {"read_timeout": patience_s, "write_timeout": patience_s}
    return Connection(  # type: ignore[no-untyped-call]
        address, ssl=tls, connect_timeout=patience_s, transport_options=options
    )


def _amqp(url: str) -> tuple[str, dict[str, Any] | None]:
    """The address without its query, and the options of TLS; the server's certificate is always verified."""
    parts = urlsplit(url)
    address = urlunsplit(parts._replace(query=""))
    if parts.scheme == "amqp":
        return address, None
    authority = parse_qs(parts.query).get("ssl_ca_certs", [None])[0]
    return address, {"cert_reqs": ssl.CERT_REQUIRED, "ca_certs": authority, "server_hostname": parts.hostname}
