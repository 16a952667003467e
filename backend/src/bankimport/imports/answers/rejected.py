"""Rows of an answer that are not taken: kept aside as they came, counted and shown, never dropped or guessed."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.days import Days
from bankimport.imports import repository
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.attempt import Attempt
from bankimport.imports.events import EVENTS, PendingRejected, RowsRejected
from bankimport.imports.match.match import match_rows
from bankimport.imports.match.store import stored_rows
from bankimport.imports.models import AccountImport, RawResponse, RejectedRow, WindowState
from bankimport.imports.schemas import RejectedList, RejectedRead
from bankimport.imports.windows import days_covered
from bankimport.paging import id_before
from bankimport.truelayer.schemas import FetchedRow

MOST_REJECTED_BYTES = 100_000
OUTSIDE = "it lies outside of the days that were asked for"


def rows_outside(
    session: Session,
    attempt: Attempt,
    asked: Days,
    rows: Sequence[NewTransaction],
    results: Sequence[FetchedRow],
) -> list[tuple[FetchedRow, str]]:
    """The rows that nobody asked for: neither stored already, nor of days that this import asks for elsewhere.

    A bank that takes no notice of the days gives them, or one that lists rows of days to come.
    """
    wanted = [asked, *_days_of(session, attempt)]
    far = [row for row in rows if not any(days.first <= row.date <= days.last for days in wanted)]
    if not far:
        return []
    days = [row.date for row in rows]
    covered = days_covered(asked, utc_now().date())
    stored = stored_rows(session, attempt.account_id, Days(min([asked.first, *days]), max([asked.last, *days])))
    matching = match_rows(rows, stored, covered_from=covered.first, covered_to=covered.last)
    unknown = {row.position for row in matching.new}
    result_at = {item.position: item for item in results}
    return [(result_at[row.position], OUTSIDE) for row in far if row.position in unknown]


def keep_rejected(
    session: Session,
    attempt: Attempt,
    account_import: AccountImport,
    response: RawResponse,
    rejected: Sequence[tuple[FetchedRow, str]],
) -> None:
    """Keep rows as they came, with why, and count them in the account import's and the job's totals.

    A pending answer takes the place of the one that this job got before.
    """
    superseded = _let_superseded_go(session, response) if response.endpoint == "pending" else 0
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
                    "raw": item.raw[:MOST_REJECTED_BYTES],
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


def count_understood(session: Session, response: RawResponse, rows: Sequence[NewTransaction]) -> int:
    """How many rows that were kept aside as senseless today's rules can read."""
    aside = select(RejectedRow.raw_position).where(
        RejectedRow.raw_response_id == response.id, RejectedRow.reason != OUTSIDE
    )
    return len(set(session.scalars(aside)) & {row.position for row in rows})


def _days_of(session: Session, attempt: Attempt) -> list[Days]:
    """The days that this import's own answers bring, now or later."""
    answered = (WindowState.PLANNED, WindowState.FETCHED, WindowState.COMPLETED)
    return [
        Days(window.window_from, window.window_to)
        for window in repository.windows_of(session, attempt.account_import_id)
        if window.state in answered
    ]


def _let_superseded_go(session: Session, response: RawResponse) -> int:
    earlier = select(RawResponse.id).where(
        RawResponse.job_id == response.job_id,
        RawResponse.account_id == response.account_id,
        RawResponse.endpoint == response.endpoint,
        RawResponse.id < response.id,
    )
    gone = delete(RejectedRow).where(RejectedRow.raw_response_id.in_(earlier)).returning(RejectedRow.id)
    return len(session.scalars(gone).all())


def rejected_read(session: Session, user_id: int, job_id: int, *, limit: int, cursor: str | None) -> RejectedList:
    """The rows of a job that were kept aside, in the order they came, `limit` of them from the cursor on.

    Raises:
        ImportNotFound: no such job, or not this user's.
        InvalidRequest: the cursor is not one of ours.
    """
    repository.job_of(session, user_id, job_id)
    after = id_before(cursor) or 0
    found = repository.rejected_rows_of(session, job_id, after_id=after, limit=limit + 1)
    return RejectedList(
        rejected=[
            RejectedRead(
                account_id=str(row.account_id),
                is_pending=endpoint == "pending",
                position=row.raw_position,
                reason=row.reason,
                raw=row.raw.decode(errors="replace"),
            )
            for row, endpoint in found[:limit]
        ],
        next_cursor=str(found[limit - 1][0].id) if len(found) > limit else None,
    )
