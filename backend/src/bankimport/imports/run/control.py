"""Pause, resume, cancel and retry: for a job, for some of its accounts, and pause for a user's whole queue; run next.

A pause lets the request in progress finish and stores its answer; then the attempt is suspended. A cancel takes effect
at once: the attempt is fenced off, and later answers of its bank are discarded. What is stored stays stored.
"""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.connections.calls.budget import is_in_consent_window
from bankimport.connections.calls.usable import check_usable
from bankimport.connections.models import BankConnection
from bankimport.imports import repository
from bankimport.imports.attempt import PRESENCE_LASTS
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.events import EVENTS, JobCancelled, JobPauseAsked, JobResumed, JobRetried
from bankimport.imports.models import (
    ENDED_JOB_STATUSES,
    OPEN_ACCOUNT_STATUSES,
    OPEN_JOB_STATUSES,
    AccountImport,
    AccountStatus,
    ImportJob,
    JobStatus,
)
from bankimport.imports.run.after_import import stop_enriching
from bankimport.imports.run.finish import fold_job
from bankimport.settings import get_settings
from bankimport.truelayer.errors import DailyAllowanceSpent
from bankimport.users.models import User
from bankimport.users.record import record

_Control = JobPauseAsked | JobResumed | JobCancelled | JobRetried


def pause_import(session: Session, user_id: int, job_id: int, account_ids: Sequence[int] = ()) -> ImportJob:
    """Pause a job, or only the given accounts of it. Pausing again is harmless.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: the job was not started or has ended.
    """
    job, chosen = _open_job(session, user_id, job_id, account_ids, "paused")
    now = utc_now()
    if account_ids:
        for row in chosen:
            row.paused_at = row.paused_at or now
    else:
        job.paused_at = job.paused_at or now
    return _changed(session, job, JobPauseAsked(account_ids=list(account_ids)))


def resume_import(
    session: Session, user_id: int, job_id: int, account_ids: Sequence[int] = (), attended_ip: str | None = None
) -> ImportJob:
    """Resume a job, or only the given accounts of it. Resuming a running job is harmless.

    `attended_ip` is the address of the user who does it, if they are present. Accounts that wait only because nobody
    was present continue at once then, and also soon after a consent.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: the job was not started or has ended.
    """
    job, chosen = _open_job(session, user_id, job_id, account_ids, "resumed")
    for row in chosen:
        row.paused_at = None
        row.queued_at = None
    if not account_ids:
        job.paused_at = None
    _note_request(job, attended_ip)
    _continue_at_once(session, job, chosen, attended_ip)
    return _changed(session, job, JobResumed(account_ids=list(account_ids)))


def cancel_import(session: Session, user_id: int, job_id: int, account_ids: Sequence[int] = ()) -> ImportJob:
    """Cancel a job, or only the given accounts of it, at once; what is stored stays. Cancelling twice is harmless.

    An `enriching` job already has all its rows: its enrichment is cancelled, and it is completed.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: the job has ended in another way.
    """
    job, chosen = _locked(session, user_id, job_id, account_ids)
    if job.job_status is JobStatus.CANCELLED:
        return job
    if job.shown_status is JobStatus.ENRICHING and not account_ids:
        stop_enriching(session, job)
        record(session, user_id, "import.enrichment_cancelled", job_id=job_id)
        session.refresh(job)
        return job
    if job.job_status in ENDED_JOB_STATUSES:
        raise NotPossibleNow(f"import {job_id} has ended ({job.job_status.value}); there is nothing to cancel")
    now = utc_now()
    for row in chosen:
        if row.status in OPEN_ACCOUNT_STATUSES:
            _cancel_account(session, row)
    if not account_ids:
        job.cancelled_at = now
    if job.job_status is JobStatus.PLANNED:
        job.job_status = JobStatus.CANCELLED
        job.completed_at = now
    return _changed(session, job, JobCancelled(account_ids=list(account_ids)))


def retry_import(
    session: Session, user_id: int, job_id: int, account_ids: Sequence[int] = (), attended_ip: str | None = None
) -> ImportJob:
    """Retry what failed or was cancelled, and nothing else; stored days are not requested again.

    `attended_ip` is the address of the user who does it, if they are present. Refused days are requested once more,
    which helps right after the user has reconnected the bank.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: nothing in it failed.
        ConnectionExpired, ConnectionRemoved: nothing can be fetched until the user reconnects.
    """
    job, chosen = _locked(session, user_id, job_id, account_ids)
    check_usable(session.get_one(BankConnection, job.connection_id))
    again = [row for row in chosen if row.status in (AccountStatus.FAILED, AccountStatus.CANCELLED)]
    if job.job_status in (JobStatus.PLANNED, JobStatus.UNDONE) or not again:
        raise NotPossibleNow(f"nothing in import {job_id} failed; there is nothing to retry")
    if job.discarded_at is not None:
        raise NotPossibleNow(f"dry run {job_id} was discarded; repeat it")
    for row in again:
        row.status = AccountStatus.PENDING
        row.tries_from = row.attempt_number
        row.paused_at = row.next_attempt_at = row.queued_at = row.completed_at = None
        row.error_code = row.error_message = None
        row.days_done, row.days_refused = repository.plan_refused_again(session, row.id), 0
    job.cancelled_at = job.paused_at = job.completed_at = job.run_next_at = None
    job.job_status = JobStatus.RUNNING
    _note_request(job, attended_ip)
    return _changed(session, job, JobRetried(account_ids=list(account_ids)))


