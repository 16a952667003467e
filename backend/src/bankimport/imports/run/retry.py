"""Decide how long to wait after a failed attempt, or to give up; pure, and the only place that decides it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bankimport.truelayer.errors import Retry, TrueLayerError

WAITS_S = (60, 300, 900)
"""Seconds to wait after the first, second and third failure; the fourth one is final."""

JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Wait:
    """Try again, not before `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Trying again will not help without the user."""


def decide_retry(error: TrueLayerError, attempt_number: int, now: datetime, jitter: float) -> Wait | GiveUp:
    """What to do after attempt `attempt_number` (from 1) failed with this error.

    Args:
        jitter: a random number from 0 to 1, so that many accounts do not retry in the same second.
    """
    if not error.counts_as_try and error.retry_after_s is not None:
        return Wait(now + timedelta(seconds=error.retry_after_s + jitter))
    if error.retry is Retry.NEXT_DAY:
        return Wait(datetime.combine(now.date() + timedelta(days=1), time(0, 5), UTC))
    if error.retry not in (Retry.LATER, Retry.NARROWER) or attempt_number > len(WAITS_S):
        return GiveUp()
    wait_s = WAITS_S[attempt_number - 1] * (1 + JITTER * jitter)
    if error.retry_after_s is not None:
        wait_s = max(wait_s, error.retry_after_s)
    return Wait(now + timedelta(seconds=wait_s))
