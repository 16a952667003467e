"""Group an account's rows by days that are proved together, and find where each group's path starts; pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from bankimport.days import Days
from bankimport.proof.path import ZERO, Path, ProvableRow, Walk, path_of

MOST_DAYS_TOGETHER = 5
"""Maximum days proved as one group: banks that date rows by purchase but chain them by booking mix such days."""


class Group(NamedTuple):
    """Rows of neighbouring days that are walked together. `path` is None if they cannot be walked as one path."""

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
        """The balance the path starts from, if the rows alone determine it; None for a round trip or without a path."""
        return None if self.path is None or self.path.is_round_trip else next(iter(self.path.starts))

    def may_start_from(self, balance: Decimal) -> bool:
        """Whether the path can start from this balance; False without a path."""
        return self.path is not None and balance in self.path.starts


def group_rows(rows: Sequence[ProvableRow]) -> list[Group]:
    """The rows of each day, merged with those of neighbouring days if only together they form a path that fits.

    Neighbouring days without a path are merged too, so that their sum can be compared with the balances around them.
    """
    days: dict[date, list[ProvableRow]] = {}
    for row in sorted(rows, key=lambda row: row.day):
        days.setdefault(row.day, []).append(row)
    single = [_group(mine, path_of(mine)) for mine in days.values()]
    groups: list[Group] = []
    torn = _Torn()
    before: frozenset[Decimal] | None = None
    number = 0
    while number < len(single):
        group, ends, taken = _fitting(single, number, before)
        path = torn.add(group.rows) if group.path is None else group.path
        if path is not None:
            groups += torn.take()
            groups += [] if group.path is None else [group]
        before = ends or (None if path is None else path.ends(None))
        number += taken
    return [*groups, *torn.take()]


class _Torn:
    """Neighbouring groups without a path, merged; the walk of their rows is continued, not begun again each time."""

    def __init__(self) -> None:
        self._rows: list[ProvableRow] = []
        self._walk = Walk()

    def add(self, rows: Sequence[ProvableRow]) -> Path | None:
        """Add a group without a path; the path that all of them form together, if they do."""
        self._rows += rows
        self._walk.add(rows)
        return self._walk.path()

    def take(self) -> list[Group]:
        """The merged group, which is then empty again; nothing if it was empty."""
        rows, walk = self._rows, self._walk
        self._rows, self._walk = [], Walk()
        return [_group(rows, walk.path())] if rows else []


def _group(rows: Sequence[ProvableRow], path: Path | None) -> Group:
    return Group(
        days=Days(rows[0].day, rows[-1].day),
        rows=tuple(rows),
        path=path,
        has_balances=all(row.balance is not None for row in rows),
    )


def _joined(groups: Sequence[Group]) -> Group:
    rows = [row for group in groups for row in group.rows]
    return _group(rows, path_of(rows))


def _fitting(
    single: Sequence[Group], number: int, before: frozenset[Decimal] | None
) -> tuple[Group, frozenset[Decimal] | None, int]:
    """Take the day at `number` with as few later days as make it fit its neighbours; return its ends and day count.

    Days that fit only because the next one has no path are merged only if adding more days does not fit better. If
    nothing fits, the day is taken alone and the ends are None.
    """
    first = single[number]
    found: tuple[Group, frozenset[Decimal] | None, int] = (first, None, 1)
    for size in range(1, MOST_DAYS_TOGETHER + 1):
        together = single[number : number + size]
        is_far = together[-1].days.last - first.days.first > timedelta(MOST_DAYS_TOGETHER)
        if len(together) < size or is_far:
            break
        joined = first if size == 1 else _joined(together)
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
    """The balance each group's path starts from; None if unknown. A round trip's start comes from its neighbours."""
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
    """The days that are proved together with `day`, and the opening and closing balances of their rows.

    The opening balance is the one after the rows before. The closing balance is the one after the days' own rows, or
    else the one that later rows start from. Each is None if no row gives it. Pass the rows of one stored stretch.
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
