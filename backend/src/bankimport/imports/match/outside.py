"""Find the rows of an answer that belong to no window: outside the requested days, and not stored either."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from bankimport.days import ONE_DAY, Days
from bankimport.imports import repository
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.answers.rejected import OUTSIDE
from bankimport.imports.attempt import Attempt
from bankimport.imports.match.answer import days_of_answer
from bankimport.imports.match.store import match_with_record
from bankimport.imports.models import WindowState
from bankimport.truelayer.answers import Answer, UnreadRow
from bankimport.truelayer.schemas import FetchedRow


def rows_outside(
    session: Session,
    attempt: Attempt,
    requested: Days,
    rows: Sequence[NewTransaction],
    answer: Answer[UnreadRow | FetchedRow],
) -> list[tuple[FetchedRow, str]]:
    """The unrequested rows: neither stored already, nor of days that this import requests elsewhere.

    They come from banks that ignore the requested days, or that list rows of future days.
    """
    if days_of_answer(requested, rows) == requested:
        return []
    own_days = [requested, *_days_of(session, attempt)]
    far = [row for row in rows if not any(_is_near(row, days) for days in own_days)]
    if not far:
        return []
    unknown = {
        row.position
        for row in match_with_record(session, attempt.account_id, rows, requested, answer.raw.received_at).new
    }
    result_at = {item.position: item for item in answer.results}
    return [(result_at[row.position].read(), OUTSIDE) for row in far if row.position in unknown]


def _is_near(row: NewTransaction, days: Days) -> bool:
    """Whether the row belongs to these days; with a time it may belong to a neighbouring day on the bank's own
    clock."""
    slack = ONE_DAY if row.has_time else timedelta()
    return days.first - slack <= row.date <= days.last + slack


def _days_of(session: Session, attempt: Attempt) -> list[Days]:
    """The days of this import's own answers, now or later."""
    answered = (WindowState.PLANNED, WindowState.FETCHED, WindowState.COMPLETED)
    return [
        Days(window.window_from, window.window_to)
        for window in repository.windows_of(session, attempt.account_import_id)
        if window.state in answered
    ]
