"""Tell which fetched rows are stored already: whole answers against whole days, never row by row; pure.

A bank's answer for a day is the truth about that day: as many equal rows as it gives are real, and none of them is
dropped for looking like another. So rows are paired, each fetched row with at most one stored row, from the surest
evidence to the weakest:

1. a stable id (normalised, then the bank's own, then TrueLayer's) on the same day with the same amount;
2. the same content on the same day, whatever the ids say now, since ids drift;
3. a stable id whose day or amount changed, only where the stored row's own day was asked for and the row is gone
   from it, so that a reused id never swallows another payment;
4. on banks without ids: the same day and amount with another text, when there is one candidate on each side.

Then pending rows are looked for that are booked now: under the same id, or, since many banks give a booked row new ids,
with the same amount and text on that day or a later one, when there is one candidate on each side.

What is left of the fetched rows is new. What is left of the stored rows is reported as missing and kept.

Source: support.truelayer.com, article 360025889254, on which ids may change.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import msgspec

from bankimport.imports.answers.normalise import NewTransaction

FURTHEST_MOVE = timedelta(days=7)


class StoredRow(msgspec.Struct, gc=False):
    """What matching needs of a stored transaction."""

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


_Row = NewTransaction | StoredRow


class MatchKind(StrEnum):
    """On what evidence a fetched row was taken for a stored one."""

    SAME = "same"
    MOVED = "moved"
    AMENDED = "amended"
    BOOKED = "booked"


class Match(msgspec.Struct, gc=False):
    """A fetched row and the stored row that it is."""

    fetched: NewTransaction
    stored: StoredRow
    kind: MatchKind

    @property
    def changes_anything(self) -> bool:
        """Whether the stored row must be brought up to date."""
        return (
            self.kind is not MatchKind.SAME
            or self.fetched.content_hash != self.stored.content_hash
            or _ids(self.fetched) != _ids(self.stored)
        )


class Matching(msgspec.Struct):
    """An answer's rows sorted by what is to be done with them.

    `repeats` are rows that the bank sent twice in one answer; `missing` are stored booked rows of asked days that
    the answer lacks.
    """

    matches: list[Match]
    new: list[NewTransaction]
    repeats: list[NewTransaction]
    missing: list[StoredRow]


_KeyOf = Callable[[_Row], Hashable | None]
_LEVELS = ("normalised_provider_transaction_id", "provider_transaction_id", "transaction_id")
_STABLE_LEVELS = _LEVELS[:2]


def match_rows(
    fetched: Sequence[NewTransaction], stored: Sequence[StoredRow], *, covered_from: date, covered_to: date
) -> Matching:
    """Pair an answer's booked rows with stored rows.

    Args:
        fetched: every row of the answer, those outside the wanted window too: they are evidence.
        stored: the account's live rows, booked and pending, of the answer's days and `FURTHEST_MOVE` around them.
        covered_from, covered_to: the days, both inclusive, that the answer covers from midnight to midnight.
    """
    rows, repeats = _without_repeats(fetched)
    booked = [row for row in stored if not row.is_pending]
    pool = _Pool(rows, booked)
    for level in _LEVELS:
        pool.pair_all(MatchKind.SAME, _same_day_key(level))
    pool.pair_all(MatchKind.SAME, _content_and_time)
    pool.pair_all(MatchKind.SAME, _content)

    def is_gone(row: StoredRow) -> bool:
        return covered_from <= row.date <= covered_to

    for level in _STABLE_LEVELS:
        reused = _ids_used_twice(rows, booked, level)
        pool.pair_unique(MatchKind.MOVED, _moved_key(level, reused), is_gone)
    for level in _STABLE_LEVELS:
        reused = _ids_used_twice(rows, booked, level)
        pool.pair_unique(MatchKind.AMENDED, _amended_key(level, reused), is_gone)
    pool.pair_unique(MatchKind.AMENDED, _amount_without_ids, is_gone)

    missing = [row for row in pool.stored if is_gone(row)]
    pool.stored = [row for row in stored if row.is_pending]
    for level in _LEVELS:
        pool.pair_unique(MatchKind.BOOKED, _any_day_key(level), lambda _row: True)
    pool.pair_unique(MatchKind.BOOKED, _any_day_content, lambda _row: True, lambda new, old: new.date >= old.date)
    return Matching(pool.matches, pool.fetched, repeats, missing)


def match_pending(
    fetched: Sequence[NewTransaction], pending: Sequence[StoredRow], booked: Sequence[StoredRow]
) -> Matching:
    """Pair an account's whole pending answer with its stored pending rows.

    A row that is already booked under the same stable id and amount is counted among the repeats. `missing` are the
    stored pending rows that the bank no longer lists.
    """
    already = _Pool(list(fetched), list(booked))
    for level in _STABLE_LEVELS:
        already.pair_unique(MatchKind.SAME, _any_day_key(level), lambda _row: True)
    pool = _Pool(already.fetched, list(pending))
    for level in _LEVELS:
        pool.pair_all(MatchKind.SAME, _same_day_key(level))
    pool.pair_all(MatchKind.SAME, _content_and_time)
    pool.pair_all(MatchKind.SAME, _content)
    return Matching(pool.matches, pool.fetched, [match.fetched for match in already.matches], pool.stored)


def dedupe_keys(rows: Iterable[NewTransaction], taken: Iterable[str]) -> list[str]:
    """A key for each new row, distinct from each other and from `taken`, in the order of `rows`.

    The key names the best id that the row has (else its text), the day, the amount and which of several equal rows
    it is: `…#1`, `…#2` for two equal payments of one day.
    """
    used = set(taken)
    next_number: Counter[str] = Counter()
    keys: list[str] = []
    for row in rows:
        base = _key_base(row)
        while True:
            next_number[base] += 1
            key = f"{base}#{next_number[base]}"
            if key not in used:
                break
        used.add(key)
        keys.append(key)
    return keys


def _key_base(row: NewTransaction) -> str:
    if row.normalised_provider_transaction_id:
        level, identity = "n", row.normalised_provider_transaction_id
    elif row.provider_transaction_id:
        level, identity = "p", row.provider_transaction_id
    else:
        level, identity = "c", row.description
    parts = "\x1f".join((identity, row.date.isoformat(), format(row.amount.normalize(), "f"), row.currency))
    return f"{level}:{hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()}"


def _without_repeats(
    fetched: Sequence[NewTransaction],
) -> tuple[list[NewTransaction], list[NewTransaction]]:
    """Split off rows that the bank sent twice: equal in all it said, ids and running balance included.

    Only a stable id proves a repeat, and only where this answer does not use that kind of id for different rows.
    """
    trusted = [level for level in _STABLE_LEVELS if not _is_level_reused(fetched, level)]
    seen: set[Hashable] = set()
    kept: list[NewTransaction] = []
    repeats: list[NewTransaction] = []
    for row in fetched:
        identity = next((value for level in trusted if (value := getattr(row, level))), None)
        if identity is None:
            kept.append(row)
            continue
        fingerprint = (_ids(row), row.content_hash)
        (repeats if fingerprint in seen else kept).append(row)
        seen.add(fingerprint)
    return kept, repeats


def _is_level_reused(fetched: Sequence[NewTransaction], level: str) -> bool:
    content_of: dict[str, bytes] = {}
    for row in fetched:
        identity = getattr(row, level)
        if identity and content_of.setdefault(identity, row.content_hash) != row.content_hash:
            return True
    return False


def _ids_used_twice(fetched: Sequence[NewTransaction], stored: Sequence[StoredRow], level: str) -> set[str]:
    """Ids that name more than one row on either side: no evidence for a row whose day or amount differs."""
    reused: set[str] = set()
    for rows in (fetched, stored):
        counts = Counter(getattr(row, level) for row in rows)
        reused.update(identity for identity, count in counts.items() if identity and count > 1)
    return reused


def _ids(row: _Row) -> tuple[str | None, str | None, str | None]:
    return row.normalised_provider_transaction_id, row.provider_transaction_id, row.transaction_id


def _same_day_key(level: str) -> _KeyOf:
    def key(row: _Row) -> Hashable | None:
        identity = getattr(row, level)
        return (identity, row.date, row.amount, row.currency) if identity else None

    return key


def _any_day_key(level: str) -> _KeyOf:
    def key(row: _Row) -> Hashable | None:
        identity = getattr(row, level)
        return (identity, row.amount, row.currency) if identity else None

    return key


def _moved_key(level: str, reused: set[str]) -> _KeyOf:
    any_day = _any_day_key(level)

    def key(row: _Row) -> Hashable | None:
        return None if getattr(row, level) in reused else any_day(row)

    return key


def _amended_key(level: str, reused: set[str]) -> _KeyOf:
    def key(row: _Row) -> Hashable | None:
        identity = getattr(row, level)
        return None if not identity or identity in reused else (identity, row.currency)

    return key


def _content_and_time(row: _Row) -> Hashable:
    return row.date, row.timestamp, row.amount, row.currency, row.description


def _content(row: _Row) -> Hashable:
    return row.date, row.amount, row.currency, row.description


def _any_day_content(row: _Row) -> Hashable | None:
    return (row.amount, row.currency, row.description) if row.description else None


def _amount_without_ids(row: _Row) -> Hashable | None:
    if row.normalised_provider_transaction_id or row.provider_transaction_id:
        return None
    return row.date, row.amount, row.currency


class _Pool:
    """Rows not paired yet, and the pairs made so far."""

    def __init__(self, fetched: list[NewTransaction], stored: list[StoredRow]) -> None:
        self.fetched = fetched
        self.stored = stored
        self.matches: list[Match] = []

    def pair_all(self, kind: MatchKind, key_of: _KeyOf) -> None:
        """Pair rows of equal key one to one, in order; the surplus of either side stays."""
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
        key_of: _KeyOf,
        is_candidate: Callable[[StoredRow], bool],
        fits: Callable[[NewTransaction, StoredRow], bool] = lambda _new, _old: True,
    ) -> None:
        """Pair rows whose key occurs once on each side, whose days are near each other, and that fit."""
        if not self.fetched or not self.stored:
            return
        fetched_by_key: defaultdict[Hashable, list[NewTransaction]] = defaultdict(list)
        for row in self.fetched:
            key = key_of(row)
            if key is not None:
                fetched_by_key[key].append(row)
        stored_by_key: defaultdict[Hashable, list[StoredRow]] = defaultdict(list)
        for stored_row in self.stored:
            key = key_of(stored_row)
            if key in fetched_by_key:
                stored_by_key[key].append(stored_row)
        pairs: list[tuple[NewTransaction, StoredRow]] = []
        for key, stored_rows in stored_by_key.items():
            rows = fetched_by_key[key]
            if (
                len(rows) == len(stored_rows) == 1
                and is_candidate(stored_rows[0])
                and abs(rows[0].date - stored_rows[0].date) <= FURTHEST_MOVE
                and fits(rows[0], stored_rows[0])
            ):
                pairs.append((rows[0], stored_rows[0]))
        self._take(kind, pairs)

    def _take(self, kind: MatchKind, pairs: list[tuple[NewTransaction, StoredRow]]) -> None:
        if not pairs:
            return
        self.matches.extend(Match(fetched, stored, kind) for fetched, stored in pairs)
        taken_fetched = {id(fetched) for fetched, _ in pairs}
        taken_stored = {id(stored) for _, stored in pairs}
        self.fetched = [row for row in self.fetched if id(row) not in taken_fetched]
        self.stored = [row for row in self.stored if id(row) not in taken_stored]
