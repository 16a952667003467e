"""Reckon what runs spend of the calls that banks allow without the user: so many in 24 hours to one endpoint; pure.

Source: PSD2 regulatory technical standards, article 36(5): four times a day without the user.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Spending:
    """What a run spends on the account that needs most: `calls` of its own, `spent` with all of the 24 hours before."""

    calls: int
    spent: int
    allowance: int

    @property
    def is_over(self) -> bool:
        """Whether some of the run's calls must wait for the next day."""
        return self.spent > self.allowance


def reckon_spending(
    runs: Sequence[tuple[datetime, int]], earlier: Sequence[datetime], allowance: int
) -> list[Spending]:
    """Per run what it spends.

    Args:
        runs: when each is fired, ascending, and how many calls it sends to one endpoint of one account.
        earlier: unattended calls to it that were sent already.
    """
    spent: list[datetime] = sorted(earlier)
    spendings = []
    for moment, calls in runs:
        spent += [moment] * calls
        within = sum(moment - DAY < call <= moment for call in spent)
        spendings.append(Spending(calls, within, allowance))
    return spendings
