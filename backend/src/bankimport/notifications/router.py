"""Notifications, quiet hours and Apprise channels over HTTP."""

from fastapi import APIRouter

from bankimport.auth import CurrentUser, RecentCaller
from bankimport.clock import utc_now
from bankimport.db.request import SessionDep
from bankimport.edge.depends import WAITS_OUTSIDE
from bankimport.notifications import repository
from bankimport.notifications.channel_router import Limit, add_channel_routes
from bankimport.notifications.channels import channels
from bankimport.notifications.log import channel_read, notification_list
from bankimport.notifications.models import KINDS, ChannelType
from bankimport.notifications.schemas import (
    ChannelList,
    ChannelRead,
    ChannelRequest,
    KindList,
    KindRead,
    Marked,
    MarkRequest,
    NotificationList,
    QuietHours,
)
from bankimport.paging import Cursor

router = APIRouter(prefix="/api/notifications", tags=["notifications"])

APPRISE = ChannelType.APPRISE


@router.get("")
def read_notifications(
    session: SessionDep, user: CurrentUser, unread: bool = False, limit: Limit = 50, cursor: Cursor = None
) -> NotificationList:
    """The user's notifications, newest first, and how many are unread."""
    return notification_list(session, user.id, unread_only=unread, limit=limit, cursor=cursor)


@router.post("/read")
def mark_read(body: MarkRequest, session: SessionDep, user: CurrentUser) -> Marked:
    """Mark notifications as read."""
    changed = repository.mark(session, user.id, utc_now(), body.ids, body.up_to_id)
    return Marked(changed=changed, unread_count=repository.count_unread(session, user.id))


@router.post("/unread")
def mark_unread(body: MarkRequest, session: SessionDep, user: CurrentUser) -> Marked:
    """Mark notifications as unread."""
    changed = repository.mark(session, user.id, None, body.ids, body.up_to_id)
    return Marked(changed=changed, unread_count=repository.count_unread(session, user.id))


@router.get("/kinds")
def read_kinds(_user: CurrentUser) -> KindList:
    """The kinds that a channel can select."""
    return KindList(kinds=[KindRead(kind=kind, meaning=meaning) for kind, meaning in KINDS.items()])


@router.get("/quiet-hours")
def read_quiet_hours(session: SessionDep, user: CurrentUser) -> QuietHours:
    """The hours during which channels that observe quiet hours send nothing."""
    return QuietHours.of(repository.settings_of(session, user.id))


@router.put("/quiet-hours")
def set_quiet_hours(body: QuietHours, session: SessionDep, user: CurrentUser) -> QuietHours:
    """Set quiet hours. Waiting notifications are delivered as one digest when they end."""
    chosen = channels.set_quiet_hours(session, user.id, body.quiet_from, body.quiet_to, body.time_zone)
    return QuietHours.of(chosen)


@router.get("/channels")
def read_channels(session: SessionDep, user: CurrentUser) -> ChannelList:
    """The user's Apprise channels."""
    return ChannelList(channels=[channel_read(row) for row in repository.channels_of(session, user.id, APPRISE)])


@router.post("/channels", status_code=201, dependencies=[WAITS_OUTSIDE])
def add_channel(body: ChannelRequest, session: SessionDep, caller: RecentCaller) -> ChannelRead:
    """Add a channel for mail, ntfy, Slack and others by its Apprise address, which is never shown again."""
    channel, _ = channels.add_channel(
        session,
        caller.user.id,
        APPRISE,
        channels.check_target(APPRISE, body.address),
        name=body.name,
        kinds=body.kinds,
        obeys_quiet_hours=body.obeys_quiet_hours,
    )
    return channel_read(channel)


add_channel_routes(router, APPRISE, under="/channels")
