"""Combine the states of a job's accounts into its status and progress; pure."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, AccountImport, AccountStatus, JobStatus
from bankimport.imports.plan.estimate import Range
from bankimport.imports.plan.expected import SoFar, expected_rows


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


class Work(NamedTuple):
    """How much of an account import, or of a whole job, is done; a refused day is settled and not done."""

    days_done: int
    days_refused: int
    days_total: int
    is_completed: bool

    @property
    def percent(self) -> int:
        """How much was done, 0 to 100; 100 only when completed, however the rest ended."""
        if self.is_completed:
            return 100
        return min(99, self.days_done * 100 // self.days_total) if self.days_total else 0


def work_of(row: AccountImport) -> Work:
    """How much of an account import is done."""
    is_completed = row.status is AccountStatus.COMPLETED
    days_done = row.days_total if is_completed else min(row.days_done, row.days_total)
    return Work(days_done, 0 if is_completed else row.days_refused, row.days_total, is_completed)


def work_of_job(rows: Sequence[AccountImport]) -> Work:
    """How much of a job is done: that of its accounts together."""
    each = [work_of(row) for row in rows]
    return Work(
        sum(work.days_done for work in each),
        sum(work.days_refused for work in each),
        sum(work.days_total for work in each),
        bool(each) and all(work.is_completed for work in each),
    )


def expected_rows_of(rows: Sequence[AccountImport], planned: int) -> Range:
    """How many rows a job is expected to bring, by what its accounts brought so far and how many were `planned`."""
    return expected_rows([_so_far(row) for row in rows], planned)


def _so_far(row: AccountImport) -> SoFar:
    work = work_of(row)
    answered = work.days_done + work.days_refused
    left = work.days_total - answered if row.status in OPEN_ACCOUNT_STATUSES else 0
    return SoFar(row.synced + row.duplicates, work.days_done, max(0, left), work.days_total)


def estimated_completion(
    work: Work,
    rows: int,
    rows_in_all: int,
    planned_s: int,
    worked: timedelta,
    now: datetime,
    waiting_until: datetime | None,
) -> datetime | None:
    """When the job will be finished at the present speed, or None if there is nothing to base it on.

    Days without rows take next to no time: what is left is the longer of what the days and what the expected rows say,
    and without any row yet what the plan said. A wait that is known is counted in.

    Args:
        rows: how many rows came so far, those already stored too.
        rows_in_all: how many are expected in all, by what came so far.
        planned_s: how many seconds the plan expected.
        worked: how long the job was worked on, without pauses.
    """
    settled = work.days_done + work.days_refused
    if not settled or not work.days_total:
        return waiting_until
    left = worked * max(0, work.days_total - settled) / settled
    if settled < work.days_total:
        by_plan = timedelta(seconds=planned_s) - worked
        by_rows = worked * max(0, rows_in_all - rows) / rows if rows else by_plan
        left = max(left, by_rows if rows_in_all else timedelta())
    return max(now, waiting_until or now) + min(left, timedelta(days=7))
