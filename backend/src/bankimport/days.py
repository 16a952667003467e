"""Ranges of days, in the code and over HTTP, and operations on them; pure. Both ends are inclusive."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

ONE_DAY = timedelta(days=1)


class Days(NamedTuple):
    """The days from `first` to `last`, both inclusive."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def overlap(self, other: "Days") -> "Days | None":
        """The days in both, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None


class DateRange(BaseModel):
    """`Days` in their sent and stored form, as `from` and `to`."""

    model_config = ConfigDict(serialize_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @classmethod
    def of(cls, days: Days) -> "DateRange":
        """The same days."""
        return cls.model_validate({"from": days.first, "to": days.last})


def merged(ranges: Iterable[Days]) -> list[Days]:
    """The same days in as few ranges as possible, ascending; adjacent ranges are joined."""
    result: list[Days] = []
    for days in sorted(ranges):
        if result and days.first <= result[-1].last + ONE_DAY:
            result[-1] = Days(result[-1].first, max(result[-1].last, days.last))
        else:
            result.append(days)
    return result


def without(wanted: Days, held: Iterable[Days]) -> list[Days]:
    """The wanted days that are not stored, ascending."""
    missing: list[Days] = []
    first = wanted.first
    for days in merged(held):
        if days.last < first or days.first > wanted.last:
            continue
        if days.first > first:
            missing.append(Days(first, days.first - ONE_DAY))
        first = max(first, days.last + ONE_DAY)
    if first <= wanted.last:
        missing.append(Days(first, wanted.last))
    return missing


def sliced_newest_first(days: Days, most_days: int) -> Iterator[Days]:
    """Cut into ranges of at most `most_days` days, newest first; the remainder is at the old end."""
    last = days.last
    while last >= days.first:
        first = max(days.first, last - timedelta(days=most_days - 1))
        yield Days(first, last)
        last = first - ONE_DAY
