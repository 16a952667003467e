"""Store a notification and its deliveries in the transaction of its cause."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.ids import ids_as_text
from bankimport.notifications.models import Channel, Delivery, DeliveryState, Kind, Notification
from bankimport.queue import Task, enqueue
from bankimport.realtime.publish import notify_user


def notify(
    session: Session,
    user_id: int,
    kind: Kind,
    dedupe_key: str,
    *,
    title: str,
    body: str,
    link: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> bool:
    """Notify a user, on the page and through each of their channels that wants this kind.

    It is written in the caller's transaction, so the user is notified if, and only if, the cause is committed. A user
    gets one notification per `dedupe_key`, however often this is called; the key must contain what makes the event new.

    Args:
        title: one line, without a full stop.
        body: what happened and what to do next, in a sentence or two. No secret, no raw bank answer.
        link: path of the page where the user can act on it, such as "/imports/7".
        data: JSON values for programs; ids become text, as in the API.

    Returns whether the notification is new.
    """
    notification_id = session.scalars(
        insert(Notification)
        .values(
            user_id=user_id,
            kind=kind,
            dedupe_key=dedupe_key,
            title=title,
            body=body,
            link=link,
            data=ids_as_text(data or {}),
        )
        .on_conflict_do_nothing(index_elements=["user_id", "dedupe_key"])
        .returning(Notification.id)
    ).one_or_none()
    if notification_id is None:
        return False
    send_through(session, notification_id, _channels_for(session, user_id, kind))
    notify_user(session, user_id, "notifications")
    return True


def send_through(session: Session, notification_id: int, channel_ids: list[int]) -> list[Delivery]:
    """Queue deliveries of a notification through these channels."""
    deliveries = [
        Delivery(
            notification_id=notification_id,
            channel_id=channel_id,
            state=DeliveryState.WAITING,
            next_try_at=utc_now(),
        )
        for channel_id in channel_ids
    ]
    session.add_all(deliveries)
    session.flush()
    if deliveries:
        enqueue(session, Task.DELIVER_NOTIFICATIONS)
    return deliveries


def _channels_for(session: Session, user_id: int, kind: Kind) -> list[int]:
    return list(
        session.scalars(
            select(Channel.id).where(
                Channel.user_id == user_id,
                Channel.disabled_at.is_(None),
                or_(func.cardinality(Channel.kinds) == 0, Channel.kinds.contains([kind.value])),
            )
        )
    )
