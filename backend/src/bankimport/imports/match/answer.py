"""Compare one bank answer with the stored rows of its days; all callers use this one function; pure."""

from collections.abc import Sequence
from datetime import date

from bankimport.days import Days
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.match.match import match_rows
from bankimport.imports.match.pairing import Matching, StoredRow
from bankimport.imports.windows import days_covered


def days_of_answer(requested: Days, rows: Sequence[NewTransaction]) -> Days:
    """The days whose stored rows must be read: the requested days, and those of the received rows."""
    return Days(
        min([requested.first, *(row.date for row in rows)]),
        max([requested.last, *(row.date for row in rows)]),
    )


def match_answer(rows: Sequence[NewTransaction], stored: Sequence[StoredRow], requested: Days, today: date) -> Matching:
    """Which rows of an answer are stored, which are new, and which stored rows it lacks.

    Args:
        rows: all readable rows of the answer.
        stored: the account's live rows of `days_of_answer` and some days around them.
        asked: the requested days.
        today: the day of the answer (UTC).
    """
    covered = days_covered(requested, today)
    return match_rows(rows, stored, covered_from=covered.first, covered_to=covered.last)
