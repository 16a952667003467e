"""`bankimport notifications`: your notifications, the channels they are sent to, and quiet hours."""

from datetime import time
from typing import Annotated

import typer

from bankimport.cli.console import AsJson, checked, errors_shown, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.cli.notify.channels import OnlyKinds, add_channel_commands, print_channels
from bankimport.clock import utc_now
from bankimport.errors import InvalidRequest
from bankimport.notifications import repository
from bankimport.notifications.channels import channels
from bankimport.notifications.log import channel_read, notification_list
from bankimport.notifications.models import ChannelType
from bankimport.notifications.schemas import (
    ChannelList,
    ChannelRequest,
    Marked,
    NotificationList,
    QuietHours,
)

app = typer.Typer(help="Your notifications, the channels they are sent to, and quiet hours.", no_args_is_help=True)


@app.command("list")
def list_notifications(
    unread: Annotated[bool, typer.Option("--unread", help="Only unread ones.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List your notifications, newest first."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        found = notification_list(session, owner.id, unread_only=unread, limit=limit, cursor=None)
    show(found, as_json, lambda: _print_list(found))


@app.command("read")
def read(
    notification_ids: Annotated[
        list[int] | None, typer.Argument(parser=parse_id, help="Which ones; default: all.")
    ] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Mark notifications as read."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        changed = repository.mark(session, owner.id, utc_now(), notification_ids or None, None)
        left = repository.count_unread(session, owner.id)
    show(Marked(changed=changed, unread_count=left), as_json, lambda: out.print(f"{changed} marked, {left} unread"))


@app.command("channels")
def list_channels(user: ForUser = None, as_json: AsJson = False) -> None:
    """List your channels. Their addresses are stored encrypted and never shown again."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        rows = repository.channels_of(session, owner.id, ChannelType.APPRISE)
        found = ChannelList(channels=[channel_read(row) for row in rows])
    show(found, as_json, lambda: print_channels(found.channels))


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="A name of your choice.")],
    address: Annotated[
        str, typer.Option(prompt=True, hide_input=True, help="Apprise address, such as ntfys://ntfy.sh/my-topic.")
    ],
    kind: OnlyKinds = None,
    at_any_hour: Annotated[bool, typer.Option("--at-any-hour", help="Ignore quiet hours.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Add a channel by its Apprise address: mail, ntfy, Slack and many more."""
    with errors_shown(as_json):
        request = checked(
            ChannelRequest, name=name, address=address, kinds=kind or [], obeys_quiet_hours=not at_any_hour
        )
        target = channels.check_target(ChannelType.APPRISE, request.address)
        rest = request.model_dump(exclude={"address"})
        with acting_as(user) as (session, owner):
            channel, _ = channels.add_channel(session, owner.id, ChannelType.APPRISE, target, **rest)
            added = channel_read(channel)
    show(added, as_json, lambda: out.print(f"channel {added.id} added; try it: notifications test {added.id}"))


add_channel_commands(app, ChannelType.APPRISE, listed_by="notifications channels")


@app.command("quiet-hours")
def quiet_hours(
    begin: Annotated[str | None, typer.Option("--from", help="Local start time, such as 22:00.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Local end time, such as 07:00.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone, such as Europe/London.")] = "UTC",
    off: Annotated[bool, typer.Option("--off", help="No quiet hours.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show or set quiet hours; waiting notifications are sent as one digest afterwards."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if off:
            channels.set_quiet_hours(session, owner.id, None, None, zone)
        elif begin is not None or end is not None:
            request = _quiet_hours(begin, end, zone)
            channels.set_quiet_hours(session, owner.id, request.quiet_from, request.quiet_to, request.time_zone)
        found = QuietHours.of(repository.settings_of(session, owner.id))
    hours = f"{found.quiet_from:%H:%M} to {found.quiet_to:%H:%M} {found.time_zone}" if found.quiet_from else "none"
    show(found, as_json, lambda: out.print(f"quiet hours: {hours}"))


def _quiet_hours(begin: str | None, end: str | None, zone: str) -> QuietHours:
    try:
        return QuietHours(
            quiet_from=time.fromisoformat(begin or ""), quiet_to=time.fromisoformat(end or ""), time_zone=zone
        )
    except ValueError:
        raise InvalidRequest("give --from and --to as times, such as 22:00, and --zone such as Europe/London") from None


def _print_list(found: NotificationList) -> None:
    if not found.notifications:
        out.print("no notifications")
        return
    rows = table(">number", "when (UTC)", "", "what")
    for item in found.notifications:
        rows.add_row(str(item.id), f"{item.created_at:%Y-%m-%d %H:%M}", "" if item.read_at else "●", item.title)
    out.print(rows)
    out.print(f"[dim]{found.unread_count} unread[/dim]")
