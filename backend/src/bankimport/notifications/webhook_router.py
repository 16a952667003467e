"""Signed webhooks over HTTP: their secrets, delivery log and replay."""

from fastapi import APIRouter

from bankimport.auth import CurrentUser
from bankimport.db.request import SessionDep
from bankimport.notifications import channels, repository
from bankimport.notifications.log import channel_read, delivery_list
from bankimport.notifications.models import ChannelType, DeliveryState
from bankimport.notifications.router import Cursor, Limit, tested
from bankimport.notifications.schemas import (
    ChannelChange,
    ChannelRead,
    DeliveryList,
    DeliveryRead,
    Replayed,
    ReplayRequest,
    WebhookCreated,
    WebhookList,
    WebhookRequest,
)

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

WEBHOOK = ChannelType.WEBHOOK


@router.get("")
def read_webhooks(session: SessionDep, user: CurrentUser) -> WebhookList:
    """The user's webhooks."""
    return WebhookList(webhooks=[channel_read(row) for row in repository.channels_of(session, user.id, WEBHOOK)])


@router.post("", status_code=201)
def add_webhook(wanted: WebhookRequest, session: SessionDep, user: CurrentUser) -> WebhookCreated:
    """Add a webhook. Its signing secret is shown this once; verify messages as Standard Webhooks says."""
    channel, secret = channels.add_channel(
        session,
        user.id,
        WEBHOOK,
        name=wanted.name,
        address=wanted.url,
        kinds=wanted.kinds,
        obeys_quiet_hours=wanted.obeys_quiet_hours,
    )
    return WebhookCreated(**channel_read(channel).model_dump(), secret=secret or "")


@router.patch("/{webhook_id}")
def change_webhook(webhook_id: int, wanted: ChannelChange, session: SessionDep, user: CurrentUser) -> ChannelRead:
    """Change a webhook, or switch it off or on."""
    channel = repository.channel_of(session, user.id, WEBHOOK, webhook_id)
    channels.change_channel(session, channel, **wanted.model_dump())
    return channel_read(channel)


@router.delete("/{webhook_id}", status_code=204)
def remove_webhook(webhook_id: int, session: SessionDep, user: CurrentUser) -> None:
    """Remove a webhook and its log."""
    session.delete(repository.channel_of(session, user.id, WEBHOOK, webhook_id))


@router.post("/{webhook_id}/rotate-secret")
def rotate_secret(webhook_id: int, session: SessionDep, user: CurrentUser) -> WebhookCreated:
    """Change the signing secret; for a day messages bear the old signature too."""
    channel = repository.channel_of(session, user.id, WEBHOOK, webhook_id)
    secret = channels.rotate_secret(channel)
    return WebhookCreated(**channel_read(channel).model_dump(), secret=secret)


@router.post("/{webhook_id}/test")
def test_webhook(webhook_id: int, user: CurrentUser) -> DeliveryRead:
    """Send a test message now and say how that went."""
    return tested(user.id, WEBHOOK, webhook_id)


@router.get("/{webhook_id}/deliveries")
def read_deliveries(
    webhook_id: int,
    session: SessionDep,
    user: CurrentUser,
    state: DeliveryState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DeliveryList:
    """The webhook's delivery log, newest first."""
    channel = repository.channel_of(session, user.id, WEBHOOK, webhook_id)
    return delivery_list(session, channel, state=state, limit=limit, cursor=cursor)


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay")
def replay(webhook_id: int, delivery_id: int, session: SessionDep, user: CurrentUser) -> DeliveryRead:
    """Send one delivery again, under the same message id."""
    channel = repository.channel_of(session, user.id, WEBHOOK, webhook_id)
    delivery = channels.replay(session, channel, delivery_id)
    return delivery_list(session, channel, state=None, limit=1, cursor=str(delivery.id + 1)).deliveries[0]


@router.post("/{webhook_id}/replay")
def replay_since(webhook_id: int, wanted: ReplayRequest, session: SessionDep, user: CurrentUser) -> Replayed:
    """Send again what was not delivered since then, or all of it."""
    channel = repository.channel_of(session, user.id, WEBHOOK, webhook_id)
    return Replayed(replayed=channels.replay_since(session, channel, wanted.since, delivered_too=wanted.delivered_too))
