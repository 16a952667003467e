"""Sign-in over HTTP."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from bankimport.ids import Id


class LoginRequest(BaseModel):
    """The credentials of a user."""

    email: EmailStr
    password: str = Field(max_length=1024)


class UserRead(BaseModel):
    """The signed-in user."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    email: str


class ApiTokenRequest(BaseModel):
    """A name that distinguishes the token from others."""

    name: str = Field(min_length=1, max_length=100)


class ApiTokenRead(BaseModel):
    """A token without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    name: str
    created_at: datetime
    last_used_at: datetime | None


class ApiTokenCreated(ApiTokenRead):
    """A new token, shown only now."""

    token: str


class ApiTokenList(BaseModel):
    """The user's tokens, newest first."""

    tokens: list[ApiTokenRead]
