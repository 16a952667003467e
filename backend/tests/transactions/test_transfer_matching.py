"""Which rows are paired as transfers, with what confidence, and what is never paired."""

import tracemalloc
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.suite.lanes import in_deep

from bankimport.transactions.transfers.matching import (
    EARLIEST,
    LATEST,
    LEAST_SCORE,
    MOST_CANDIDATES,
    OwnAccount,
    Side,
    pair_rows,
)

DAY = date(2026, 3, 5)
ACCOUNTS = {
    1: OwnAccount("Main Current", ("GB29NWBK60161331926819", "31926819")),
    2: OwnAccount("Rainy Day Pot", ("GB94BARC10201530093459", "30093459")),
    3: OwnAccount("Account", ("4321",)),
}


def out(row_id: int, day: int = 0, text: str = "PAYMENT", *, account: int = 1, bank: str | None = None) -> Side:
    return Side(row_id, account, DAY + timedelta(days=day), True, text, bank)


def into(row_id: int, day: int = 0, text: str = "CREDIT", *, account: int = 2, bank: str | None = None) -> Side:
    return Side(row_id, account, DAY + timedelta(days=day), False, text, bank)


def ids(rows: list[Side], refused: Any = ()) -> list[tuple[int, int]]:
    return [(pair.out_id, pair.in_id) for pair in pair_rows(rows, ACCOUNTS, refused)[0]]


@pytest.mark.parametrize(
    ("rows", "confidence", "reasons"),
    [
        ([out(1), into(2)], "0.600", ["same_day"]),
        ([out(1), into(2, 1)], "0.540", ["days_apart"]),
        ([out(1), into(2, -1)], "0.450", ["days_apart"]),
        ([out(1), into(2, 5)], "0.300", ["days_apart"]),
        ([out(1, text="TRANSFER TO X"), into(2)], "0.720", ["same_day", "says_transfer"]),
        ([out(1, bank="TRANSFER"), into(2)], "0.720", ["same_day", "says_transfer"]),
        ([out(1, text="To rainy-day pot"), into(2)], "0.850", ["same_day", "names_other_account"]),
        ([out(1, text="REF 30093459"), into(2)], "0.850", ["same_day", "names_other_account"]),
        ([out(1, text="TO ••3459"), into(2)], "0.850", ["same_day", "names_other_account"]),
        ([out(1, text="GB94 BARC 1020 1530 0934 59"), into(2)], "0.850", ["same_day", "names_other_account"]),
        (
            [out(1, text="Transfer Rainy Day Pot"), into(2, text="From Main Current")],
            "0.990",
            ["same_day", "names_other_account", "says_transfer"],
        ),
        (
            [out(1, bank="PURCHASE", text="30093459"), into(2)],
            "0.500",
            ["same_day", "names_other_account", "looks_like_something_else"],
        ),
    ],
)
def test_confidence_grows_with_the_evidence_for_a_pair(rows: list[Side], confidence: str, reasons: list[str]) -> None:
    (pair,), _ = pair_rows(rows, ACCOUNTS)

    assert (pair.confidence, list(pair.reasons), pair.alternatives) == (Decimal(confidence), reasons, 0)


@pytest.mark.parametrize(
    "rows",
    [
        [out(1), into(2, account=1)],
        [out(1), out(2, account=2)],
        [into(1), into(2, account=1)],
        [out(1), into(2, 6)],
        [out(1), into(2, -2)],
        [out(1, bank="PURCHASE"), into(2)],
        [out(1), into(2, bank="INTEREST")],
    ],
    ids=["one account", "both out", "both in", "too late", "too early", "a purchase", "interest"],
)
def test_non_transfers_are_not_suggested(rows: list[Side]) -> None:
    assert pair_rows(rows, ACCOUNTS) == ([], 0)


@pytest.mark.parametrize("paid_in", ["ACME WIDGETS LTD SALARY", "Savings interest", "HMRC refund", "GEHALT MAI"])
def test_income_on_the_day_of_a_transfer_ranks_below_every_plain_pair(paid_in: str) -> None:
    salary, _ = pair_rows([out(1, text="TRANSFER TO X"), into(2, text=paid_in)], ACCOUNTS)
    plain, _ = pair_rows([out(1), into(2, 3)], ACCOUNTS)

    assert salary[0].confidence < plain[0].confidence
    assert ids([out(1), into(2, text=paid_in)]) == []


def test_a_transfer_is_paired_with_its_arrival_and_not_with_a_salary_of_the_same_amount() -> None:
    rows = [out(1, text="STANDING ORDER"), into(2, text="ACME LTD SALARY", account=3), into(3, 1, text="FROM CURRENT")]

    assert ids(rows) == [(1, 3)]


