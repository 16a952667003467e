"""Users and their credentials; sessions, links and tokens are stored only as hashes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.clock import utc_now
from bankimport.db.base import Base, CreatedAt, Id
from bankimport.users.access import Role


class User(Base):
    """A person; every other row belongs to one."""

    __tablename__ = "users"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    disabled_at: Mapped[datetime | None]
    erasing_since: Mapped[datetime | None]
    """When it was decided to erase them with all their data; they are disabled meanwhile."""
    queue_paused_at: Mapped[datetime | None]
    private_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Names that the user wants removed from everything that is sent to a model."""
    saved_filters: Mapped[list[Any]] = mapped_column(server_default="[]")
    """Filters of transactions that the user named: objects of `name` and `search`."""
    role: Mapped[Role] = mapped_column(default=Role.MEMBER, server_default=Role.MEMBER.value)
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index("uq_users_email_lower", func.lower(email), unique=True),)


class UserSession(Base):
    """A signed-in browser: the cookie's hash, where it is, and its end."""

    __tablename__ = "user_sessions"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    device: Mapped[str | None] = mapped_column(Text)
    """Browser and system in words, from its User-Agent."""
    address: Mapped[str | None] = mapped_column(Text)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=func.now())
    """Exact to some minutes."""
    confirmed_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=func.now())
    """When its user last signed in or gave their password in it."""
    created_at: Mapped[CreatedAt]


class SecondFactor(Base):
    """A user's authenticator app: its secret, the newest step whose code was used, and hashes of backup codes."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None]
    """When it was switched on; before that, sign-in needs no code."""
    last_step: Mapped[int | None]
    backup_hashes: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), default=list, server_default="{}")
    created_at: Mapped[CreatedAt]


class Passkey(Base):
    """A passkey of a user: the public key with which a phone, a computer or a security key proves that it has its own.

    Nothing here opens anything; the private key never leaves the authenticator.
    """

    __tablename__ = "passkeys"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """In COSE's encoding."""
    user_handle: Mapped[bytes] = mapped_column(LargeBinary)
    """The id by which the authenticator knows this user: random, and the same in all their passkeys."""
    sign_count: Mapped[int]
    """How often the authenticator says it has signed; 0 for one that does not count."""
    is_synced: Mapped[bool] = mapped_column(server_default="false")
    """Whether the authenticator has copies of it elsewhere, as a password manager does."""
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class ChallengeUse(StrEnum):
    """What a challenge is for."""

    REGISTER = "register"
    SIGN_IN = "sign_in"


class PasskeyChallenge(Base):
    """What a passkey has to sign next: works once, and for some minutes."""

    __tablename__ = "passkey_challenges"

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """The user who registers a passkey; null at sign-in, when the user is not known yet."""
    use: Mapped[ChallengeUse]
    challenge_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_handle: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_by: Mapped[str | None] = mapped_column(Text, index=True)
    """A hash of the address that wants to sign in."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LinkedIdentity(Base):
    """An account at a provider (OpenID Connect) that signs in its user."""

    __tablename__ = "linked_identities"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    """The account's id at the provider."""
    email: Mapped[str | None] = mapped_column(Text)
    """As the provider gave it when the account was linked."""
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class SignInTries(Base):
    """Failed tries to sign in since the last success, by the hash of an account, an address, or both."""

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    blocked_until: Mapped[datetime | None]


class LoginLink(Base):
    """A link that signs its user in once."""

    __tablename__ = "login_links"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class ApiToken(Base):
    """A bearer token for programs; shown once, stored as a hash."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{read,import,manage}")
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """Exact to some minutes."""
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class AuditEntry(Base):
    """Something a user did that may matter later: sign-in, connecting, removing, starting."""

    __tablename__ = "audit_log"

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    action: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """Empty once the user was erased."""
    position: Mapped[int | None]
    """In the chain of all entries, from 1; the database sets it and what follows when the entry is committed."""
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the nonce, the user and the details; without the nonce, nobody can guess what it was made of."""
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the hash before, the position, id, action, time and digest."""
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index("uq_audit_log_position", "position", unique=True),)
