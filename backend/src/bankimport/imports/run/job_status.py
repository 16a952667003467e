"""Combine the states of a job's accounts into its status and progress; pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, AccountStatus, JobStatus


class AccountState(NamedTuple):
    """The part of an account import's state that determines its job's status."""

    status: AccountStatus
    is_paused: bool = False
    has_begun: bool = False


def job_status_of(
    accounts: Collection[AccountState], *, is_paused: bool = False, is_cancelled: bool = False
) -> JobStatus:
    """The status of a started job from the states of its accounts.

    Args:
        is_paused: whether the user wants the job, or their whole queue, to pause.
        is_cancelled: whether the user cancelled the job.

    If some accounts fail and others succeed, the job is partly failed.
    """
    statuses = {account.status for account in accounts}
    if AccountStatus.SYNCING in statuses:
        return JobStatus.PAUSING if is_paused else JobStatus.RUNNING
    still_open = [account for account in accounts if account.status in OPEN_ACCOUNT_STATUSES]
    if still_open:
        if is_paused or all(account.is_paused for account in still_open):
            return JobStatus.PAUSED
        if any(account.status is AccountStatus.PENDING and not account.is_paused for account in still_open):
            return JobStatus.RUNNING if any(account.has_begun for account in accounts) else JobStatus.QUEUED
        return JobStatus.WAITING
    if AccountStatus.CANCELLED in statuses and (is_cancelled or statuses == {AccountStatus.CANCELLED}):
        return JobStatus.CANCELLED
    if AccountStatus.FAILED in statuses:
        return JobStatus.PARTLY_FAILED if AccountStatus.COMPLETED in statuses else JobStatus.FAILED
    return JobStatus.COMPLETED


def percent_of(days_done: int, days_total: int, is_finished: bool) -> int:
    """The progress, 0 to 100; 100 only when finished."""
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
    """When the job will be finished at the present speed, or None if there is nothing to base it on.

    A known wait is included.
    """
    if started_at is None or not days_done or not days_total:
        return waiting_until
    left = (now - started_at) * max(0, days_total - days_done) / days_done
    return max(now, waiting_until or now) + min(left, timedelta(days=7))
