"""The application at TrueLayer, and how long the bank may take."""

from pydantic import BaseModel, Field, SecretStr

from bankimport.settings.types import HttpUrl, TrueLayerHost


class TrueLayerSettings(BaseModel):
    """The application at TrueLayer, and how long the bank may take."""

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
