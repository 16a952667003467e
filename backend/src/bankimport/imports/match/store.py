"""Store a window's rows batch by batch: each batch is whole days in one transaction, with progress and event."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.days import ONE_DAY, Days
from bankimport.imports import repository
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.attempt import Attempt, keep_lease
from bankimport.imports.events import EVENTS, BatchStored, PendingReplaced, WindowCompleted
from bankimport.imports.match import conflicts
from bankimport.imports.match.answer import days_of_answer, match_answer
from bankimport.imports.match.carry_over import carry_over
from bankimport.imports.match.columns import bank_values, lines_for_copy
from bankimport.imports.match.match import dedupe_keys, match_pending
from bankimport.imports.match.pairing import FURTHEST_MOVE, Match, Matching, MatchKind, StoredRow
from bankimport.imports.models import AccountImport, ImportWindow, WindowState
from bankimport.transactions import repository as transactions
from bankimport.transactions.models import ChangeKind, TransactionStatus

FIRST_BATCH_SIZE = 1000
LARGEST_BATCH_SIZE = 8000
"""Unless the user gave a size, the first batch of an answer is small, so that rows show soon, and the later ones are
large, so that they cost few commits."""


class Batch(msgspec.Struct):
    """Whole days of one answer, with rows sorted by what to do with them.

    `repeats` counts rows that the bank sent twice. `lacking` are stored rows of the window that the answer lacks; they
    are in the last batch.
    """

    first: date
    last: date
    new: list[NewTransaction]
    matches: list[Match]
    repeats: int
    lacking: list[StoredRow]


def stored_rows(session: Session, account_id: int, days: Days, *, pending_anywhere: bool = True) -> list[StoredRow]:
    """The account's live rows that are needed to match an answer for these days."""
    rows = transactions.live_rows(
        session,
        account_id,
        days.first - FURTHEST_MOVE,
        days.last + FURTHEST_MOVE,
        pending_anywhere=pending_anywhere,
    )
    return [StoredRow(*row) for row in rows]


def match_with_record(
    session: Session, account_id: int, rows: Sequence[NewTransaction], requested: Days, answered_at: datetime
) -> Matching:
    """Compare an answer with the account's stored rows as they are at present.

    `answered_at` is when the bank gave the answer, which decides how much of its last day it covers: a commit, a
    restart or a check that compares it later comes to the same result.
    """
    stored = stored_rows(session, account_id, days_of_answer(requested, rows))
    return match_answer(rows, stored, requested, answered_at.astimezone(UTC).date())


def plan_batches(matching: Matching, *, window: Days, batch_size: int | None) -> Iterator[Batch]:
    """Cut a matched answer into batches of whole days, oldest first; pure.

    Rows outside the window are evidence: new ones are left out, and stored ones are updated with the batch that
    contains the window's nearest day. There is always a last batch that ends on the window's last day, even if it is
    empty.
    """
    new: dict[date, list[NewTransaction]] = {}
    for row in matching.new:
        if window.first <= row.date <= window.last:
            new.setdefault(row.date, []).append(row)
    matches: dict[date, list[Match]] = {}
    for match in matching.matches:
        matches.setdefault(_clamped(match.fetched.date, window), []).append(match)
    repeats = Counter(row.date for row in matching.repeats if window.first <= row.date <= window.last)

    size = batch_size or FIRST_BATCH_SIZE
    batch = Batch(window.first, window.first, [], [], 0, [])
    for day in sorted({*new, *matches, *repeats}):
        batch.new.extend(new.get(day, ()))
        batch.matches.extend(matches.get(day, ()))
        batch.repeats += repeats[day]
        batch.last = day
        if len(batch.new) + len(batch.matches) >= size and day < window.last:
            yield batch
            size = batch_size or LARGEST_BATCH_SIZE
            batch = Batch(day + ONE_DAY, day + ONE_DAY, [], [], 0, [])
    batch.last = window.last
    batch.lacking = [row for row in matching.missing if window.first <= row.date <= window.last]
    yield batch


def _clamped(day: date, window: Days) -> date:
    return min(max(day, window.first), window.last)


