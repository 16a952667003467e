"""A day as callers write it: only `2026-01-31`, nothing that could also be a number or a time."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> object:
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        raise ValueError("must be a day, written as 2026-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is not a real day") from None


Day = Annotated[date, BeforeValidator(_day)]
"""Pydantic itself reads a number as seconds since 1970, which is never what the writer of 20260131 meant."""
