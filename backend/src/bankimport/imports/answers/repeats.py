"""Mark the rows that one answer repeats: a page sent twice, or a row under one stable id; pure.

Two equal payments are two rows, so equality alone proves nothing. A row is certainly a repeat if it has a stable id
that this answer uses for nothing else, or if it ends on the same balance as its copy and no rows of that day lead back
to the start. Without either, a run of different rows that occurs again in the same order is most likely a block that
the bank repeated: its rows are stored once and flagged as doubtful.

A run within one day can be real, such as the bus and the coffee of two trips. So it must consist of three different
rows, or be the whole answer, and its `transaction_id`s must be the same. A run over several days breaks the order of
days, which no true list does, whatever those ids are.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from bankimport.days import ONE_DAY
from bankimport.imports.answers.normalise import STABLE_LEVELS, NewTransaction

REPEATED_BLOCK = "repeated_block"
"""The answer repeats the row, which is stored once."""

DOUBTFUL = "doubtful"
"""The bank's answer does not show whether there are one or several such rows."""

LEAST_DIFFERENT_ROWS = 2
LEAST_DIFFERENT_ROWS_OF_A_DAY = 3
MOST_OFFSETS = 8
"""How many distances between copies are tried, most common first."""

MOST_EDGES = 2000
"""With more rows than this in a day, no way back is searched."""


def mark_repeats(rows: Sequence[NewTransaction]) -> None:
    """Set `repeat_of` of each row that repeats an earlier row of the answer, and flag both if that is uncertain."""
    if len({row.content_hash for row in rows}) == len(rows):
        return
    _mark_same_stable_id(rows)
    _mark(_same_balance(_open(rows)), (REPEATED_BLOCK,))
    _mark(_blocks(_open(rows)), (REPEATED_BLOCK, DOUBTFUL))


def _open(rows: Sequence[NewTransaction]) -> list[NewTransaction]:
    return [row for row in rows if row.repeat_of is None]


def _mark_same_stable_id(rows: Sequence[NewTransaction]) -> None:
    """Mark rows that are equal in everything the bank reported, with an id that this answer uses for no other rows."""
    trusted = [level for level in STABLE_LEVELS if not _is_reused(rows, level)]
    first_at: dict[Hashable, int] = {}
    for row in rows:
        if any(getattr(row, level) for level in trusted):
            position = first_at.setdefault(_fingerprint(row), row.position)
            if position != row.position:
                row.repeat_of = position


def _is_reused(rows: Sequence[NewTransaction], level: str) -> bool:
    content_of: dict[str, bytes] = {}
    for row in rows:
        identity = getattr(row, level)
        if identity and content_of.setdefault(identity, row.content_hash) != row.content_hash:
            return True
    return False


def _mark(pairs: Sequence[tuple[NewTransaction, NewTransaction]], flags: tuple[str, ...]) -> None:
    """Flag the first of each pair and its copy. Flags are part of the hash, so a later clean answer removes them."""
    for first, copy in pairs:
        copy.repeat_of = first.position
    for row in {id(row): row for pair in pairs for row in pair}.values():
        row.flags += flags
        row.content_hash = hashlib.blake2b(
            row.content_hash + ",".join(flags).encode(), digest_size=len(row.content_hash)
        ).digest()


def _fingerprint(row: NewTransaction) -> tuple[Hashable, ...]:
    """All that the row reports; its `transaction_id`, which changes with every call, comes first."""
    return (
        row.transaction_id,
        row.normalised_provider_transaction_id,
        row.provider_transaction_id,
        row.content_hash,
    )


def _same_balance(rows: list[NewTransaction]) -> list[tuple[NewTransaction, NewTransaction]]:
    """Rows that end on the same balance twice although nothing leads back in between, each with its copy.

    Different stable ids speak against a repeat. They are outweighed only where all balances of the answer form one
    chain in which the row has room once. The chain's first row begins with any balance, so it follows the others.
    """
    groups: defaultdict[bytes, list[NewTransaction]] = defaultdict(list)
    for row in rows:
        if row.running_balance is not None and row.amount:
            groups[row.content_hash].append(row)
    firsts = [group[0] for group in groups.values()]
    if len(firsts) == len(rows) or not _is_chain(firsts):
        return []
    edges: defaultdict[tuple[date, str], defaultdict[Decimal, set[Decimal]]] = defaultdict(lambda: defaultdict(set))
    for row in firsts:
        before, after = _edge(row)
        for day in (row.date - ONE_DAY, row.date, row.date + ONE_DAY):  # a way back may be dated a day off
            edges[day, row.currency][before].add(after)
    repeated = [
        group
        for row, group in zip(firsts, groups.values(), strict=True)
        if len(group) > 1 and not _leads_back(edges[row.date, row.currency], *_edge(row))
    ]
    starts = _starts(firsts)
    outweighs_ids = any(group[0] not in starts for group in repeated[:2]) and _is_one_path(firsts)
    pairs: list[tuple[NewTransaction, NewTransaction]] = []
    for group in repeated:
        first_of: dict[Hashable, NewTransaction] = {}
        for row in group:
            stable = (row.normalised_provider_transaction_id, row.provider_transaction_id)
            first = first_of.setdefault(None if outweighs_ids else stable, row)
            if first is not row:
                pairs.append((first, row))
    return pairs