def store_batch(session: Session, attempt: Attempt, window: ImportWindow, batch: Batch) -> None:
    """Store one batch, with its counts, checkpoint and event in the same transaction.

    Raises:
        AttemptLost: a newer attempt took over; nothing of this batch is stored.
    """
    account_import = keep_lease(session, attempt)
    transactions.begin_writing(session, attempt.user_id)
    # Read again: the caller's copy does not have what earlier batches counted.
    window = repository.window_by_id(session, window.id)
    assert window.raw_response_id is not None
    _insert(session, attempt, window.raw_response_id, batch.new, TransactionStatus.BOOKED)
    updated = update_matched(session, attempt, window.raw_response_id, batch.matches)
    conflicts.close_listed(session, attempt, [match.stored.id for match in batch.matches])
    conflicts.note_lacking(session, attempt, batch.lacking)
    in_batch = [match for match in batch.matches if batch.first <= match.fetched.date <= batch.last]
    # A pending row becomes this import's row once it is booked, even on days that were requested as evidence.
    synced = len(batch.new) + sum(match.kind is MatchKind.BOOKED for match in batch.matches)
    duplicates = sum(match.kind is not MatchKind.BOOKED for match in in_batch) + batch.repeats
    account_import.updated += updated
    _advance(session, attempt, account_import, window, Days(batch.first, batch.last), synced, duplicates)


def store_unchanged(
    session: Session,
    attempt: Attempt,
    account_import: AccountImport,
    window: ImportWindow,
    raw_response_id: int,
    rows: int,
    requested: Days,
) -> None:
    """Complete a window whose answer's rows are all stored as they are: the same as storing one batch of duplicates.

    `account_import` is locked by this attempt.
    """
    window.raw_response_id = raw_response_id
    window.rows_in_window = 0
    conflicts.close_listed_days(session, attempt, requested)
    _advance(session, attempt, account_import, window, Days(window.window_from, window.window_to), 0, rows)


def _advance(
    session: Session,
    attempt: Attempt,
    account_import: AccountImport,
    window: ImportWindow,
    days: Days,
    synced: int,
    duplicates: int,
) -> None:
    """Add these days, and the rows stored with them, to all counts; the window's last days complete it."""
    is_last = days.last == window.window_to
    account_import.synced += synced
    account_import.duplicates += duplicates
    account_import.days_done += days.length
    window.stored_to = days.last
    window.rows_in_window = (window.rows_in_window or 0) + synced + duplicates
    if is_last:
        window.state = WindowState.COMPLETED
        window.completed_at = utc_now()
    session.flush()
    repository.add_to_totals(session, attempt.job_id, synced=synced, duplicates=duplicates, errors=0)
    event: type[WindowCompleted | BatchStored] = WindowCompleted if is_last else BatchStored
    EVENTS.append(
        session,
        attempt.job_id,
        event(
            account_id=attempt.account_id,
            first=days.first,
            last=days.last,
            synced=account_import.synced,
            duplicates=account_import.duplicates,
            errors=account_import.errors,
            days_done=account_import.days_done,
            days_total=account_import.days_total,
        ),
    )


def _insert(
    session: Session,
    attempt: Attempt,
    raw_response_id: int,
    rows: Sequence[NewTransaction],
    status: TransactionStatus,
) -> None:
    """Insert new rows, each with its own key, until all of them are stored.

    A key may be taken by a row that was not among the matched ones; then the next number is tried.
    """
    prefix = "pending " if status is TransactionStatus.PENDING else ""
    waiting = list(rows)
    taken: set[str] = set()
    new: dict[str, NewTransaction] = {}
    while waiting:
        keys = dedupe_keys(waiting, taken)
        full_keys = [prefix + key for key in keys]
        lines = lines_for_copy(
            waiting,
            full_keys,
            status,
            user_id=attempt.user_id,
            account_id=attempt.account_id,
            job_id=attempt.job_id,
            raw_response_id=raw_response_id,
            created_at=utc_now(),
        )
        stored = transactions.insert_transactions(session, lines)
        new |= {key: row for row, key in zip(waiting, full_keys, strict=True) if key in stored}
        waiting = [row for row, key in zip(waiting, full_keys, strict=True) if key not in stored]
        taken.update(keys)
    carry_over(session, attempt, new)


