"""When to try a failed delivery again, and when to give up; pure."""

from datetime import datetime, timedelta

WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=8),
)
"""The wait after each failed try; after one more it is given up, a good day after the first."""

JITTER = 0.2
LONGEST_ASKED_WAIT = timedelta(days=1)
SWITCH_OFF_AFTER = timedelta(days=3)
"""A channel whose every delivery failed for this long is switched off."""

GONE = 410
"""By this status a receiver says that it wants no more. Source: Standard Webhooks, "Operational considerations"."""


def next_try(failed_tries: int, now: datetime, retry_after_s: float | None, chance: float) -> datetime | None:
    """When to try again after `failed_tries`, 1 or more, have failed; None: give up.

    `retry_after_s` is the rest that the receiver asked for; a shorter wait is never taken than that, up to a day.
    `chance`, 0 to 1, moves the wait by up to a fifth, so that many deliveries do not come back at once.
    """
    if failed_tries > len(WAITS):
        return None
    wait = WAITS[failed_tries - 1] * (1 - JITTER + 2 * JITTER * chance)
    if retry_after_s is not None:
        wait = max(wait, min(timedelta(seconds=max(0.0, retry_after_s)), LONGEST_ASKED_WAIT))
    return now + wait


def is_to_be_switched_off(failing_since: datetime | None, status: int | None, now: datetime) -> bool:
    """Whether a channel that just failed has done so for too long, or its receiver wants no more."""
    return status == GONE or (failing_since is not None and now - failing_since >= SWITCH_OFF_AFTER)
