"""The clock that tests use: a fixed day, and one lever that moves it for every process at once.

The lever is `BANKIMPORT_CLOCK`, here a file of this test process. The processes that a test starts read the same file:
API, workers, beat, the command line, the simulator. Each test starts at the instant of the suite's day, and time runs.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import TextClause, text

from bankimport.clock import VARIABLE, utc_now

DAY_VARIABLE = "BANKIMPORT_TEST_DAY"
USUAL = datetime(2026, 6, 17, 12, tzinfo=UTC)
"""A Wednesday in the middle of a month and of a year, far from changes of the clock."""


def _day() -> datetime:
    value = os.environ.get(DAY_VARIABLE)
    if not value:
        return USUAL
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise pytest.UsageError(f"{DAY_VARIABLE}: {value!r} is not like 2028-02-29 or 2026-12-31T23:59Z") from None
    if "T" not in value:
        moment = moment.replace(hour=12)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


DAY = _day()
_FOLDER = Path(tempfile.mkdtemp(prefix="bankimport-clock-"))
_FILE = _FOLDER / "offset"
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)


def travel(*, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
    """Move the clock, forwards or backwards, for the rest of this test."""
    travel_to(utc_now() + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))


def travel_to(moment: datetime) -> None:
    """Set the clock to an instant for the rest of this test; time runs from there."""
    _set((moment - datetime.now(UTC)).total_seconds())


def _set(offset_s: float) -> None:
    new = _FILE.with_suffix(".new")
    new.write_text(f"{offset_s:+f}", encoding="ascii")
    new.replace(_FILE)


def at_now(statement: str) -> TextClause:
    """SQL in which `:now` is the tests' clock; SQL's own `now()` is the machine's."""
    return text(statement).bindparams(now=utc_now())


def day_in_words() -> str:
    """The instant at which tests start, in the form of `BANKIMPORT_TEST_DAY`."""
    return f"{DAY:%Y-%m-%dT%H:%M:%SZ}"


travel_to(DAY)
os.environ[VARIABLE] = str(_FILE)


def start_clock(item: pytest.Item | pytest.Collector) -> None:
    """Set the clock to the suite's day, or to the machine's for tests marked so."""
    if item.get_closest_marker("real_clock") is not None:
        _set(0)
    else:
        travel_to(DAY)


@pytest.fixture
def start_of_day(request: pytest.FixtureRequest) -> Callable[[], None]:
    """A function that sets the clock back to the suite's day after a slow fixture; does nothing in a journey."""
    return lambda: _start_clock_of_test(request)


@pytest.fixture(scope="module", autouse=True)
def clock_of_the_module(request: pytest.FixtureRequest) -> None:
    """Start each module, and so what its tests share, at the suite's day."""
    start_clock(request.node)


@pytest.fixture(autouse=True)
def clock_of_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start each test at the suite's day; journeys share running processes, whose time must not go back."""
    _start_clock_of_test(request)
    yield
    if request.node.get_closest_marker("real_clock") is not None:
        travel_to(DAY)


def _start_clock_of_test(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("journey") is None:
        start_clock(request.node)


def pytest_report_header() -> str:
    """Report the day on which the tests run."""
    return f"day: {day_in_words()} ({DAY:%A}), set by {DAY_VARIABLE}"
