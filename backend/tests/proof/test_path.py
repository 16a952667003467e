"""The path of a day's rows along their running balances."""

from decimal import Decimal

import pytest
from tests.support.steps.proof import listed, row

from bankimport.proof.path import Path, ProvableRow, is_only_way, path_of


@pytest.mark.parametrize(
    ("rows", "starts", "total"),
    [
        ([row("1", "1")], ["0"], "1"),
        ([row("-1", "1"), row("5", "6")], ["2"], "4"),
        ([row("5", "6"), row("-1", "1")], ["2"], "4"),
        ([row("-5", "5"), row("-5", "0")], ["10"], "-10"),
        ([row("-5", "5"), row("-5", "5")], None, None),
        ([row("1", "1"), row("1", "9")], None, None),
        ([row("2", "2"), row("-2", "0")], ["0", "2"], "0"),
        ([row("2", "2"), row("-2", "0"), row("5", "15")], None, None),
        ([row("1", None)], None, None),
        ([row("0", "3")], ["3"], "0"),
    ],
)
def test_a_path_gives_its_possible_starts(rows: list[ProvableRow], starts: list[str] | None, total: str | None) -> None:
    expected = None if starts is None or total is None else Path(frozenset(map(Decimal, starts)), Decimal(total))
    assert path_of(rows) == expected


@pytest.mark.parametrize(("start", "is_only"), [("1", True), ("0", False), (None, True)])
def test_a_round_trip_must_be_listed_from_the_balance_of_its_neighbours(start: str | None, is_only: bool) -> None:
    around = listed([row("1", "2"), row("-2", "0"), row("1", "1")], 1, oldest_first=True)
    assert is_only_way(around, None if start is None else Decimal(start)) is is_only
