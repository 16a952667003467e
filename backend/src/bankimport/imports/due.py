"""Which account imports are due: one condition, for what counts them, for what finds them and for what takes them.

It is made of named parts because `choose` finds a job first and one of its accounts second. `text_of` turns a condition
into SQL once, for statements that are constant.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, DateTime, and_, exists, literal, literal_column, make_url, or_, select
from sqlalchemy.orm import aliased

from bankimport.db.base import Base
from bankimport.imports.models import OPEN_JOB_STATUSES, AccountImport, AccountStatus, ImportJob
from bankimport.users.models import User

Moment = datetime | ColumnElement[datetime]

NOW: ColumnElement[datetime] = literal_column(":now", DateTime(timezone=True))
"""The present moment in a condition that becomes text."""

_DIALECT = make_url("postgresql+psycopg://").get_dialect()()


def is_due(
    now: Moment,
    row: type[AccountImport] = AccountImport,
    job: type[ImportJob] = ImportJob,
    user: type[User] = User,
) -> ColumnElement[bool]:
    """Whether an account import, joined with its job and user, should be worked on now.

    It may still have to wait for a slot: its job has a limited number, and only one import fetches an account at a
    time.
    """
    return and_(may_run(job, user), is_unpaused(row), is_ready(now, row))


def may_run(job: type[ImportJob] = ImportJob, user: type[User] = User) -> ColumnElement[bool]:
    """Whether a job is open and neither it nor its user's queue is paused."""
    return and_(is_open(job), job.paused_at.is_(None), user.queue_paused_at.is_(None))


def is_open(job: type[ImportJob] = ImportJob) -> ColumnElement[bool]:
    """Whether a job may still have work."""
    return job.job_status.in_(OPEN_JOB_STATUSES)


def is_unpaused(row: type[AccountImport] = AccountImport) -> ColumnElement[bool]:
    """Whether an account import is not paused by itself; its job or its user's queue may be."""
    return row.paused_at.is_(None)


def is_ready(now: Moment, row: type[AccountImport] = AccountImport) -> ColumnElement[bool]:
    """Whether an account import was never begun, was interrupted, or its wait has ended."""
    return or_(is_pending(row), has_waited(now, row))


def is_pending(row: type[AccountImport] = AccountImport) -> ColumnElement[bool]:
    """Whether an account import has nothing to wait for."""
    return row.status == AccountStatus.PENDING


def has_waited(now: Moment, row: type[AccountImport] = AccountImport) -> ColumnElement[bool]:
    """Whether the wait of an account import has ended."""
    return and_(row.status == AccountStatus.WAITING, row.next_attempt_at <= now)


def is_syncing(row: type[AccountImport] = AccountImport) -> ColumnElement[bool]:
    """Whether an attempt has the account import. One of a crashed worker counts until `recover` takes it back."""
    return row.status == AccountStatus.SYNCING


def is_fetched(row: type[AccountImport] = AccountImport) -> ColumnElement[bool]:
    """Whether any import is fetching the row's account now."""
    other = aliased(AccountImport, name="o")
    return exists().where(other.account_id == row.account_id, is_syncing(other)).correlate(row)


def text_of(condition: ColumnElement[bool], *tables: type[Base]) -> str:
    """A condition on these aliased tables as SQL in parentheses: values written out, `NOW` as the parameter `now`."""
    statement = select(literal(1)).select_from(*tables).where(condition)
    compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True})
    text = " ".join(str(compiled).split()).partition(" WHERE ")[2]
    return f"({text})".replace(":now", "%(now)s")
