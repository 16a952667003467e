"""Compute how many of a bank's unattended calls runs use: a number per endpoint in 24 hours; pure.

Source: PSD2 regulatory technical standards, article 36(5): four times a day without the user.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Spending:
    """What a run uses on its busiest account: `calls` of its own, and `spent` including the 24 hours before."""

    calls: int
    spent: int
    allowance: int

    @property
    def is_over(self) -> bool:
        """Whether some of the run's calls must wait until the next day."""
        return self.spent > self.allowance


def reckon_spending(
    runs: Sequence[tuple[datetime, int]], earlier: Sequence[datetime], allowance: int
) -> list[Spending]:
    """The spending of each run.

    Args:
        runs: when each is fired, ascending, and how many calls it makes to one endpoint of one account.
        earlier: times of unattended calls that were already made to that endpoint.
    """
    spent: list[datetime] = sorted(earlier)
    spendings = []
    for moment, calls in runs:
        spent += [moment] * calls
        within = sum(moment - DAY < call <= moment for call in spent)
        spendings.append(Spending(calls, within, allowance))
    return spendings
