"""Commands for a channel of either type: test it, show its log, replay, switch, remove."""

from datetime import timedelta
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.clock import utc_now
from bankimport.notifications import repository
from bankimport.notifications.channels import channels
from bankimport.notifications.log import channel_read, delivery_list, delivery_read
from bankimport.notifications.models import KINDS, ChannelType, DeliveryState, Kind
from bankimport.notifications.schemas import ChannelRead, DeliveryList, DeliveryRead, Replayed
from bankimport.notifications.trial import try_out

OnlyKinds = Annotated[
    list[Kind] | None, typer.Option("--kind", help="Send this kind only; may be given several times.")
]


def add_channel_commands(app: typer.Typer, channel_type: ChannelType, listed_by: str) -> None:
    """Add the commands for one type of channel to a group; `listed_by` is the command that shows their numbers."""
    ChannelId = Annotated[int, typer.Argument(parser=parse_id, help=f"Its number, from `bankimport {listed_by}`.")]

    @app.command("test")
    def test(channel_id: ChannelId, user: ForUser = None, as_json: AsJson = False) -> None:
        """Send a test message now and show the result. Exit code 1 if it failed."""
        with errors_shown(as_json):
            with acting_as(user) as (_, owner):
                user_id = owner.id
            _print_tried(try_out(user_id, channel_type, channel_id), as_json)

    @app.command("deliveries")
    def deliveries(
        channel_id: ChannelId,
        state: Annotated[DeliveryState | None, typer.Option(help="Only deliveries in this state.")] = None,
        limit: Annotated[int, typer.Option(min=1, max=200, help="Maximum number.")] = 20,
        cursor: Annotated[str | None, typer.Option(help="`next_cursor` of the previous page.")] = None,
        user: ForUser = None,
        as_json: AsJson = False,
    ) -> None:
        """Show the delivery log, newest first."""
        with errors_shown(as_json), acting_as(user) as (session, owner):
            channel = repository.channel_of(session, owner.id, channel_type, channel_id)
            deliveries = delivery_list(session, channel, state=state, limit=limit, cursor=cursor)
        show(deliveries, as_json, lambda: _print_deliveries(deliveries))

    @app.command("replay")
    def replay(
        channel_id: ChannelId,
        delivery_id: Annotated[
            int | None, typer.Argument(parser=parse_id, help="One delivery; default: all undelivered ones.")
        ] = None,
        days: Annotated[int, typer.Option(min=1, max=3650, help="How many days back.")] = 30,
        user: ForUser = None,
        as_json: AsJson = False,
    ) -> None:
        """Send again with the same message id."""
        with errors_shown(as_json), acting_as(user) as (session, owner):
            channel = repository.channel_of(session, owner.id, channel_type, channel_id)
            if delivery_id is not None:
                again: DeliveryRead = delivery_read(session, channel, channels.replay(session, channel, delivery_id).id)
                show(again, as_json, lambda: out.print(f"{escaped(again.title)}: sent again"))
                return
            since = utc_now() - timedelta(days=days)
            count = channels.replay_since(session, channel, since, delivered_too=False)
        show(Replayed(replayed=count), as_json, lambda: out.print(f"{count} sent again"))

    @app.command("enable")
    def enable(channel_id: ChannelId, user: ForUser = None, as_json: AsJson = False) -> None:
        """Switch it on again."""
        _switch(channel_id, user, as_json, enabled=True)

    @app.command("disable")
    def disable(channel_id: ChannelId, user: ForUser = None, as_json: AsJson = False) -> None:
        """Switch it off; its waiting messages are dropped and can be replayed."""
        _switch(channel_id, user, as_json, enabled=False)

    @app.command("remove")
    def remove(channel_id: ChannelId, user: ForUser = None, as_json: AsJson = False) -> None:
        """Remove it and its log."""
        with errors_shown(as_json), acting_as(user) as (session, owner):
            channels.remove_channel(session, repository.channel_of(session, owner.id, channel_type, channel_id))
        show({"removed": str(channel_id)}, as_json, lambda: out.print("removed"))

    def _switch(channel_id: int, user: str | None, as_json: bool, *, enabled: bool) -> None:
        with errors_shown(as_json), acting_as(user) as (session, owner):
            channel = repository.channel_of(session, owner.id, channel_type, channel_id)
            channels.change_channel(session, channel, enabled=enabled)
            changed = channel_read(channel)
        show(changed, as_json, lambda: out.print("switched on" if enabled else "switched off"))


def print_channels(channels: list[ChannelRead]) -> None:
    """Print a table of channels or webhooks."""
    if not channels:
        out.print("none yet")
        return
    rows = table(">number", "name", "address", "sends", "state")
    for item in channels:
        state = item.disabled_reason or (f"failing since {item.failing_since:%Y-%m-%d}" if item.failing_since else "on")
        rows.add_row(str(item.id), item.name, item.shown_as, ", ".join(item.kinds) or "everything", state)
    out.print(rows)
    out.print(f"[dim]kinds: {', '.join(KINDS)}[/dim]")


def _print_tried(delivery: DeliveryRead, as_json: bool) -> None:
    last = delivery.tries[-1] if delivery.tries else None
    is_well = last is not None and last.error is None
    result = "sent and accepted" if is_well else f"failed: {last.error if last else 'another worker has just taken it'}"
    show(delivery, as_json, lambda: out.print(escaped(result)))
    if not is_well:
        raise typer.Exit(1)


def _print_deliveries(deliveries: DeliveryList) -> None:
    if not deliveries.deliveries:
        out.print("nothing was sent yet")
        return
    rows = table(">number", "when (UTC)", "what", "state", ">tries", "last answer")
    for item in deliveries.deliveries:
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
