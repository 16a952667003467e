"""FastAPI dependencies; in a file of their own, because commands need not load FastAPI."""

from collections.abc import Iterator

from fastapi import Depends

from bankimport.auth import CurrentUser
from bankimport.edge.waiting import PLACES


def _wait_in_a_place(user: CurrentUser) -> Iterator[None]:
    with PLACES.place(user.id):
        yield


WAITS_OUTSIDE = Depends(_wait_in_a_place, scope="function")
"""For the `dependencies` of a route that waits for a bank or a receiver."""
