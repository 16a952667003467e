"""Prove from balances that an account's days are complete: opening + rows = closing, row by row if possible; pure.

A row with a running balance gives the balance before it (balance - amount) and after it. A day's rows are complete if
they can be walked as one path: each row starts where another ended, the path starts from the previous day's closing
balance, and it ends on the next day's opening balance. The proof assumes no order, because banks list rows newest
first, oldest first, or all at midnight; it looks for a path that uses every row once. A missing, duplicated or altered
row breaks the path, and the difference is the missing amount.

If rows reach the same balance twice, several walks are possible, and rows that cancel out could be missing or
duplicated among them. Then the bank's listing order decides, in either direction: rows that form a path but not in that
order are balanced, not proven. The proof cannot detect missing rows that cancel out one directly after another.

Nothing is ever added to make a sum come out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from bankimport.days import ONE_DAY, Days
from bankimport.proof.groups import Group, group_rows, known_starts
from bankimport.proof.path import ZERO, ProvableRow, balances_of, is_only_way, repeated_total

MOST_DAYS_TO_AGREE = 14
_day = attrgetter("day")


class Proof(StrEnum):
    """How certain it is that a day's rows are complete.

    `proven`: each row continues another row's balance, and both ends meet their neighbours. `balanced`: the sum of the
    rows equals the difference of two balances, which does not show whether rows that cancel out are missing or
    duplicated. `broken`: rows are missing or duplicated. `unprovable`: there is nothing to prove it with.
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


class ReportedBalance(NamedTuple):
    """The balance that the bank reported at a moment of that day, minus all rows that had happened by then.

    While the rows are complete, this value is the same at every moment, no matter how much is spent.
    """

    day: date
    unexplained: Decimal


class DayProof(NamedTuple):
    """Days with the same result. `missing` is the amount their rows lack; `refetch` are the days that may contain
    it."""

    days: Days
    proof: Proof
    why: Why | None = None
    missing: Decimal | None = None
    refetch: Days | None = None


def prove(
    stored: Sequence[Days],
    rows: Sequence[ProvableRow],
    *,
    today: date,
    latest_balances: Collection[Decimal] = (),
    reported: Iterable[ReportedBalance] = (),
    asked_from: Collection[date] = (),
) -> list[DayProof]:
    """How certain each stored day is, ascending; days that are not stored are left out.

    Args:
        held: the days whose answers were stored, merged and ascending.
        rows: the account's booked rows, in any order.
        today: this day and later ones are not over. They are never proved, but their rows count as evidence.
        latest_balances: possible current balances in our sign: some banks count pending rows in, others do not.
        reported: reported balances in chronological order; used for accounts without running balances.
        asked_from: first days of earlier answers; they show whether the newest days were requested on their own.
    """
    proofs: list[DayProof] = []
    moments: list[ReportedBalance] | None = None
    by_day = sorted(rows, key=_day)
    for days in stored:
        mine = by_day[bisect_left(by_day, days.first, key=_day) : bisect_right(by_day, days.last, key=_day)]
        is_newest = days is stored[-1]
        if any(row.balance is not None for row in mine):
            found = _prove_chain(days, mine, latest_balances if is_newest else ())
            if is_newest and latest_balances:
                found = _ask_for_the_end(found, mine[-1].day, today, asked_from)
        else:
            moments = list(reported) if moments is None else moments
            found = _prove_sums(days, moments)
        proofs += _closed(found, today)
    return proofs


