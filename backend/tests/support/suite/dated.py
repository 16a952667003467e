"""Select the tests that depend on dates: `--dated` runs them all, `--dated=4` one in four, on the suite's day.

A test depends on dates if its module reads the tests' clock. Journeys of several processes are left out, and so are
properties, which run the same steps at random for minutes. Of a test with many cases two are run, different ones on
another day.
"""

import random
from collections import defaultdict
from types import ModuleType

import pytest

from tests.support.suite.clock import day_in_words

READS = {"utc_now", "utc_today", "travel", "travel_to", "at_now"}
CASES = 2
LEFT_OUT = (
    ("test_control_property.py", "a property"),
    ("test_undo_equals_the_state_before_and_redo_the_state_after", "a property"),
    ("test_proof.py", "its days are its own"),
    ("test_a_strip_has_no_gap", "its days are its own"),
    ("test_bad_input.py", "nothing of it depends on the day"),
    ("test_clock.py", "it shows the clock itself"),
    ("test_killed_worker.py", "it starts and kills processes"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--dated`."""
    parser.addoption(
        "--dated", nargs="?", const=1, type=int, metavar="N", help="play the tests that know dates, or one in N of them"
    )


def knows_dates(item: pytest.Item) -> bool:
    """Whether a test's module reads the clock, and nothing else excludes it."""
    module = getattr(item, "module", None)
    if not isinstance(module, ModuleType) or READS.isdisjoint(vars(module)):
        return False
    if item.get_closest_marker("journey") or item.get_closest_marker("real_clock"):
        return False
    return not any(name in item.nodeid for name, _ in LEFT_OUT)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep only the selected tests."""
    share = config.getoption("--dated")
    if not share:
        return
    cases: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in filter(knows_dates, items):
        cases[item.nodeid.partition("[")[0]].append(item)
    dice = random.Random(day_in_words())
    tests = dice.sample(sorted(cases), -(-len(cases) // share))
    chosen = {item for name in tests for item in dice.sample(cases[name], min(CASES, len(cases[name])))}
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = [item for item in items if item in chosen]
