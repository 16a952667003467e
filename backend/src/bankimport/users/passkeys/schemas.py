"""Passkeys over HTTP. What browsers make and need has the shapes of the W3C specification, in JSON."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bankimport.ids import Id

Credential = Annotated[dict[str, Any], Field(description="what the browser's PublicKeyCredential.toJSON() returns")]

Name = Annotated[str, Field(min_length=1, max_length=100)]


class PasskeyOptions(BaseModel):
    """What the browser needs to make or use a passkey, and the only origin at which it works."""

    origin: str
    options: dict[str, Any] = Field(
        description="for PublicKeyCredential.parseCreationOptionsFromJSON() or .parseRequestOptionsFromJSON()"
    )


class PasskeyMade(BaseModel, extra="forbid"):
    """A new passkey, and a name that distinguishes it from the others."""

    name: Name
    credential: Credential


class PasskeyUsed(BaseModel, extra="forbid"):
    """What a passkey signed."""

    credential: Credential


class PasskeyChange(BaseModel, extra="forbid"):
    """Another name."""

    name: Name


class PasskeyRead(BaseModel):
    """A passkey of the user."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    name: str
    is_synced: bool = Field(description="whether it has copies elsewhere, as in a password manager")
    created_at: datetime
    last_used_at: datetime | None


class PasskeyList(BaseModel):
    """The user's passkeys, newest first; `unavailable` says why browsers offer none here, or is null."""

    passkeys: list[PasskeyRead]
    unavailable: str | None
