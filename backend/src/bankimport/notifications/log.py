"""Read a user's notifications, channels and delivery logs."""

from sqlalchemy.orm import Session

from bankimport.notifications import repository
from bankimport.notifications.models import Channel, DeliveryState
from bankimport.notifications.schemas import (
    ChannelRead,
    DeliveryList,
    DeliveryRead,
    NotificationList,
    NotificationRead,
    TryRead,
)
from bankimport.paging import id_before


def notification_list(
    session: Session, user_id: int, *, unread_only: bool, limit: int, cursor: str | None
) -> NotificationList:
    """A page of the user's notifications, and how many are unread.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    rows = repository.notifications_of(
        session, user_id, unread_only=unread_only, before_id=id_before(cursor), limit=limit + 1
    )
    page = rows[:limit]
    return NotificationList(
        notifications=[NotificationRead.model_validate(row) for row in page],
        unread_count=repository.count_unread(session, user_id),
        next_cursor=str(page[-1].id) if len(rows) > limit else None,
    )


def channel_read(channel: Channel) -> ChannelRead:
    """A channel without its secrets."""
    return ChannelRead(
        id=channel.id,
        name=channel.name,
        shown_as=channel.shown_as,
        kinds=channel.kinds,
        obeys_quiet_hours=channel.obeys_quiet_hours,
        enabled=channel.disabled_at is None,
        disabled_at=channel.disabled_at,
        disabled_reason=channel.disabled_reason,
        failing_since=channel.failing_since,
        last_delivered_at=channel.last_delivered_at,
        created_at=channel.created_at,
        previous_secret_until=channel.previous_secret_until,
    )


def delivery_list(
    session: Session, channel: Channel, *, state: DeliveryState | None, limit: int, cursor: str | None
) -> DeliveryList:
    """A page of the channel's delivery log, each delivery with its tries.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    rows = repository.deliveries_of(session, channel.id, state=state, before_id=id_before(cursor), limit=limit + 1)
    page = rows[:limit]
    tries = repository.tries_of(session, [delivery.id for delivery, _ in page])
    return DeliveryList(
        deliveries=[
            DeliveryRead(
                id=delivery.id,
                notification_id=notification.id,
                kind=notification.kind,
                title=notification.title,
                state=delivery.state,
                created_at=delivery.created_at,
                delivered_at=delivery.delivered_at,
                next_try_at=delivery.next_try_at,
                waits_for_quiet_end=delivery.waits_for_quiet_end and delivery.state is DeliveryState.WAITING,
                tries=[TryRead.model_validate(item) for item in tries[delivery.id]],
            )
            for delivery, notification in page
        ],
        next_cursor=str(page[-1][0].id) if len(rows) > limit else None,
    )


def delivery_read(session: Session, channel: Channel, delivery_id: int) -> DeliveryRead:
    """One delivery of the channel, with its tries."""
    (delivery,) = delivery_list(session, channel, state=None, limit=1, cursor=str(delivery_id + 1)).deliveries
    return delivery
