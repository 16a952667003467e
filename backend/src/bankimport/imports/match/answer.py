"""Compare one answer of a bank with the stored rows of its days: the one way to do it, whoever needs to know; pure."""

from collections.abc import Sequence
from datetime import date

from bankimport.days import Days
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.match.match import match_rows
from bankimport.imports.match.pairing import Matching, StoredRow
from bankimport.imports.windows import days_covered


def days_of_answer(asked: Days, rows: Sequence[NewTransaction]) -> Days:
    """The days of which stored rows have to be read: those that were asked for, and those of the rows that came."""
    return Days(
        min([asked.first, *(row.date for row in rows)]),
        max([asked.last, *(row.date for row in rows)]),
    )


def match_answer(rows: Sequence[NewTransaction], stored: Sequence[StoredRow], asked: Days, today: date) -> Matching:
    """Which rows of an answer are stored, which are new, and which stored rows it lacks.

    Args:
        rows: all rows of the answer that can be understood.
        stored: the account's live rows of `days_of_answer`, and of some days around them.
        asked: the days that the bank was asked for.
        today: the day of the answer (UTC).
    """
    covered = days_covered(asked, today)
    return match_rows(rows, stored, covered_from=covered.first, covered_to=covered.last)
