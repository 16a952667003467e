"""Decide whether the other side of a transfer is a person; pure."""

import functools
from collections.abc import Sequence

from bankimport.enrichment.statements.phrases import table, words_of_role

TITLES = words_of_role("title")
_MIDDLE = words_of_role("particle")
_MOST_WORDS = 5


def is_person(words: Sequence[str]) -> bool:
    """Whether the words look like a person's name: a title, a known given name, or an initial before a surname."""
    names = [word for word in words if word not in _MIDDLE]
    if len(names) > 1 and names[0] in TITLES:
        return True
    if not 0 < len(names) <= _MOST_WORDS or not all(word.isalpha() for word in names):
        return False
    known = _given_names()
    if names[0] in known or (len(names) > 1 and names[-1] in known):
        return True
    initials = [len(word) == 1 for word in names]
    return len(names) in (2, 3) and initials[0] and not initials[-1]


@functools.cache
def _given_names() -> frozenset[str]:
    return frozenset(row["name"] for row in table("given_names.tsv"))
