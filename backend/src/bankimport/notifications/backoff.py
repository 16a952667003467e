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
"""The wait after each failed try. After one more failure we give up, about a day after the first try."""

JITTER = 0.2
LONGEST_ASKED_WAIT = timedelta(days=1)
SWITCH_OFF_AFTER = timedelta(days=3)
"""A channel is switched off after all its deliveries have failed for this long."""

OVERRUNS_UNTIL_OFF = 3
"""A channel whose tries take longer than a try may, so often in a row, is switched off: it keeps threads waiting."""

GONE = 410
"""The status with which a receiver refuses further messages. Source: Standard Webhooks, "Operational
considerations"."""


def next_try(failed_tries: int, now: datetime, retry_after_s: float | None, chance: float) -> datetime | None:
    """When to try again after `failed_tries` (1 or more) failures; None: give up.

    `retry_after_s` is the wait that the receiver requested; we wait at least that long, up to a day. `chance`, 0 to 1,
    varies the wait by up to a fifth, so that many deliveries do not retry at once.
    """
    if failed_tries > len(WAITS):
        return None
    wait = WAITS[failed_tries - 1] * (1 - JITTER + 2 * JITTER * chance)
    if retry_after_s is not None:
        wait = max(wait, min(timedelta(seconds=max(0.0, retry_after_s)), LONGEST_ASKED_WAIT))
    return now + wait


def is_to_be_switched_off(failing_since: datetime | None, status: int | None, overruns: int, now: datetime) -> bool:
    """Whether a channel that just failed has done so for too long, is too slow, or its receiver wants no more."""
    return (
        status == GONE
        or overruns >= OVERRUNS_UNTIL_OFF
        or (failing_since is not None and now - failing_since >= SWITCH_OFF_AFTER)
    )
