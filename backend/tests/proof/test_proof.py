"""A complete record is proven, and a missing, duplicated or altered row never is."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.steps.proof import DAY, FIRST, listed, row

from bankimport.days import Days
from bankimport.proof.day_proof import DayProof, Proof, ReportedBalance, Why
from bankimport.proof.path import ProvableRow
from bankimport.proof.proof import prove, with_rejected, with_repeated

TODAY = FIRST + timedelta(days=40)
HELD = [Days(FIRST, FIRST + timedelta(days=29))]


def chain(amounts: list[tuple[int, int]], opening: int = 0) -> list[ProvableRow]:
    """Rows of (day number, pence), each with the balance after it."""
    rows, balance = [], opening
    for day, amount in sorted(amounts, key=lambda pair: pair[0]):
        balance += amount
        rows.append(ProvableRow(FIRST + timedelta(days=day), Decimal(amount) / 100, Decimal(balance) / 100))
    return rows


def balances_of(rows: list[ProvableRow]) -> set[Decimal]:
    return {rows[-1].balance} if rows and rows[-1].balance is not None else set()


def states(proofs: list[DayProof]) -> dict[date, DayProof]:
    return {item.days.first + timedelta(days=number): item for item in proofs for number in range(item.days.length)}


SURE = (Proof.PROVEN, Proof.BALANCED)
wide = st.lists(st.tuples(st.integers(0, 29), st.integers(-500, 500).filter(bool)), min_size=1, max_size=40)
# Few balances, so that rows of a day cancel out, and days return to earlier balances.
tight = st.lists(st.tuples(st.integers(0, 6), st.sampled_from([-2, -1, 1, 2])), min_size=1, max_size=16)
days_of_rows = wide | tight


@given(days_of_rows, st.randoms(use_true_random=False))
@example([(0, 1), (0, 1), (1, 1), (1, -1)], random.Random(0))
@example([(0, 1), (0, 1), (1, 1), (1, -1)], random.Random(1))
@example([(0, 1), (0, -1), (1, 1), (1, -1), (2, 1), (3, 1), (3, -1)], random.Random(2))
def test_a_complete_record_is_proven_in_any_listing_order(amounts: list[tuple[int, int]], dice: random.Random) -> None:
    rows = chain(amounts)
    cut = dice.randint(0, len(rows))
    for oldest_first in (True, False):
        answers = [listed(part, answer, oldest_first) for answer, part in enumerate((rows[:cut], rows[cut:]))]
        shuffled = dice.sample([*answers[0], *answers[1]], len(rows))

        found = states(prove(HELD, shuffled, today=TODAY, latest_balances=balances_of(rows)))

        assert {day for day, item in found.items() if item.proof is Proof.PROVEN} == provable_days(rows)
        assert {item.why for item in found.values()} <= {None, Why.NO_EARLIER_BALANCE}
    anyhow = [row._replace(position=place) for place, row in enumerate(dice.sample(rows, len(rows)))]
    found = states(prove(HELD, anyhow, today=TODAY, latest_balances=balances_of(rows)))
    assert {day for day, item in found.items() if item.proof in SURE} == provable_days(rows)


def provable_days(rows: list[ProvableRow]) -> set[date]:
    """The days after the first one whose rows do not cancel out: only its balances determine where the record
    starts."""
    totals = Counter[date]()
    for item in rows:
        totals[item.day] += int(item.amount * 100)
    first = min((day for day, total in totals.items() if total), default=HELD[0].last)
    return {first + timedelta(days=number) for number in range(1, (HELD[0].last - first).days + 1)}


BACK_AND_FORTH = [(5, 15), (5, 20), (-5, 15), (5, 20), (-5, 15), (-3, 12)]


@pytest.mark.parametrize(
    ("pairs", "proof"),
    [
        (BACK_AND_FORTH, Proof.PROVEN),
        ([(5, 15), (-5, 10), (2, 12)], Proof.PROVEN),
        ([(5, 15), (-3, 12)], Proof.PROVEN),
        ([BACK_AND_FORTH[0], *BACK_AND_FORTH[2:4], BACK_AND_FORTH[5]], Proof.BALANCED),
        ([(5, 15), (5, 15), (-5, 10), (-5, 10), (2, 12)], Proof.BALANCED),
        ([(2, 12), (5, 15), (-5, 10)], Proof.BALANCED),
    ],
    ids=["whole", "there and back", "one way only", "a lost pair", "a doubled pair", "listed by something else"],
)
@pytest.mark.parametrize("oldest_first", [True, False])
def test_rows_that_cancel_out_are_doubtful_unless_the_bank_lists_them_in_sequence(
    pairs: list[tuple[int, int]], proof: Proof, oldest_first: bool
) -> None:
    mine = [row(str(amount), str(balance)) for amount, balance in pairs]
    record = [row("10", "10", DAY - timedelta(days=5)), *listed(mine, 1, oldest_first)]

    found = states(prove(HELD, record, today=TODAY, latest_balances={Decimal(12)}))

    assert found[DAY].proof is proof
    assert {item.proof for day, item in found.items() if day > DAY} == {Proof.PROVEN}


@given(days_of_rows, st.data())
def test_a_day_with_a_missing_row_is_never_proven_and_the_missing_amount_is_reported(
    amounts: list[tuple[int, int]], data: st.DataObject
) -> None:
    rows = chain(amounts)
    dropped = data.draw(st.sampled_from(rows))
    left = list(rows)
    left.remove(dropped)

    found = states(prove(HELD, left, today=TODAY, latest_balances=balances_of(rows)))

    assert found[dropped.day].proof is not Proof.PROVEN
    broken = {item for item in found.values() if item.proof is Proof.BROKEN and item.missing is not None}
    for item in broken:
        assert item.missing == dropped.amount
        assert item.refetch is not None
        assert item.refetch.first <= dropped.day <= item.refetch.last


@given(days_of_rows, st.data())
def test_a_duplicated_row_is_never_proven(amounts: list[tuple[int, int]], data: st.DataObject) -> None:
    rows = chain(amounts)
    doubled = data.draw(st.sampled_from(rows))

    found = states(prove(HELD, [*rows, doubled], today=TODAY, latest_balances=balances_of(rows)))

    assert found[doubled.day].proof is not Proof.PROVEN
    assert {item.missing for item in found.values() if item.missing is not None} <= {-doubled.amount}


@given(days_of_rows, st.data(), st.integers(1, 300))
def test_an_altered_amount_is_never_proven(amounts: list[tuple[int, int]], data: st.DataObject, by: int) -> None:
    rows = chain(amounts)
    place = data.draw(st.integers(0, len(rows) - 1))
    altered = list(rows)
    altered[place] = rows[place]._replace(amount=rows[place].amount + Decimal(by) / 100)

    found = states(prove(HELD, altered, today=TODAY, latest_balances=balances_of(rows)))

    assert found[rows[place].day].proof is not Proof.PROVEN


@given(wide, st.integers(1, 4))
def test_rows_dated_out_of_the_order_in_which_they_were_booked_are_proved_together(
    amounts: list[tuple[int, int]], shift: int
) -> None:
    rows = chain(amounts)
    place = len(rows) // 2
    moved = list(rows)
    day = min(rows[place].day + timedelta(days=shift % 3), HELD[0].last)
    moved[place] = rows[place]._replace(day=day)

    proofs = states(prove(HELD, moved, today=TODAY, latest_balances=balances_of(rows)))

    assert not [item for item in proofs.values() if item.missing]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


ROUND_TRIP = [row("1", "4", day(7)), row("-1", "3", day(7))]
CUT_ROUND_TRIP = [row("2", "5", day(7)), row("-1", "3", day(7))]


@pytest.mark.parametrize(
    ("rows", "latest", "expected"),
    [
        ([row("5", "5", day(3))], ["5"], ["1-4 unprovable no_earlier_balance", "5-30 proven"]),
        ([row("5", "15", day(3))], ["15"], ["1-4 unprovable no_earlier_balance", "5-30 proven"]),
        (
            [row("5", "5", day(3))],
            [],
            ["1-3 unprovable no_earlier_balance", "4-30 unprovable no_later_balance"],
        ),
        (
            [row("5", "5", day(3)), row("5", "15", day(7)), row("1", "16", day(8))],
            ["16"],
            ["1-3 unprovable no_earlier_balance", "4-8 broken gap 5 refetch 4-8", "9-30 proven"],
        ),
        (
            [row("5", "5", day(3)), row("1", "6", day(5)), row("1", "9", day(5)), row("1", "10", day(8))],
            ["10"],
            ["1-4 unprovable no_earlier_balance", "5 proven", "6 broken sum_differs 2 refetch 6", "7-30 proven"],
        ),
        (
            [row("5", "5", day(3)), row("2", None, day(5)), row("1", "8", day(8))],
            ["8"],
            ["1-4 unprovable no_earlier_balance", "5 proven", "6 balanced", "7-30 proven"],
        ),
        (
            [row("5", "5", day(3)), row("2", None, day(5)), row("1", "9", day(8))],
            ["9"],
            ["1-4 unprovable no_earlier_balance", "5 proven", "6 broken sum_differs 1 refetch 6", "7-30 proven"],
        ),
        (
            [row("2", None, day(3)), row("1", "8", day(5))],
            ["8"],
            [
                "1-3 unprovable no_earlier_balance",
                "4 unprovable rows_without_balance",
                "5-6 unprovable no_earlier_balance",
                "7-30 proven",
            ],
        ),
        # A round trip next to a missing amount: it may be missing on either side, so all these days are in doubt.
        (
            [row("2", "2", day(3)), row("1", "3", day(5)), *ROUND_TRIP, row("1", "5", day(9))],
            ["5"],
            ["1-4 unprovable no_earlier_balance", "5 proven", "6-10 broken gap 1 refetch 6-10", "11-30 proven"],
        ),
        (
            [row("2", "2", day(3)), row("1", "3", day(5)), *ROUND_TRIP],
            ["4"],
            ["1-4 unprovable no_earlier_balance", "5 proven", "6-30 unprovable maybe_cut_off refetch 8-30"],
        ),
        (
            [row("1", "1", day(3)), row("-1", "0", day(3)), row("1", "2", day(5)), row("1", "3", day(7))],
            ["3"],
            ["1-6 unprovable no_earlier_balance", "7-30 proven"],
        ),
        # A round trip that lacks a row starts and ends elsewhere; the two gaps together are what is missing.
        (
            [
                row("1", "1", day(3)),
                row("2", "3", day(5)),
                *CUT_ROUND_TRIP,
                row("1", "4", day(9)),
                row("1", "5", day(10)),
            ],
            ["5"],
            ["1-4 unprovable no_earlier_balance", "5 proven", "6-10 broken gap -1 refetch 6-10", "11-30 proven"],
        ),
        # The same balance twice after the same amount, and nothing leads back: the bank repeated itself.
        (
            [row("5", "5", day(3)), *[row("1", "6", day(5)), row("2", "8", day(5))] * 2, row("1", "9", day(8))],
            ["9"],
            ["1-4 unprovable no_earlier_balance", "5 proven", "6 broken repeated_rows -3 refetch 6", "7-30 proven"],
        ),
        (
            [*[row("-5", "100", day(3))] * 2, *[row("-10", "90", day(4))] * 2],
            ["90"],
            [
                "1-3 unprovable no_earlier_balance",
                "4-5 broken repeated_rows refetch 4-5",
                "6-30 unprovable no_earlier_balance",
            ],
        ),
        ([row("2", None, day(3))], ["2"], ["1-30 unprovable no_balances"]),
        ([], ["2"], ["1-30 unprovable no_balances"]),
    ],
)
def test_days_are_judged_by_their_balances(rows: list[ProvableRow], latest: list[str], expected: list[str]) -> None:
    proofs = prove(HELD, rows, today=TODAY, latest_balances={Decimal(value) for value in latest})
    assert [shown(item) for item in proofs] == expected


def shown(item: DayProof) -> str:
    words = [_days(item.days), item.proof.value]
    words += [item.why.value] if item.why else []
    words += [str(item.missing)] if item.missing is not None else []
    words += ["refetch", _days(item.refetch)] if item.refetch else []
    return " ".join(words)


def _days(days: Days) -> str:
    return str(days.first.day) if days.length == 1 else f"{days.first.day}-{days.last.day}"


@pytest.mark.parametrize(
    ("latest", "asked_from", "expected"),
    [
        ("7", [day(0)], ["4-30 unprovable maybe_cut_off refetch 4-30"]),
        ("7", [day(0), day(3)], ["4-30 unprovable no_later_balance"]),
        ("5", [day(0)], ["5-30 proven"]),
    ],
)
def test_the_end_is_requested_once_if_the_balance_differs_from_the_newest_rows(
    latest: str, asked_from: list[date], expected: list[str]
) -> None:
    rows = [row("5", "5", day(3))]
    proofs = prove(HELD, rows, today=TODAY, latest_balances={Decimal(latest)}, asked_from=asked_from)
    assert [shown(item) for item in proofs][1:] == expected
    late = prove(HELD, rows, today=day(4), latest_balances={Decimal(latest)}, asked_from=asked_from)
    assert not [item for item in late if item.refetch]


def test_today_is_never_proven_but_counts_as_evidence() -> None:
    rows = chain([(3, 500), (29, 100)])
    proofs = prove(HELD, rows, today=HELD[0].last, latest_balances=())
    assert [(shown(item)) for item in proofs] == [
        "1-4 unprovable no_earlier_balance",
        "5-29 proven",
        "30 unprovable not_over",
    ]


def test_a_day_with_a_rejected_row_is_never_sure() -> None:
    record = [row("5", "5", day(3)), row("1", "6", day(5)), row("1", "9", day(8))]
    proofs = prove(HELD, record, today=TODAY, latest_balances={Decimal(9)})

    dated = with_rejected(proofs, {day(4), day(8), day(12)}, set())

    assert [shown(item) for item in dated] == [
        "1-4 unprovable no_earlier_balance",
        "5 unprovable rejected_rows",
        "6-8 broken gap 2 refetch 6-9",
        "9 broken rejected_rows 2 refetch 6-9",
        "10-12 proven",
        "13 unprovable rejected_rows",
        "14-30 proven",
    ]
    undated = with_rejected(proofs, set(), {day(number) for number in range(30)})
    assert [shown(item) for item in undated] == [
        "1-4 unprovable rejected_rows",
        "5 proven",
        "6-9 broken gap 2 refetch 6-9",
        "10-30 proven",
    ]
    assert with_rejected(proofs, set(), set()) == proofs
    assert [shown(item) for item in with_repeated(proofs, {day(0), day(12)})][:2] == [
        "1 unprovable repeated_rows",
        "2-4 unprovable no_earlier_balance",
    ]


def test_nothing_bridges_a_gap_between_stored_days() -> None:
    rows = chain([(3, 500), (20, 100)])
    stored = [Days(day(0), day(9)), Days(day(15), day(25))]
    proofs = prove(stored, rows, today=TODAY, latest_balances=balances_of(rows))
    assert [shown(item) for item in proofs] == [
        "1-3 unprovable no_earlier_balance",
        "4-10 unprovable no_later_balance",
        "16-21 unprovable no_earlier_balance",
        "22-26 proven",
    ]


def reported(*pairs: tuple[int, str]) -> list[ReportedBalance]:
    return [ReportedBalance(day(number), Decimal(unexplained)) for number, unexplained in pairs]


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (reported((2, "7")), ["1-30 unprovable no_balances"]),
        (
            reported((2, "7"), (10, "7"), (20, "7")),
            ["1-3 unprovable no_balances", "4-20 balanced", "21-30 unprovable no_balances"],
        ),
        (
            reported((2, "7"), (10, "7"), (20, "5.5")),
            [
                "1-3 unprovable no_balances",
                "4-10 balanced",
                "11 broken sum_differs -1.5 refetch 3-21",
                "12-20 broken sum_differs -1.5 refetch 11-21",
                "21-30 unprovable no_balances",
            ],
        ),
        (
            reported((2, "7"), (4, "5"), (6, "7")),
            ["1-3 unprovable no_balances", "4-6 balanced", "7-30 unprovable no_balances"],
        ),
        (
            reported((2, "7"), (24, "5"), (26, "7")),
            [
                "1-3 unprovable no_balances",
                "4-25 balanced",
                "26 broken sum_differs 2 refetch 25-27",
                "27-30 unprovable no_balances",
            ],
        ),
        (
            reported((2, "7"), (20, "5"), (20, "7")),
            ["1-3 unprovable no_balances", "4-20 balanced", "21-30 unprovable no_balances"],
        ),
        (reported((29, "1"), (29, "1")), ["1-30 unprovable no_balances"]),
    ],
)
def test_without_running_balances_two_reported_balances_balance_the_days_between(
    moments: list[ReportedBalance], expected: list[str]
) -> None:
    rows = [row("5", None, day(3)), row("5", None, day(12))]
    assert [shown(item) for item in prove(HELD, rows, today=TODAY, reported=moments)] == expected
