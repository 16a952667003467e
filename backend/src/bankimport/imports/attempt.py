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
from bankimport.connections.models import DataApi
from bankimport.db.session import session_scope
from bankimport.imports import choose, repository
from bankimport.imports.errors import AttemptLost
from bankimport.imports.events import EVENTS, AccountStarted
from bankimport.imports.models import AccountImport, AccountStatus, JobType
from bankimport.settings import get_settings
from bankimport.vault.keys import vault_from, vault_of
from bankimport.vault.seal import Vault

PRESENCE_LASTS = timedelta(minutes=15)
"""How long after a person started, resumed or retried a job they count as present for it."""


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
    unsupported: frozenset[str]
    data_api: DataApi
    batch_size: int | None
    attended_ip: str | None
    """The address of the user who is present; None: nobody is."""
    attended_until: datetime | None
    """Until when they count as present."""
    is_requested: bool
    """Whether the user or their program started, resumed or retried the job; else a schedule did."""
    authorised_at: datetime
    is_dry_run: bool
    is_commit: bool
    vault: Vault


_DUE = (AccountStatus.PENDING, AccountStatus.WAITING)

_LOCK = """
SELECT p.status, p.job_id, p.account_id, p.attempt_number, p.tries_from, j.user_id, j.connection_id, j.job_type,
    j.to_date, j.batch_size, j.attended_ip, j.attended_at, j.is_dry_run, j.committed_at, c.authorised_at,
    c.data_api, k.key_encrypted
FROM truelayer_import_progress p
    JOIN truelayer_import_jobs j ON j.id = p.job_id
    JOIN bank_connections c ON c.id = j.connection_id
    LEFT JOIN user_keys k ON k.user_id = j.user_id
WHERE p.id = %(id)s
FOR NO KEY UPDATE OF p, j
"""

_TAKE = f"""
WITH taken AS (
    UPDATE truelayer_import_progress SET
        status = 'syncing', attempt_number = attempt_number + 1, worker = %(worker)s, lease_expires_at = %(lease)s,
        next_attempt_at = NULL, queued_at = %(now)s, started_at = coalesce(started_at, %(now)s),
        error_code = NULL, error_message = NULL
    WHERE id = %(id)s AND {choose.MAY_BE_TAKEN}
    RETURNING id, job_id, attempt_number
), served AS (
    UPDATE truelayer_import_jobs SET job_status = 'running', served_at = %(now)s WHERE id = (SELECT job_id FROM taken)
)
INSERT INTO import_attempts (account_import_id, number, worker, started_at)
SELECT id, attempt_number, %(worker)s, %(now)s FROM taken
RETURNING id
"""  # noqa: S608
"""What decides is read after the locks of `_LOCK` and the account's, so it holds until the transaction ends."""


def open_attempt(session: Session, account_import_id: int, worker: str) -> Attempt | None:
    """Take an account import for a new attempt; None if there is nothing to do, so repeated messages are harmless.

    It is taken if it is due, its job has a free slot, and nobody else fetches the same account. The lease of a crashed
    worker is not taken over here: `recover` does that.
    """
    locked = choose.run(session, _LOCK, {"id": account_import_id}).one_or_none()
    if locked is None or locked.status not in _DUE:
        return None
    # After waiting for any undo, so that the next undo counts this attempt as later.
    account = accounts.lock_for_attempt(session, locked.account_id)
    now = utc_now()
    values = {
        "id": account_import_id,
        "worker": worker,
        "now": now,
        "lease": now + timedelta(seconds=get_settings().lease_seconds),
    }
    try:
        attempt_id = choose.run(session, _TAKE, values).scalar_one_or_none()
    except IntegrityError:
        session.rollback()
        return None
    if attempt_id is None:
        return None
    number = locked.attempt_number + 1
    EVENTS.append(session, locked.job_id, AccountStarted(account_id=locked.account_id, attempt=number))
    key = locked.key_encrypted
    attended_until = None if locked.attended_at is None else locked.attended_at + PRESENCE_LASTS
    is_attended = attended_until is not None and now < attended_until
    return Attempt(
        account_import_id=account_import_id,
        number=number,
        tries=number - locked.tries_from,
        attempt_id=attempt_id,
        job_id=locked.job_id,
        job_type=JobType(locked.job_type),
        job_to=locked.to_date,
        user_id=locked.user_id,
        connection_id=locked.connection_id,
        account_id=locked.account_id,
        kind=account.kind,
        zone=account.zone,
        unsupported=account.unsupported,
        data_api=DataApi(locked.data_api),
        batch_size=locked.batch_size,
        attended_ip=locked.attended_ip if is_attended else None,
        attended_until=attended_until,
        is_requested=locked.attended_at is not None,
        authorised_at=locked.authorised_at,
        is_dry_run=locked.is_dry_run,
        is_commit=locked.committed_at is not None,
        vault=vault_of(session, locked.user_id) if key is None else vault_from(locked.user_id, key),
    )


def keep_lease(session: Session, attempt: Attempt) -> AccountImport:
    """Lock the account import for a write of this attempt and renew its lease, unless that was done a moment ago.

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
    now, lease = utc_now(), timedelta(seconds=get_settings().lease_seconds)
    if account_import.lease_expires_at is None or account_import.lease_expires_at < now + lease * 3 / 4:
        account_import.lease_expires_at = now + lease
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
