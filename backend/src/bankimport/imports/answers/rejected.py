"""Rejected rows of an answer: stored as received, counted and shown, never dropped or guessed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.imports import repository
from bankimport.imports.answers.normalise import NewTransaction, RowProblem, parse_timestamp
from bankimport.imports.answers.repeats import DOUBTFUL, REPEATED_BLOCK
from bankimport.imports.attempt import Attempt
from bankimport.imports.events import EVENTS, BlockRepeated, PendingRejected, RowsRejected
from bankimport.imports.models import REJECTED, AccountImport, RawResponse, RejectedRow
from bankimport.imports.schemas import RejectedList, RejectedRead
from bankimport.imports.windows import WindowFacts
from bankimport.paging import id_before
from bankimport.truelayer.schemas import FetchedRow

MOST_REJECTED_BYTES = 100_000
OUTSIDE = "it is outside the requested days"


def keep_rejected(
    session: Session,
    attempt: Attempt,
    account_import: AccountImport,
    response: RawResponse,
    rejected: Sequence[tuple[FetchedRow, str]],
) -> None:
    """Store rejected rows as received, with the reason, and count them in the account import's and the job's totals.

    They are sealed with the user's key. A pending answer replaces this job's earlier one.
    """
    superseded = _delete_superseded(session, response) if response.endpoint == "pending" else 0
    if rejected:
        session.execute(
            insert(RejectedRow),
            [
                {
                    "job_id": attempt.job_id,
                    "account_id": attempt.account_id,
                    "raw_response_id": response.id,
                    "raw_position": item.position,
                    "reason": reason,
                    "raw": attempt.vault.seal(item.raw[:MOST_REJECTED_BYTES], REJECTED),
                    "created_at": utc_now(),
                }
                for item, reason in rejected
            ],
        )
    more = len(rejected) - superseded
    if more:
        account_import.errors += more
        session.flush()
        repository.add_to_totals(session, attempt.job_id, synced=0, duplicates=0, errors=more)
    if rejected:
        is_pending = response.endpoint == "pending"
        event: type[PendingRejected | RowsRejected] = PendingRejected if is_pending else RowsRejected
        EVENTS.append(session, attempt.job_id, event(account_id=attempt.account_id, errors=len(rejected)))


def note_repeats(session: Session, attempt: Attempt, rows: Sequence[NewTransaction]) -> None:
    """Record in the job's events that the answer repeats a block, and how many rows are doubtful."""
    repeated = [row for row in rows if row.repeat_of is not None and REPEATED_BLOCK in row.flags]
    if repeated:
        doubtful = sum(DOUBTFUL in row.flags for row in repeated)
        event = BlockRepeated(account_id=attempt.account_id, repeated=len(repeated), doubtful=doubtful)
        EVENTS.append(session, attempt.job_id, event)


def count_understood(session: Session, response: RawResponse, rows: Sequence[NewTransaction]) -> int:
    """How many rows that were rejected as unreadable today's rules can read."""
    positions = select(RejectedRow.raw_position).where(
        RejectedRow.raw_response_id == response.id, RejectedRow.reason != OUTSIDE
    )
    return len(set(session.scalars(positions)) & {row.position for row in rows})


def _delete_superseded(session: Session, response: RawResponse) -> int:
    earlier = select(RawResponse.id).where(
        RawResponse.job_id == response.job_id,
        RawResponse.account_id == response.account_id,
        RawResponse.endpoint == response.endpoint,
        RawResponse.id < response.id,
    )
    removed = delete(RejectedRow).where(RejectedRow.raw_response_id.in_(earlier)).returning(RejectedRow.id)
    return len(session.scalars(removed).all())


def windows_with_rejected(session: Session, account_ids: Sequence[int]) -> dict[int, list[WindowFacts]]:
    """Per account all its windows, in the order they were made, each with the days of its rejected rows."""
    days: dict[int, set[date | None]] = {}
    for window_id, raw in repository.rejected_of_windows(session, account_ids):
        days.setdefault(window_id, set()).add(day_of(raw))
    return {
        account_id: [_with_days(window, days.get(window.window_id)) for window in windows]
        for account_id, windows in repository.window_facts(session, account_ids).items()
    }


def _with_days(window: WindowFacts, days: set[date | None] | None) -> WindowFacts:
    if days is None:
        return window
    dated = frozenset(day for day in days if day is not None)
    return window._replace(rejected_on=dated, has_undated=None in days)


def day_of(raw: bytes) -> date | None:
    """The day of a rejected row; None if it has no readable day."""
    try:
        timestamp = msgspec.json.decode(raw, type=_Dated).timestamp
        return parse_timestamp(timestamp).day if isinstance(timestamp, str) else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, RowProblem):
        return None


class _Dated(msgspec.Struct):
    timestamp: Any = None


def rejected_read(session: Session, user_id: int, job_id: int, *, limit: int, cursor: str | None) -> RejectedList:
    """A job's rejected rows in the order they were received, up to `limit` from the cursor on.

    Raises:
        ImportNotFound: no such job, or not this user's.
        InvalidRequest: the cursor is invalid.
    """
    repository.job_of(session, user_id, job_id)
    after = id_before(cursor) or 0
    rows = repository.rejected_rows_of(session, job_id, after_id=after, limit=limit + 1)
    return RejectedList(
        rejected=[
            RejectedRead(
                account_id=row.account_id,
                is_pending=endpoint == "pending",
                position=row.raw_position,
                reason=row.reason,
                raw=row.received.decode(errors="replace"),
            )
            for row, endpoint in rows[:limit]
        ],
        next_cursor=str(rows[limit - 1][0].id) if len(rows) > limit else None,
    )
