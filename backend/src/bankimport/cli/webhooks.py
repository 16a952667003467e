"""`bankimport webhooks`: signed webhooks, their delivery log and replay."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.local import ForUser, chosen_user, join_installation
from bankimport.cli.notifications import OnlyKinds, print_channels, print_tested
from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.notifications import channels, repository
from bankimport.notifications.log import channel_read, delivery_list
from bankimport.notifications.models import ChannelType, DeliveryState
from bankimport.notifications.router import tested
from bankimport.notifications.schemas import DeliveryList, Replayed, WebhookCreated, WebhookList

app = typer.Typer(help="Signed webhooks, their delivery log and replay.", no_args_is_help=True)

WEBHOOK = ChannelType.WEBHOOK


@app.command("list")
def list_webhooks(user: ForUser = None, as_json: AsJson = False) -> None:
    """List your webhooks."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            rows = repository.channels_of(session, owner.id, WEBHOOK)
            found = WebhookList(webhooks=[channel_read(row) for row in rows])
        show(found, as_json, lambda: print_channels(found.webhooks))


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Where to send, such as https://example.org/hooks.")],
    name: Annotated[str, typer.Option(help="What you call it.")] = "webhook",
    kind: OnlyKinds = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Add a webhook; its signing secret is shown this once."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            channel, secret = channels.add_channel(
                session, owner.id, WEBHOOK, name=name, address=url, kinds=kind or [], obeys_quiet_hours=False
            )
            added = WebhookCreated(**channel_read(channel).model_dump(), secret=secret or "")
        show(added, as_json, lambda: out.print(f"webhook {added.id} added\nsecret, shown this once: {added.secret}"))


@app.command("rotate")
def rotate(webhook_id: int, user: ForUser = None, as_json: AsJson = False) -> None:
    """Change the signing secret; for a day messages bear the old signature too."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            channel = repository.channel_of(session, owner.id, WEBHOOK, webhook_id)
            changed = WebhookCreated(secret=channels.rotate_secret(channel), **channel_read(channel).model_dump())
        show(changed, as_json, lambda: out.print(f"new secret, shown this once: {changed.secret}"))


@app.command("test")
def try_out(webhook_id: int, user: ForUser = None, as_json: AsJson = False) -> None:
    """Send a test message now and say how that went."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
        print_tested(tested(owner.id, WEBHOOK, webhook_id), as_json)


@app.command("deliveries")
def deliveries(
    webhook_id: int,
    state: Annotated[DeliveryState | None, typer.Option(help="Only those that stand thus.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show the delivery log, newest first."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            channel = repository.channel_of(session, owner.id, WEBHOOK, webhook_id)
            found = delivery_list(session, channel, state=state, limit=limit, cursor=None)
        show(found, as_json, lambda: _print_deliveries(found))


@app.command("replay")
def replay(
    webhook_id: int,
    delivery_id: Annotated[int | None, typer.Argument(help="Which; left out: all that was not delivered.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days back.")] = 30,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Send again, under the same message id."""
    with errors_shown(as_json):
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            channel = repository.channel_of(session, owner.id, WEBHOOK, webhook_id)
            if delivery_id is not None:
                channels.replay(session, channel, delivery_id)
                count = 1
            else:
                since: datetime = utc_now() - timedelta(days=days)
                count = channels.replay_since(session, channel, since, delivered_too=False)
        show(Replayed(replayed=count), as_json, lambda: out.print(f"{count} sent again"))


@app.command("enable")
def enable(webhook_id: int, user: ForUser = None) -> None:
    """Switch it on again."""
    _switch(webhook_id, user, enabled=True)


@app.command("disable")
def disable(webhook_id: int, user: ForUser = None) -> None:
    """Switch it off; what waits for it is dropped and can be replayed."""
    _switch(webhook_id, user, enabled=False)


@app.command("remove")
def remove(webhook_id: int, user: ForUser = None) -> None:
    """Remove it and its log."""
    with errors_shown():
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            session.delete(repository.channel_of(session, owner.id, WEBHOOK, webhook_id))
        out.print("removed")


def _switch(webhook_id: int, user: str | None, *, enabled: bool) -> None:
    with errors_shown():
        join_installation()
        with session_scope() as session:
            owner = chosen_user(session, user)
            channel = repository.channel_of(session, owner.id, WEBHOOK, webhook_id)
            channels.change_channel(session, channel, enabled=enabled)
        out.print("switched on" if enabled else "switched off")


def _print_deliveries(found: DeliveryList) -> None:
    if not found.deliveries:
        out.print("nothing was sent yet")
        return
    rows = table(">number", "when (UTC)", "what", "state", ">tries", "last answer")
    for item in found.deliveries:
        last = item.tries[-1] if item.tries else None
        rows.add_row(
            str(item.id),
            f"{item.created_at:%Y-%m-%d %H:%M}",
            item.title,
            item.state.value,
            str(len(item.tries)),
            "" if last is None else last.error or str(last.status or "taken"),
        )
    out.print(rows)
