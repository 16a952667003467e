"""The servers that an installation uses, and where it is reached itself."""

from pathlib import Path

import platformdirs
from pydantic import BaseModel, Field

from bankimport.settings.types import BrokerUrl, FernetKeys, HostNames, HttpUrl, Networks, PostgresUrl, RedisUrl


class ServerSettings(BaseModel):
    """The servers that an installation uses, and where it is reached itself."""

    database_url: PostgresUrl | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL to use; absent: an embedded server in BANKIMPORT_HOME",
        examples=["postgresql://bankimport:secret@db:5432/bankimport"],
    )
    database_pooler: bool = Field(
        False,
        validation_alias="BANKIMPORT_DATABASE_POOLER",
        description="whether DATABASE_URL leads to a pooler that shares connections by transaction, such as PgBouncer",
        examples=["true"],
    )
    owner_database_url: PostgresUrl | None = Field(
        None,
        validation_alias="BANKIMPORT_OWNER_DATABASE_URL",
        description="the same database as its tables' owner, for migrations, backup and restore; absent: DATABASE_URL",
        examples=["postgresql://owner:secret@db:5432/bankimport"],
    )
    metrics_database_url: PostgresUrl | None = Field(
        None,
        validation_alias="BANKIMPORT_METRICS_DATABASE_URL",
        description="the same database as a role that only reads, for metrics and health; absent: DATABASE_URL",
        examples=["postgresql://metrics:secret@db:5432/bankimport"],
    )
    redis_url: RedisUrl | None = Field(
        None,
        validation_alias="REDIS_URL",
        description="Redis or Valkey for live progress and the queue; absent: an embedded server in BANKIMPORT_HOME",
        examples=["redis://:secret@queue:6379/0"],
    )
    queue_url: BrokerUrl | None = Field(
        None,
        validation_alias="BANKIMPORT_BROKER_URL",
        description="RabbitMQ, Redis or Valkey for the queue alone; absent: REDIS_URL",
        examples=["amqp://bankimport:secret@rabbitmq:5672/bankimport"],
    )
    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("bankimport")),
        validation_alias="BANKIMPORT_HOME",
        description="folder for the embedded servers' data, keys and logs",
        examples=["/var/lib/bankimport"],
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="BANKIMPORT_HOST",
        description="address the HTTP API listens on",
        examples=["127.0.0.1"],
    )
    port: int | None = Field(
        None,
        ge=1,
        le=65535,
        validation_alias="BANKIMPORT_PORT",
        description="port the HTTP API listens on; absent: 8000, or the next free one",
        examples=["8000"],
    )
    public_url: HttpUrl | None = Field(
        None,
        validation_alias="BANKIMPORT_PUBLIC_URL",
        description="address the user's browser reaches the page at; absent: host and port",
        examples=["https://money.example.org"],
    )
    allowed_hosts: HostNames = Field(
        (),
        validation_alias="BANKIMPORT_ALLOWED_HOSTS",
        description="comma-separated further names that browsers reach the page by; the public URL's is known",
        examples=["money.example.org,nas.local"],
    )
    trusted_proxies: Networks = Field(
        ("127.0.0.1", "::1"),
        validation_alias="FORWARDED_ALLOW_IPS",
        description="comma-separated networks of reverse proxies, whose X-Forwarded-For names the caller's address",
        examples=["10.0.3.0/24"],
    )
    secret_keys: FernetKeys = Field(
        (),
        validation_alias="BANKIMPORT_SECRET_KEYS",
        description="comma-separated Fernet keys: the first encrypts, all decrypt; absent: a key file at home",
        examples=["cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="],
    )

    @property
    def broker_url(self) -> str | None:
        """The server of the queue."""
        return self.queue_url or self.redis_url

    @property
    def owner_url(self) -> str | None:
        """The database as the owner of its tables, who migrates, backs up and restores."""
        return self.owner_database_url or self.database_url

    @property
    def metrics_url(self) -> str | None:
        """The database as the role that reads metrics."""
        return self.metrics_database_url or self.database_url

    @property
    def browser_url(self) -> str:
        """The address where the user's browser reaches the page, without a trailing slash."""
        return self.public_url or f"http://{self.host}:{self.port or 8000}"
