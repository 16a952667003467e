"""Say how much later than its time a run is fired; pure.

Thousands of installations that all ask at 02:00:00 would be a burden to banks. The delay follows from the schedule and
the run alone, so that every beat, and the same beat after a crash, works out the same moment.
"""

import hashlib
from datetime import datetime, timedelta

MOST_MINUTES = 55
"""Less than runs are apart, so that runs never change places."""


def fires_at(schedule_id: int, scheduled_for: datetime, jitter_minutes: int) -> datetime:
    """When the run is fired: at its time or up to `jitter_minutes` later, in whole seconds."""
    digest = hashlib.sha256(f"{schedule_id} {int(scheduled_for.timestamp())}".encode()).digest()
    return scheduled_for + timedelta(seconds=int.from_bytes(digest[:8]) % (jitter_minutes * 60 + 1))
