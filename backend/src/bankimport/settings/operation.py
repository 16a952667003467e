"""How an installation is watched, and what its workers may do."""

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr

from bankimport.settings.types import HttpUrl


class OperationSettings(BaseModel):
    """How an installation is watched, and what its workers may do."""

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
