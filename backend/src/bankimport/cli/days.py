"""Days and presets on the command line."""

from datetime import date, timedelta

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


PRESETS = {"7d": 7, "30d": 30, "3m": 91, "1y": 366, "2y": 731}
"""Names of ranges that end today, with their number of days including today."""


def parse_preset(text: str) -> int:
    """The number of days of a preset.

    Raises:
        typer.BadParameter: there is no such preset.
    """
    if text not in PRESETS:
        raise typer.BadParameter(f"{text} is not one of {', '.join(PRESETS)}")
    return PRESETS[text]


def preset_start(days: int, today: date) -> date:
    """The first day of a preset that ends today."""
    return today - timedelta(days=days - 1)