def _edge(row: NewTransaction) -> tuple[Decimal, Decimal]:
    assert row.running_balance is not None
    return row.running_balance - row.amount, row.running_balance


def _is_chain(rows: Sequence[NewTransaction]) -> bool:
    """Whether balances continue from row to row; some banks give each row the balance at the end of its day."""
    return len(rows) == 1 or 2 * (len(rows) - len(_starts(rows))) >= len(rows) - 1


def _starts(rows: Sequence[NewTransaction]) -> list[NewTransaction]:
    """The rows that begin with a balance on which no row ends; one if the balances form an unbroken chain."""
    ends = {_edge(row)[1] for row in rows}
    return [row for row in rows if _edge(row)[0] not in ends]


def _is_one_path(rows: Sequence[NewTransaction]) -> bool:
    """Whether the balances lead from one row to all others, each once: never so with the balances of days' ends."""
    after = dict(map(_edge, rows))
    starts = _starts(rows)
    if len(starts) != 1 or not len(after) == len(set(after.values())) == len(rows):
        return False
    balance, length = _edge(starts[0])[1], 1
    while balance in after and length < len(rows):
        balance, length = after[balance], length + 1
    return length == len(rows)


def _leads_back(edges: dict[Decimal, set[Decimal]], before: Decimal, after: Decimal) -> bool:
    if len(edges) > MOST_EDGES:
        return True
    seen, waiting = {after}, [after]
    while waiting:
        for balance in edges.get(waiting.pop(), ()):
            if balance == before:
                return True
            if balance not in seen:
                seen.add(balance)
                waiting.append(balance)
    return False


def _blocks(rows: list[NewTransaction]) -> list[tuple[NewTransaction, NewTransaction]]:
    """The rows of runs that occur again in the same order, each with its copy."""
    numbers: dict[Hashable, int] = {}
    kinds = [numbers.setdefault(_fingerprint(row)[1:], len(numbers)) for row in rows]
    if len(numbers) == len(rows):
        return []
    copies: dict[int, int] = {}
    for offset in _offsets(kinds):
        start = offset
        for index in range(offset, len(kinds) + 1):
            if index < len(kinds) and kinds[index] == kinds[index - offset]:
                continue
            if _is_block(rows, range(start, index), len(set(kinds[start:index])), offset):
                for at in range(start, index):
                    copies.setdefault(at, at - offset)
            start = index + 1
    return [(rows[_first(copies, at)], rows[at]) for at in sorted(copies)]


def _offsets(kinds: list[int]) -> list[int]:
    """The distances between copies: two different neighbours that occurred together before give a distance."""
    first_at: dict[tuple[int, int], int] = {}
    repeated: Counter[int] = Counter()
    for index, pair in enumerate(pairwise(kinds)):
        if pair[0] != pair[1]:
            distance = index - first_at.setdefault(pair, index)
            if distance:
                repeated[distance] += 1
    return [offset for offset, _ in repeated.most_common(MOST_OFFSETS)]


def _is_block(rows: Sequence[NewTransaction], run: range, different: int, offset: int) -> bool:
    """Whether this run of rows, each equal to the row `offset` before it, is a repeated block."""
    if different < LEAST_DIFFERENT_ROWS:
        return False
    if any(rows[at].date != rows[run.start].date for at in run):
        return True
    if any(rows[at].transaction_id != rows[at - offset].transaction_id for at in run):
        return False
    is_whole_answer = run.start == offset and run.stop == len(rows) and len(run) >= offset
    return different >= LEAST_DIFFERENT_ROWS_OF_A_DAY or is_whole_answer


def _first(copies: dict[int, int], at: int) -> int:
    while at in copies:
        at = copies[at]
    return at
