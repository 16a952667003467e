"""Users and their credentials; sessions, links and tokens are stored only as hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.db.base import Base, CreatedAt, Id


class User(Base):
    """A person; every other row belongs to one."""

    __tablename__ = "users"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    disabled_at: Mapped[datetime | None]
    queue_paused_at: Mapped[datetime | None]
    private_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Names that the user wants removed from everything that is sent to a model."""
    created_at: Mapped[CreatedAt]

    __table_args__ = (Index("uq_users_email_lower", func.lower(email), unique=True),)


class UserSession(Base):
    """A signed-in browser: the cookie's hash and its expiry."""

    __tablename__ = "user_sessions"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]


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
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class AuditEntry(Base):
    """Something a user did that may matter later: sign-in, connecting, removing, starting."""

    __tablename__ = "audit_log"

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    action: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    created_at: Mapped[CreatedAt]
