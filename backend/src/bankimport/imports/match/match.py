"""Decide which fetched rows are already stored: whole answers with whole days, never row by row; pure.

A bank's answer for a day is the truth about that day: all the equal rows it contains are real, and none is dropped for
looking like another. So rows are paired, each fetched row with at most one stored row, from the strongest evidence to
the weakest:

1. an id and the text, on the same day with the same amount;
2. the same text on the same day with the same amount, whatever the ids are, because ids drift and shift;
3. an id on the same day with the same amount, if another text is left on both sides;
4. a stable id whose day or amount changed, only if the stored row's own day was requested and the row is gone from it,
   so that a reused id never swallows another payment;
5. pending rows that are now booked: with the same id, or, because many banks give a booked row new ids, with the same
   amount and text on that day or a later one, if there is one candidate on each side, or if all candidates of a side
   are of one day;
6. as many rows of one amount as both sides have on a day, most similar first, unless believable ids differ: texts are
   completed later. Before texts without a common word come rows that are gone from their own day, if the same text and
   amount occurs some days away and nothing else fits;
7. any other id whose day or amount changed.

From step 3 on, ids count only as far as they can be trusted (`trust.py`). The remaining fetched rows are new. The
remaining stored rows are reported as missing and kept. Rows that the answer repeats were marked before (`repeats.py`).

Source: support.truelayer.com, article 360025889254, on which ids may change.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, time

from bankimport.imports.answers.normalise import LEVELS, STABLE_LEVELS, NewTransaction
from bankimport.imports.match.pairing import KeyOf, Matching, MatchKind, Pool, Row, StoredRow, any_day_content
from bankimport.imports.match.trust import IdTrust, judge_ids, reused_ids
from bankimport.money import in_digits


def match_rows(
    fetched: Sequence[NewTransaction],
    stored: Sequence[StoredRow],
    *,
    covered_from: date,
    covered_to: date,
    counts_days: bool = True,
) -> Matching:
    """Pair an answer's booked rows with stored rows.

    Args:
        fetched: every row of the answer, including those outside the wanted window: they are evidence.
        stored: the account's live rows, booked and pending, of the answer's days and `FURTHEST_MOVE` around them.
        covered_from, covered_to: the days, both inclusive, that the answer covers from midnight to midnight.
        counts_days: whether `fetched` has all rows of the covered days, so that their number is evidence.
    """
    rows = [row for row in fetched if row.repeat_of is None]
    repeats = [row for row in fetched if row.repeat_of is not None]
    booked = [row for row in stored if not row.is_pending]
    pending = [row for row in stored if row.is_pending]

    def is_gone(row: StoredRow) -> bool:
        return covered_from <= row.date <= covered_to

    pool = Pool(rows, booked)
    _pair_equal(pool)
    if repeats and pool.stored:
        repeats = _pair_doubtful(pool, repeats)
    trust = None
    if pool.fetched and pool.stored:
        trust = judge_ids(rows, booked, [(match.fetched, match.stored) for match in pool.matches])
        _pair_by_id(pool, trust, is_gone)
    booked_left, pool.stored = pool.stored, pending
    _pair_booked_now(pool, pending)
    pool.stored = booked_left
    if trust is not None:
        _pair_by_likelihood(pool, trust, is_gone, counts_days=counts_days)
    return Matching(pool.matches, pool.fetched, repeats, [row for row in pool.stored if is_gone(row)])


def match_pending(
    fetched: Sequence[NewTransaction], pending: Sequence[StoredRow], booked: Sequence[StoredRow]
) -> Matching:
    """Pair an account's complete pending answer with its stored pending rows.

    A row that is not among them but is already booked, though still listed, counts among the `repeats`, and its booked
    twin among the `still_pending`. The twin has its id or its text, and its amount, and is not older; it counts only if
    it is the only candidate, or if there are as many of one day as pending rows of one day.
    `missing` are the stored pending rows that the bank no longer lists.
    """
    rows = [row for row in fetched if row.repeat_of is None]
    repeats = [row for row in fetched if row.repeat_of is not None]
    pool = Pool(rows, list(pending))
    _pair_equal(pool)
    for level in LEVELS:
        pool.pair_all(MatchKind.SAME, _same_day_key(level))
    twins = Pool(pool.fetched, list(booked))
    for level in STABLE_LEVELS:
        reused = reused_ids(level, rows, booked)
        twins.pair_unique(MatchKind.SAME, _any_day_key(level, reused), fits=_can_be_booked_as)
    twins.pair_unique(MatchKind.SAME, any_day_content, fits=_can_be_booked_as)
    twins.pair_twins(MatchKind.SAME, any_day_content, _can_be_booked_as, may_lack=False)
    return Matching(
        pool.matches,
        twins.fetched,
        repeats + [match.fetched for match in twins.matches],
        pool.stored,
        [match.stored for match in twins.matches],
    )


def _pair_equal(pool: Pool) -> None:
    for level in LEVELS:
        pool.pair_all(MatchKind.SAME, _id_and_content(level))
    pool.pair_all(MatchKind.SAME, _content_and_time)
    pool.pair_all(MatchKind.SAME, _content)


def _pair_doubtful(pool: Pool, repeats: list[NewTransaction]) -> list[NewTransaction]:
    """Pair doubtful repeats with stored twins, which shows that they are real; returns the other repeats."""
    doubtful = Pool([row for row in repeats if "doubtful" in row.flags], pool.stored)
    _pair_equal(doubtful)
    pool.stored = doubtful.stored
    pool.matches.extend(doubtful.matches)
    real = {id(match.fetched) for match in doubtful.matches}
    return [row for row in repeats if id(row) not in real]


def _pair_by_id(pool: Pool, trust: IdTrust, is_gone: Callable[[StoredRow], bool]) -> None:
    for level in LEVELS:
        pool.pair_all(MatchKind.SAME, _same_day_key(level, trust))
    stable = [level for level in STABLE_LEVELS if level in trust.distinguishing]
    _pair_changed(pool, trust, stable, is_gone)


def _pair_changed(pool: Pool, trust: IdTrust, levels: Sequence[str], is_gone: Callable[[StoredRow], bool]) -> None:
    for level in levels:
        pool.pair_unique(MatchKind.MOVED, _moved_key(level, trust), is_gone)
    for level in levels:
        pool.pair_unique(MatchKind.AMENDED, _amended_key(level, trust), is_gone)


def _pair_by_likelihood(pool: Pool, trust: IdTrust, is_gone: Callable[[StoredRow], bool], *, counts_days: bool) -> None:
    """Pair what no stable id identifies: by the number of rows of a day, by other ids, by text."""

    def may_be(new: NewTransaction, old: StoredRow) -> bool:
        return not trust.are_different(new, old)

    if counts_days:
        pool.pair_counted(MatchKind.AMENDED, is_gone, may_be, trust.share_id, only_alike=True)
        pool.pair_moved(MatchKind.MOVED, is_gone, may_be)
        pool.pair_counted(MatchKind.AMENDED, is_gone, may_be, trust.share_id, only_alike=False)
    _pair_changed(pool, trust, STABLE_LEVELS, is_gone)


def _pair_booked_now(pool: Pool, pending: Sequence[StoredRow]) -> None:
    if not pending:
        return
    for level in LEVELS:
        reused = reused_ids(level, pool.fetched, pending)
        pool.pair_unique(MatchKind.BOOKED, _any_day_key(level, reused))
    pool.pair_unique(MatchKind.BOOKED, any_day_content, fits=_is_not_earlier)
    pool.pair_twins(MatchKind.BOOKED, any_day_content, _is_not_earlier, may_lack=True)


def dedupe_keys(rows: Iterable[NewTransaction], taken: Iterable[str]) -> list[str]:
    """A key for each new row, distinct from each other and from `taken`, in the order of `rows`.

    The key contains the row's best id (else its text), the day, the amount, and a number for equal rows: `…#1`, `…#2`
    for two equal payments of one day.
    """
    used = set(taken)
    last_number: dict[str, int] = {}
    keys: list[str] = []
    for row in rows:
        base = _key_base(row)
        while True:
            number = last_number[base] = last_number.get(base, 0) + 1
            key = f"{base}#{number}"
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
    parts = "\x1f".join((identity, row.date.isoformat(), in_digits(row.amount.normalize()), row.currency))
    return f"{level}:{hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()}"


def _id_and_content(level: str) -> KeyOf:
    def key(row: Row) -> Hashable | None:
        identity = getattr(row, level)
        return (identity, row.date, row.amount, row.currency, row.description) if identity else None

    return key


def _same_day_key(level: str, trust: IdTrust | None = None) -> KeyOf:
    def key(row: Row) -> Hashable | None:
        identity = getattr(row, level)
        if not identity or (trust is not None and trust.is_doubted(level, identity)):
            return None
        return identity, row.date, row.amount, row.currency

    return key


def _any_day_key(level: str, reused: set[str]) -> KeyOf:
    def key(row: Row) -> Hashable | None:
        identity = getattr(row, level)
        return (identity, row.amount, row.currency) if identity and identity not in reused else None

    return key


def _moved_key(level: str, trust: IdTrust) -> KeyOf:
    def key(row: Row) -> Hashable | None:
        identity = getattr(row, level)
        if not identity or trust.is_doubted(level, identity):
            return None
        return identity, row.amount, row.currency

    return key


def _amended_key(level: str, trust: IdTrust) -> KeyOf:
    def key(row: Row) -> Hashable | None:
        identity = getattr(row, level)
        return None if not identity or trust.is_doubted(level, identity) else (identity, row.currency)

    return key


def _content_and_time(row: Row) -> Hashable:
    return row.date, row.timestamp, row.amount, row.currency, row.description


def _content(row: Row) -> Hashable:
    return row.date, row.amount, row.currency, row.description


def _is_not_earlier(new: NewTransaction, old: StoredRow) -> bool:
    return new.date >= old.date


def _can_be_booked_as(pending: NewTransaction, booked: StoredRow) -> bool:
    """Whether the pending row can be the booked one: it never happened after it, as far as times are known."""
    if booked.date != pending.date:
        return booked.date > pending.date
    is_timed = pending.has_time and booked.timestamp.time() != time()
    return not is_timed or booked.timestamp >= pending.timestamp
