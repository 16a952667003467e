"""The keys of users."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.db.base import Base, CreatedAt


class UserKey(Base):
    """The key under which a user's account numbers and banks' answers are encrypted; itself encrypted.

    An erasure deletes it before anything else.
    """

    __tablename__ = "user_keys"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    """As `keys.wrapped` makes it."""
    created_at: Mapped[CreatedAt]
