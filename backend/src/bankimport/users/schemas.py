"""Sign-in over HTTP."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from bankimport.ids import Id
from bankimport.users.access import USUAL_SCOPES, Role, Scope
from bankimport.users.models import AuditEntry
from bankimport.users.passwords import LONGEST


class LoginRequest(BaseModel, extra="forbid"):
    """The credentials of a user."""

    email: EmailStr
    password: str = Field(max_length=LONGEST)
    code: str | None = Field(
        None, max_length=20, description="of the authenticator app, or a backup code, for users with a second factor"
    )
    passkey: dict[str, Any] | None = Field(
        None, description="in place of the code: what a passkey signed, as at POST /api/auth/passkeys/sign-in"
    )


class SecondFactorRead(BaseModel):
    """Whether sign-in needs a code, and how many backup codes are unused."""

    is_on: bool
    backup_codes_left: int


class SecondFactorBegun(BaseModel):
    """What the authenticator app has to learn: scan the picture, open the address, or type the secret."""

    secret: str
    address: str
    qr_svg: str


class CodeGiven(BaseModel, extra="forbid"):
    """A code of the authenticator app, or a backup code."""

    code: str = Field(min_length=1, max_length=20)


class BackupCodes(BaseModel):
    """Codes that sign in once each if the app is lost; shown only now."""

    backup_codes: list[str]


class PasswordChange(BaseModel, extra="forbid"):
    """The present password, if there is one, and the new one."""

    old_password: str = Field("", max_length=LONGEST)
    new_password: str = Field(max_length=LONGEST)


class PasswordGiven(BaseModel, extra="forbid"):
    """The password of the user who is signed in."""

    password: str = Field(max_length=LONGEST)


class UserRead(BaseModel):
    """The signed-in user."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    email: str
    role: Role


class SessionRead(BaseModel):
    """A browser in which the user is signed in."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    device: str | None = Field(description="browser and system, as far as its User-Agent says")
    address: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_current: bool = False


class SessionList(BaseModel):
    """The user's sessions, the one used last first, and the failed sign-ins of the last 30 days."""

    sessions: list[SessionRead]
    failed_sign_ins: int


class AuditEntryRead(BaseModel):
    """Something a user did: `action` is a word such as `import.started`, `details` are ids and names."""

    id: Id
    user: str | None = Field(description="the user's address; null if the installation did it, or the user was deleted")
    action: str
    details: dict[str, Any]
    created_at: datetime

    @classmethod
    def of(cls, entry: AuditEntry, email: str | None) -> Self:
        """An entry as shown to users."""
        return cls(id=entry.id, user=email, action=entry.action, details=entry.details, created_at=entry.created_at)


class AuditList(BaseModel):
    """A page of the audit log, newest first."""

    entries: list[AuditEntryRead]
    next_cursor: str | None


class UserInvite(BaseModel, extra="forbid"):
    """A user to be."""

    email: EmailStr
    role: Role = Role.MEMBER


class UserChange(BaseModel, extra="forbid"):
    """What an administrator changes of a user; what is absent stays."""

    role: Role | None = None
    is_disabled: bool | None = Field(None, strict=True)


class ManagedUser(UserRead):
    """A user, as administrators see them."""

    created_at: datetime
    disabled_at: datetime | None
    last_seen_at: datetime | None = None


class InvitedUser(ManagedUser):
    """A new user, and the link that signs them in once within half an hour; shown only now."""

    sign_in_link: str


class ManagedUserList(BaseModel):
    """All users, by address."""

    users: list[ManagedUser]


class ApiTokenRequest(BaseModel, extra="forbid"):
    """A name that distinguishes the token from others, what it may do, and how long."""

    name: str = Field(min_length=1, max_length=100)
    # Without a default in the schema, generated types let a client leave them out.
    scopes: list[Scope] = Field(
        default_factory=lambda: list(USUAL_SCOPES),
        min_length=1,
        description="absent: read, import and manage; `attended` lets a program pass on a person's address as X-PSU-IP",
    )
    expires_in_days: int | None = Field(
        default_factory=lambda: 365, ge=1, le=3650, strict=True, description="null: never; absent: 365"
    )


class ApiTokenRead(BaseModel):
    """A token without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class ApiTokenCreated(ApiTokenRead):
    """A new token, shown only now."""

    token: str


class ApiTokenList(BaseModel):
    """The user's tokens, newest first."""

    tokens: list[ApiTokenRead]
