"""The proof of an account does not depend on whether it is continued from a sure point or made whole."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bankimport.days import ONE_DAY, Days
from bankimport.proof.day_proof import DayProof
from bankimport.proof.path import ProvableRow
from bankimport.proof.proof import prove
from bankimport.proof.sure_point import SurePoint, find_sure_point, prove_from, put_together

FIRST = date(2026, 3, 1)
TODAY = FIRST + timedelta(days=60)
SETTLED_TO = FIRST + timedelta(days=30)
EARLIER = Days(FIRST - timedelta(days=9), FIRST - timedelta(days=4))
AMOUNTS = (-300, -2, -1, 1, 2, 250)
"""Few and small, so that rows cancel out and days return to earlier balances."""


def chain(dice: random.Random, days: Sequence[int], opening: int) -> list[ProvableRow]:
    found: list[ProvableRow] = []
    balance = opening
    for day in days:
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            amount = dice.choice(AMOUNTS)
            balance += amount
            at = FIRST + timedelta(days=day)
            found.append(ProvableRow(at, Decimal(amount), Decimal(balance), position=len(found)))
    return found


def spoiled(dice: random.Random, rows: list[ProvableRow], times: int) -> list[ProvableRow]:
    """The rows with some of them lost, repeated, moved to the next day, changed, or without a balance."""
    found = list(rows)
    for _ in range(min(times, len(found))):
        at = dice.randrange(len(found))
        row = found[at]
        found[at : at + 1] = dice.choice(
            (
                [],
                [row, row],
                [row._replace(day=row.day + ONE_DAY)],
                [row._replace(amount=row.amount + dice.choice((1, 7)))],
                [row._replace(balance=None)],
            )
        )
        if not found:
            break
    return found


def by_day(proofs: Sequence[DayProof]) -> dict[date, DayProof]:
    found: dict[date, DayProof] = {}
    for item in proofs:
        for number in range(item.days.length):
            day = item.days.first + number * ONE_DAY
            found[day] = item._replace(days=Days(day, day))
    return found


def a_point(dice: random.Random, times: int) -> tuple[list[Days], list[ProvableRow], SurePoint | None]:
    stored = [EARLIER, Days(FIRST, FIRST + timedelta(days=49))]
    rows = spoiled(dice, chain(dice, range(-9, -4), 0) + chain(dice, range(50), 100), times)
    whole = prove(stored, rows, today=TODAY, latest_balances={Decimal(0), Decimal(100)})
    return stored, rows, find_sure_point(stored, rows, whole, SETTLED_TO)


@given(st.randoms(use_true_random=False), st.integers(0, 6), st.integers(0, 8))
def test_whatever_changes_after_the_settled_days_both_proofs_are_equal(
    dice: random.Random, times: int, changes: int
) -> None:
    stored, rows, point = a_point(dice, times)
    if point is None:
        return
    stored = [*stored[:-1], Days(FIRST, FIRST + timedelta(days=dice.randint(49, 59)))]
    later = [row for row in rows if row.day > SETTLED_TO]
    end = rows[-1].balance or Decimal(0)
    more = chain(dice, range(dice.randint(31, 50), 60), int(end) + dice.choice((0, 0, 5)))
    now = [row for row in rows if row.day <= SETTLED_TO] + spoiled(dice, later + more, changes)
    latest = {now[-1].balance or Decimal(0)}
    asked_from = {FIRST, FIRST + timedelta(days=dice.randint(30, 59))}

    whole = prove(stored, now, today=TODAY, latest_balances=latest, asked_from=asked_from)
    since = [row for row in now if row.day >= point.days.first]
    following = prove_from(point, stored, since, today=TODAY, latest_balances=latest, asked_from=asked_from)

    assert put_together(point, following) == whole


def test_most_accounts_have_a_sure_point_near_the_settled_days() -> None:
    dice = random.Random(0)
    points = [a_point(dice, times=0)[2] for _ in range(50)]

    found = [point for point in points if point is not None]
    assert len(found) >= 45
    assert min(point.days.last for point in found) >= FIRST
    assert all(point.days.last < SETTLED_TO for point in found)
    assert all(by_day(point.proofs).keys() <= {FIRST + number * ONE_DAY for number in range(-9, 50)} for point in found)


def test_an_account_without_balances_has_none() -> None:
    rows = [ProvableRow(FIRST + number * ONE_DAY, Decimal(1), None) for number in range(50)]
    stored = [Days(FIRST, FIRST + timedelta(days=49))]

    assert find_sure_point(stored, rows, prove(stored, rows, today=TODAY), SETTLED_TO) is None
