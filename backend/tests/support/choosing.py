"""Which tests a lane runs, and which must run in one process."""

from collections.abc import Iterable

import pytest

from tests.support.lanes import is_deep

_IMPURE = frozenset({"guardian", "postgres", "valkey", "simulator_process", "browser"})
"""Fixtures that start processes."""


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run does not include, and keep together what shares a fixture of its module."""
    left_out = [item for item in items if not _is_wanted(item, is_pure_run=config.getoption("--pure"))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    for item in items:
        if "module" in _scopes(item):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def is_pure(item: pytest.Item) -> bool:
    """Whether a test starts no process, neither by its fixtures nor by itself."""
    starts = item.get_closest_marker("journey") or item.get_closest_marker("processes")
    return starts is None and not _IMPURE & set(getattr(item, "fixturenames", ()))


def _is_wanted(item: pytest.Item, *, is_pure_run: bool) -> bool:
    if item.get_closest_marker("deep") is not None and not is_deep():
        return False
    return is_pure(item) or not is_pure_run


def _scopes(item: pytest.Item) -> Iterable[str]:
    found = getattr(item, "_fixtureinfo", None)
    definitions = found.name2fixturedefs.values() if found is not None else ()
    return {each[-1].scope for each in definitions}
