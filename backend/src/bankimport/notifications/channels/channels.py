"""Add, change and replay channels: where a user gets their notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.notifications import repository
from bankimport.notifications.channels import apprise_message, targets
from bankimport.notifications.channels.webhooks import new_secret
from bankimport.notifications.errors import ChannelOff
from bankimport.notifications.models import (
    Channel,
    ChannelType,
    Delivery,
    DeliveryState,
    Kind,
    NotificationSettings,
)
from bankimport.queue import Task, enqueue
from bankimport.quotas import check_quota
from bankimport.secrets import encrypt
from bankimport.settings import get_settings
from bankimport.users.record import record

OLD_SECRET_COUNTS_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be sent to, and what of it may be shown."""

    address: str
    shown_as: str


def check_target(channel_type: ChannelType, address: str) -> Target:
    """Check an address. This may wait for a name server, so call it without a database connection.

    Raises:
        TargetRefused: it cannot be used.
    """
    return Target(address, _shown_as(channel_type, address))


def add_channel(
    session: Session,
    user_id: int,
    channel_type: ChannelType,
    target: Target,
    *,
    name: str,
    kinds: Sequence[Kind],
    obeys_quiet_hours: bool,
) -> tuple[Channel, str | None]:
    """Add a channel. A webhook also gets a signing secret, which is returned only now.

    Raises:
        QuotaReached: the user has reached the quota.
    """
    check_quota(session, get_settings().quota_channels, "channels", Channel.id, Channel.user_id == user_id)
    secret = new_secret() if channel_type is ChannelType.WEBHOOK else None
    channel = Channel(
        user_id=user_id,
        type=channel_type,
        name=name,
        address_encrypted=encrypt(target.address),
        shown_as=target.shown_as,
        secret_encrypted=encrypt(secret) if secret is not None else None,
        kinds=[kind.value for kind in kinds],
        obeys_quiet_hours=obeys_quiet_hours,
    )
    session.add(channel)
    session.flush()
    session.refresh(channel)
    record(session, user_id, "channel.added", channel_id=channel.id, type=channel_type.value)
    return channel, secret


def change_channel(
    session: Session,
    channel: Channel,
    *,
    name: str | None = None,
    target: Target | None = None,
    kinds: Sequence[Kind] | None = None,
    obeys_quiet_hours: bool | None = None,
    enabled: bool | None = None,
) -> None:
    """Change what is given."""
    record(session, channel.user_id, "channel.changed", channel_id=channel.id, is_elsewhere=target is not None)
    if target is not None:
        channel.shown_as = target.shown_as
        channel.address_encrypted = encrypt(target.address)
    if name is not None:
        channel.name = name
    if kinds is not None:
        channel.kinds = [kind.value for kind in kinds]
    if obeys_quiet_hours is not None:
        channel.obeys_quiet_hours = obeys_quiet_hours
    if enabled is True and channel.disabled_at is not None:
        channel.disabled_at = channel.disabled_reason = channel.failing_since = None
        channel.overruns = 0
    if enabled is False and channel.disabled_at is None:
        channel.disabled_at, channel.disabled_reason = utc_now(), "you switched it off"
        repository.drop_waiting(session, channel.id)


def remove_channel(session: Session, channel: Channel) -> None:
    """Remove a channel and its log."""
    record(session, channel.user_id, "channel.removed", channel_id=channel.id)
    session.delete(channel)


def rotate_secret(session: Session, channel: Channel) -> str:
    """Make a new signing secret. For a day, messages have both signatures, so that receivers can change over."""
    record(session, channel.user_id, "channel.secret_rotated", channel_id=channel.id)
    secret = new_secret()
    channel.previous_secret_encrypted = channel.secret_encrypted
    channel.previous_secret_until = utc_now() + OLD_SECRET_COUNTS_FOR
    channel.secret_encrypted = encrypt(secret)
    return secret


def replay(session: Session, channel: Channel, delivery_id: int) -> Delivery:
    """Send a delivery again, whatever its state; its message id stays the same.

    Raises:
        DeliveryNotFound: no such delivery of this channel.
        ChannelOff: the channel is switched off.
    """
    delivery = repository.delivery_of(session, channel, delivery_id)
    _queue_again(session, channel, [delivery])
    return delivery


def replay_since(session: Session, channel: Channel, since: datetime, *, delivered_too: bool) -> int:
    """Send everything since then again, undelivered messages or all of them; returns how many.

    Raises:
        ChannelOff: the channel is switched off.
    """
    states = [DeliveryState.FAILED, DeliveryState.DROPPED]
    if delivered_too:
        states.append(DeliveryState.DELIVERED)
    waiting = session.scalars(
        select(Delivery)
        .where(Delivery.channel_id == channel.id, Delivery.created_at >= since, Delivery.state.in_(states))
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
    ).all()
    _queue_again(session, channel, waiting)
    return len(waiting)


def set_quiet_hours(
    session: Session, user_id: int, quiet_from: time | None, quiet_to: time | None, time_zone: str
) -> NotificationSettings:
    """Save the user's quiet hours, and reschedule the messages that wait for the end of the old ones."""
    chosen = session.merge(
        NotificationSettings(user_id=user_id, quiet_from=quiet_from, quiet_to=quiet_to, time_zone=time_zone)
    )
    session.flush()
    repository.forget_quiet_hours(session, user_id, utc_now())
    enqueue(session, Task.DELIVER_NOTIFICATIONS)
    return chosen


def _queue_again(session: Session, channel: Channel, deliveries: Sequence[Delivery]) -> None:
    if channel.disabled_at is not None:
        raise ChannelOff(f"{channel.name} is switched off; switch it on first")
    now = utc_now()
    for delivery in deliveries:
        delivery.state = DeliveryState.WAITING
        delivery.next_try_at = now
        delivery.tries_from = delivery.tries
        delivery.delivered_at = None
    session.flush()
    if deliveries:
        enqueue(session, Task.DELIVER_NOTIFICATIONS)


def _shown_as(channel_type: ChannelType, address: str) -> str:
    if channel_type is ChannelType.APPRISE:
        return apprise_message.check_address(address)
    targets.check_url(address)
    parts = urlsplit(address)
    targets.check_reachable(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    # Many receivers put a key into the path or query.
    return f"{parts.scheme}://{parts.netloc}/…" if parts.path.strip("/") or parts.query else address
