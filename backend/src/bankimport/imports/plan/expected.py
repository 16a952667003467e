"""Correct the expected number of rows by what an import has brought so far; pure."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from bankimport.imports.plan.estimate import SPREAD, Range

OWN_SPREAD = 1.5
OTHERS_SPREAD = 2.5
"""How many times more rows the open days may have than the answered days of this account, or of the others, had."""


class SoFar(NamedTuple):
    """An account's rows so far, its answered days, those that still wait for an answer, and all of them."""

    rows: int
    days_answered: int
    days_open: int
    days_total: int


def expected_rows(accounts: Sequence[SoFar], planned: int) -> Range:
    """How many rows the whole import is expected to bring.

    The open days of an account are taken to be like its answered ones; those of an account without an answer like the
    answered ones of the others. Answers without any row say only that the bank's history begins later: then, as before
    any answer, the plan counts. The low end is what is there already, because the history may end on any open day.

    Args:
        planned: how many rows the plan expected.
    """
    days = sum(account.days_total for account in accounts)
    with_rows = [account for account in accounts if account.days_answered and account.rows]
    answered = sum(account.days_answered for account in with_rows)
    by_plan = planned / days if days else 0.0
    common = sum(account.rows for account in with_rows) / answered if answered else by_plan
    low, expected, high = 0, 0.0, 0.0
    for account in accounts:
        if account in with_rows:
            rate, spread = account.rows / account.days_answered, OWN_SPREAD
        elif account.days_answered:
            rate, spread = by_plan, SPREAD
        else:
            rate, spread = common, OTHERS_SPREAD if answered else SPREAD
        left = account.days_open * rate
        if not account.days_answered:
            left = max(0.0, left - account.rows)
        low += account.rows
        expected += account.rows + left
        high += account.rows + left * spread
    return Range(low, round(expected), ceil(high))
