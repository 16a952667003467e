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
from operator import attrgetter

from bankimport.days import ONE_DAY, Days
from bankimport.proof.chain import prove_chain
from bankimport.proof.day_proof import DayProof, Proof, ReportedBalance, Why, each_day, joined
from bankimport.proof.path import ProvableRow

MOST_DAYS_TO_AGREE = 14
_day = attrgetter("day")


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
            found = prove_chain(days, mine, latest_balances if is_newest else ())
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
        for day in each_day(item.days):
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
        for day in each_day(item.days)
    )
    return joined(found) if days else proofs


def _prove_sums(days: Days, reported: Sequence[ReportedBalance]) -> list[DayProof]:
    """Without running balances: a day is balanced if its rows explain the difference of two balances around it.

    A bank may count a row in its balance some days before or after it lists the row, and days that are fetched again
    are compared with a later balance. So a day also counts as balanced if two balances agree that together are up to
    `MOST_DAYS_TO_AGREE` days further away than the nearest ones.
    """
    proofs = []
    within = [item for item in reported if days.first <= item.day <= days.last]
    for day in each_day(days):
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