def update_matched(session: Session, attempt: Attempt, raw_response_id: int, matches: Sequence[Match]) -> int:
    """Update matched rows that the bank now reports differently; returns how many changed.

    Every change is recorded with its values before and after. A pending row that is now booked becomes this job's row.
    A merchant that is not from the bank is left unchanged.
    """
    changed = [match for match in matches if match.changes_anything]
    if not changed:
        return 0
    rows = transactions.locked_transactions(session, [match.stored.id for match in changed])
    updates: list[tuple[Any, ...]] = []
    changes: list[transactions.Change] = []
    for match in changed:
        row = rows[match.stored.id]
        is_booked_now = match.kind is MatchKind.BOOKED
        values = bank_values(
            match.fetched,
            attempt.job_id if is_booked_now else row.import_job_id,
            raw_response_id,
            TransactionStatus.BOOKED if is_booked_now else TransactionStatus(row.status),
        )
        after = dict(zip(transactions.BANK_COLUMNS, values, strict=True))
        if match.is_guess:
            conflicts.note_unsure(session, attempt, row, match.fetched)
        if row.merchant_source not in (None, "bank"):
            if row.merchant_source == "user" and match.fetched.merchant not in (None, row.merchant):
                conflicts.note_conflict(session, attempt, row, {"merchant": match.fetched.merchant})
            after["merchant"], after["merchant_source"] = row.merchant, row.merchant_source
        differing = [name for name, value in after.items() if plain(getattr(row, name)) != plain(value)]
        updates.append((row.id, *after.values()))
        changes.append(
            (
                row.id,
                attempt.job_id,
                _change_kind(match, set(differing)),
                {name: plain(getattr(row, name)) for name in differing},
                {name: plain(after[name]) for name in differing},
            )
        )
    transactions.update_transactions(session, updates)
    transactions.insert_changes(session, changes)
    return len(changed)


def replace_pending(session: Session, attempt: Attempt, raw_response_id: int, fetched: Sequence[NewTransaction]) -> int:
    """Make the account's pending rows exactly those that the bank lists now; returns how many there are.

    Call it only with a complete, successful answer: an empty answer removes all pending rows. Rows that the bank no
    longer lists are removed from the record but kept in the table; rows it lists again remain the same rows. A row that
    is already booked but still listed is stored once, as the booked row, which is marked.
    """
    account_import = keep_lease(session, attempt)
    transactions.begin_writing(session, attempt.user_id)
    days = Days(
        min((row.date for row in fetched), default=utc_now().date()),
        max((row.date for row in fetched), default=utc_now().date()),
    )
    stored = stored_rows(session, attempt.account_id, days)
    matching = match_pending(
        fetched, [row for row in stored if row.is_pending], [row for row in stored if not row.is_pending]
    )
    update_matched(session, attempt, raw_response_id, matching.matches)
    _insert(session, attempt, raw_response_id, matching.new, TransactionStatus.PENDING)
    transactions.insert_changes(
        session, [(row.id, attempt.job_id, ChangeKind.VANISHED.value, {}, {}) for row in matching.missing]
    )
    transactions.remove(session, [row.id for row in matching.missing], attempt.job_id)
    listed = [row.id for row in matching.still_pending]
    transactions.mark_still_pending(session, attempt.account_id, listed, attempt.job_id)
    account_import.pending = len(matching.new) + len(matching.matches)
    session.flush()
    EVENTS.append(
        session,
        attempt.job_id,
        PendingReplaced(
            account_id=attempt.account_id,
            pending=account_import.pending,
            vanished=len(matching.missing),
            still_pending=len(matching.still_pending),
        ),
    )
    return account_import.pending


def _change_kind(match: Match, differing: set[str]) -> str:
    if match.kind is MatchKind.BOOKED:
        return ChangeKind.BOOKED.value
    if match.kind is MatchKind.MOVED:
        return ChangeKind.DATE_MOVED.value
    provenance = {"raw_response_id", "raw_position", "content_hash"}
    ids = {"transaction_id", "provider_transaction_id", "normalised_provider_transaction_id"}
    if match.kind is MatchKind.SAME and differing <= ids | provenance:
        return ChangeKind.IDS_CHANGED.value
    return ChangeKind.BANK_AMENDED.value


def plain(value: Any) -> Any:
    """A value in JSON form, so that a change can be reverted exactly."""
    if isinstance(value, Jsonb):
        return value.obj
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
