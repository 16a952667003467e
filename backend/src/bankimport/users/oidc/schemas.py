"""Providers and identities over HTTP."""

from datetime import datetime

from pydantic import BaseModel, Field

from bankimport.ids import Id


class ProviderRead(BaseModel):
    """A provider at which one can sign in."""

    name: str
    label: str


class ProviderList(BaseModel):
    """The providers of this installation."""

    providers: list[ProviderRead]


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
