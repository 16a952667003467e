"""End an attempt: finished, waiting or failed; and combine the accounts' results into the job's status."""

from datetime import datetime

from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.imports import fairness, repository
from bankimport.imports.attempt import Attempt, keep_lease
from bankimport.imports.events import (
    EVENTS,
    AccountCompleted,
    AccountFailed,
    AccountPending,
    AccountWaiting,
    JobFinished,
    JobStatusChanged,
)
from bankimport.imports.models import (
    ENDED_ACCOUNT_STATUSES,
    ENDED_JOB_STATUSES,
    AccountImport,
    AccountStatus,
    ImportJob,
    ImportWindow,
    JobStatus,
    JobType,
    WindowState,
)
from bankimport.imports.run.after_import import begin_enriching
from bankimport.imports.run.job_status import AccountState, job_status_of
from bankimport.imports.run.notices import notify_that_job_ended
from bankimport.queue import Task, enqueue
from bankimport.realtime.publish import notify_user

_ENDINGS: dict[AccountStatus, type[AccountCompleted | AccountFailed | AccountWaiting | AccountPending]] = {
    AccountStatus.COMPLETED: AccountCompleted,
    AccountStatus.FAILED: AccountFailed,
    AccountStatus.WAITING: AccountWaiting,
    AccountStatus.PENDING: AccountPending,
}
"""The event of an attempt that leaves its account in this status."""


def finish_account_import(session: Session, attempt: Attempt) -> bool:
    """Close an account import whose windows are all settled; returns whether its whole job has ended with it.

    Refused days make it a failure that lists those days, however much was imported: an incomplete import is never
    called complete. Only a full sync expects to reach the end of what the bank returns.

    Raises:
        AttemptLost: a newer attempt took over.
    """
    account_import = keep_lease(session, attempt)
    windows = repository.windows_of(session, attempt.account_import_id)
    refused = [window for window in windows if window.state == WindowState.REFUSED]
    if refused and attempt.job_type is not JobType.FULL_SYNC:
        message = _refusal_message(refused)
        _end(session, account_import, AccountStatus.FAILED, refused[0].error_code or "days_refused", message)
        return _has_ended(session, attempt.job_id)
    if not attempt.is_dry_run:
        session.get_one(Account, attempt.account_id).last_synced_at = utc_now()
    _end(session, account_import, AccountStatus.COMPLETED, None, None)
    return _has_ended(session, attempt.job_id)


def _has_ended(session: Session, job_id: int) -> bool:
    return session.get_one(ImportJob, job_id).job_status in ENDED_JOB_STATUSES


def fail_account_import(session: Session, attempt: Attempt, code: str, message: str) -> None:
    """Close an account import that cannot continue; what is stored stays stored.

    Raises:
        AttemptLost: a newer attempt took over.
    """
    _end(session, keep_lease(session, attempt), AccountStatus.FAILED, code, message)


def suspend_account_import(
    session: Session, attempt: Attempt, code: str, message: str, until: datetime, *, counts_as_try: bool = True
) -> None:
    """Make an account import wait for its bank without occupying a worker.

    Raises:
        AttemptLost: a newer attempt took over.
    """
    account_import = keep_lease(session, attempt)
    if not counts_as_try:
        account_import.tries_from += 1
    account_import.next_attempt_at = until
    account_import.queued_at = None
    _end(session, account_import, AccountStatus.WAITING, code, message)


def release_account_import(session: Session, attempt: Attempt) -> None:
    """End an attempt because its user wants a pause: nothing failed, and it continues from here when resumed.

    Raises:
        AttemptLost: a newer attempt took over.
    """
    account_import = keep_lease(session, attempt)
    account_import.queued_at = None
    account_import.tries_from = account_import.attempt_number
    _end(session, account_import, AccountStatus.PENDING, None, None)


