"""Fold the states of a job's accounts into the job's own, and how far it has come; pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from bankimport.imports.models import AccountStatus, JobStatus


def job_status_of(accounts: Collection[AccountStatus]) -> JobStatus:
    """The status of a started job whose accounts stand thus.

    Failed accounts do not fail the job while others succeed: it is partly failed then.
    """
    if AccountStatus.SYNCING in accounts or AccountStatus.PENDING in accounts:
        return JobStatus.RUNNING
    if AccountStatus.WAITING in accounts:
        return JobStatus.WAITING
    if AccountStatus.FAILED not in accounts:
        return JobStatus.COMPLETED
    return JobStatus.PARTLY_FAILED if AccountStatus.COMPLETED in accounts else JobStatus.FAILED


def percent_of(days_done: int, days_total: int, is_finished: bool) -> int:
    """How far, 0 to 100; 100 only when finished."""
    if is_finished:
        return 100
    return min(99, days_done * 100 // days_total) if days_total else 0


def estimated_completion(
    started_at: datetime | None,
    days_done: int,
    days_total: int,
    now: datetime,
    waiting_until: datetime | None,
) -> datetime | None:
    """When the job will be done at the speed so far, or None while there is nothing to go by.

    A wait that is known is counted in.
    """
    if started_at is None or not days_done or not days_total:
        return waiting_until
    left = (now - started_at) * max(0, days_total - days_done) / days_done
    return max(now, waiting_until or now) + min(left, timedelta(days=7))
