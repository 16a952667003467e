"""The parts that `make test` runs, and the whole that `make test-deep` runs."""

import os
from typing import TypeVar

DEEP = "BANKIMPORT_DEEP"
"""Set to 1 by `make test-deep`: every size, every row of every matrix, random seeds."""

T = TypeVar("T")


def is_deep() -> bool:
    """Whether this run is a deep one."""
    return os.environ.get(DEEP) == "1"


def in_deep(whole: T, *, else_: T) -> T:
    """`whole` in a deep run, and its substitute in any other."""
    return whole if is_deep() else else_
