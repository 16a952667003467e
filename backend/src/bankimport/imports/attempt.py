"""Take an account import for one attempt with a lease, and check the lease at every write."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import AccountKind
from bankimport.clock import utc_now
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.imports import fairness, repository
from bankimport.imports.errors import AttemptLost
from bankimport.imports.events import EVENTS, AccountStarted
from bankimport.imports.models import (
    AccountImport,
    AccountStatus,
    JobStatus,
    JobType,
)
from bankimport.settings import get_settings

PRESENCE_LASTS = timedelta(minutes=15)
"""How long after starting, resuming or retrying a job its user counts as present; later calls are unattended."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of an account import: its data, and the number that fences off other attempts."""

    account_import_id: int
    number: int
    tries: int
    attempt_id: int
    job_id: int
    job_type: JobType
    job_to: date
    user_id: int
    connection_id: int
    account_id: int
    kind: AccountKind
    zone: ZoneInfo
    batch_size: int | None
    attended_ip: str | None
    authorised_at: datetime
    is_dry_run: bool
    is_commit: bool


def open_attempt(session: Session, account_import_id: int, worker: str) -> Attempt | None:
    """Take an account import for a new attempt; None if there is nothing to do, so repeated messages are harmless.

    It is taken if it is due, its job has a free slot, and nobody else fetches the same account. The lease of a crashed
    worker is not taken over here: `recover` does that.
    """
    account_import = repository.locked_account_import(session, account_import_id)
    if account_import is None:
        return None
    job = repository.locked_job(session, account_import.job_id)
    if not fairness.may_be_worked_on(session, account_import_id, utc_now()):
        return None
    if not fairness.has_free_place(session, job, account_import.account_id):
        return None
    # After waiting for any undo, so that the next undo counts this attempt as later.
    account = accounts.lock_for_attempt(session, account_import.account_id)
    now = utc_now()
    account_import.status = AccountStatus.SYNCING
    account_import.attempt_number += 1
    account_import.worker = worker
    account_import.lease_expires_at = now + timedelta(seconds=get_settings().lease_seconds)
    account_import.next_attempt_at = None
    account_import.queued_at = now
    account_import.started_at = account_import.started_at or now
    account_import.error_code = account_import.error_message = None
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        return None
    job.job_status = JobStatus.RUNNING
    job.served_at = now
    session.flush()
    attempt = repository.insert_attempt(session, account_import, worker, now)
    is_attended = job.attended_at is not None and now - job.attended_at < PRESENCE_LASTS
    event = AccountStarted(account_id=account_import.account_id, attempt=account_import.attempt_number)
    EVENTS.append(session, job.id, event)
    return Attempt(
        account_import_id=account_import.id,
        number=account_import.attempt_number,
        tries=account_import.attempt_number - account_import.tries_from,
        attempt_id=attempt.id,
        job_id=job.id,
        job_type=JobType(job.job_type),
        job_to=job.to_date,
        user_id=job.user_id,
        connection_id=job.connection_id,
        account_id=account_import.account_id,
        kind=AccountKind(account.kind),
        zone=accounts.zone_of(session, account),
        batch_size=job.batch_size,
        attended_ip=job.attended_ip if is_attended else None,
        authorised_at=session.get_one(BankConnection, job.connection_id).authorised_at,
        is_dry_run=job.is_dry_run,
        is_commit=job.committed_at is not None,
    )


def keep_lease(session: Session, attempt: Attempt) -> AccountImport:
    """Lock the account import for a write of this attempt and renew its lease.

    Raises:
        AttemptLost: a newer attempt took over, or the account import was stopped.
    """
    account_import = repository.locked_account_import(session, attempt.account_import_id)
    if (
        account_import is None
        or account_import.attempt_number != attempt.number
        or account_import.status != AccountStatus.SYNCING
    ):
        raise AttemptLost("another attempt has taken over", account_import_id=attempt.account_import_id)
    account_import.lease_expires_at = utc_now() + timedelta(seconds=get_settings().lease_seconds)
    return account_import


@contextmanager
def writing(attempt: Attempt) -> Iterator[tuple[Session, AccountImport]]:
    """One database transaction of this attempt: it renews the lease first and keeps the account import locked to the
    end.

    Raises:
        AttemptLost: a newer attempt took over, or the account import was stopped; nothing is written.
    """
    with session_scope() as session:
        yield session, keep_lease(session, attempt)
