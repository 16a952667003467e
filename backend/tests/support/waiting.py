"""Wait for an event, however long a slow machine takes."""

import time
from collections.abc import Callable

HANGS_AFTER_S = 600
"""After how many seconds a wait gives up; no machine is so slow, so what takes longer hangs."""


def wait_for(what: Callable[[], bool]) -> None:
    """Wait for it; what never comes ends at the suite's limit for one test, with the place in the code."""
    while not what():
        time.sleep(0.02)
