"""Notifications, quiet hours and Apprise channels over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from bankimport.auth import CurrentUser
from bankimport.clock import utc_now
from bankimport.db.request import SessionDep
from bankimport.db.session import session_scope
from bankimport.notifications import channels, repository
from bankimport.notifications.deliver import send, take_now
from bankimport.notifications.log import channel_read, delivery_list, notification_list
from bankimport.notifications.models import KINDS, ChannelType, DeliveryState, NotificationSettings
from bankimport.notifications.schemas import (
    ChannelChange,
    ChannelList,
    ChannelRead,
    ChannelRequest,
    DeliveryList,
    DeliveryRead,
    KindList,
    KindRead,
    Marked,
    MarkRequest,
    NotificationList,
    QuietHours,
    Replayed,
    ReplayRequest,
)

router = APIRouter(prefix="/api/notifications", tags=["notifications"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=20)]
APPRISE = ChannelType.APPRISE


@router.get("")
def read_notifications(
    session: SessionDep, user: CurrentUser, unread: bool = False, limit: Limit = 50, cursor: Cursor = None
) -> NotificationList:
    """What the user was told, newest first, and how many are unread."""
    return notification_list(session, user.id, unread_only=unread, limit=limit, cursor=cursor)


@router.post("/read")
def mark_read(wanted: MarkRequest, session: SessionDep, user: CurrentUser) -> Marked:
    """Mark as read."""
    changed = repository.mark(session, user.id, utc_now(), wanted.ids, wanted.up_to_id)
    return Marked(changed=changed, unread_count=repository.count_unread(session, user.id))


@router.post("/unread")
def mark_unread(wanted: MarkRequest, session: SessionDep, user: CurrentUser) -> Marked:
    """Mark as not read."""
    changed = repository.mark(session, user.id, None, wanted.ids, wanted.up_to_id)
    return Marked(changed=changed, unread_count=repository.count_unread(session, user.id))


@router.get("/kinds")
def read_kinds(_user: CurrentUser) -> KindList:
    """The kinds that a channel can choose among."""
    return KindList(kinds=[KindRead(kind=kind, meaning=meaning) for kind, meaning in KINDS.items()])


@router.get("/quiet-hours")
def read_quiet_hours(session: SessionDep, user: CurrentUser) -> QuietHours:
    """When channels that obey quiet hours are silent."""
    return quiet_hours_of(repository.settings_of(session, user.id))


@router.put("/quiet-hours")
def set_quiet_hours(wanted: QuietHours, session: SessionDep, user: CurrentUser) -> QuietHours:
    """Set quiet hours; what waits is delivered as one digest when they end."""
    chosen = channels.set_quiet_hours(session, user.id, wanted.quiet_from, wanted.quiet_to, wanted.time_zone)
    return quiet_hours_of(chosen)


@router.get("/channels")
def read_channels(session: SessionDep, user: CurrentUser) -> ChannelList:
    """The user's Apprise channels."""
    return ChannelList(channels=[channel_read(row) for row in repository.channels_of(session, user.id, APPRISE)])


@router.post("/channels", status_code=201)
def add_channel(wanted: ChannelRequest, session: SessionDep, user: CurrentUser) -> ChannelRead:
    """Add a channel: mail, ntfy, Slack and others by their Apprise address, which is never shown again."""
    channel, _ = channels.add_channel(
        session,
        user.id,
        APPRISE,
        name=wanted.name,
        address=wanted.address,
        kinds=wanted.kinds,
        obeys_quiet_hours=wanted.obeys_quiet_hours,
    )
    return channel_read(channel)


@router.patch("/channels/{channel_id}")
def change_channel(channel_id: int, wanted: ChannelChange, session: SessionDep, user: CurrentUser) -> ChannelRead:
    """Change a channel, or switch it off or on."""
    channel = repository.channel_of(session, user.id, APPRISE, channel_id)
    channels.change_channel(session, channel, **wanted.model_dump())
    return channel_read(channel)


@router.delete("/channels/{channel_id}", status_code=204)
def remove_channel(channel_id: int, session: SessionDep, user: CurrentUser) -> None:
    """Remove a channel and its log."""
    session.delete(repository.channel_of(session, user.id, APPRISE, channel_id))


@router.post("/channels/{channel_id}/test")
def test_channel(channel_id: int, user: CurrentUser) -> DeliveryRead:
    """Send a test message now and say how that went."""
    return tested(user.id, APPRISE, channel_id)


@router.get("/channels/{channel_id}/deliveries")
def read_channel_deliveries(
    channel_id: int,
    session: SessionDep,
    user: CurrentUser,
    state: DeliveryState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DeliveryList:
    """The channel's delivery log, newest first."""
    channel = repository.channel_of(session, user.id, APPRISE, channel_id)
    return delivery_list(session, channel, state=state, limit=limit, cursor=cursor)


@router.post("/channels/{channel_id}/replay")
def replay_channel(channel_id: int, wanted: ReplayRequest, session: SessionDep, user: CurrentUser) -> Replayed:
    """Send again what was not delivered."""
    channel = repository.channel_of(session, user.id, APPRISE, channel_id)
    return Replayed(replayed=channels.replay_since(session, channel, wanted.since, delivered_too=wanted.delivered_too))


def quiet_hours_of(chosen: NotificationSettings | None) -> QuietHours:
    """Quiet hours as they are shown; none by default."""
    return QuietHours() if chosen is None else QuietHours.model_validate(chosen)


def tested(user_id: int, channel_type: ChannelType, channel_id: int) -> DeliveryRead:
    """Make a test delivery now, holding no database connection while the receiver answers.

    Raises:
        ChannelNotFound: no such channel, or not this user's.
        ChannelOff: it is switched off.
    """
    with session_scope() as session:
        channel = repository.channel_of(session, user_id, channel_type, channel_id)
        delivery = channels.begin_test(session, channel)
        parcel = take_now(session, channel, delivery)
    send(parcel)
    with session_scope() as session:
        channel = repository.channel_of(session, user_id, channel_type, channel_id)
        log = delivery_list(session, channel, state=None, limit=1, cursor=str(delivery.id + 1))
        return log.deliveries[0]
