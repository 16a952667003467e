"""Which tests a lane runs, and the order in which test processes take its modules."""

from collections import defaultdict

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.support.suite.lanes import is_deep

_IMPURE = frozenset({"guardian", "postgres", "valkey", "simulator_process", "browser"})
"""Fixtures that start processes."""

_PURE_S, _DATABASE_S, _JOURNEY_S, _SLOW_S = 0.02, 1.0, 12.0, 25.0
"""About how long a test takes, by its kind; only their order counts."""


_SHARING = ("tests/journeys/on_one_stack/", "tests/journeys/on_one_cluster/")
"""Folders whose modules share running processes, so one test process takes all of them."""


class ByUnit(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """Give each unit of work whole to the next free test process."""

    def _split_scope(self, nodeid: str) -> str:
        return _unit_of(nodeid)


def scheduler(config: pytest.Config, log: Producer) -> ByUnit:
    """What hands out the work of a run with `--dist loadfile`."""
    return ByUnit(config, log)


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run does not include; if several processes share the run, begin with the longest modules.

    Modules stay whole, because their tests share fixtures and the records of `Installation.once`; so do folders whose
    modules share processes. A long unit at the end would leave the other processes idle.
    """
    left_out = [item for item in items if not _is_wanted(item, is_pure_run=config.getoption("--pure"))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    if hasattr(config, "workerinput"):
        seconds: defaultdict[str, float] = defaultdict(float)
        for item in items:
            seconds[_unit_of(item.nodeid)] += _expected_s(item)
        items.sort(key=lambda item: (-seconds[_unit_of(item.nodeid)], _module_of(item.nodeid)))


def is_pure(item: pytest.Item) -> bool:
    """Whether a test starts no process, neither through its fixtures nor itself."""
    starts = item.get_closest_marker("journey") or item.get_closest_marker("processes")
    return starts is None and not _IMPURE & set(getattr(item, "fixturenames", ()))


def _is_wanted(item: pytest.Item, *, is_pure_run: bool) -> bool:
    if item.get_closest_marker("deep") is not None and not is_deep():
        return False
    return is_pure(item) or not is_pure_run


def _module_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def _unit_of(nodeid: str) -> str:
    return next((folder for folder in _SHARING if nodeid.startswith(folder)), _module_of(nodeid))


def _expected_s(item: pytest.Item) -> float:
    if item.get_closest_marker("slow") is not None:
        return _SLOW_S
    if item.get_closest_marker("journey") is not None:
        return _JOURNEY_S
    return _PURE_S if is_pure(item) else _DATABASE_S
