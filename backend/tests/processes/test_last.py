"""Lengths on the command line that end today."""

from datetime import date

import pytest
import typer

from bankimport.cli.days import first_of_last, parse_last


@pytest.mark.parametrize(
    ("text", "days"),
    [("1d", 1), ("45d", 45), ("6w", 42), ("3m", 92), ("1y", 366), ("2y", 731), (" 7D ", 7)],
)
def test_any_number_of_days_weeks_months_or_years(text: str, days: int) -> None:
    assert parse_last(text) == days


@pytest.mark.parametrize("text", ["", "0d", "-3d", "d", "7", "3q", "1.5m", "99999d"])
def test_other_texts_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="45d"):
        parse_last(text)


def test_today_is_one_of_the_last_days() -> None:
    assert first_of_last(7, date(2026, 6, 17)) == date(2026, 6, 11)
