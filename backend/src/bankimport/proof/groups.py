"""Group an account's rows by days that are proved together, and find where each group's path starts; pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from bankimport.days import Days
from bankimport.proof.path import ZERO, Path, ProvableRow, path_of

MOST_DAYS_TOGETHER = 5
"""Banks that date rows by purchase and chain them by booking mix neighbouring days: so many are proved as one."""


class Group(NamedTuple):
    """Rows of neighbouring days that are walked together; `path` is None where they make none."""

    days: Days
    rows: tuple[ProvableRow, ...]
    path: Path | None
    has_balances: bool

    @property
    def total(self) -> Decimal:
        """The sum of the rows."""
        return sum((row.amount for row in self.rows), ZERO)

    @property
    def anchor(self) -> Decimal | None:
        """The balance that the path starts from, where the rows alone say so; None for a round trip or no path."""
        return None if self.path is None or self.path.is_round_trip else next(iter(self.path.starts))

    def may_start_from(self, balance: Decimal) -> bool:
        """Whether the rows make a path that can start from that balance."""
        return self.path is not None and balance in self.path.starts


def group_rows(rows: Sequence[ProvableRow]) -> list[Group]:
    """The rows of each day, joined with those of neighbouring days where only together they make a path that fits.

    Neighbouring days that make no path are joined too, so that their sum can be compared with what encloses them.
    """
    days: dict[date, list[ProvableRow]] = {}
    for row in sorted(rows, key=lambda row: row.day):
        days.setdefault(row.day, []).append(row)
    single = [_group(mine) for mine in days.values()]
    groups: list[Group] = []
    before: frozenset[Decimal] | None = None
    number = 0
    while number < len(single):
        group, ends, taken = _fitting(single, number, before)
        if group.path is None and groups and groups[-1].path is None:
            group = _group([*groups.pop().rows, *group.rows])
        groups.append(group)
        before = ends or (None if group.path is None else group.path.ends(None))
        number += taken
    return groups


def _group(rows: Sequence[ProvableRow]) -> Group:
    return Group(
        days=Days(rows[0].day, rows[-1].day),
        rows=tuple(rows),
        path=path_of(rows),
        has_balances=all(row.balance is not None for row in rows),
    )


def _fitting(
    single: Sequence[Group], number: int, before: frozenset[Decimal] | None
) -> tuple[Group, frozenset[Decimal] | None, int]:
    """The day at `number`, with as few later ones as make it fit its neighbours; its ends, and of how many days it is.

    Days that fit because the next one makes no path are joined only if more of them do not fit better. The ends are
    None where nothing fits: then it is the day alone.
    """
    first = single[number]
    found: tuple[Group, frozenset[Decimal] | None, int] = (first, None, 1)
    for size in range(1, MOST_DAYS_TOGETHER + 1):
        together = single[number : number + size]
        is_far = together[-1].days.last - first.days.first > timedelta(MOST_DAYS_TOGETHER)
        if len(together) < size or is_far:
            break
        joined = first if size == 1 else _group([row for item in together for row in item.rows])
        following = single[number + size] if number + size < len(single) else None
        after = following.path.starts if following is not None and following.path is not None else None
        ends = None if joined.path is None else joined.path.ends(before)
        if not ends or (after is not None and not ends & after):
            continue
        if size == 1 or after is not None or following is None:
            return joined, ends, size
        if found[1] is None:
            found = (joined, ends, size)
    return found


def known_starts(groups: Sequence[Group]) -> list[Decimal | None]:
    """The balance that each group's path starts from, a round trip's by its neighbours; None where nothing says so."""
    starts = [group.anchor for group in groups]
    before: Decimal | None = None
    for number, group in enumerate(groups):
        if starts[number] is None and before is not None and group.may_start_from(before):
            starts[number] = before
        start = starts[number]
        before = None if start is None else start + group.total
    for number in reversed(range(len(groups) - 1)):
        after = starts[number + 1]
        if starts[number] is None and after is not None and groups[number].may_start_from(after):
            starts[number] = after
    return starts


def balances_around(rows: Sequence[ProvableRow], day: date) -> tuple[Days, Decimal | None, Decimal | None]:
    """The days that are proved together with `day`, and the balances that the rows of these days lie between.

    The first is what the rows before end on, the second what the day's own rows end on, or else what the later ones
    start from; None where no row says so. Give the rows of one held stretch.
    """
    groups = group_rows(rows)
    starts = known_starts(groups)
    ended: Decimal | None = None
    for group, start in zip(groups, starts, strict=True):
        end = None if start is None else start + group.total
        if group.days.last < day:
            ended = end
        elif group.days.first > day:
            return Days(day, day), *((ended, ended) if ended is not None else (start, start))
        else:
            following = starts[groups.index(group) + 1 :]
            closing = end if end is not None else next(iter(following), None)
            return group.days, ended if ended is not None else start, closing
    return Days(day, day), ended, ended
