"""Prove days by running balances; pure."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from bankimport.days import Days
from bankimport.proof.day_proof import DayProof, Proof, Why, each_day
from bankimport.proof.groups import Group, group_rows, known_starts
from bankimport.proof.path import ZERO, ProvableRow, balances_of, is_only_way, repeated_total


def prove_chain(days: Days, rows: Sequence[ProvableRow], latest_balances: Collection[Decimal]) -> list[DayProof]:
    """Prove days by running balances.

    Only anchors are certain by themselves: groups whose rows determine where they start. A round trip may start at
    several balances, so an amount missing next to it may be on its other side. The stretch between two anchors is
    therefore judged as a whole, and nothing confirms the days before the first anchor or after the last one.
    """
    groups = group_rows(rows)
    states: dict[date, DayProof] = {}

    def mark(item: DayProof) -> None:
        for day in each_day(item.days):
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
    return [states[day] for day in each_day(days)]


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
