"""What TrueLayer charges, and how much may be done and kept."""

from pydantic import BaseModel, Field

from bankimport.settings.types import AmountOfMoney, quota


class LimitSettings(BaseModel):
    """What TrueLayer charges, and how much may be done and kept."""

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
    consent_window_minutes: int = Field(
        60,
        ge=0,
        le=1440,
        validation_alias="BANKIMPORT_CONSENT_WINDOW_MINUTES",
        description="minutes after a consent in which calls that users or their programs request are not limited to "
        "BANKIMPORT_UNATTENDED_CALLS_PER_DAY; 0: none",
        examples=["60"],
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
