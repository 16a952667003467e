"""Read and write notifications, channels and deliveries; decides only what is due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bankimport.notifications.errors import ChannelNotFound, DeliveryNotFound
from bankimport.notifications.models import (
    Channel,
    ChannelType,
    Delivery,
    DeliveryState,
    DeliveryTry,
    Kind,
    Notification,
    NotificationSettings,
)

_IS_SHOWN = Notification.kind != Kind.TEST


def notifications_of(
    session: Session, user_id: int, *, unread_only: bool, before_id: int | None, limit: int
) -> list[Notification]:
    """The user's notifications, newest first."""
    statement = select(Notification).where(Notification.user_id == user_id, _IS_SHOWN)
    if unread_only:
        statement = statement.where(Notification.read_at.is_(None))
    if before_id is not None:
        statement = statement.where(Notification.id < before_id)
    return list(session.scalars(statement.order_by(Notification.id.desc()).limit(limit)))


def count_unread(session: Session, user_id: int) -> int:
    """How many of the user's notifications are unread."""
    statement = select(func.count()).where(Notification.user_id == user_id, Notification.read_at.is_(None), _IS_SHOWN)
    return session.scalars(statement).one()


def mark(session: Session, user_id: int, read_at: datetime | None, ids: Sequence[int] | None, up_to: int | None) -> int:
    """Set the read time of these notifications, or of all up to an id; returns how many changed."""
    unread = Notification.read_at.is_(None)
    statement = update(Notification).where(
        Notification.user_id == user_id, _IS_SHOWN, unread if read_at is not None else ~unread
    )
    if ids is not None:
        statement = statement.where(Notification.id.in_(ids))
    if up_to is not None:
        statement = statement.where(Notification.id <= up_to)
    return len(session.scalars(statement.values(read_at=read_at).returning(Notification.id)).all())


def settings_of(session: Session, user_id: int) -> NotificationSettings | None:
    """The user's quiet hours, or None if they never set any."""
    return session.get(NotificationSettings, user_id)


def channels_of(session: Session, user_id: int, channel_type: ChannelType) -> list[Channel]:
    """The user's channels of a type, oldest first."""
    statement = select(Channel).where(Channel.user_id == user_id, Channel.type == channel_type)
    return list(session.scalars(statement.order_by(Channel.id)))


def channel_of(session: Session, user_id: int, channel_type: ChannelType, channel_id: int) -> Channel:
    """One of the user's channels of this type, locked.

    Raises:
        ChannelNotFound: no such channel, or not this user's.
    """
    channel = session.scalars(
        select(Channel)
        .where(Channel.id == channel_id, Channel.user_id == user_id, Channel.type == channel_type)
        .with_for_update(key_share=True)
    ).one_or_none()
    if channel is None:
        raise ChannelNotFound(f"you have no {channel_type.value} channel {channel_id}", channel_id=channel_id)
    return channel


