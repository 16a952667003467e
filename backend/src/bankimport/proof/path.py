"""Walk rows with running balances as one path: where it starts and ends, and whether the bank's order agrees; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

ZERO = Decimal(0)


class ProvableRow(NamedTuple):
    """What the proof needs from a booked row. `balance` is the bank's balance after it, in our sign; None if not given.

    `answer` identifies the bank's answer that listed it (later answers are higher); `position` is its index there.
    """

    day: date
    amount: Decimal
    balance: Decimal | None
    answer: int = 0
    position: int = 0


class Path(NamedTuple):
    """A walk that uses every row once. `starts` are its possible starting balances; its end is `total` further.

    Rows that cancel out form a round trip, which may start at any of its balances. Every other path has one start.
    """

    starts: frozenset[Decimal]
    total: Decimal

    @property
    def is_round_trip(self) -> bool:
        """Whether the rows cancel out, so that the rows alone do not determine the start."""
        return len(self.starts) > 1

    def ends(self, before: frozenset[Decimal] | None) -> frozenset[Decimal]:
        """The possible end balances when the path starts from one of `before`; None means any start."""
        starts = self.starts if before is None else self.starts & before
        return frozenset(start + self.total for start in starts)


class Walk:
    """Rows that are added one after the other, and whether all of them so far can be walked as one path.

    Each row is an edge from the balance before it to the balance after it. By Euler's rule a walk over every edge
    exists if the edges are connected and at most one balance is left once more often than it is entered.
    """

    def __init__(self) -> None:
        self._surplus: Counter[Decimal] = Counter()
        self._starts: set[Decimal] = set()
        self._parent: dict[Decimal, Decimal] = {}
        self._pieces = 0
        self._total = ZERO
        self._has_balances = True

    def add(self, rows: Iterable[ProvableRow]) -> None:
        """Add these rows."""
        for row in rows:
            self._total += row.amount
            if row.balance is None:
                self._has_balances = False
                continue
            before = row.balance - row.amount
            self._count(before, 1)
            self._count(row.balance, -1)
            left, right = self._root(before), self._root(row.balance)
            if left != right:
                self._parent[left] = right
                self._pieces -= 1

    def path(self) -> Path | None:
        """The path that the rows form, or None if they cannot be walked as one."""
        if not self._has_balances or self._pieces != 1:
            return None
        if not self._starts:
            return Path(frozenset(self._parent), ZERO)
        if len(self._starts) > 1 or any(self._surplus[start] > 1 for start in self._starts):
            return None
        return Path(frozenset(self._starts), self._total)

    def _count(self, node: Decimal, change: int) -> None:
        self._surplus[node] += change
        if self._surplus[node] > 0:
            self._starts.add(node)
        else:
            self._starts.discard(node)

    def _root(self, node: Decimal) -> Decimal:
        parent = self._parent
        if node not in parent:
            parent[node] = node
            self._pieces += 1
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node


def path_of(rows: Iterable[ProvableRow]) -> Path | None:
    """The path that the rows form, or None if they cannot be walked as one."""
    walk = Walk()
    walk.add(rows)
    return walk.path()


def is_only_way(rows: Sequence[ProvableRow], start: Decimal | None) -> bool:
    """Whether the path of these rows visits no balance twice, or else follows the order of the answers.

    Answers may be read first row to last or last to first, but all of them the same way. `start` is the balance that
    the path starts from, if known.
    """
    moving = [row for row in rows if row.amount]
    if not moving or len(balances_of(moving)) == len(moving) + 1:
        return True
    return any(
        start in (None, _before(listed[0])) and all(left.balance == _before(right) for left, right in pairwise(listed))
        for listed in (
            sorted(moving, key=lambda row: (row.answer, row.position)),
            sorted(moving, key=lambda row: (row.answer, -row.position)),
        )
    )


def repeated_total(rows: Sequence[ProvableRow]) -> Decimal | None:
    """The sum of rows that appear twice, if the rows form a path without the repeats; None if that explains nothing.

    Two rows with the same amount and the same balance after them cannot both be real unless other rows lead back in
    between. Rows that form a path only when each is counted once are a block that the bank repeated.
    """
    times = Counter((row.amount, row.balance) for row in rows if row.amount)
    extra = sum((amount * (count - 1) for (amount, _), count in times.items()), ZERO)
    once = {(row.amount, row.balance): row for row in rows}
    is_repeated = len(once) < len(rows) and path_of(list(once.values())) is not None
    return extra if is_repeated else None


def balances_of(rows: Sequence[ProvableRow]) -> set[Decimal | None]:
    """Every balance that a row starts from or ends on."""
    return {row.balance for row in rows} | {_before(row) for row in rows}


def _before(row: ProvableRow) -> Decimal | None:
    return None if row.balance is None else row.balance - row.amount
