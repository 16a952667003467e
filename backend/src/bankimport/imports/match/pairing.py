"""Pair fetched with stored rows by one kind of evidence at a time, each row at most once; pure."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile
from typing import TypeVar

import msgspec

from bankimport.imports.answers.normalise import NewTransaction

FURTHEST_MOVE = timedelta(days=7)
FURTHEST_MOVE_BY_TEXT = timedelta(days=4)
"""From a Friday to the Tuesday after a bank holiday."""

MOST_COMPARED = 400
"""Maximum pairs of texts compared for one amount of one day; beyond that, rows are paired in their order."""


class StoredRow(msgspec.Struct, gc=False):
    """The fields of a stored transaction that matching needs."""

    id: int
    is_pending: bool
    date: date
    timestamp: datetime
    amount: Decimal
    currency: str
    description: str
    transaction_id: str | None
    provider_transaction_id: str | None
    normalised_provider_transaction_id: str | None
    dedupe_key: str
    content_hash: bytes


Row = NewTransaction | StoredRow
_T = TypeVar("_T", NewTransaction, StoredRow)


class MatchKind(StrEnum):
    """The evidence by which a fetched row was matched with a stored one."""

    SAME = "same"
    MOVED = "moved"
    AMENDED = "amended"
    BOOKED = "booked"


class Match(msgspec.Struct, gc=False):
    """A fetched row and its stored row.

    `is_guess`: another row of the same day and amount is as good a candidate, because their texts changed at once. How
    many rows there are is known, but not which is which.
    """

    fetched: NewTransaction
    stored: StoredRow
    kind: MatchKind
    is_guess: bool = False

    @property
    def changes_anything(self) -> bool:
        """Whether the stored row must be updated."""
        return (
            self.kind is not MatchKind.SAME
            or self.fetched.content_hash != self.stored.content_hash
            or _ids(self.fetched) != _ids(self.stored)
        )


class Matching(msgspec.Struct):
    """An answer's rows, sorted by what to do with them.

    `repeats` are rows that the bank sent twice; `missing` are stored booked rows of requested days that the answer
    lacks.
    `still_pending` are booked rows that a pending answer still lists.
    """

    matches: list[Match]
    new: list[NewTransaction]
    repeats: list[NewTransaction]
    missing: list[StoredRow]
    still_pending: list[StoredRow] = []


KeyOf = Callable[[Row], Hashable | None]
MayBe = Callable[[NewTransaction, StoredRow], bool]


def _ids(row: Row) -> tuple[str | None, str | None, str | None]:
    return row.normalised_provider_transaction_id, row.provider_transaction_id, row.transaction_id


def any_day_content(row: Row) -> Hashable | None:
    return (row.amount, row.currency, row.description) if row.description else None


def _any(_row: StoredRow) -> bool:
    return True


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


_WORD = re.compile(r"\w+")


def _likeness(new: NewTransaction, old: StoredRow) -> tuple[int, int]:
    """How similar the texts of two rows are: the number of common words, then the length of the common beginning."""
    letters = zip(new.description.casefold(), old.description.casefold(), strict=False)
    beginning = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], letters))
    return len(_words(new.description) & _words(old.description)), beginning


_Score = tuple[bool, int, int]


def _has_rival(
    possible: Sequence[tuple[_Score, NewTransaction, StoredRow]], score: _Score, new: NewTransaction, old: StoredRow
) -> bool:
    """Whether either row could as well be paired with a row of another text. The letters of texts prove nothing."""
    return any(
        other_score[:2] >= score[:2]
        and (
            (other_new is new and other_old.description != old.description)
            or (other_old is old and other_new.description != new.description)
        )
        for other_score, other_new, other_old in possible
    )


def _by_day(rows: Sequence[_T]) -> dict[date, list[_T]]:
    days: dict[date, list[_T]] = {}
    for row in rows:
        days.setdefault(row.date, []).append(row)
    return days


def _by_time(rows: list[_T]) -> list[_T]:
    return sorted(rows, key=lambda row: row.timestamp)


class Pool:
    """The unpaired rows, and the pairs made so far."""

    def __init__(self, fetched: list[NewTransaction], stored: list[StoredRow]) -> None:
        self.fetched = fetched
        self.stored = stored
        self.matches: list[Match] = []

    def pair_all(self, kind: MatchKind, key_of: KeyOf) -> None:
        """Pair rows of equal key one to one, in order; surplus rows stay."""
        if not self.fetched or not self.stored:
            return
        waiting: defaultdict[Hashable, list[StoredRow]] = defaultdict(list)
        for stored_row in reversed(self.stored):
            key = key_of(stored_row)
            if key is not None:
                waiting[key].append(stored_row)
        pairs: list[tuple[NewTransaction, StoredRow]] = []
        for row in self.fetched:
            key = key_of(row)
            candidates = waiting.get(key) if key is not None else None
            if candidates:
                pairs.append((row, candidates.pop()))
        self._take(kind, pairs)

    def pair_unique(
        self,
        kind: MatchKind,
        key_of: KeyOf,
        is_candidate: Callable[[StoredRow], bool] = _any,
        fits: MayBe = lambda _new, _old: True,
    ) -> None:
        """Pair rows whose key occurs once on each side, whose days are close, and that fit."""
        if not self.fetched or not self.stored:
            return
        pairs: list[tuple[NewTransaction, StoredRow]] = []
        for rows, stored_rows in self._grouped(key_of, _any):
            if (
                len(rows) == len(stored_rows) == 1
                and is_candidate(stored_rows[0])
                and abs(rows[0].date - stored_rows[0].date) <= FURTHEST_MOVE
                and fits(rows[0], stored_rows[0])
            ):
                pairs.append((rows[0], stored_rows[0]))
        self._take(kind, pairs)

    def pair_twins(self, kind: MatchKind, key_of: KeyOf, fits: MayBe, *, may_lack: bool) -> None:
        """Pair rows of equal key, all of one day on either side, one to one in the order of their times.

        There must be as many on both sides. With `may_lack` some of the stored rows may stay, and which ones is a
        guess.
        """
        sure: list[tuple[NewTransaction, StoredRow]] = []
        guessed: list[tuple[NewTransaction, StoredRow]] = []
        for rows, stored_rows in self._grouped(key_of, _any):
            lacking = len(stored_rows) - len(rows)
            is_one_day = len({row.date for row in rows}) == len({row.date for row in stored_rows}) == 1
            if not is_one_day or lacking < 0 or (lacking and not may_lack):
                continue
            found = list(zip(_by_time(rows), _by_time(stored_rows), strict=False))
            if all(abs(new.date - old.date) <= FURTHEST_MOVE and fits(new, old) for new, old in found):
                (guessed if lacking else sure).extend(found)
        self._take(kind, sure)
        self._take(kind, guessed, is_guess=True)

    def pair_counted(
        self,
        kind: MatchKind,
        is_candidate: Callable[[StoredRow], bool],
        may_be: MayBe,
        shares_id: MayBe,
        *,
        only_alike: bool,
    ) -> None:
        """Pair rows of one day and amount as long as both sides have candidates, most similar first.

        With `only_alike` their texts must have a common word, or they must share an id.
        """
        sure: list[tuple[NewTransaction, StoredRow]] = []
        guessed: list[tuple[NewTransaction, StoredRow]] = []
        for rows, stored_rows in self._grouped(lambda row: (row.date, row.amount, row.currency), is_candidate):
            if len(rows) * len(stored_rows) > MOST_COMPARED:
                if only_alike:
                    continue
                guessed.extend((new, old) for new, old in zip(rows, stored_rows, strict=False) if may_be(new, old))
                continue
            possible = [
                ((shares_id(new, old), *_likeness(new, old)), new, old)
                for new in rows
                for old in stored_rows
                if may_be(new, old)
            ]
            possible.sort(key=lambda item: item[0], reverse=True)
            taken: set[int] = set()
            for (shares, words, letters), new, old in possible:
                if only_alike and not (shares or words):
                    break
                if id(new) not in taken and id(old) not in taken:
                    taken.update((id(new), id(old)))
                    is_guess = _has_rival(possible, (shares, words, letters), new, old)
                    (guessed if is_guess else sure).append((new, old))
        self._take(kind, sure)
        self._take(kind, guessed, is_guess=True)

    def pair_moved(self, kind: MatchKind, is_candidate: Callable[[StoredRow], bool], may_be: MayBe) -> None:
        """Pair rows of one text and amount on close days if there is no other candidate.

        Equal rows that moved together from one day to another count as one.
        """
        pairs: list[tuple[NewTransaction, StoredRow]] = []
        for rows, stored_rows in self._grouped(any_day_content, is_candidate):
            by_day, stored_by_day = _by_day(rows), _by_day(stored_rows)
            for day, olds in stored_by_day.items():
                near = [other for other in by_day if abs(other - day) <= FURTHEST_MOVE_BY_TEXT]
                if len(near) != 1 or len(by_day[near[0]]) != len(olds):
                    continue
                rivals = [other for other in stored_by_day if abs(other - near[0]) <= FURTHEST_MOVE_BY_TEXT]
                same = list(zip(by_day[near[0]], olds, strict=True))
                if len(rivals) == 1 and all(may_be(new, old) for new, old in same):
                    pairs.extend(same)
        self._take(kind, pairs)

    def _grouped(
        self, key_of: KeyOf, is_candidate: Callable[[StoredRow], bool]
    ) -> list[tuple[list[NewTransaction], list[StoredRow]]]:
        """The rows of both sides, grouped by common keys."""
        fetched_by_key: defaultdict[Hashable, list[NewTransaction]] = defaultdict(list)
        for row in self.fetched:
            key = key_of(row)
            if key is not None:
                fetched_by_key[key].append(row)
        stored_by_key: defaultdict[Hashable, list[StoredRow]] = defaultdict(list)
        for stored_row in self.stored:
            key = key_of(stored_row)
            if key in fetched_by_key and is_candidate(stored_row):
                stored_by_key[key].append(stored_row)
        return [(fetched_by_key[key], stored_rows) for key, stored_rows in stored_by_key.items()]

    def _take(self, kind: MatchKind, pairs: list[tuple[NewTransaction, StoredRow]], *, is_guess: bool = False) -> None:
        if not pairs:
            return
        self.matches.extend(Match(fetched, stored, kind, is_guess) for fetched, stored in pairs)
        taken_fetched = {id(fetched) for fetched, _ in pairs}
        taken_stored = {id(stored) for _, stored in pairs}
        self.fetched = [row for row in self.fetched if id(row) not in taken_fetched]
        self.stored = [row for row in self.stored if id(row) not in taken_stored]