@pytest.mark.parametrize(("account", "text"), [(3, "to my account"), (3, "ref 14321"), (2, "0934"), (2, "year 2026")])
def test_common_names_and_digits_in_the_middle_identify_no_account(account: int, text: str) -> None:
    assert not ACCOUNTS[account].is_named_in(text)


def test_equal_twins_are_paired_each_once_and_share_the_confidence() -> None:
    pairs, _ = pair_rows([out(1), out(2), into(3), into(4)], ACCOUNTS)

    assert [(pair.out_id, pair.in_id) for pair in pairs] == [(1, 3), (2, 4)]
    assert [(pair.confidence, pair.alternatives) for pair in pairs] == [(Decimal("0.300"), 1)] * 2
    assert all("others_fit_as_well" in pair.reasons for pair in pairs)


def test_the_named_account_is_preferred_and_has_no_alternative() -> None:
    rows = [out(1, text="To rainy day pot"), into(2, account=3), into(3, account=2)]
    (pair,), _ = pair_rows(rows, ACCOUNTS)

    assert (pair.in_id, pair.alternatives, pair.confidence) == (3, 0, Decimal("0.850"))


def test_a_daily_transfer_is_paired_with_its_own_day() -> None:
    rows = [side for day in range(40) for side in (out(100 + day, day), into(200 + day, day))]
    pairs, crowded = pair_rows(rows, ACCOUNTS)

    assert {(pair.out_id, pair.in_id) for pair in pairs} == {(100 + day, 200 + day) for day in range(40)}
    assert {pair.alternatives for pair in pairs} == {0}
    assert crowded == 0


def test_a_refused_pair_is_not_repeated_and_its_rows_may_be_paired_differently() -> None:
    rows = [out(1), into(2), into(3, 1)]
    assert ids(rows) == [(1, 2)]
    assert ids(rows, {(1, 2)}) == [(1, 3)]
    assert ids(rows, {(1, 2), (1, 3)}) == []


def test_rows_in_a_crowd_are_counted_and_left_alone() -> None:
    rows = [out(1), out(2, 200), *(into(10 + n) for n in range(MOST_CANDIDATES + 1)), into(50, 200)]
    pairs, crowded = pair_rows(rows, ACCOUNTS)

    assert [(pair.out_id, pair.in_id) for pair in pairs] == [(2, 50)]
    assert crowded == 1


def test_many_equal_rows_of_one_day_take_little_memory() -> None:
    many = in_deep(100_000, else_=10_000)
    rows = [(out if n % 2 else into)(n, n % 3) for n in range(many)]
    tracemalloc.start()
    pairs, crowded = pair_rows(rows, ACCOUNTS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (pairs, crowded) == ([], many // 2)
    assert peak < many * 200


sides = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.booleans(),
        st.sampled_from([1, 2, 3]),
        st.sampled_from(["PAYMENT", "to Rainy Day Pot", "transfer", "4321", ""]),
        st.sampled_from([None, "PURCHASE", "TRANSFER"]),
    ),
    max_size=24,
).map(
    lambda rows: [
        Side(number, account, DAY + timedelta(days=day), is_out, text, bank)
        for number, (day, is_out, account, text, bank) in enumerate(rows, start=1)
    ]
)


@given(rows=sides, data=st.data())
def test_pairs_use_each_row_once_fit_and_do_not_depend_on_the_order(rows: list[Side], data: Any) -> None:
    refused = set(data.draw(st.lists(st.sampled_from(ids(rows) or [(0, 0)]))))
    pairs, crowded = pair_rows(rows, ACCOUNTS, refused)
    by_id = {row.id: row for row in rows}

    used = [row_id for pair in pairs for row_id in (pair.out_id, pair.in_id)]
    assert len(used) == len(set(used))
    for pair in pairs:
        left, came = by_id[pair.out_id], by_id[pair.in_id]
        assert left.is_out
        assert not came.is_out
        assert left.account_id != came.account_id
        assert EARLIEST <= came.day - left.day <= LATEST
        assert pair.days_apart == (came.day - left.day).days
        assert Decimal(0) < pair.confidence <= Decimal("0.99")
        assert pair.alternatives > 0 or pair.confidence * 1000 >= LEAST_SCORE
        assert (pair.out_id, pair.in_id) not in refused
    assert pair_rows(data.draw(st.permutations(rows)), ACCOUNTS, refused) == (pairs, crowded)
