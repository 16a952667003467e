"""Test a channel: send a test message now and return the result."""

from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.notifications import repository
from bankimport.notifications.deliver import send, take_now
from bankimport.notifications.errors import ChannelOff
from bankimport.notifications.log import delivery_read
from bankimport.notifications.models import Channel, ChannelType, Delivery, Kind, Notification
from bankimport.notifications.notify import send_through
from bankimport.notifications.schemas import DeliveryRead


def try_out(user_id: int, channel_type: ChannelType, channel_id: int) -> DeliveryRead:
    """Make a test delivery now. No database connection is used while the receiver answers.

    Raises:
        ChannelNotFound: no such channel, or not this user's.
        ChannelOff: the channel is switched off.
    """
    with session_scope() as session:
        channel = repository.channel_of(session, user_id, channel_type, channel_id)
        delivery = _test_delivery(session, channel)
        parcel = take_now(session, channel, delivery)
    send(parcel)
    with session_scope() as session:
        return delivery_read(session, repository.channel_of(session, user_id, channel_type, channel_id), delivery.id)


def _test_delivery(session: Session, channel: Channel) -> Delivery:
    """A test message for only this channel."""
    if channel.disabled_at is not None:
        raise ChannelOff(f"{channel.name} is switched off; switch it on first")
    notification = Notification(
        user_id=channel.user_id,
        kind=Kind.TEST,
        dedupe_key=f"test:{channel.id}:{utc_now().isoformat()}",
        title="Test message from bankimport",
        body="This channel works.",
        data={},
    )
    session.add(notification)
    session.flush()
    (delivery,) = send_through(session, notification.id, [channel.id])
    return delivery
