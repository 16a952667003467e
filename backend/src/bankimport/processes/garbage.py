"""Exclude from garbage collection what a process loads for good: modules, models, routes, tables.

While they load, each collection would scan everything loaded so far and free nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS_BETWEEN_SEARCHES = 50_000
"""How many more objects a process makes than it frees before a collection; Python's default is 700."""


@contextmanager
def no_searches() -> Iterator[None]:
    """Load modules without searches; those of the caller's caller continue afterwards."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def spare_what_stays() -> None:
    """Let the collector skip what is loaded by now, look at new objects less often, and begin if it rested.

    Thousands of rows become thousands of objects at once, and each search would go through all of them and all modules.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES, 10, 10)
    gc.enable()
