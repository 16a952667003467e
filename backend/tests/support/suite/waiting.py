"""Wait for an event, however long a slow machine takes."""

import time
from collections.abc import Callable

HANGS_AFTER_S = 600
"""After how many seconds a wait gives up; no machine is that slow, so longer means that something hangs."""


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until it happens; otherwise the suite's limit for one test ends it, with the place in the code."""
    while not what():
        time.sleep(0.02)
