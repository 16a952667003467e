"""Days and presets on the command line."""

import re
from datetime import date, timedelta
from math import ceil

import typer


def parse_day(text: str) -> date:
    """Parse a day written as 2026-01-31.

    Raises:
        typer.BadParameter: it has another form.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a day like 2026-01-31") from None


_LAST = re.compile(r"([1-9][0-9]{0,3})([dwmy])")
_DAYS_OF_UNIT = {"d": 1, "w": 7, "m": 30.4375, "y": 365.25}


def parse_last(text: str) -> int:
    """How many days a length such as 45d, 6w, 3m or 2y has; a part of a day counts as one.

    Raises:
        typer.BadParameter: it is not a length.
    """
    match = _LAST.fullmatch(text.strip().lower())
    if match is None:
        raise typer.BadParameter(f"{text} is not a number of days, weeks, months or years like 45d, 6w, 3m or 2y")
    return ceil(int(match[1]) * _DAYS_OF_UNIT[match[2]])


def first_of_last(days: int, today: date) -> date:
    """The first of the last days, of which today is one."""
    return today - timedelta(days=days - 1)
