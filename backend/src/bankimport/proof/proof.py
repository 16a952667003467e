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

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from bankimport.days import ONE_DAY, Days
from bankimport.proof.groups import Group, group_rows, known_starts
from bankimport.proof.path import ZERO, ProvableRow, balances_of, is_only_way, repeated_total

MOST_DAYS_TO_AGREE = 14


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
    REPEATED_ROWS = "repeated_rows"
    REJECTED_ROWS = "rejected_rows"


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


def with_rejected(proofs: list[DayProof], dated: Collection[date], undated: Collection[date]) -> list[DayProof]:
    """The same, with no day shown as complete whose answer had rows that could not be read.

    `dated` are the days of rejected rows. `undated` are the days of answers with a rejected row that names no day:
    there the balances decide, since they show whether it is missing.
    """
    if not dated and not undated:
        return proofs
    found: list[DayProof] = []
    for item in proofs:
        for day in _each(item.days):
            current = item._replace(days=Days(day, day))
            if day in dated:
                proof = Proof.BROKEN if item.proof is Proof.BROKEN else Proof.UNPROVABLE
                current = current._replace(proof=proof, why=Why.REJECTED_ROWS)
            elif day in undated and item.proof is Proof.UNPROVABLE:
                current = current._replace(why=Why.REJECTED_ROWS)
            found.append(current)
    return _joined(found)


def with_repeated(proofs: list[DayProof], days: Collection[date]) -> list[DayProof]:
    """The same, where `days` hold rows that the bank repeated and that were stored once: without balances a doubt."""
    found = (
        item._replace(days=Days(day, day), why=Why.REPEATED_ROWS)
        if day in days and item.proof is Proof.UNPROVABLE and item.why is not Why.REJECTED_ROWS
        else item._replace(days=Days(day, day))
        for item in proofs
        for day in _each(item.days)
    )
    return _joined(found) if days else proofs


def sure_days(proofs: Iterable[DayProof]) -> set[date]:
    """The days that are proven or balanced."""
    sure = (Proof.PROVEN, Proof.BALANCED)
    return {day for item in proofs if item.proof in sure for day in _each(item.days)}


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
    """Prove days by running balances.

    Only anchors are sure by themselves: groups whose rows say where they start. A round trip may start at several
    balances, so that a lack beside it may as well lie on its other side: what lies between two anchors is judged as a
    whole, and nothing confirms what lies before the first or after the last one.
    """
    groups = group_rows(rows)
    states: dict[date, DayProof] = {}

    def mark(item: DayProof) -> None:
        for day in _each(item.days):
            if day not in states or states[day].proof is not Proof.BROKEN:
                states[day] = item._replace(days=Days(day, day))

    mark(DayProof(days, Proof.PROVEN))
    for group, start in zip(groups, known_starts(groups), strict=True):
        if group.path is not None and not is_only_way(group.rows, start):
            mark(DayProof(group.days, Proof.BALANCED))
    anchors = [number for number, group in enumerate(groups) if group.anchor is not None]
    # Also where the first row starts from nothing: the bank may keep back earlier rows that came to nothing.
    last = groups[anchors[0]].days.last if anchors else days.last
    mark(DayProof(Days(days.first, last), Proof.UNPROVABLE, Why.NO_EARLIER_BALANCE))
    for item in _before_first(groups[: anchors[0] + 1] if anchors else groups):
        mark(item)
    ending = _after_last(groups[anchors[-1] :], days.last, latest_balances) if anchors else []
    faults = [(left, right, _between(groups[left : right + 1])) for left, right in pairwise(anchors)]
    for item in [*ending, *_explained(groups, faults, is_end_sure=bool(anchors) and not ending)]:
        mark(item)
    return [states[day] for day in _each(days)]


def _explained(
    groups: Sequence[Group], faults: Sequence[tuple[int, int, DayProof | None]], *, is_end_sure: bool
) -> list[DayProof]:
    """The faults between anchors, each with what is missing only where that is sure.

    A row that is missing from a round trip, or doubled in it, leaves a path that starts and ends elsewhere on it. Its
    neighbours meet at a balance that it comes to, and only together do the gaps on both its sides say what is missing.
    """
    found: list[DayProof] = []
    cut: DayProof | None = None
    for number, (left, right, fault) in enumerate(faults):
        if fault is None or fault.why is not Why.GAP:
            found += [] if fault is None else [fault]
            cut = None
            continue
        opening, closing = _end_of(groups[left]), groups[right].anchor
        if cut is not None and closing == _end_of(groups[faults[number - 1][0]]):
            both = Days(cut.days.first, fault.days.last)
            found[-1] = DayProof(both, Proof.BROKEN, Why.GAP, -groups[left].total, both)
            cut = None
            continue
        is_first, is_last = number == 0, number == len(faults) - 1
        cut = fault if opening in balances_of(groups[right].rows) else None
        is_unsure = is_first and closing in balances_of(groups[left].rows)
        is_unsure = is_unsure or (is_last and cut is not None and not is_end_sure)
        found.append(fault._replace(missing=None) if is_unsure else fault)
    return found


