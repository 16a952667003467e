"""Prove from balances that an account's days are whole: opening + rows = closing, row by row where it can be; pure.

A row with a running balance says what the balance was before it (balance - amount) and after it. The rows of a day are
whole when they can be walked as one path, each row starting where another ended, from the balance that the day before
ended on to the one that the next day starts from. No order is assumed: banks list newest first, oldest first, and with
times of midnight, so a path that uses every row once is looked for. A row that is missing, doubled or altered breaks it
and the difference says by how much.

Where rows come to the same balance twice they could be walked in several ways, and rows that cancel out could be
missing or doubled among them. Then the order in which the bank listed them decides, read either way: rows that are a
path but not in that order are balanced, not proven. What cannot be seen: missing rows that cancel out one right after
another.

Nothing is ever added to make a sum come out.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from bankimport.days import ONE_DAY, Days

MOST_DAYS_TOGETHER = 5
"""Banks that date rows by purchase and chain them by booking mix neighbouring days: so many are proved as one."""

MOST_DAYS_TO_AGREE = 14

ZERO = Decimal(0)


class Proof(StrEnum):
    """How sure it is that a day's rows are whole.

    `proven`: each row continues the balance of another, and both ends meet their neighbours. `balanced`: the sum of
    the rows is the difference of two balances, which does not tell whether rows that cancel out are missing or doubled.
    `broken`: it is not. `unprovable`: there is nothing to prove it with.
    """

    PROVEN = "proven"
    BALANCED = "balanced"
    UNPROVABLE = "unprovable"
    BROKEN = "broken"


class Why(StrEnum):
    """Why days cannot be proved, or what is wrong with them."""

    NO_BALANCES = "no_balances"
    NO_EARLIER_BALANCE = "no_earlier_balance"
    NO_LATER_BALANCE = "no_later_balance"
    ROWS_WITHOUT_BALANCE = "rows_without_balance"
    NOT_OVER = "not_over"
    NOT_HELD = "not_held"
    MAYBE_CUT_OFF = "maybe_cut_off"
    GAP = "gap"
    CHAIN_BROKEN = "chain_broken"
    SUM_DIFFERS = "sum_differs"


class ProvableRow(NamedTuple):
    """What proving needs of a booked row. `balance` is the bank's balance after it, in our sign; None: not given.

    `answer` says in which of the bank's answers it was listed, later ones are higher, and `position` where in it.
    """

    day: date
    amount: Decimal
    balance: Decimal | None
    answer: int = 0
    position: int = 0


class ToldBalance(NamedTuple):
    """What the bank said the account held at a moment of that day, less all the rows that had happened by then.

    While the rows are whole this stays the same from one moment to the next, however much is spent.
    """

    day: date
    unexplained: Decimal


class DayProof(NamedTuple):
    """Days that stand the same. `missing` is what the rows lack, as an amount; `refetch` the days that may hold it."""

    days: Days
    proof: Proof
    why: Why | None = None
    missing: Decimal | None = None
    refetch: Days | None = None


class _Group(NamedTuple):
    """Rows of neighbouring days that are walked together, and the balances their path starts from and ends on."""

    days: Days
    rows: tuple[ProvableRow, ...]
    ends: tuple[Decimal, Decimal] | None
    has_balances: bool

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), ZERO)

    @property
    def starts_from(self) -> Decimal | None:
        return None if self.ends is None else self.ends[0]

    @property
    def ends_on(self) -> Decimal | None:
        return None if self.ends is None else self.ends[1]


def prove(
    held: Sequence[Days],
    rows: Sequence[ProvableRow],
    *,
    today: date,
    latest_balances: Collection[Decimal] = (),
    told: Iterable[ToldBalance] = (),
    asked_from: Collection[date] = (),
) -> list[DayProof]:
    """How sure each held day is, ascending; days that are not held are left out.

    Args:
        held: the days whose answers were stored, merged and ascending.
        rows: the account's booked rows, in any order.
        today: this day and later ones are not over, so that they are never proved; their rows are evidence.
        latest_balances: what the account may hold now in our sign: banks count pending rows in, or do not.
        told: in the order of time; for accounts without running balances.
        asked_from: the days with which answers began, to tell whether the newest days were asked for by themselves.
    """
    proofs: list[DayProof] = []
    moments = list(told)
    for days in held:
        mine = sorted((row for row in rows if days.first <= row.day <= days.last), key=lambda row: row.day)
        is_newest = days is held[-1]
        if any(row.balance is not None for row in mine):
            found = _prove_chain(days, mine, latest_balances if is_newest else ())
            if is_newest and latest_balances:
                found = _ask_for_the_end(found, mine[-1].day, today, asked_from)
        else:
            found = _prove_sums(days, moments)
        proofs += _closed(found, today)
    return proofs


def balances_around(rows: Sequence[ProvableRow], day: date) -> tuple[Days, Decimal | None, Decimal | None]:
    """The days that are proved together with `day`, and the balances that the rows of these days lie between.

    The first is what the rows before end on, the second what the day's own rows end on, or else what the later ones
    start from; None where no row tells. Give the rows of one held stretch.
    """
    groups = _linked(_by_day(sorted(rows, key=lambda row: row.day)))
    before = [group for group in groups if group.days.last < day]
    within = next((group for group in groups if group.days.first <= day <= group.days.last), None)
    after = [group for group in groups if group.days.first > day]
    ended = before[-1].ends_on if before else None
    starting = after[0].starts_from if after else None
    if within is None:
        balance = ended if ended is not None else starting
        return Days(day, day), balance, balance
    opening = ended if ended is not None else within.starts_from
    closing = within.ends_on if within.ends_on is not None else starting
    return within.days, opening, closing


def _prove_sums(days: Days, told: Sequence[ToldBalance]) -> list[DayProof]:
    """Without running balances: a day is balanced where the rows explain the difference of two balances around it.

    A bank may count a row in its balance some days before or after it lists it, and what is fetched again is held
    against a later balance, so that a day also counts as balanced when two balances agree that lie, together, up to
    `MOST_DAYS_TO_AGREE` days further out than the nearest ones.
    """
    proofs = []
    within = [item for item in told if days.first <= item.day <= days.last]
    for day in _each(days):
        before = [item for item in within if item.day < day]
        after = [item for item in within if item.day > day]
        only = Days(day, day)
        if not before or not after:
            proofs.append(DayProof(only, Proof.UNPROVABLE, Why.NO_BALANCES))
        elif _agree(before, after):
            proofs.append(DayProof(only, Proof.BALANCED))
        else:
            missing = after[0].unexplained - before[-1].unexplained
            around = Days(before[-1].day, after[0].day)
            proofs.append(DayProof(only, Proof.BROKEN, Why.SUM_DIFFERS, missing, around))
    return proofs


def _agree(before: Sequence[ToldBalance], after: Sequence[ToldBalance]) -> bool:
    furthest = timedelta(MOST_DAYS_TO_AGREE)
    nearest = after[0].day - before[-1].day
    near_before = [item for item in before if before[-1].day - item.day <= furthest]
    near_after = [item for item in after if item.day - after[0].day <= furthest]
    return any(
        earlier.unexplained == later.unexplained and later.day - earlier.day <= nearest + furthest
        for earlier in near_before
        for later in near_after
    )


def _prove_chain(days: Days, rows: Sequence[ProvableRow], latest_balances: Collection[Decimal]) -> list[DayProof]:
    groups = _linked(_by_day(rows))
    states: dict[date, DayProof] = {}

    def mark(first: date, last: date, proof: DayProof) -> None:
        for day in _each(Days(first, last)):
            if day not in states or states[day].proof is not Proof.BROKEN:
                states[day] = proof._replace(days=Days(day, day))

    mark(days.first, days.last, DayProof(days, Proof.PROVEN))
    for group in groups:
        if group.ends is not None and not is_only_way(group.rows):
            mark(group.days.first, group.days.last, DayProof(group.days, Proof.BALANCED))
    whole = [group for group in groups if group.ends is not None]
    # Also where the first row starts from nothing: the bank may keep back earlier rows that came to nothing.
    last = whole[0].days.last if whole else days.last
    mark(days.first, last, DayProof(days, Proof.UNPROVABLE, Why.NO_EARLIER_BALANCE))
    if whole and (whole[-1] is not groups[-1] or whole[-1].ends_on not in latest_balances):
        mark(whole[-1].days.first, days.last, DayProof(days, Proof.UNPROVABLE, Why.NO_LATER_BALANCE))
    for number, group in enumerate(groups):
        before = groups[number - 1].ends_on if number else None
        after = groups[number + 1].starts_from if number + 1 < len(groups) else None
        if group.ends is None:
            mark(group.days.first, group.days.last, _judged(group, before, after))
        elif before is not None and before != group.starts_from:
            gap = Days(groups[number - 1].days.last, group.days.first)
            mark(gap.first, gap.last, DayProof(gap, Proof.BROKEN, Why.GAP, group.ends[0] - before, gap))
    return [states[day] for day in _each(days)]


def _ask_for_the_end(
    proofs: list[DayProof], newest_row: date, today: date, asked_from: Collection[date]
) -> list[DayProof]:
    """The same, where the account holds something else than after its newest row, with the days since then to ask for.

    A bank that ends its answers after so many rows, oldest first, leaves out the newest. Whether it did, or whether it
    only lists late what its balance counts already, tells an answer that begins with these days; once there was one,
    nothing more is to be done but wait.
    """
    since = Days(newest_row, proofs[-1].days.last)
    if newest_row >= today - ONE_DAY or any(first >= newest_row for first in asked_from):
        return proofs
    if any(item.proof is Proof.BROKEN and item.days.last >= newest_row for item in proofs):
        return proofs
    return [
        item._replace(why=Why.MAYBE_CUT_OFF, refetch=since) if item.why is Why.NO_LATER_BALANCE else item
        for item in proofs
    ]


def _judged(group: _Group, before: Decimal | None, after: Decimal | None) -> DayProof:
    """A group whose rows make no path, by the balances that its neighbours end on and start from."""
    if before is None or after is None:
        if not group.has_balances:
            return DayProof(group.days, Proof.UNPROVABLE, Why.ROWS_WITHOUT_BALANCE)
        return DayProof(group.days, Proof.BROKEN, Why.CHAIN_BROKEN, None, group.days)
    missing = after - before - group.total
    if missing == ZERO and not group.has_balances:
        return DayProof(group.days, Proof.BALANCED)
    why = Why.CHAIN_BROKEN if missing == ZERO else Why.SUM_DIFFERS
    return DayProof(group.days, Proof.BROKEN, why, missing, group.days)


def _by_day(rows: Sequence[ProvableRow]) -> list[_Group]:
    days: dict[date, list[ProvableRow]] = {}
    for row in rows:
        days.setdefault(row.day, []).append(row)
    return [_group(items, None) for _, items in sorted(days.items())]


def _group(rows: Sequence[ProvableRow], expected: Decimal | None) -> _Group:
    return _Group(
        days=Days(rows[0].day, rows[-1].day),
        rows=tuple(rows),
        ends=path_ends(rows, expected),
        has_balances=all(row.balance is not None for row in rows),
    )


def _linked(groups: list[_Group]) -> list[_Group]:
    """Join neighbouring days where only together they make a path that meets both neighbours.

    Neighbouring days that make none at all are joined too, so that their sum can be held against what encloses them.
    """
    linked: list[_Group] = []
    number = 0
    while number < len(groups):
        expected = linked[-1].ends_on if linked else None
        group = _group(groups[number].rows, expected)
        taken = 1
        after = groups[number + 1].starts_from if number + 1 < len(groups) else None
        if not _meets(group, expected, after):
            for size in range(2, MOST_DAYS_TOGETHER + 1):
                together = groups[number : number + size]
                if len(together) < size or together[-1].days.last - group.days.first > timedelta(MOST_DAYS_TOGETHER):
                    break
                joined = _group([row for item in together for row in item.rows], expected)
                following = groups[number + size].starts_from if number + size < len(groups) else None
                if joined.ends is not None and _meets(joined, expected, following):
                    group, taken = joined, size
                    break
        if group.ends is None and linked and linked[-1].ends is None:
            group = _group([*linked.pop().rows, *group.rows], None)
        linked.append(group)
        number += taken
    return linked


def _meets(group: _Group, before: Decimal | None, after: Decimal | None) -> bool:
    """Whether the group is a path that starts from `before` and ends where the next one starts, as far as is known."""
    if group.ends is None:
        return False
    return before in (None, group.ends[0]) and after in (None, group.ends[1])


def path_ends(rows: Sequence[ProvableRow], expected: Decimal | None) -> tuple[Decimal, Decimal] | None:
    """The balances before the first and after the last of the rows, or None when they cannot be walked as one path.

    Where the rows end on the balance that they start from, any balance of theirs may be the start: `expected` is taken
    if it is one of them, or else the balance after the last row given.

    Each row is an edge from the balance before it to the one after; by Euler's rule a walk over every edge exists when
    the edges hang together and at most one balance is left once more than it is entered.
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
    ends = [node for node, count in surplus.items() if count < 0]
    if not starts:
        start = expected if expected is not None and expected in parent else rows[-1].balance
        assert start is not None
        return start, start
    if len(starts) > 1 or surplus[starts[0]] > 1:
        return None
    return starts[0], ends[0]


