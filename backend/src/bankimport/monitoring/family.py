"""The definition of a metric family that is read from the database."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Executable, text


class Family(NamedTuple):
    """A metric: its name, help text, labels, and the query, whose columns are the labels and then the value.

    Plain counts are SQL, with `:now` for the time on our clock. If a feature's rule decides what to count, the query is
    a function of that time that uses the feature's predicate.
    """

    name: str
    about: str
    labels: tuple[str, ...]
    query: str | Callable[[datetime], Executable]

    def statement(self, now: datetime) -> Executable:
        """The query for this time."""
        if not isinstance(self.query, str):
            return self.query(now)
        return text(self.query).bindparams(now=now) if ":now" in self.query else text(self.query)
