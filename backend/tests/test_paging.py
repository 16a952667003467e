"""Cursors of lists."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankimport.errors import InvalidRequest
from bankimport.paging import cursor_of, id_before, place_of


@given(st.dates(), st.integers(0, 10**18 - 1))
def test_a_cursor_leads_back_to_its_row(day: date, row_id: int) -> None:
    assert place_of(cursor_of(day, row_id), date.fromisoformat) == (day, row_id)


@given(st.integers(0, 10**18 - 1))
def test_a_list_by_id_continues_below_the_id(row_id: int) -> None:
    assert id_before(str(row_id)) == row_id


def test_without_a_cursor_a_list_begins_with_its_first_page() -> None:
    assert id_before(None) is None
    assert place_of(None, date.fromisoformat) is None


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "1_", "٣", "9" * 19, "2026-13-01_1", "2026-01-01_-1", "_"])
def test_a_cursor_that_no_page_returned_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        place_of(cursor, date.fromisoformat)
    with pytest.raises(InvalidRequest):
        id_before(cursor)