def with_rejected(proofs: list[DayProof], dated: Collection[date], undated: Collection[date]) -> list[DayProof]:
    """The same proofs, but days whose answers had unreadable rows are not shown as complete.

    `dated` are the days of rejected rows. `undated` are the days of answers with a rejected row that has no date: their
    balances decide, because they show whether the row is missing.
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
    return joined(found)


def with_repeated(proofs: list[DayProof], days: Collection[date]) -> list[DayProof]:
    """The same, but without balances `days` are doubtful: the bank repeated rows there, and we stored them once."""
    found = (
        item._replace(days=Days(day, day), why=Why.REPEATED_ROWS)
        if day in days and item.proof is Proof.UNPROVABLE and item.why is not Why.REJECTED_ROWS
        else item._replace(days=Days(day, day))
        for item in proofs
        for day in _each(item.days)
    )
    return joined(found) if days else proofs


def sure_days(proofs: Iterable[DayProof]) -> set[date]:
    """The days that are proven or balanced."""
    sure = (Proof.PROVEN, Proof.BALANCED)
    return {day for item in proofs if item.proof in sure for day in _each(item.days)}


def _prove_sums(days: Days, reported: Sequence[ReportedBalance]) -> list[DayProof]:
    """Without running balances: a day is balanced if its rows explain the difference of two balances around it.

    A bank may count a row in its balance some days before or after it lists the row, and days that are fetched again
    are compared with a later balance. So a day also counts as balanced if two balances agree that together are up to
    `MOST_DAYS_TO_AGREE` days further away than the nearest ones.
    """
    proofs = []
    within = [item for item in reported if days.first <= item.day <= days.last]
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


def _agree(before: Sequence[ReportedBalance], after: Sequence[ReportedBalance]) -> bool:
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

    Only anchors are certain by themselves: groups whose rows determine where they start. A round trip may start at
    several balances, so an amount missing next to it may be on its other side. The stretch between two anchors is
    therefore judged as a whole, and nothing confirms the days before the first anchor or after the last one.
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
    # Also when the first row starts from zero: the bank may withhold earlier rows that added up to zero.
    last = groups[anchors[0]].days.last if anchors else days.last
    mark(DayProof(Days(days.first, last), Proof.UNPROVABLE, Why.NO_EARLIER_BALANCE))
    for item in _before_first(groups[: anchors[0] + 1] if anchors else groups):
        mark(item)
    ending = _after_last(groups[anchors[-1] :], days.last, latest_balances) if anchors else []
    faults = [(left, right, between(groups[left : right + 1])) for left, right in pairwise(anchors)]
    for item in [*ending, *_explained(groups, faults, is_end_sure=bool(anchors) and not ending)]:
        mark(item)
    return [states[day] for day in _each(days)]


def _explained(
    groups: Sequence[Group], faults: Sequence[tuple[int, int, DayProof | None]], *, is_end_sure: bool
) -> list[DayProof]:
    """The faults between anchors, each with the missing amount only if that is certain.

    If a row is missing from a round trip, or duplicated in it, the remaining path starts and ends elsewhere on it. Its
    neighbours then meet at one of its balances, and only the gaps on both sides together give the missing amount.
    """
    proofs: list[DayProof] = []
    cut: DayProof | None = None
    for number, (left, right, fault) in enumerate(faults):
        if fault is None or fault.why is not Why.GAP:
            proofs += [] if fault is None else [fault]
            cut = None
            continue
        opening, closing = _end_of(groups[left]), groups[right].anchor
        if cut is not None and closing == _end_of(groups[faults[number - 1][0]]):
            both = Days(cut.days.first, fault.days.last)
            proofs[-1] = DayProof(both, Proof.BROKEN, Why.GAP, -groups[left].total, both)
            cut = None
            continue
        is_first, is_last = number == 0, number == len(faults) - 1
        cut = fault if opening in balances_of(groups[right].rows) else None
        is_unsure = is_first and closing in balances_of(groups[left].rows)
        is_unsure = is_unsure or (is_last and cut is not None and not is_end_sure)
        proofs.append(fault._replace(missing=None) if is_unsure else fault)
    return proofs


def between(around: Sequence[Group]) -> DayProof | None:
    """What is wrong or uncertain between two anchors: the first and the last of these groups."""
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
        # A missing amount shifts every round trip after it, so it may lie before or after those that fit either
        # balance. Round trips end where they start, so every one of them has to fit.
        fit_opening = _leading(inner, opening)
        fit_closing = _leading(inner[::-1], closing)
        if fit_opening + fit_closing >= len(inner):
            if missing == ZERO:
                return None
            return _gap(around[len(inner) - fit_closing], around[fit_opening + 1], missing)
    return _gap(left, right, missing or None)


def _before_first(groups: Sequence[Group]) -> list[DayProof]:
    """What is wrong before the first anchor, which is the last of these groups if there is one."""
    proofs = [_judged([group], None) for group in groups if group.path is None]
    anchor = groups[-1].anchor if groups else None
    if anchor is None:
        return proofs
    for group in reversed(groups[:-1]):
        if group.path is None:
            break
        if not group.may_start_from(anchor):
            return [*proofs, _gap(group, groups[-1], None)]
    return proofs


def _after_last(groups: Sequence[Group], last: date, latest_balances: Collection[Decimal]) -> list[DayProof]:
    """What is wrong, or not confirmed by the account's balance, after the last anchor (the first of these groups)."""
    ending = _end_of(groups[0])
    assert ending is not None
    proofs: list[DayProof] = []
    whole = next((number for number, group in enumerate(groups) if group.path is None), len(groups))
    odd = next((number for number in range(1, whole) if not groups[number].may_start_from(ending)), None)
    if whole < len(groups) or odd is not None or ending not in latest_balances:
        # Round trips that could also start from another balance may hide a missing amount before them.
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
        proofs.append(DayProof(Days(groups[since].days.first, last), Proof.UNPROVABLE, Why.NO_LATER_BALANCE))
    if odd is not None:
        proofs.append(_gap(groups[0], groups[odd], None))
    return [*proofs, *(_judged([group], None) for group in groups if group.path is None)]


