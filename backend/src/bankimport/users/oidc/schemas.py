"""Providers and identities over HTTP."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from bankimport.ids import Id


class ProviderRead(BaseModel):
    """A provider at which one can sign in."""

    name: str
    label: str


class FactorsWanted(BaseModel):
    """The second factors of the user who came back from a provider: one of them is wanted."""

    code: bool
    passkey: bool


class ProviderList(BaseModel):
    """The providers of this installation."""

    providers: list[ProviderRead]
    second_factor: FactorsWanted | None = Field(
        None, description="set if this browser came back from a provider and the user's own second factor is wanted"
    )


class SecondFactorGiven(BaseModel, extra="forbid"):
    """A second factor: a code, or what a passkey signed."""

    code: str | None = Field(None, max_length=100)
    passkey: dict[str, Any] | None = Field(None, description="AuthenticationResponseJSON of the browser")


class ProviderWanted(BaseModel, extra="forbid"):
    """Where the browser goes afterwards."""

    return_to: str = Field("/", max_length=2000, description="a path of the page")


class AtProvider(BaseModel):
    """Where the browser goes to sign in at the provider."""

    url: str


class IdentityRead(BaseModel):
    """An account at a provider that signs in the user."""

    id: Id
    provider: str = Field(description="the provider's label, or its issuer if it is not in the settings any more")
    email: str | None
    created_at: datetime
    last_used_at: datetime | None


class IdentityList(BaseModel):
    """The user's accounts at providers, oldest first."""

    identities: list[IdentityRead]