def locked_channel(session: Session, channel_id: int) -> Channel | None:
    """The channel, locked; None when it was removed."""
    return session.scalars(
        select(Channel)
        .where(Channel.id == channel_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def locked_delivery(session: Session, delivery_id: int) -> Delivery:
    """The delivery, locked."""
    return session.scalars(
        select(Delivery)
        .where(Delivery.id == delivery_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def channels_with_due(
    session: Session, now: datetime, *, limit: int, share: int, without: Sequence[int] = ()
) -> list[Channel]:
    """Channels for which something is due and to which nobody sends now, but for those `without`; locked.

    Channels of users to whom least is being sent come first, then the one that waited longest. At most `share` of a
    user's channels are sent to at the same time.
    """
    other, others = aliased(Delivery), aliased(Channel)
    is_leased = (other.state == DeliveryState.WAITING) & (other.lease_expires_at > now)
    is_busy = exists(select(other.id).where(other.channel_id == Channel.id, is_leased))
    busy_of_user = (
        select(func.count(other.channel_id.distinct()))
        .join(others, others.id == other.channel_id)
        .where(others.user_id == Channel.user_id, is_leased)
        .scalar_subquery()
    )
    oldest = (
        select(func.min(Delivery.next_try_at))
        .where(Delivery.channel_id == Channel.id, Delivery.state == DeliveryState.WAITING, Delivery.next_try_at <= now)
        .scalar_subquery()
    )
    due_channels = (
        select(Delivery.channel_id)
        .where(Delivery.state == DeliveryState.WAITING, Delivery.next_try_at <= now)
        .distinct()
        .scalar_subquery()
    )
    place = busy_of_user + func.row_number().over(partition_by=Channel.user_id, order_by=(oldest, Channel.id))
    candidates = (
        select(Channel.id, place.label("place"), oldest.label("oldest"))
        .where(Channel.id.in_(due_channels), Channel.id.not_in(without), Channel.disabled_at.is_(None), ~is_busy)
        .subquery()
    )
    statement = (
        select(Channel)
        .join(candidates, candidates.c.id == Channel.id)
        .where(candidates.c.place <= share)
        .order_by(candidates.c.place, candidates.c.oldest, Channel.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=Channel)
    )
    return list(session.scalars(statement))


def due_of(session: Session, channel_id: int, now: datetime, limit: int) -> list[Delivery]:
    """The due deliveries of a locked channel, oldest notification first; locked."""
    statement = (
        select(Delivery)
        .where(
            Delivery.channel_id == channel_id,
            Delivery.state == DeliveryState.WAITING,
            Delivery.next_try_at <= now,
            or_(Delivery.lease_expires_at.is_(None), Delivery.lease_expires_at <= now),
        )
        .order_by(Delivery.notification_id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(session.scalars(statement))


def postpone_due(session: Session, channel_id: int, now: datetime, until: datetime) -> None:
    """Postpone a channel's due deliveries until its user's quiet hours end."""
    session.execute(
        update(Delivery)
        .where(Delivery.channel_id == channel_id, Delivery.state == DeliveryState.WAITING, Delivery.next_try_at <= now)
        .values(next_try_at=until, waits_for_quiet_end=True)
    )


def forget_quiet_hours(session: Session, user_id: int, now: datetime) -> None:
    """Make deliveries that wait for the end of quiet hours due now, because the quiet hours have changed."""
    theirs = select(Channel.id).where(Channel.user_id == user_id).scalar_subquery()
    session.execute(
        update(Delivery)
        .where(
            Delivery.channel_id.in_(theirs),
            Delivery.state == DeliveryState.WAITING,
            Delivery.waits_for_quiet_end,
        )
        .values(next_try_at=now, waits_for_quiet_end=False)
    )


def drop_waiting(session: Session, channel_id: int) -> None:
    """Drop the waiting deliveries of a channel that was switched off; they can be replayed."""
    session.execute(
        update(Delivery)
        .where(Delivery.channel_id == channel_id, Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, next_try_at=None, lease_expires_at=None)
    )


def delivery_of(session: Session, channel: Channel, delivery_id: int) -> Delivery:
    """A delivery of this channel, locked.

    Raises:
        DeliveryNotFound: no such delivery, or another channel's.
    """
    delivery = session.scalars(
        select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.channel_id == channel.id)
        .with_for_update(key_share=True)
    ).one_or_none()
    if delivery is None:
        raise DeliveryNotFound(f"{channel.name} has no delivery {delivery_id}", delivery_id=delivery_id)
    return delivery


def deliveries_of(
    session: Session, channel_id: int, *, state: DeliveryState | None, before_id: int | None, limit: int
) -> list[tuple[Delivery, Notification]]:
    """A channel's deliveries with their notifications, newest first."""
    statement = (
        select(Delivery, Notification)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Delivery.channel_id == channel_id)
    )
    if state is not None:
        statement = statement.where(Delivery.state == state)
    if before_id is not None:
        statement = statement.where(Delivery.id < before_id)
    return [(row[0], row[1]) for row in session.execute(statement.order_by(Delivery.id.desc()).limit(limit))]


def tries_of(session: Session, delivery_ids: Sequence[int]) -> dict[int, list[DeliveryTry]]:
    """The tries of each delivery, in order."""
    tries_of: dict[int, list[DeliveryTry]] = {delivery_id: [] for delivery_id in delivery_ids}
    statement = select(DeliveryTry).where(DeliveryTry.delivery_id.in_(delivery_ids)).order_by(DeliveryTry.id)
    for row in session.scalars(statement):
        tries_of[row.delivery_id].append(row)
    return tries_of
