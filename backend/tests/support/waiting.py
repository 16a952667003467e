"""Wait for an event, however long a slow machine takes."""

import time
from collections.abc import Callable


def wait_for(what: Callable[[], bool]) -> None:
    """Wait for it; what never comes ends at the suite's limit for one test, with the place in the code."""
    while not what():
        time.sleep(0.02)
