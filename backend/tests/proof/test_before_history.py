"""Days before the first row are before the bank's history, unless the bank refused them for another reason."""

from datetime import date
from typing import Any

import pytest

from bankimport.days import Days
from bankimport.proof.day_states import DayState, Stretch
from bankimport.proof.prove import mark_before_history
from bankimport.proof.schemas import ProofStretchRead

TOO_OLD = (DayState.REFUSED, "invalid_date_range")
CONSENT = (DayState.REFUSED, "sca_exceeded")
EMPTY = (DayState.EMPTY, None)
ROWS = (DayState.ANSWERED, None)
REJECTED = (DayState.REJECTED_ROWS, None)


@pytest.mark.parametrize(
    ("states", "marked"),
    [
        ([TOO_OLD, EMPTY, ROWS, EMPTY], [True, True, False, False]),
        ([CONSENT, EMPTY, ROWS], [False, True, False]),
        ([(DayState.NEVER_ASKED, None), EMPTY, REJECTED, TOO_OLD], [False, True, False, False]),
        ([TOO_OLD, EMPTY], [False, False]),
        ([ROWS, EMPTY], [False, False]),
        ([], []),
    ],
)
def test_days_before_the_first_row_are_marked(states: list[Any], marked: list[bool]) -> None:
    days = [Days(date(2026, 1, number), date(2026, 1, number)) for number in range(1, len(states) + 1)]
    strip = [
        ProofStretchRead.of(day, Stretch(day, state, code), None)
        for day, (state, code) in zip(days, states, strict=True)
    ]

    mark_before_history(strip)

    assert [item.is_before_history for item in strip] == marked
