"""Delete old notifications, with their deliveries and tries, after the time given in the settings."""

from datetime import timedelta

from sqlalchemy import delete, select

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.notifications.models import Delivery, DeliveryState, Notification
from bankimport.settings import get_settings

AT_ONCE = 500


def delete_old_notifications() -> int:
    """Delete notifications older than the settings allow, read or not; returns how many.

    A notification that is still waiting for delivery stays until it is delivered or given up.
    """
    before = utc_now() - timedelta(days=get_settings().notification_retention_days)
    waits = select(Delivery.id).where(
        Delivery.notification_id == Notification.id, Delivery.state == DeliveryState.WAITING
    )
    old = select(Notification.id).where(Notification.created_at < before, ~waits.exists()).order_by(Notification.id)
    deleted = 0
    while True:
        with session_scope() as session:
            ids = list(session.scalars(old.limit(AT_ONCE).with_for_update(skip_locked=True)))
            session.execute(delete(Notification).where(Notification.id.in_(ids)))
        deleted += len(ids)
        if len(ids) < AT_ONCE:
            return deleted
