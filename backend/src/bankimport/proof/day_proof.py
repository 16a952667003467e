"""How certain it is that days are complete, and why; pure."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from bankimport.days import ONE_DAY, Days


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


def sure_days(proofs: Iterable[DayProof]) -> set[date]:
    """The days that are proven or balanced."""
    sure = (Proof.PROVEN, Proof.BALANCED)
    return {day for item in proofs if item.proof in sure for day in each_day(item.days)}


def joined(proofs: Iterable[DayProof]) -> list[DayProof]:
    """The same, neighbouring days with the same result as one."""
    found: list[DayProof] = []
    for item in proofs:
        if found and found[-1][1:] == item[1:] and found[-1].days.last + ONE_DAY == item.days.first:
            found[-1] = found[-1]._replace(days=Days(found[-1].days.first, item.days.last))
        else:
            found.append(item)
    return found


def each_day(days: Days) -> Iterable[date]:
    day = days.first
    while day <= days.last:
        yield day
        day += ONE_DAY