def run_next(session: Session, user_id: int, job_id: int, *, is_wanted: bool = True) -> ImportJob:
    """Run a job before the user's other jobs, or in turn again if not `is_wanted`; other users' jobs are not affected.

    The latest wish comes first. What is being fetched is not interrupted. Asking twice is harmless.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: the job was not started or has ended.
    """
    job, _ = _open_job(session, user_id, job_id, (), "moved")
    job.run_next_at = utc_now() if is_wanted else None
    record(session, user_id, "import.run_next" if is_wanted else "import.run_in_turn", job_id=job.id)
    session.flush()
    return job


def _note_request(job: ImportJob, attended_ip: str | None) -> None:
    """Record that a person or their program asked, and from where. A program's request ends no person's presence."""
    now = utc_now()
    is_present = job.attended_ip is not None and job.attended_at is not None and now - job.attended_at < PRESENCE_LASTS
    if attended_ip is not None or not is_present:
        job.attended_ip, job.attended_at = attended_ip, now


def _continue_at_once(session: Session, job: ImportJob, rows: Sequence[AccountImport], attended_ip: str | None) -> None:
    """Let accounts that wait for the unattended allowance continue, if their calls do not use it now."""
    connection = session.get_one(BankConnection, job.connection_id)
    now = utc_now()
    if attended_ip is None and not is_in_consent_window(connection.authorised_at, get_settings(), now):
        return
    for row in rows:
        if row.status is AccountStatus.WAITING and row.error_code == DailyAllowanceSpent.code:
            row.next_attempt_at = now


def pause_queue(session: Session, user_id: int) -> None:
    """Pause all of the user's imports, including those started later."""
    _set_queue_pause(session, user_id, is_paused=True)


def resume_queue(session: Session, user_id: int) -> None:
    """Resume the user's imports, except those that were paused individually."""
    _set_queue_pause(session, user_id, is_paused=False)


def control_many(
    session: Session, user_id: int, job_ids: Sequence[int], action: Callable[[Session, int, int], ImportJob]
) -> dict[int, str]:
    """Apply one action to several jobs; returns each job's status, or the error code if it failed.

    Raises:
        ImportNotFound: one of them does not exist, or is not this user's; then nothing is done.
    """
    for job_id in job_ids:
        repository.job_of(session, user_id, job_id)
    outcome: dict[int, str] = {}
    for job_id in sorted(set(job_ids)):
        try:
            outcome[job_id] = action(session, user_id, job_id).shown_status.value
        except NotPossibleNow as error:
            outcome[job_id] = error.code
    return outcome


def _set_queue_pause(session: Session, user_id: int, *, is_paused: bool) -> None:
    user = session.get_one(User, user_id)
    user.queue_paused_at = (user.queue_paused_at or utc_now()) if is_paused else None
    record(session, user_id, "queue.paused" if is_paused else "queue.resumed")
    session.flush()
    for job_id in repository.open_jobs_of(session, user_id):
        repository.lock_account_imports(session, job_id)
        fold_job(session, job_id)


def _open_job(
    session: Session, user_id: int, job_id: int, account_ids: Sequence[int], verb: str
) -> tuple[ImportJob, list[AccountImport]]:
    job, chosen = _locked(session, user_id, job_id, account_ids)
    if job.job_status not in OPEN_JOB_STATUSES:
        hint = "; all its rows are stored, so control its enrichment" if job.shown_status is JobStatus.ENRICHING else ""
        raise NotPossibleNow(
            f"import {job_id} is {job.shown_status.value}{hint}; only an import in progress can be {verb}"
        )
    return job, chosen


def _locked(
    session: Session, user_id: int, job_id: int, account_ids: Sequence[int]
) -> tuple[ImportJob, list[AccountImport]]:
    """The job and its chosen account imports, locked in the one order: account imports, then the job.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: an account is not part of the job.
    """
    repository.job_of(session, user_id, job_id)
    rows = repository.lock_account_imports(session, job_id)
    job = repository.locked_job(session, job_id)
    wanted = set(account_ids)
    strangers = wanted - {row.account_id for row in rows}
    if strangers:
        raise NotPossibleNow(f"account {min(strangers)} is not part of import {job_id}", account_id=min(strangers))
    return job, [row for row in rows if not wanted or row.account_id in wanted]


def _cancel_account(session: Session, row: AccountImport) -> None:
    now = utc_now()
    if row.status is AccountStatus.SYNCING:
        repository.end_attempt(session, row, now, "cancelled", "you cancelled it")
        row.attempt_number += 1
    row.status = AccountStatus.CANCELLED
    row.worker = row.lease_expires_at = row.next_attempt_at = None
    row.completed_at = now


def _changed(session: Session, job: ImportJob, event: _Control) -> ImportJob:
    session.flush()
    EVENTS.append(session, job.id, event)
    action = f"import.{event.type.removeprefix('job_')}"
    record(session, job.user_id, action, job_id=job.id, account_ids=event.account_ids)
    fold_job(session, job.id)
    session.refresh(job)
    return job
