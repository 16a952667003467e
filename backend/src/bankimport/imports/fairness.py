"""How many account imports are due, and which of them can be taken; `choose` finds the first."""

import functools
from datetime import date, datetime

from sqlalchemy import CTE, DateTime, Select, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bankimport.imports.due import is_due, is_fetched, is_pending, is_syncing, is_unpaused
from bankimport.imports.models import (
    AccountImport,
    AccountStatus,
    ImportJob,
    ImportWindow,
    WindowState,
)
from bankimport.users.models import User


def due_queue(now: datetime) -> Select[int, datetime | None]:
    """A statement of one row: how many account imports are `due`, and `since` when the first of them has been waiting.

    A job is being served while one of its accounts is fetched: its other accounts then wait for a slot, not for a
    worker.
    """
    other = aliased(AccountImport)
    lease_of_job = (
        select(func.max(other.lease_expires_at))
        .where(other.job_id == ImportJob.id, is_syncing(other))
        .scalar_subquery()
    )
    waits_since = func.greatest(
        ImportJob.started_at,
        ImportJob.served_at,
        case((AccountImport.status == AccountStatus.WAITING, AccountImport.next_attempt_at)),
        lease_of_job,
        type_=DateTime(timezone=True),
    )
    return (
        select(func.count().label("due"), func.min(waits_since).label("since"))
        .select_from(AccountImport)
        .join(ImportJob, ImportJob.id == AccountImport.job_id)
        .join(User, User.id == ImportJob.user_id)
        .where(is_due(now))
    )


def count_syncing(session: Session, job_id: int) -> int:
    """How many accounts of the job are being fetched."""
    return session.scalars(_SYNCING_OF_JOB, {"job_id": job_id}).one()


_SYNCING_OF_JOB = select(func.count()).where(AccountImport.job_id == bindparam("job_id"), is_syncing())


def is_anything_fetched(session: Session) -> bool:
    """Whether any account is being fetched, for anybody."""
    return session.scalars(select(exists().where(is_syncing()))).one()


def pending_of_job(session: Session, job_id: int, limit: int) -> list[AccountImport]:
    """Accounts of the job that nobody is fetching and that are free, the longest unsent first, then as chosen.

    They are locked; an account locked by another transaction is just being taken and is left out.
    """
    return list(session.scalars(_pending_of_job(), {"job_id": job_id, "most": limit}))


@functools.cache
def _pending_of_job() -> Select[AccountImport]:
    """Made once, as it is used for each account that is taken, and making it takes longer than using it."""
    return (
        select(AccountImport)
        .where(
            AccountImport.job_id == bindparam("job_id"),
            is_pending(),
            is_unpaused(),
            ~is_fetched(),
        )
        .order_by(AccountImport.queued_at.nulls_first(), AccountImport.position)
        .limit(bindparam("most"))
        .with_for_update(key_share=True, skip_locked=True)
    )


def expired_leases(session: Session, now: datetime) -> list[int]:
    """Account imports whose attempt's lease has expired, whatever their job's state."""
    statement = select(AccountImport.id).where(is_syncing(), AccountImport.lease_expires_at < now)
    return list(session.scalars(statement.order_by(AccountImport.id)))


def unsent(session: Session, now: datetime, sent_before: datetime, limit: int) -> list[int]:
    """Account imports that can be taken and whose wait is over, or whose message was lost.

    They are locked; those locked by another transaction need no help.
    """
    syncing = _syncing()
    of_job = select(func.count()).where(syncing.c.job_id == ImportJob.id).scalar_subquery()
    statement = (
        select(AccountImport.id)
        .join(ImportJob, ImportJob.id == AccountImport.job_id)
        .join(User, User.id == ImportJob.user_id)
        .where(
            is_due(now),
            of_job < ImportJob.max_parallel,
            ~is_fetched(),
            or_(AccountImport.queued_at.is_(None), AccountImport.queued_at < sent_before),
        )
        .order_by(AccountImport.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=AccountImport)
    )
    return list(session.scalars(statement))


def has_others_with_days_before(session: Session, account_import: AccountImport, day: date) -> bool:
    """Whether other free accounts of the same job still have days before `day` to request."""
    values = {"job_id": account_import.job_id, "own_id": account_import.id, "day": day}
    return session.scalars(_others_with_days(), values).one()


@functools.cache
def _others_with_days() -> Select[bool]:
    other = aliased(AccountImport)
    return select(
        exists().where(
            other.job_id == bindparam("job_id"),
            other.id != bindparam("own_id"),
            is_pending(other),
            is_unpaused(other),
            ~is_fetched(other),
            ImportWindow.account_import_id == other.id,
            ImportWindow.state == WindowState.PLANNED,
            ImportWindow.window_from < bindparam("day"),
        )
    )


def _syncing() -> CTE:
    """The account imports held by attempts, with their jobs and users.

    Those of crashed workers count until `recover` takes them back.
    """
    statement = select(AccountImport.account_id, ImportJob.id.label("job_id"), ImportJob.user_id)
    statement = statement.join(ImportJob, ImportJob.id == AccountImport.job_id)
    return statement.where(is_syncing()).cte()
