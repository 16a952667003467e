"""Every environment variable, typed, with its unit; the error for a wrong value has a correct example."""

import functools
import os
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bankimport import clock
from bankimport.errors import SettingsInvalid
from bankimport.setting_types import (
    AmountOfMoney,
    BrokerUrl,
    FernetKeys,
    HostNames,
    HttpUrl,
    OidcProviders,
    PostgresUrl,
    RedisUrl,
    TrueLayerHost,
    quota,
)


class Settings(BaseSettings):
    """The settings of every process, read once from the environment.

    Field descriptions and examples are printed by `bankimport settings` and by a start that fails.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

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
    secret_keys: FernetKeys = Field(
        (),
        validation_alias="BANKIMPORT_SECRET_KEYS",
        description="comma-separated Fernet keys: the first encrypts, all decrypt; absent: a key file at home",
        examples=["cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="],
    )
    truelayer_client_id: str | None = Field(
        None,
        validation_alias="TRUELAYER_CLIENT_ID",
        description="client id from the TrueLayer console",
        examples=["sandbox-myapp-1a2b3c"],
    )
    truelayer_client_secret: SecretStr | None = Field(
        None,
        validation_alias="TRUELAYER_CLIENT_SECRET",
        description="client secret from the TrueLayer console",
        examples=["0f2c6c5e-…"],
    )
    truelayer_auth_url: TrueLayerHost = Field(
        "https://auth.truelayer-sandbox.com",
        validation_alias="TRUELAYER_AUTH_URL",
        description="TrueLayer's authorisation host",
        examples=["https://auth.truelayer.com"],
    )
    truelayer_api_url: TrueLayerHost = Field(
        "https://api.truelayer-sandbox.com",
        validation_alias="TRUELAYER_API_URL",
        description="TrueLayer's data host, without /data/v1",
        examples=["https://api.truelayer.com"],
    )
    truelayer_redirect_uri: HttpUrl | None = Field(
        None,
        validation_alias="TRUELAYER_REDIRECT_URI",
        description="redirect URI registered with TrueLayer; absent: the public URL's callback",
        examples=["https://money.example.org/api/truelayer/connections/callback"],
    )
    truelayer_timeout_s: float = Field(
        60,
        gt=0,
        le=300,
        validation_alias="BANKIMPORT_BANK_TIMEOUT_SECONDS",
        description="seconds that one bank request may take in all",
        examples=["60"],
    )
    bank_answer_wait_s: float = Field(
        120,
        ge=0,
        le=600,
        validation_alias="BANKIMPORT_BANK_ANSWER_WAIT_SECONDS",
        description="seconds that one attempt waits for an answer that the bank computes first (Data API v3)",
        examples=["120"],
    )
    llm_model: str | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_MODEL",
        description="model for enrichment; absent: rules, known merchants and cache only",
        examples=["openai:gpt-5-mini"],
    )
    llm_base_url: HttpUrl | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_BASE_URL",
        description="address of an OpenAI-compatible model server",
        examples=["http://127.0.0.1:11434/v1"],
    )
    llm_api_key: SecretStr | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_API_KEY",
        description="key for the model server",
        examples=["sk-…"],
    )
    llm_monthly_cap: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_MONTHLY_CAP",
        description="most that enrichment may spend in a calendar month: amount and currency",
        examples=["5.00 USD"],
    )
    llm_job_cap: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_JOB_CAP",
        description="most that one enrichment job may spend, unless it is given a cap of its own",
        examples=["0.50 USD"],
    )
    llm_allow_unknown_cost: bool = Field(
        False,
        validation_alias="BANKIMPORT_LLM_ALLOW_UNKNOWN_COST",
        description="allow calls to a model of unknown price even when a cap is set",
        examples=["true"],
    )
    llm_resume_next_month: bool = Field(
        True,
        validation_alias="BANKIMPORT_LLM_RESUME_NEXT_MONTH",
        description="whether enrichment that stopped at the month's cap resumes by itself next month",
        examples=["false"],
    )
    llm_input_price: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_INPUT_PRICE",
        description="price of a million input tokens, where the price list does not know your model",
        examples=["0.25 USD"],
    )
    llm_output_price: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_OUTPUT_PRICE",
        description="price of a million output tokens; set both prices or none",
        examples=["2.00 USD"],
    )
    llm_local_only: bool = Field(
        False,
        validation_alias="BANKIMPORT_LLM_LOCAL_ONLY",
        description="whether descriptions may go only to a model server on this machine's loopback address",
        examples=["true"],
    )
    llm_timeout_s: float = Field(
        60,
        gt=0,
        le=600,
        validation_alias="BANKIMPORT_LLM_TIMEOUT_SECONDS",
        description="seconds that one request to the model may take in all",
        examples=["60"],
    )
    price_connection_month: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_PRICE_CONNECTION_MONTH",
        description="what TrueLayer charges you for a connection that is read in a month; absent: unknown, never zero",
        examples=["0.35 GBP"],
    )
    price_call: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_PRICE_CALL",
        description="what a call costs, if your contract has such a price; absent: calls are free",
        examples=["0.001 GBP"],
    )
    calls_per_minute: int = Field(
        500,
        ge=1,
        le=100_000,
        validation_alias="BANKIMPORT_CALLS_PER_MINUTE",
        description="most calls a minute to TrueLayer by all workers together: a setting of yours, not its promise",
        examples=["100"],
    )
    unattended_calls_per_day: int = Field(
        4,
        ge=1,
        le=1000,
        validation_alias="BANKIMPORT_UNATTENDED_CALLS_PER_DAY",
        description="most calls in 24 hours to one account and endpoint while its user is not present",
        examples=["4"],
    )
    quota_connections: int = quota(1000, "CONNECTIONS", "connected banks")
    quota_plans: int = quota(1000, "PLANS", "import plans made in an hour")
    quota_schedules: int = quota(200, "SCHEDULES", "schedules")
    quota_rules: int = quota(5000, "RULES", "enrichment rules, learned ones included")
    quota_channels: int = quota(20, "CHANNELS", "notification channels and webhooks")
    max_parallel_accounts: int = Field(
        3,
        ge=1,
        le=16,
        validation_alias="BANKIMPORT_MAX_PARALLEL_ACCOUNTS",
        description="accounts of one job that are fetched at the same time",
        examples=["3"],
    )
    worker_threads: int = Field(
        4,
        ge=1,
        le=64,
        validation_alias="BANKIMPORT_WORKER_THREADS",
        description="tasks one worker process runs at the same time",
        examples=["4"],
    )
    raw_retention_days: int | None = Field(
        None,
        ge=1,
        le=36_500,
        validation_alias="BANKIMPORT_RAW_RETENTION_DAYS",
        description="days to keep banks' answers; absent: for ever. Older rows can be neither verified nor reparsed",
        examples=["400"],
    )
    notification_retention_days: int = Field(
        180,
        ge=7,
        le=36_500,
        validation_alias="BANKIMPORT_NOTIFICATION_RETENTION_DAYS",
        description="days to keep notifications and the log of their deliveries; what waits to be delivered stays",
        examples=["180"],
    )
    password_memory_mib: int = Field(
        64,
        ge=1,
        le=4096,
        validation_alias="BANKIMPORT_PASSWORD_MEMORY_MIB",
        description="mebibytes that hashing a password takes (Argon2id); more makes a stolen hash harder to guess",
        examples=["64"],
    )
    oidc_providers: OidcProviders | None = Field(
        None,
        validation_alias="BANKIMPORT_OIDC_PROVIDERS",
        description="OpenID Connect providers at which users can sign in: a JSON list; public clients have no secret",
        examples=[
            '[{"name":"work","label":"Work","issuer":"https://login.example.org","client_id":"bankimport",'
            '"client_secret":"…"}]'
        ],
    )
    oidc_link_by_email: bool = Field(
        False,
        validation_alias="BANKIMPORT_OIDC_LINK_BY_EMAIL",
        description="whether an account at a provider signs in the user with its checked address without being linked",
        examples=["true"],
    )
    oidc_sign_up: bool = Field(
        False,
        validation_alias="BANKIMPORT_OIDC_SIGN_UP",
        description="whether an account at a provider whose checked address no user has becomes a new member",
        examples=["true"],
    )
    metrics_token: SecretStr | None = Field(
        None,
        validation_alias="BANKIMPORT_METRICS_TOKEN",
        description="bearer token for /metrics; absent: only this machine may ask",
        examples=["a-long-random-word"],
    )
    pulse_file: Path | None = Field(
        None,
        validation_alias="BANKIMPORT_PULSE_FILE",
        description="file that API, worker and beat touch at each heartbeat, for health checks of containers",
        examples=["/tmp/bankimport.pulse"],  # noqa: S108 - a container's own
    )
    flower_url: HttpUrl | None = Field(
        None,
        validation_alias="BANKIMPORT_FLOWER_URL",
        description="where operators reach Flower, for a link on the health page; `up --flower` sets it",
        examples=["https://flower.example.org"],
    )
    allow_private_targets: bool = Field(
        False,
        validation_alias="BANKIMPORT_ALLOW_PRIVATE_TARGETS",
        description="whether users' webhooks and notification addresses may lie in private networks, loopback included",
        examples=["true"],
    )
    lease_seconds: int = Field(
        15,
        ge=3,
        le=3600,
        validation_alias="BANKIMPORT_LEASE_SECONDS",
        description="seconds without a heartbeat after which another worker takes over an account import",
        examples=["15"],
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

    @property
    def redirect_uri(self) -> str:
        """The redirect URI given to TrueLayer; it must equal a registered one exactly.

        Source: docs.truelayer.com, "Generate an auth link".
        """
        return self.truelayer_redirect_uri or f"{self.browser_url}/api/truelayer/connections/callback"


def variable_of(field_name: str) -> str:
    """The environment variable that sets a field of Settings."""
    alias = Settings.model_fields[field_name].validation_alias
    return alias if isinstance(alias, str) else field_name.upper()


def fault_of(field_name: str, fault: str) -> str:
    """The line about a wrong value: its variable, the fault, and a correct example."""
    name = variable_of(field_name)
    example = (Settings.model_fields[field_name].examples or [""])[0]
    return f"{name}: {fault}; for example {name}={example}"


SECRETS_FOLDERS = ("BANKIMPORT_SECRETS_DIR", "CREDENTIALS_DIRECTORY")
"""Variables that name folders with a file for each setting: ours, and systemd's (`LoadCredential=`).

Each may name several, with `:` between them as in PATH."""


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment; `overrides` (by field name) win.

    A setting without a variable is read from the file of its variable's name in a folder of `SECRETS_FOLDERS`.

    Raises:
        SettingsInvalid: one line with the variable, the fault and a correct example.
    """
    clock.offset()
    given: dict[str, Any] = {variable_of(name): value for name, value in overrides.items()}
    given["_secrets_dir"] = _secrets_folders()
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsInvalid(_first_fault(error)) from None


def _secrets_folders() -> list[Path] | None:
    folders = []
    for variable in SECRETS_FOLDERS:
        for value in filter(None, os.environ.get(variable, "").split(os.pathsep)):
            if not Path(value).is_dir():
                raise SettingsInvalid(f"{variable}: {value} is not a folder; for example {variable}=/run/secrets")
            folders.append(Path(value))
    return folders or None


def _first_fault(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    location = str(first["loc"][0]) if first["loc"] else ""
    for name, field in Settings.model_fields.items():
        if location in (name, field.validation_alias):
            return fault_of(name, str(first["msg"]).removeprefix("Value error, "))
    return str(first["msg"])


@functools.cache
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingsInvalid: as `load_settings`.
    """
    return load_settings()
