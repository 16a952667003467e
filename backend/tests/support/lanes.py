"""What `make test` runs a part of and `make test-deep` runs whole."""

import os
from collections.abc import Iterable, Sequence
from typing import TypeVar

DEEP = "BANKIMPORT_DEEP"
"""Set to 1 by `make test-deep`: every size, every row of every matrix, random seeds."""

T = TypeVar("T")


def is_deep() -> bool:
    """Whether this run is a deep one."""
    return os.environ.get(DEEP) == "1"


def in_deep(whole: T, *, else_: T) -> T:
    """`whole` in a deep run, and what stands for it in any other."""
    return whole if is_deep() else else_


def deep_rows(rows: Iterable[T], *, representative: Sequence[T]) -> list[T]:
    """All rows of a matrix in a deep run, and in any other those that stand for the rest.

    Raises:
        ValueError: one of them is not a row of the matrix.
    """
    every = list(rows)
    unknown = [row for row in representative if row not in every]
    if unknown:
        raise ValueError(f"not rows of the matrix: {unknown}")
    return in_deep(every, else_=[row for row in every if row in representative])