def give_up_attempt(session: Session, account_import: AccountImport, *, losses_allowed: int) -> None:
    """Take a locked account import from a worker without a heartbeat, to continue where it stopped.

    The attempt is fenced off: its later writes are refused. If its workers crashed `losses_allowed` times in a row, it
    fails, because it may be the cause.
    """
    losses = repository.count_losses_in_a_row(session, account_import) + 1
    account_import.queued_at = None
    if losses < losses_allowed:
        message = "its worker sent no heartbeat; it resumes where it stopped"
        _end(session, account_import, AccountStatus.PENDING, "worker_lost", message)
    else:
        message = f"its worker crashed {losses} times in a row; check the workers' logs, then retry it"
        _end(session, account_import, AccountStatus.FAILED, "worker_lost", message)


def fold_job(session: Session, job_id: int, *, most_to_send: int | None = None) -> None:
    """Update a job's status from its accounts', and send the accounts that now have a free slot."""
    job = repository.locked_job(session, job_id)
    if job.job_status in ENDED_JOB_STATUSES or job.job_status == JobStatus.PLANNED:
        return
    before = job.job_status
    is_paused = job.paused_at is not None or repository.is_queue_paused(session, job.user_id)
    states = [AccountState(*state) for state in repository.account_states(session, job_id)]
    job.job_status = job_status_of(states, is_paused=is_paused, is_cancelled=job.cancelled_at is not None)
    if job.job_status in ENDED_JOB_STATUSES:
        job.completed_at = utc_now()
        session.flush()
        event = JobFinished(
            status=job.job_status,
            synced=job.total_transactions,
            duplicates=job.total_duplicates,
            errors=job.total_errors,
        )
        EVENTS.append(session, job_id, event)
        notify_user(session, job.user_id, "transactions", job_id=job.id)
        notify_that_job_ended(session, job)
        is_good = job.job_status in (JobStatus.COMPLETED, JobStatus.PARTLY_FAILED)
        if is_good and job.auto_enrich and not job.is_dry_run:
            begin_enriching(session, job)
        return
    session.flush()
    if job.job_status != before:
        EVENTS.append(session, job_id, JobStatusChanged(status=job.job_status))
    if not is_paused:
        send_pending(session, job_id, job.max_parallel, most_to_send)


def send_pending(session: Session, job_id: int, max_parallel: int, most: int | None = None) -> None:
    """Queue as many of the job's pending accounts as it has free slots, but no more than `most`."""
    free = max_parallel - fairness.count_syncing(session, job_id)
    free = free if most is None else min(free, most)
    if free <= 0:
        return
    for account_import in fairness.pending_of_job(session, job_id, free):
        account_import.queued_at = utc_now()
        enqueue(session, Task.RUN_ACCOUNT_IMPORT, account_import_id=account_import.id)


def _end(
    session: Session,
    account_import: AccountImport,
    status: AccountStatus,
    code: str | None,
    message: str | None,
) -> None:
    now = utc_now()
    account_import.status = status
    account_import.error_code, account_import.error_message = code, message
    account_import.lease_expires_at = None
    account_import.worker = None
    account_import.completed_at = now if status in ENDED_ACCOUNT_STATUSES else None
    repository.end_attempt(session, account_import, now, code, message)
    session.flush()
    event = _ENDINGS[status](
        account_id=account_import.account_id,
        synced=account_import.synced,
        duplicates=account_import.duplicates,
        errors=account_import.errors,
        error_code=code,
        message=message,
        next_attempt_at=account_import.next_attempt_at if status is AccountStatus.WAITING else None,
    )
    EVENTS.append(session, account_import.job_id, event)
    # For each other free slot, the attempt that left it has sent a message already.
    fold_job(session, account_import.job_id, most_to_send=1)


def _refusal_message(refused: list[ImportWindow]) -> str:
    days = ", ".join(f"{window.window_from} to {window.window_to}" for window in reversed(refused))
    return (
        f"the bank refused {days}; all other days are imported. "
        "Banks return older days only in the first minutes after consent: reconnect, then import them at once"
    )
