"""Walk rows with running balances as one path: where it starts and ends, and whether the bank lists it so; pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

ZERO = Decimal(0)


class ProvableRow(NamedTuple):
    """What proving needs of a booked row. `balance` is the bank's balance after it, in our sign; None: not given.

    `answer` says in which of the bank's answers it was listed, later ones are higher, and `position` where in it.
    """

    day: date
    amount: Decimal
    balance: Decimal | None
    answer: int = 0
    position: int = 0


class Path(NamedTuple):
    """A walk that uses every row once. `starts` are the balances that it may start from; it ends `total` further on.

    Rows that cancel out make a round trip, which may start at any of its balances; every other path has one start.
    """

    starts: frozenset[Decimal]
    total: Decimal

    @property
    def is_round_trip(self) -> bool:
        """Whether the rows cancel out, so that they alone do not say where the path starts."""
        return len(self.starts) > 1

    def ends(self, before: frozenset[Decimal] | None) -> frozenset[Decimal]:
        """The balances that it may end on if it starts from one of `before`; None: from any."""
        starts = self.starts if before is None else self.starts & before
        return frozenset(start + self.total for start in starts)


def path_of(rows: Sequence[ProvableRow]) -> Path | None:
    """The path that the rows make, or None when they cannot be walked as one.

    Each row is an edge from the balance before it to the one after; by Euler's rule a walk over every edge exists when
    the edges are connected and at most one balance is left once more than it is entered.
    """
    surplus: Counter[Decimal] = Counter()
    parent: dict[Decimal, Decimal] = {}

    def root(node: Decimal) -> Decimal:
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    for row in rows:
        if row.balance is None:
            return None
        before = row.balance - row.amount
        surplus[before] += 1
        surplus[row.balance] -= 1
        parent[root(before)] = root(row.balance)
    if len({root(node) for node in parent}) != 1:
        return None
    starts = [node for node, count in surplus.items() if count > 0]
    if not starts:
        return Path(frozenset(parent), ZERO)
    if len(starts) > 1 or surplus[starts[0]] > 1:
        return None
    return Path(frozenset(starts), sum((row.amount for row in rows), ZERO))


def is_only_way(rows: Sequence[ProvableRow], start: Decimal | None) -> bool:
    """Whether rows that make a path come to no balance twice, or else are that path in the order of the answers.

    Answers are read from their first row to their last or the other way round, the same for all of them. `start` is
    the balance that the path starts from, where it is known.
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
    """The sum of rows that are there twice where the others make a path, or None where that explains nothing.

    Two rows of one amount that end on one balance cannot both be true unless others lead back in between. Rows that
    make no path, but do once each of them counts once, are a block that the bank repeated.
    """
    times = Counter((row.amount, row.balance) for row in rows if row.amount)
    extra = sum((amount * (count - 1) for (amount, _), count in times.items()), ZERO)
    once = {(row.amount, row.balance): row for row in rows}
    is_repeated = len(once) < len(rows) and path_of(list(once.values())) is not None
    return extra if is_repeated else None


def balances_of(rows: Sequence[ProvableRow]) -> set[Decimal | None]:
    """Every balance that the rows start from or end on."""
    return {row.balance for row in rows} | {_before(row) for row in rows}


def _before(row: ProvableRow) -> Decimal | None:
    return None if row.balance is None else row.balance - row.amount
