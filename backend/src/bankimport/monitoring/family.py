"""What a metric of the record is made of."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Executable, text


class Family(NamedTuple):
    """A metric: its name, what it says, its labels, and the query, whose columns are the labels and then the value.

    Plain counts are SQL, with `:now` for the time by our clock. Where a feature's rule decides what is counted, the
    query is a function of that time, which uses the feature's predicate.
    """

    name: str
    about: str
    labels: tuple[str, ...]
    query: str | Callable[[datetime], Executable]

    def statement(self, now: datetime) -> Executable:
        """The query at this time."""
        if not isinstance(self.query, str):
            return self.query(now)
        return text(self.query).bindparams(now=now) if ":now" in self.query else text(self.query)
