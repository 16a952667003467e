"""How many requests may wait for banks and receivers at once, in all and of one user, in this process.

A request that waits occupies a thread of the API. Without a bound one user's slow bank would take them all.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bankimport.errors import BankImportError

MOST_IN_ALL = 16
"""Fewer than half of the 40 threads that serve requests."""

MOST_OF_A_USER = 4
TRY_AGAIN_AFTER_S = 5.0


class TooManyWaiting(BankImportError):
    """The maximum number of requests already waits for banks and receivers."""

    code = "too_many_waiting"
    http_status = 429
    retry_after_s = TRY_AGAIN_AFTER_S


class WaitingPlaces:
    """Places for requests that wait. Without one a request is refused at once, since waiting takes a thread."""

    def __init__(self, in_all: int = MOST_IN_ALL, of_a_user: int = MOST_OF_A_USER) -> None:
        self._in_all, self._of_a_user = in_all, of_a_user
        self._taken: Counter[int | str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def place(self, user_id: int | str) -> Iterator[None]:
        """A place for a request of this user or, before sign-in, of this address.

        Raises:
            TooManyWaiting: the user, or all users together, have reached the limit.
        """
        self._take(user_id)
        try:
            yield
        finally:
            with self._lock:
                self._taken[user_id] -= 1
                self._taken += Counter()

    def _take(self, user_id: int | str) -> None:
        with self._lock:
            if self._taken[user_id] >= self._of_a_user:
                raise TooManyWaiting(f"{self._of_a_user} of your requests wait for another server; wait for one")
            if self._taken.total() >= self._in_all:
                raise TooManyWaiting("many requests wait for banks just now; try again in a moment")
            self._taken[user_id] += 1


PLACES = WaitingPlaces()
"""The places of this process."""
