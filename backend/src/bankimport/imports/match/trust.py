"""Judge how far a bank's ids can be trusted, from one answer together with the stored rows; pure.

An id that agrees with the text identifies its row. What an id that contradicts the text means depends on the bank: some
keep an id for good, some give new ids at every call, some reuse ids, and some number the rows of a day, so that a row
that is booked late shifts the others. Rows that were paired by id and text, or by text alone, show which it is.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Protocol

import msgspec

from bankimport.imports.answers.normalise import LEVELS, STABLE_LEVELS
from bankimport.imports.match.pairing import FURTHEST_MOVE

NORMALISED = LEVELS[0]

_ORDINAL = re.compile(r"\D?0*(\d{1,5})", re.ASCII)


class HasIds(Protocol):
    """A fetched or a stored row."""

    @property
    def date(self) -> date: ...
    @property
    def transaction_id(self) -> str | None: ...
    @property
    def provider_transaction_id(self) -> str | None: ...
    @property
    def normalised_provider_transaction_id(self) -> str | None: ...


class IdTrust(msgspec.Struct):
    """How far an account's ids can be trusted, level by level.

    `doubted` ids do not show that two rows with different texts are the same. At the levels in `distinguishing`,
    different ids are evidence that two rows are different.
    """

    doubted: dict[str, set[str]]
    doubted_levels: frozenset[str]
    distinguishing: frozenset[str]

    def is_doubted(self, level: str, identity: str) -> bool:
        """Whether this id may now belong to another row."""
        return level in self.doubted_levels or identity in self.doubted.get(level, ())

    def share_id(self, one: HasIds, other: HasIds) -> bool:
        """Whether two rows have a common id that identifies only them."""
        return any(
            (first := getattr(one, level)) and first == getattr(other, level) and not self.is_doubted(level, first)
            for level in LEVELS
        )

    def are_different(self, one: HasIds, other: HasIds) -> bool:
        """Whether trustworthy ids show that these are two rows."""
        for level in self.distinguishing:
            first, second = getattr(one, level), getattr(other, level)
            if first and second and first != second:
                return True
        return False


def judge_ids(fetched: Sequence[HasIds], stored: Sequence[HasIds], pairs: Sequence[tuple[HasIds, HasIds]]) -> IdTrust:
    """Judge by all rows of both sides and by the pairs (fetched, stored) with equal texts.

    Without evidence, TrueLayer's normalised ids are trusted to be stable, as documented, but a bank's own ids are not.
    """
    doubted: dict[str, set[str]] = {}
    doubted_levels: set[str] = set()
    distinguishing: set[str] = set()
    for level in STABLE_LEVELS:
        fetched_ids, stored_ids = _ids_at(level, fetched), _ids_at(level, stored)
        agree = disagree = 0
        shifted_days: Counter[date] = Counter()
        for new, old in pairs:
            now, before = getattr(new, level), getattr(old, level)
            if not now or not before:
                continue
            if now == before:
                agree += 1
                continue
            disagree += 1
            if before in fetched_ids or now in stored_ids:
                shifted_days[new.date] += 1
        doubted[level] = {identity for ids in (fetched_ids, stored_ids) for identity, count in ids.items() if count > 1}
        if shifted_days:
            doubted[level].update(
                identity
                for row in (*fetched, *stored)
                if row.date in shifted_days and (identity := getattr(row, level))
            )
        if shifted_days.total() > agree or _are_ordinals(level, fetched):
            doubted_levels.add(level)
        elif (
            not shifted_days
            and (agree > disagree or (level == NORMALISED and agree == disagree == 0))
            and not _is_elsewhere(level, fetched, stored)
        ):
            distinguishing.add(level)
    return IdTrust(doubted, frozenset(doubted_levels), frozenset(distinguishing))


def reused_ids(level: str, *sides: Sequence[HasIds]) -> set[str]:
    """The ids that occur on more than one row of the same side."""
    return {identity for rows in sides for identity, count in _ids_at(level, rows).items() if count > 1}


def _ids_at(level: str, rows: Sequence[HasIds]) -> Counter[str]:
    return Counter(identity for row in rows if (identity := getattr(row, level)))


def _is_elsewhere(level: str, fetched: Sequence[HasIds], stored: Sequence[HasIds]) -> bool:
    """Whether an id that was on one row is now on another, further away than a bank moves a row."""
    days = {identity: row.date for row in stored if (identity := getattr(row, level))}
    return any(
        (identity := getattr(row, level)) in days and abs(row.date - days[identity]) > FURTHEST_MOVE for row in fetched
    )


def _are_ordinals(level: str, rows: Sequence[HasIds]) -> bool:
    """Whether all ids are the row's day and its index among the day's rows, counted from 0 or 1."""
    places: dict[date, list[int]] = {}
    for row in rows:
        identity = getattr(row, level)
        if not identity:
            continue
        without_day = identity.replace(row.date.isoformat(), "", 1)
        if without_day == identity:
            without_day = identity.replace(f"{row.date:%Y%m%d}", "", 1)
        place = _ORDINAL.fullmatch(without_day)
        if without_day == identity or place is None:
            return False
        places.setdefault(row.date, []).append(int(place[1]))
    if not places:
        return False
    return all(
        sorted(of_day) in (list(range(len(of_day))), list(range(1, len(of_day) + 1))) for of_day in places.values()
    )