def is_only_way(rows: Sequence[ProvableRow]) -> bool:
    """Whether rows that make a path come to no balance twice, or else continue each other in the order of the answers.

    Answers are read from their first row to their last or the other way round, the same for all of them.
    """
    moving = [row for row in rows if row.amount]
    balances = {row.balance for row in moving} | {_before(row) for row in moving}
    if len(balances) == len(moving) + 1:
        return True
    return any(
        all(left.balance == _before(right) for left, right in pairwise(listed))
        for listed in (
            sorted(moving, key=lambda row: (row.answer, row.position)),
            sorted(moving, key=lambda row: (row.answer, -row.position)),
        )
    )


def _before(row: ProvableRow) -> Decimal | None:
    return None if row.balance is None else row.balance - row.amount


def _closed(proofs: Sequence[DayProof], today: date) -> list[DayProof]:
    """The same with days that are not over marked so, and neighbours that stand the same joined."""
    joined: list[DayProof] = []
    for item in proofs:
        current = item
        if item.days.first >= today:
            current = DayProof(item.days, Proof.UNPROVABLE, Why.NOT_OVER)
        if joined and joined[-1][1:] == current[1:]:
            joined[-1] = joined[-1]._replace(days=Days(joined[-1].days.first, current.days.last))
        else:
            joined.append(current)
    return joined


def _each(days: Days) -> Iterable[date]:
    day = days.first
    while day <= days.last:
        yield day
        day += ONE_DAY
