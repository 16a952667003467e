"""`bankimport consents`: how long consents last, and the calendar of their ends."""

from typing import Annotated

import typer

from bankimport.cli.console import AsJson, errors_shown, out, show, table
from bankimport.cli.local import ForUser, acting_as
from bankimport.clock import utc_now
from bankimport.connections.consent import feed
from bankimport.connections.overview import consents_read
from bankimport.connections.schemas import CalendarRead, ConsentList


def consents(
    calendar: Annotated[bool, typer.Option("--calendar", help="Print the secret address of your calendar.")] = False,
    renew: Annotated[
        bool, typer.Option("--renew-calendar", help="Replace the address; the old one stops working.")
    ] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List how long each consent lasts, or print the address of a calendar (.ics) of their ends."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if calendar or renew:
            address = feed.feed_address(session, owner.id, renew=renew)
            read = CalendarRead(url=address.url, created_at=address.created_at)
        else:
            consents_of_user = consents_read(session, owner.id, utc_now())
    if calendar or renew:
        show(read, as_json, lambda: out.print(read.url, soft_wrap=True))
    else:
        show(consents_of_user, as_json, lambda: _print_consents(consents_of_user))


def _print_consents(consents_of_user: ConsentList) -> None:
    if not consents_of_user.consents:
        out.print("no bank is connected yet; run `bankimport connect`")
        return
    rows = table(">connection", "bank", "state", "ends", ">days left")
    for item in consents_of_user.consents:
        ends = f"{item.ends_at:%Y-%m-%d %H:%M} UTC" if item.ends_at else "unknown"
        left = "" if item.days_left is None else str(item.days_left)
        rows.add_row(str(item.connection_id), item.bank, item.state.value, ends, left)
    out.print(rows)
