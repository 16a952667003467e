"""Prove only what follows a point behind which an account's proof cannot change; pure.

A sure point is an anchor (a group of rows that determines its own balance) with an anchor before and after it, and
nothing wrong or uncertain between the three. What follows it is judged without what comes before it, and the other way
round. So as long as the rows up to some days after it stay the same, the proof up to it stays the same too.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from bankimport.days import Days
from bankimport.proof.chain import between
from bankimport.proof.day_proof import DayProof, ReportedBalance, joined
from bankimport.proof.groups import MOST_DAYS_TOGETHER, Group, group_rows
from bankimport.proof.path import ProvableRow
from bankimport.proof.proof import prove

GROUPS_AHEAD = 2 * MOST_DAYS_TOGETHER
"""Rows are grouped with a look at the next few days that have rows; these must be settled as well."""


class SurePoint(NamedTuple):
    """The days of the anchor, and the proof of all stored days up to its last one."""

    days: Days
    proofs: tuple[DayProof, ...]


def find_sure_point(
    stored: Sequence[Days], rows: Sequence[ProvableRow], proofs: Sequence[DayProof], settled_to: date
) -> SurePoint | None:
    """The newest sure point, if the rows up to `settled_to` (inclusive) are not expected to change; None without one.

    Args:
        held: the stored days, merged and ascending.
        rows: the account's booked rows, in any order.
        proofs: what `prove` found for them, with all that is known about rejected and repeated rows.
    """
    if not stored or not all(any(row.balance is not None for row in _of(days, rows)) for days in stored):
        return None
    settled = [row for row in _of(stored[-1], rows) if row.day <= settled_to]
    groups = group_rows(settled)
    anchors = [number for number, group in enumerate(groups[:-GROUPS_AHEAD]) if group.anchor is not None]
    for first, point, last in reversed(list(zip(anchors, anchors[1:], anchors[2:], strict=False))):
        days = groups[point].days
        if (
            _is_whole(groups, first, point)
            and _is_whole(groups, point, last)
            and group_rows([row for row in settled if row.day >= days.first])[0] == groups[point]
        ):
            return SurePoint(days, tuple(_up_to(days.last, proofs)))
    return None


def prove_from(
    point: SurePoint,
    stored: Sequence[Days],
    rows: Sequence[ProvableRow],
    *,
    today: date,
    latest_balances: Collection[Decimal] = (),
    reported: Iterable[ReportedBalance] = (),
    asked_from: Collection[date] = (),
) -> list[DayProof]:
    """The proof of the stored days after a sure point, as `prove` finds it; `rows` are those from its first day on."""
    newest = Days(point.days.first, stored[-1].last)
    proofs = prove(
        [newest],
        rows,
        today=today,
        latest_balances=latest_balances,
        reported=reported,
        asked_from=asked_from,
    )
    return [
        item._replace(days=Days(max(item.days.first, point.days.last + timedelta(days=1)), item.days.last))
        for item in proofs
        if item.days.last > point.days.last
    ]


def put_together(point: SurePoint, following: Sequence[DayProof]) -> list[DayProof]:
    """The proof of all stored days."""
    return joined([*point.proofs, *following])


def _of(days: Days, rows: Sequence[ProvableRow]) -> list[ProvableRow]:
    return [row for row in rows if days.first <= row.day <= days.last]


def _is_whole(groups: Sequence[Group], left: int, right: int) -> bool:
    return between(groups[left : right + 1]) is None


def _up_to(last: date, proofs: Iterable[DayProof]) -> Iterable[DayProof]:
    for item in proofs:
        if item.days.first <= last:
            yield item._replace(days=Days(item.days.first, min(item.days.last, last)))
