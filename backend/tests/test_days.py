"""A range of days is one type inside and over HTTP."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from bankimport.days import Days

JUNE = Days(date(2026, 6, 1), date(2026, 6, 30))
OVER_HTTP = TypeAdapter(Days)


def test_a_range_is_sent_and_read_as_from_and_to() -> None:
    sent = OVER_HTTP.dump_json(JUNE)

    assert sent == b'{"from":"2026-06-01","to":"2026-06-30"}'
    assert OVER_HTTP.validate_json(sent) == JUNE


def test_a_range_without_an_end_is_refused() -> None:
    with pytest.raises(ValidationError, match="to"):
        OVER_HTTP.validate_json(b'{"from":"2026-06-01"}')


def test_its_moments_are_its_first_and_the_first_after_it() -> None:
    assert (JUNE.since, JUNE.until) == (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
    assert Days(date.max, date.max).until == datetime.max.replace(tzinfo=UTC)
