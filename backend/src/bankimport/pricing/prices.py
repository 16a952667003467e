"""What TrueLayer charges: so much for each active connection a month. Prices are settings, since contracts differ.

A connection is active in a calendar month (UTC) in which its bank was read at least once; all further calls are free.
Source: support.truelayer.com, article 360002045138. A price per call is there for contracts that have one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bankimport.money import Money, parse_money
from bankimport.settings import Settings


@dataclass(frozen=True, slots=True)
class Prices:
    """What is known of the prices. A contract without a price per call has none: calls are free then."""

    connection_month: Money | None
    call: Money | None


def prices(settings: Settings) -> Prices:
    """The prices that the settings name."""
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
