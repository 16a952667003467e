"""Notifications, their channels, and every delivery with its tries."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, Time, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from bankimport.db.base import Base, CreatedAt, Id


class Kind(StrEnum):
    """What users are notified about; the values are the `type` of a webhook's body."""

    IMPORT_FINISHED = "import.finished"
    IMPORT_FAILED = "import.failed"
    CONSENT_ENDING = "consent.ending"
    PROOF_BROKEN = "proof.broken"
    CAP_REACHED = "cap.reached"
    SCHEDULE_PAUSED = "schedule.paused"
    IMPORTS_STALE = "imports.stale"
    CHANNEL_DISABLED = "channel.disabled"
    TEST = "test"


KINDS: dict[Kind, str] = {
    Kind.IMPORT_FINISHED: "an import succeeded",
    Kind.IMPORT_FAILED: "an import failed, or some of its accounts failed",
    Kind.CONSENT_ENDING: "the consent to a bank ends soon or has ended",
    Kind.PROOF_BROKEN: "balances show that transactions of an account are missing",
    Kind.CAP_REACHED: "enrichment stopped before exceeding its cap",
    Kind.SCHEDULE_PAUSED: "a schedule was paused after repeated failures",
    Kind.IMPORTS_STALE: "scheduled imports did not run",
    Kind.CHANNEL_DISABLED: "a channel was switched off because it failed for days",
}
"""The kinds that a channel can select, with a description of each."""


class ChannelType(StrEnum):
    """How a channel sends."""

    APPRISE = "apprise"
    WEBHOOK = "webhook"


class DeliveryState(StrEnum):
    """The state of one delivery. `waiting` has the time of the next try; `dropped`: its channel was switched off."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class Notification(Base):
    """A notification to a user, once per dedupe key. `link` is a path of the page; `data` is for programs."""

    __tablename__ = "notifications"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[Kind]
    dedupe_key: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    read_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("user_id", "dedupe_key"),
        Index("ix_notifications_created_at", "created_at"),
        Index("ix_notifications_user_id_id", "user_id", text("id DESC")),
        Index(
            "ix_notifications_unread",
            "user_id",
            postgresql_where=text("read_at IS NULL AND kind <> 'test'"),
        ),
    )


class Channel(Base):
    """A user's Apprise address or webhook.

    The address and the webhook's secrets are encrypted; `shown_as` is the address without its secrets. Empty `kinds`
    means all kinds. `failing_since` is the first failure after the last success.
    """

    __tablename__ = "notification_channels"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    type: Mapped[ChannelType]
    name: Mapped[str] = mapped_column(Text)
    address_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    shown_as: Mapped[str] = mapped_column(Text)
    secret_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_secret_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_secret_until: Mapped[datetime | None]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    obeys_quiet_hours: Mapped[bool]
    failing_since: Mapped[datetime | None]
    overruns: Mapped[int] = mapped_column(server_default="0")
    """Tries in a row that took longer than a try may."""
    last_delivered_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]


class Delivery(Base):
    """The delivery of one notification through one channel.

    The worker that sends it has a lease until `lease_expires_at`. `tries` numbers the leases, so that a late worker
    cannot overwrite the result of a newer try. Tries up to `tries_from` do not count towards the maximum.
    """

    __tablename__ = "notification_deliveries"

    id: Mapped[Id]
    notification_id: Mapped[int] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("notification_channels.id", ondelete="CASCADE"))
    state: Mapped[DeliveryState]
    tries: Mapped[int] = mapped_column(server_default="0")
    tries_from: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime | None]
    waits_for_quiet_end: Mapped[bool] = mapped_column(server_default="false")
    lease_expires_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("notification_id", "channel_id"),
        Index("ix_notification_deliveries_channel_id_id", "channel_id", text("id DESC")),
        Index(
            "ix_notification_deliveries_due",
            "next_try_at",
            postgresql_where=text("state = 'waiting'"),
        ),
    )


class DeliveryTry(Base):
    """One try to deliver. `status` is an HTTP status; `error` is empty on success."""

    __tablename__ = "notification_delivery_tries"

    id: Mapped[Id]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("notification_deliveries.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    tried_at: Mapped[datetime]
    elapsed_ms: Mapped[int]
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    in_digest_of: Mapped[int | None]
    """How many notifications the message contained."""


class NotificationSettings(Base):
    """A user's quiet hours in local time of their time zone; both empty: none."""

    __tablename__ = "notification_settings"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    time_zone: Mapped[str] = mapped_column(Text)
