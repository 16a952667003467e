"""Decide how much later than its time a run is fired; pure.

Thousands of installations that all call at 02:00:00 would burden the banks. The delay depends only on the schedule and
the run, so that every beat computes the same moment, even after a crash.
"""

import hashlib
from datetime import datetime, timedelta

MOST_MINUTES = 55
"""Less than the time between runs, so that runs never change order."""


def fires_at(schedule_id: int, scheduled_for: datetime, jitter_minutes: int) -> datetime:
    """When the run is fired: at its time or up to `jitter_minutes` later, in whole seconds."""
    digest = hashlib.sha256(f"{schedule_id} {int(scheduled_for.timestamp())}".encode()).digest()
    return scheduled_for + timedelta(seconds=int.from_bytes(digest[:8]) % (jitter_minutes * 60 + 1))
