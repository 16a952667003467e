"""Signed webhooks and their secrets over HTTP; the other routes are the same as for other channels."""

from fastapi import APIRouter

from bankimport.auth import CurrentUser, RecentCaller
from bankimport.db.request import SessionDep
from bankimport.edge.depends import WAITS_OUTSIDE
from bankimport.ids import Id
from bankimport.notifications import repository
from bankimport.notifications.channel_router import add_channel_routes
from bankimport.notifications.channels import channels
from bankimport.notifications.log import channel_read
from bankimport.notifications.models import ChannelType
from bankimport.notifications.schemas import (
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


@router.post("", status_code=201, dependencies=[WAITS_OUTSIDE])
def add_webhook(body: WebhookRequest, session: SessionDep, caller: RecentCaller) -> WebhookCreated:
    """Add a webhook. Its signing secret is shown only now; verify messages as Standard Webhooks describes."""
    channel, secret = channels.add_channel(
        session,
        caller.user.id,
        WEBHOOK,
        channels.check_target(WEBHOOK, body.url),
        name=body.name,
        kinds=body.kinds,
        obeys_quiet_hours=body.obeys_quiet_hours,
    )
    return WebhookCreated(**channel_read(channel).model_dump(), secret=secret or "")


@router.post("/{channel_id}/rotate-secret")
def rotate_secret(channel_id: Id, session: SessionDep, user: CurrentUser) -> WebhookCreated:
    """Change the signing secret. For a day, messages also have the old signature."""
    channel = repository.channel_of(session, user.id, WEBHOOK, channel_id)
    secret = channels.rotate_secret(session, channel)
    return WebhookCreated(**channel_read(channel).model_dump(), secret=secret)


add_channel_routes(router, WEBHOOK)