def _between(around: Sequence[Group]) -> DayProof | None:
    """What is wrong, or not sure, between two anchors, the first and the last of these groups."""
    left, *inner, right = around
    opening, closing = _end_of(left), right.anchor
    assert opening is not None
    assert closing is not None
    torn = [number for number, group in enumerate(inner) if group.path is None]
    if torn:
        middle = inner[torn[0] : torn[-1] + 1]
        missing = closing - opening - sum((group.total for group in middle), ZERO)
        if _continued([*inner[: torn[-1] + 1]], opening) and _continued(inner[torn[-1] + 1 :], closing):
            return _judged(middle, missing)
    else:
        missing = closing - opening
        # A lack moves every round trip behind it, so that it may lie before or behind those that either balance fits.
        places = [
            place
            for place in range(len(inner) + 1)
            if _continued(inner[:place], opening) and _continued(inner[place:], closing)
        ]
        if places and missing == ZERO:
            return None
        if places:
            return _gap(around[places[0]], around[places[-1] + 1], missing)
    return _gap(left, right, missing or None)


def _before_first(groups: Sequence[Group]) -> list[DayProof]:
    """What is wrong before the first anchor, which is the last of these groups if there is one."""
    found = [_judged([group], None) for group in groups if group.path is None]
    anchor = groups[-1].anchor if groups else None
    if anchor is None:
        return found
    for group in reversed(groups[:-1]):
        if group.path is None:
            break
        if not group.may_start_from(anchor):
            return [*found, _gap(group, groups[-1], None)]
    return found


def _after_last(groups: Sequence[Group], last: date, latest_balances: Collection[Decimal]) -> list[DayProof]:
    """What is wrong after the last anchor, the first of these groups, or not confirmed by what the account holds."""
    ending = _end_of(groups[0])
    assert ending is not None
    found: list[DayProof] = []
    whole = next((number for number, group in enumerate(groups) if group.path is None), len(groups))
    odd = next((number for number in range(1, whole) if not groups[number].may_start_from(ending)), None)
    if whole < len(groups) or odd is not None or ending not in latest_balances:
        # Round trips that could start from something else as well may hide a lack before them.
        since = len(groups) - 1
        common: frozenset[Decimal] | None = None
        while since and groups[since].path is not None:
            path = groups[since].path
            assert path is not None
            common = path.starts if common is None else common & path.starts
            if not common - {ending}:
                break
            since -= 1
        since = 0 if whole < len(groups) else since
        found.append(DayProof(Days(groups[since].days.first, last), Proof.UNPROVABLE, Why.NO_LATER_BALANCE))
    if odd is not None:
        found.append(_gap(groups[0], groups[odd], None))
    return [*found, *(_judged([group], None) for group in groups if group.path is None)]


def _end_of(group: Group) -> Decimal | None:
    return None if group.anchor is None else group.anchor + group.total


def _continued(groups: Sequence[Group], balance: Decimal) -> bool:
    """Whether each round trip among the groups can start from the balance that those before it come to."""
    for group in groups:
        if group.path is not None and not group.may_start_from(balance):
            return False
        balance += group.total
    return True


def _gap(left: Group, right: Group, missing: Decimal | None) -> DayProof:
    days = Days(left.days.last, right.days.first)
    return DayProof(days, Proof.BROKEN, Why.GAP, missing, days)


def _judged(torn: Sequence[Group], missing: Decimal | None) -> DayProof:
    """Neighbouring groups of which the outer ones make no path, by what their rows lack; None: nothing says so."""
    days = Days(torn[0].days.first, torn[-1].days.last)
    if not any(group.has_balances for group in torn if group.path is None):
        if missing is None:
            return DayProof(days, Proof.UNPROVABLE, Why.ROWS_WITHOUT_BALANCE)
        if missing == ZERO:
            return DayProof(days, Proof.BALANCED)
        return DayProof(days, Proof.BROKEN, Why.SUM_DIFFERS, missing, days)
    repeated = repeated_total([row for group in torn for row in group.rows])
    if repeated is not None and missing in (None, -repeated):
        return DayProof(days, Proof.BROKEN, Why.REPEATED_ROWS, missing, days)
    why = Why.SUM_DIFFERS if missing else Why.CHAIN_BROKEN
    return DayProof(days, Proof.BROKEN, why, missing, days)


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


def _closed(proofs: Sequence[DayProof], today: date) -> list[DayProof]:
    """The same with days that are not over marked so, and neighbours that stand the same joined."""
    return _joined(
        DayProof(item.days, Proof.UNPROVABLE, Why.NOT_OVER) if item.days.first >= today else item for item in proofs
    )


def _joined(proofs: Iterable[DayProof]) -> list[DayProof]:
    joined: list[DayProof] = []
    for item in proofs:
        if joined and joined[-1][1:] == item[1:]:
            joined[-1] = joined[-1]._replace(days=Days(joined[-1].days.first, item.days.last))
        else:
            joined.append(item)
    return joined


def _each(days: Days) -> Iterable[date]:
    day = days.first
    while day <= days.last:
        yield day
        day += ONE_DAY
