"""Days and ranges of days, in the code and over HTTP, and operations on them; pure. Both ends are inclusive."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field

ONE_DAY = timedelta(days=1)
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> object:
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        raise ValueError("must be a day, written as 2026-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is not a real day") from None


Day = Annotated[date, BeforeValidator(_day)]
"""A day as callers write it: only `2026-01-31`.

Pydantic itself reads a number as seconds since 1970, which is never what the writer of 20260131 meant.
"""


@dataclass(frozen=True, order=True, slots=True)
class Days:
    """The days from `first` to `last`, both inclusive. Sent and stored as `from` and `to`."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(serialize_by_alias=True)

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]

    @property
    def since(self) -> datetime:
        """The first instant, UTC."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def until(self) -> datetime:
        """The first instant after it, UTC; the last possible instant if the calendar ends with it."""
        if self.last == date.max:
            return datetime.max.replace(tzinfo=UTC)
        return datetime.combine(self.last + ONE_DAY, time(), UTC)

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def overlap(self, other: "Days") -> "Days | None":
        """The days in both, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None


def merged(ranges: Iterable[Days]) -> list[Days]:
    """The same days in as few ranges as possible, ascending; adjacent ranges are joined."""
    result: list[Days] = []
    for days in sorted(ranges):
        if result and days.first <= result[-1].last + ONE_DAY:
            result[-1] = Days(result[-1].first, max(result[-1].last, days.last))
        else:
            result.append(days)
    return result


def without(requested: Days, stored: Iterable[Days]) -> list[Days]:
    """The wanted days that are not stored, ascending."""
    missing: list[Days] = []
    first = requested.first
    for days in merged(stored):
        if days.last < first or days.first > requested.last:
            continue
        if days.first > first:
            missing.append(Days(first, days.first - ONE_DAY))
        first = max(first, days.last + ONE_DAY)
    if first <= requested.last:
        missing.append(Days(first, requested.last))
    return missing


def sliced_newest_first(days: Days, most_days: int) -> Iterator[Days]:
    """Cut into ranges of at most `most_days` days, newest first; the remainder is at the old end."""
    last = days.last
    while last >= days.first:
        first = max(days.first, last - timedelta(days=most_days - 1))
        yield Days(first, last)
        last = first - ONE_DAY
