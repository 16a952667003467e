"""Which rows of one answer are certainly repeats, which are doubtful, and which are real twins."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.support.steps.rows import a_row

from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.answers.repeats import DOUBTFUL, REPEATED_BLOCK, mark_repeats

DAY = date(2026, 3, 5)


def answer(*written: tuple[int, str, str, str | None]) -> list[NewTransaction]:
    """Rows by day, amount, text and running balance."""
    rows = []
    for position, (day, amount, text, balance) in enumerate(written):
        row = a_row(DAY + timedelta(days=day), amount, text, position=position)
        row.running_balance = None if balance is None else Decimal(balance)
        row.content_hash += (balance or "").encode()
        rows.append(row)
    mark_repeats(rows)
    return rows


def repeats(rows: list[NewTransaction]) -> list[tuple[int, int]]:
    return [(row.position, row.repeat_of) for row in rows if row.repeat_of is not None]


def test_a_repeated_page_with_running_balances_certainly_counts_once() -> None:
    rows = answer((1, "-10", "A", "90"), (0, "-5", "B", "100"), (1, "-10", "A", "90"), (0, "-5", "B", "100"))

    assert repeats(rows) == [(2, 0), (3, 1)]
    assert {row.flags for row in rows} == {(REPEATED_BLOCK,)}


def test_a_repeated_page_without_balances_counts_once_and_is_doubtful() -> None:
    page = [(2, "-10", "A", None), (1, "-5", "B", None), (0, "-5", "B", None)]

    assert repeats(answer(*page, *page)) == [(3, 0), (4, 1), (5, 2)]
    assert repeats(answer(*page, *page, *page[:2])) == [(3, 0), (4, 1), (5, 2), (6, 0), (7, 1)]
    assert {row.flags for row in answer(*page, *page)} == {(REPEATED_BLOCK, DOUBTFUL)}


def test_a_repeated_block_in_the_middle_is_found_and_the_rest_is_not_doubtful() -> None:
    rows = answer(
        (4, "-1", "X", None), (3, "-10", "A", None), (2, "-5", "B", None),
        (3, "-10", "A", None), (2, "-5", "B", None), (1, "-2", "Y", None),
    )  # fmt: skip

    assert repeats(rows) == [(3, 1), (4, 2)]
    assert rows[0].flags == rows[5].flags == ()


@pytest.mark.parametrize(
    "written",
    [
        [(0, "-10", "A", None), (0, "-10", "A", None)],
        [(1, "-1", "X", None), *[(0, "-1.75", "BUS", None), (0, "-3", "COFFEE", None)] * 2],
        [(1, "-1.75", "BUS", None), (1, "-3", "COFFEE", None), (0, "-1.75", "BUS", None), (0, "-3", "COFFEE", None)],
        [(0, "-5", "FEE", "95"), (0, "5", "REFUND", "100"), (0, "-5", "FEE", "95")],
        [(0, "-5", "FEE", "95"), (1, "5", "REFUND", "100"), (0, "-5", "FEE", "95")],
        [(0, "0", "INFO", "95"), (0, "0", "INFO", "95")],
    ],
)
def test_possibly_real_repeats_are_kept(written: list[tuple[int, str, str, str | None]]) -> None:
    assert repeats(answer(*written)) == []


def test_closing_balances_of_days_do_not_prove_a_repeat() -> None:
    rows = answer(
        (1, "-3", "COFFEE", "80"), (1, "-3", "COFFEE", "80"), (1, "-7", "LUNCH", "80"), (0, "-7", "LUNCH", "93"),
        (0, "-1", "BUS", "93"), (0, "-2", "TRAM", "93"),
    )  # fmt: skip

    assert repeats(rows) == []


def with_ids(*written: tuple[int, str, str, str | None]) -> list[NewTransaction]:
    """The same rows, each with an id of its own."""
    rows = answer(*written)
    for row in rows:
        row.repeat_of, row.flags, row.provider_transaction_id = None, (), f"p{row.position}"
    mark_repeats(rows)
    return rows


def test_an_unbroken_chain_of_balances_outweighs_other_ids() -> None:
    page = [(1, "-10", "A", "90"), (0, "-5", "B", "100")]
    closing = [(0, "-3", "COFFEE", "84"), (0, "-3", "COFFEE", "84")]

    assert repeats(with_ids(*page, *page)) == [(2, 0), (3, 1)]
    refunded = [(0, "-5", "FEE", "95"), (1, "5", "REFUND", "100"), (0, "-5", "FEE", "95")]
    then = (1, "-3", "COFFEE", "81")
    branch = [(0, "-12", "A", "88"), (1, "-3", "A", "85"), (2, "3", "A", "91"), (2, "3", "A", "91")]
    for real in (closing, [*closing, then], branch, [*page, (3, "-1", "C", "50"), *page], refunded):
        assert repeats(with_ids(*real)) == []


def test_another_id_makes_a_block_a_real_one() -> None:
    rows = [
        a_row(DAY + timedelta(days=day), provider=f"p{number}", position=number)
        for number, day in enumerate((1, 0, 1, 0))
    ]
    mark_repeats(rows)

    assert repeats(rows) == []


@pytest.mark.parametrize(("days", "found"), [((2, 1, 0), [(3, 0), (4, 1), (5, 2)]), ((0, 0, 0), [])])
def test_ids_that_change_with_every_call_hide_no_block_of_several_days(
    days: tuple[int, ...], found: list[tuple[int, int]]
) -> None:
    rows = [
        a_row(DAY + timedelta(days=days[number % 3]), f"-{number % 3}.50", position=number, transaction_id=f"t{number}")
        for number in range(6)
    ]
    mark_repeats(rows)

    assert repeats(rows) == found


def test_a_clean_answer_ends_the_doubt() -> None:
    page = [(1, "-10", "A", None), (0, "-5", "B", None)]

    assert answer(*page)[0].content_hash != answer(*page, *page)[0].content_hash