def _end_of(group: Group) -> Decimal | None:
    return None if group.anchor is None else group.anchor + group.total


def _continued(groups: Sequence[Group], balance: Decimal) -> bool:
    """Whether each round trip among the groups can start from the balance that the groups before it end on."""
    for group in groups:
        if group.path is not None and not group.may_start_from(balance):
            return False
        balance += group.total
    return True


def _leading(trips: Sequence[Group], balance: Decimal) -> int:
    """How many of these round trips, from the first on, can start from the balance."""
    return next((number for number, trip in enumerate(trips) if not trip.may_start_from(balance)), len(trips))


def _gap(left: Group, right: Group, missing: Decimal | None) -> DayProof:
    days = Days(left.days.last, right.days.first)
    return DayProof(days, Proof.BROKEN, Why.GAP, missing, days)


def _judged(torn: Sequence[Group], missing: Decimal | None) -> DayProof:
    """Judge neighbouring groups by what their rows lack, if the outer groups have no path; None if nothing is known."""
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
    """The same; if the account's balance differs from the one after its newest row, add the days since to `refetch`.

    A bank that cuts its answers off after a number of rows, oldest first, omits the newest rows. A bank may also list
    rows late that its balance already counts. An answer that begins with these days shows which it is; once there is
    one, the only thing left is to wait.
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
    """The same, with unfinished days marked and neighbours with the same result merged."""
    return joined(
        DayProof(item.days, Proof.UNPROVABLE, Why.NOT_OVER) if item.days.first >= today else item for item in proofs
    )


def joined(proofs: Iterable[DayProof]) -> list[DayProof]:
    """The same, neighbouring days with the same result as one."""
    found: list[DayProof] = []
    for item in proofs:
        if found and found[-1][1:] == item[1:] and found[-1].days.last + ONE_DAY == item.days.first:
            found[-1] = found[-1]._replace(days=Days(found[-1].days.first, item.days.last))
        else:
            found.append(item)
    return found


def _each(days: Days) -> Iterable[date]:
    day = days.first
    while day <= days.last:
        yield day
        day += ONE_DAY
