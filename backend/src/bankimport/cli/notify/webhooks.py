"""`bankimport webhooks`: signed webhooks and their secrets; the other commands are the same as for other channels."""

from typing import Annotated

import typer

from bankimport.cli.console import AsJson, checked, errors_shown, out, show
from bankimport.cli.local import ForUser, acting_as
from bankimport.cli.notify.channels import OnlyKinds, add_channel_commands, print_channels
from bankimport.notifications import repository
from bankimport.notifications.channels import channels
from bankimport.notifications.log import channel_read
from bankimport.notifications.models import ChannelType
from bankimport.notifications.schemas import WebhookCreated, WebhookList, WebhookRequest

app = typer.Typer(help="Signed webhooks, their delivery log and replay.", no_args_is_help=True)

WEBHOOK = ChannelType.WEBHOOK


@app.command("list")
def list_webhooks(user: ForUser = None, as_json: AsJson = False) -> None:
    """List your webhooks."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        rows = repository.channels_of(session, owner.id, WEBHOOK)
        webhooks = WebhookList(webhooks=[channel_read(row) for row in rows])
    show(webhooks, as_json, lambda: print_channels(webhooks.webhooks))


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Where to send, such as https://example.org/hooks.")],
    name: Annotated[str, typer.Option(help="A name of your choice.")] = "webhook",
    kind: OnlyKinds = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Add a webhook; its signing secret is shown only now."""
    with errors_shown(as_json):
        request = checked(WebhookRequest, name=name, url=url, kinds=kind or [])
        target = channels.check_target(WEBHOOK, request.url)
        with acting_as(user) as (session, owner):
            channel, secret = channels.add_channel(
                session,
                owner.id,
                WEBHOOK,
                target,
                name=request.name,
                kinds=request.kinds,
                obeys_quiet_hours=request.obeys_quiet_hours,
            )
            added = WebhookCreated(**channel_read(channel).model_dump(), secret=secret or "")
    show(added, as_json, lambda: out.print(f"webhook {added.id} added\nsecret, shown only now: {added.secret}"))


@app.command("rotate")
def rotate(channel_id: int, user: ForUser = None, as_json: AsJson = False) -> None:
    """Change the signing secret; for a day, messages also have the old signature."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        channel = repository.channel_of(session, owner.id, WEBHOOK, channel_id)
        changed = WebhookCreated(secret=channels.rotate_secret(session, channel), **channel_read(channel).model_dump())
    show(changed, as_json, lambda: out.print(f"new secret, shown only now: {changed.secret}"))


add_channel_commands(app, WEBHOOK, listed_by="webhooks list")
