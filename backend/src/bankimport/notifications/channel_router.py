"""HTTP routes for a channel of either type: change it, remove it, test it, read its log, replay."""

from typing import Annotated

from fastapi import APIRouter, Query

from bankimport.auth import CurrentCaller, CurrentUser, recent_caller
from bankimport.db.request import SessionDep
from bankimport.edge.depends import WAITS_OUTSIDE
from bankimport.ids import Id
from bankimport.notifications import repository
from bankimport.notifications.channels import channels
from bankimport.notifications.log import channel_read, delivery_list, delivery_read
from bankimport.notifications.models import ChannelType, DeliveryState
from bankimport.notifications.schemas import (
    ChannelChange,
    ChannelRead,
    DeliveryList,
    DeliveryRead,
    Replayed,
    ReplayRequest,
)
from bankimport.notifications.trial import try_out
from bankimport.paging import Cursor

Limit = Annotated[int, Query(ge=1, le=200)]


def add_channel_routes(router: APIRouter, channel_type: ChannelType, under: str = "") -> None:
    """Serve the channels of one type below the router's path `under`. Other users' channels are not found."""

    @router.patch(under + "/{channel_id}", dependencies=[WAITS_OUTSIDE])
    def change_channel(channel_id: Id, body: ChannelChange, session: SessionDep, caller: CurrentCaller) -> ChannelRead:
        """Change what is given; `enabled` switches it off and on."""
        if body.address is not None:
            recent_caller(caller)
        changes = body.model_dump(exclude={"address"})
        target = None if body.address is None else channels.check_target(channel_type, body.address)
        channel = repository.channel_of(session, caller.user.id, channel_type, channel_id)
        channels.change_channel(session, channel, target=target, **changes)
        return channel_read(channel)

    @router.delete(under + "/{channel_id}", status_code=204)
    def remove_channel(channel_id: Id, session: SessionDep, user: CurrentUser) -> None:
        """Remove the channel and its log."""
        channels.remove_channel(session, repository.channel_of(session, user.id, channel_type, channel_id))

    @router.post(under + "/{channel_id}/test", dependencies=[WAITS_OUTSIDE])
    def test_channel(channel_id: Id, user: CurrentUser) -> DeliveryRead:
        """Send a test message now and return the result."""
        return try_out(user.id, channel_type, channel_id)

    @router.get(under + "/{channel_id}/deliveries")
    def read_deliveries(
        channel_id: Id,
        session: SessionDep,
        user: CurrentUser,
        state: DeliveryState | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> DeliveryList:
        """The channel's delivery log, newest first."""
        channel = repository.channel_of(session, user.id, channel_type, channel_id)
        return delivery_list(session, channel, state=state, limit=limit, cursor=cursor)

    @router.post(under + "/{channel_id}/deliveries/{delivery_id}/replay")
    def replay(channel_id: Id, delivery_id: Id, session: SessionDep, user: CurrentUser) -> DeliveryRead:
        """Send one delivery again, with the same message id."""
        channel = repository.channel_of(session, user.id, channel_type, channel_id)
        return delivery_read(session, channel, channels.replay(session, channel, delivery_id).id)

    @router.post(under + "/{channel_id}/replay")
    def replay_since(channel_id: Id, body: ReplayRequest, session: SessionDep, user: CurrentUser) -> Replayed:
        """Send everything since then again: undelivered messages, or all of them."""
        channel = repository.channel_of(session, user.id, channel_type, channel_id)
        return Replayed(replayed=channels.replay_since(session, channel, body.since, delivered_too=body.delivered_too))
