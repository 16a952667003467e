"""What a metric of the record is made of."""

from typing import NamedTuple


class Family(NamedTuple):
    """A metric: its name, what it says, its labels, and the query, whose columns are the labels and then the value."""

    name: str
    about: str
    labels: tuple[str, ...]
    query: str
