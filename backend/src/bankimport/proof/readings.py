"""Choose how to read the balances that a bank reported at moments; pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from bankimport.proof.day_proof import ReportedBalance


class KnownBalance(NamedTuple):
    """A reported balance, the pending rows stored then, and two sums of the booked rows up to then.

    `as_dated` has the rows whose day had come, `as_known` the rows that were stored at that moment.
    """

    day: date
    current: Decimal
    pending_total: Decimal
    as_dated: Decimal
    as_known: Decimal


def best_reading(balances: Sequence[KnownBalance], *, current_has_pending: bool) -> list[ReportedBalance]:
    """The reported balances minus the rows up to then, in whichever of four readings agrees most often.

    A bank counts a row that it lists late either on the row's day or on the day it lists it, and pending rows or not.
    `current_has_pending`, a published fact, decides only between readings that agree equally often.
    """
    readings = [
        [
            ReportedBalance(item.day, item.current - total - (item.pending_total if has_pending else 0))
            for item, total in zip(balances, totals, strict=True)
        ]
        for totals in ([item.as_dated for item in balances], [item.as_known for item in balances])
        for has_pending in (current_has_pending, not current_has_pending)
    ]
    return max(readings, key=agreements)


def agreements(reported: Sequence[ReportedBalance]) -> int:
    """How many neighbouring balances are explained by the rows between them."""
    values: list[Decimal] = [item.unexplained for item in reported]
    return sum(left == right for left, right in pairwise(values))
