"""Published facts decide only between readings of balances that the bank's own behaviour leaves equal."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bankimport.days import Days
from bankimport.proof.day_proof import Proof, each_day
from bankimport.proof.proof import prove
from bankimport.proof.readings import KnownBalance, agreements, best_reading

FIRST = date(2026, 3, 1)
DAYS = 12
HELD = [Days(FIRST, FIRST + timedelta(days=DAYS - 1))]
TODAY = FIRST + timedelta(days=DAYS + 5)
BOTH = (False, True)


def balances(
    currents: list[int], pendings: list[int], rows: list[int], known: list[int] | None = None
) -> list[KnownBalance]:
    """One balance every second day; `rows` and `known` are the sums of rows up to then."""
    return [
        KnownBalance(FIRST + timedelta(days=2 * n), Decimal(current), Decimal(pending), Decimal(dated), Decimal(then))
        for n, (current, pending, dated, then) in enumerate(zip(currents, pendings, rows, known or rows, strict=True))
    ]


@pytest.mark.parametrize(
    ("currents", "pendings", "rows", "fact", "unexplained"),
    [
        # The bank leaves pending rows out, whatever the fact says.
        ([100, 90, 70], [0, -5, -3], [0, -10, -30], False, [100, 100, 100]),
        ([100, 90, 70], [0, -5, -3], [0, -10, -30], True, [100, 100, 100]),
        # The bank counts them in, whatever the fact says.
        ([100, 85, 67], [0, -5, -3], [0, -10, -30], False, [100, 100, 100]),
        ([100, 85, 67], [0, -5, -3], [0, -10, -30], True, [100, 100, 100]),
        # Nothing was observed yet, or nothing distinguishes them: the fact decides.
        ([95], [-5], [0], False, [95]),
        ([95], [-5], [0], True, [100]),
        ([95, 85], [-5, -5], [0, -10], True, [100, 100]),
    ],
)
def test_a_fact_decides_until_the_bank_shows_what_it_does(
    currents: list[int], pendings: list[int], rows: list[int], fact: bool, unexplained: list[int]
) -> None:
    found = best_reading(balances(currents, pendings, rows), current_has_pending=fact)
    assert [item.unexplained for item in found] == unexplained


six = st.lists(st.integers(-9, 9), min_size=6, max_size=6)


@given(six, six, six, six)
def test_no_fact_prefers_a_reading_that_agrees_less_often(
    currents: list[int], pendings: list[int], rows: list[int], known: list[int]
) -> None:
    known_balances = balances(currents, pendings, rows, known)
    without, with_pending = (best_reading(known_balances, current_has_pending=fact) for fact in BOTH)
    assert agreements(without) == agreements(with_pending)


@given(six, six, six, six)
def test_no_fact_makes_a_day_balanced_that_no_balances_agree_on(
    currents: list[int], pendings: list[int], rows: list[int], known: list[int]
) -> None:
    """A day that is contradictory in every reading stays contradictory, and nothing is ever proven by sums."""
    known_balances = balances(currents, pendings, rows, known)
    for fact in BOTH:
        found = prove(HELD, [], today=TODAY, reported=best_reading(known_balances, current_has_pending=fact))
        assert Proof.PROVEN not in {item.proof for item in found}
        for day in (day for item in found if item.proof is Proof.BALANCED for day in each_day(item.days)):
            before = [item for item in known_balances if item.day < day]
            after = [item for item in known_balances if item.day > day]
            assert any(do_agree(one, other) for one in before for other in after)


def do_agree(one: KnownBalance, other: KnownBalance) -> bool:
    """Whether rows explain the difference of two balances in any reading."""
    pending = other.pending_total - one.pending_total
    sums = (other.as_dated - one.as_dated, other.as_known - one.as_known)
    return other.current - one.current in {total + counted for total in sums for counted in (0, pending)}


@given(six, st.integers(0, 4), st.integers(1, 9), st.sampled_from(BOTH))
def test_a_missing_amount_is_not_balanced_under_any_fact(
    steps: list[int], place: int, missing: int, fact: bool
) -> None:
    """Without pending rows all readings are one: the days around a missing amount are never balanced next to it."""
    sums = [sum(steps[: n + 1]) for n in range(6)]
    assume(len(set(sums)) == 6)
    currents = [100 + value + (missing if n > place else 0) for n, value in enumerate(sums)]
    reported = best_reading(balances(currents, [0] * 6, sums), current_has_pending=fact)

    proofs = prove(HELD, [], today=TODAY, reported=reported)

    day = FIRST + timedelta(days=2 * place + 1)
    assert [item.proof for item in proofs if item.days.first <= day <= item.days.last] == [Proof.BROKEN]
