"""What TrueLayer charges: a price per active connection and month. Prices are settings, because contracts differ.

A connection is active in a calendar month (UTC) in which its bank was read at least once; further calls are free.
Source: support.truelayer.com, article 360002045138. Contracts with a price per call can set that too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bankimport.money import Money, parse_money
from bankimport.settings import Settings


@dataclass(frozen=True, slots=True)
class Prices:
    """The known prices. Without a price per call, calls are free."""

    connection_month: Money | None
    call: Money | None


def prices(settings: Settings) -> Prices:
    """The prices given by the settings."""
    return Prices(
        connection_month=parse_money(settings.price_connection_month) if settings.price_connection_month else None,
        call=parse_money(settings.price_call) if settings.price_call else None,
    )


def month_start(moment: datetime) -> datetime:
    """The first instant of the moment's calendar month, in UTC."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month_start(moment: datetime) -> datetime:
    """The first instant of the calendar month after the moment's, in UTC."""
    first = month_start(moment)
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
