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
from bankimport.imports import choose, repository
from bankimport.imports.errors import AttemptLost
from bankimport.imports.events import EVENTS, AccountStarted
from bankimport.imports.models import AccountImport, AccountStatus, JobType
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


_LOCK = """
SELECT job_id, account_id, attempt_number, tries_from FROM truelayer_import_progress WHERE id = %(id)s
FOR NO KEY UPDATE
"""

_LOCK_JOB = """
SELECT user_id, connection_id, job_type, to_date, batch_size, attended_ip, attended_at, is_dry_run, committed_at
FROM truelayer_import_jobs WHERE id = %(job_id)s
FOR NO KEY UPDATE
"""

_TAKE = """
WITH taken AS (
    UPDATE truelayer_import_progress SET
        status = 'syncing', attempt_number = attempt_number + 1, worker = %(worker)s, lease_expires_at = %(lease)s,
        next_attempt_at = NULL, queued_at = %(now)s, started_at = coalesce(started_at, %(now)s),
        error_code = NULL, error_message = NULL
    WHERE id = %(id)s
    RETURNING id, attempt_number
), served AS (
    UPDATE truelayer_import_jobs SET job_status = 'running', served_at = %(now)s WHERE id = %(job_id)s
)
INSERT INTO import_attempts (account_import_id, number, worker, started_at)
SELECT id, attempt_number, %(worker)s, %(now)s FROM taken
RETURNING id
"""


def open_attempt(session: Session, account_import_id: int, worker: str) -> Attempt | None:
    """Take an account import for a new attempt; None if there is nothing to do, so repeated messages are harmless.

    It is taken if it is due, its job has a free slot, and nobody else fetches the same account. The lease of a crashed
    worker is not taken over here: `recover` does that.
    """
    locked = choose.run(session, _LOCK, {"id": account_import_id}).one_or_none()
    if locked is None:
        return None
    job = choose.run(session, _LOCK_JOB, {"job_id": locked.job_id}).one()
    if not choose.may_be_taken(session, account_import_id, utc_now()):
        return None
    # After waiting for any undo, so that the next undo counts this attempt as later.
    account = accounts.lock_for_attempt(session, locked.account_id)
    now = utc_now()
    values = {
        "id": account_import_id,
        "job_id": locked.job_id,
        "worker": worker,
        "now": now,
        "lease": now + timedelta(seconds=get_settings().lease_seconds),
    }
    try:
        attempt_id = choose.run(session, _TAKE, values).scalar_one()
    except IntegrityError:
        session.rollback()
        return None
    number = locked.attempt_number + 1
    EVENTS.append(session, locked.job_id, AccountStarted(account_id=locked.account_id, attempt=number))
    is_attended = job.attended_at is not None and now - job.attended_at < PRESENCE_LASTS
    return Attempt(
        account_import_id=account_import_id,
        number=number,
        tries=number - locked.tries_from,
        attempt_id=attempt_id,
        job_id=locked.job_id,
        job_type=JobType(job.job_type),
        job_to=job.to_date,
        user_id=job.user_id,
        connection_id=job.connection_id,
        account_id=locked.account_id,
        kind=account.kind,
        zone=account.zone,
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
