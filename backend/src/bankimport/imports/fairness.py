"""Which account imports may be taken now, and which of them first."""

from datetime import UTC, date, datetime

from sqlalchemy import CTE, ColumnElement, DateTime, Select, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from bankimport.connections.models import SCA_WINDOW, BankConnection
from bankimport.imports.models import (
    OPEN_JOB_STATUSES,
    AccountImport,
    AccountStatus,
    ImportJob,
    ImportWindow,
    WindowState,
)
from bankimport.imports.windows import recent_since
from bankimport.users.models import User

MOST_WAITS = 100
"""How many of the waits that ended longest ago are looked at to find the next job."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether an account import, joined with its job and user, should be worked on now.

    It may still have to wait for a slot: its job has a limited number, and only one import fetches an account at a
    time.
    """
    return and_(
        ImportJob.job_status.in_(OPEN_JOB_STATUSES),
        ImportJob.paused_at.is_(None),
        AccountImport.paused_at.is_(None),
        User.queue_paused_at.is_(None),
        or_(
            and_(AccountImport.status == AccountStatus.WAITING, AccountImport.next_attempt_at <= now),
            AccountImport.status == AccountStatus.PENDING,
        ),
    )


def may_be_worked_on(session: Session, account_import_id: int, now: datetime) -> bool:
    """Whether this account import is due."""
    statement = (
        select(AccountImport.id)
        .join(ImportJob, ImportJob.id == AccountImport.job_id)
        .join(User, User.id == ImportJob.user_id)
        .where(AccountImport.id == account_import_id, is_due(now))
    )
    return session.scalars(statement).one_or_none() is not None


def due_queue(now: datetime) -> Select[int, datetime | None]:
    """A statement of one row: how many account imports are `due`, and `since` when the first of them has been waiting.

    A job is being served while one of its accounts is fetched: its other accounts then wait for a slot, not for a
    worker.
    """
    other = aliased(AccountImport)
    lease_of_job = (
        select(func.max(other.lease_expires_at))
        .where(other.job_id == ImportJob.id, other.status == AccountStatus.SYNCING)
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


def has_free_place(session: Session, job: ImportJob, account_id: int) -> bool:
    """Whether the job may fetch one more account, and nobody is fetching this one."""
    busy = select(AccountImport.id).where(
        AccountImport.account_id == account_id, AccountImport.status == AccountStatus.SYNCING
    )
    return count_syncing(session, job.id) < job.max_parallel and session.scalars(busy.limit(1)).first() is None


def count_syncing(session: Session, job_id: int) -> int:
    """How many accounts of the job are being fetched."""
    statement = select(func.count()).where(
        AccountImport.job_id == job_id, AccountImport.status == AccountStatus.SYNCING
    )
    return session.scalars(statement).one()


def pending_of_job(session: Session, job_id: int, limit: int) -> list[AccountImport]:
    """Accounts of the job that nobody is fetching and that are free, in the order they were chosen.

    They are locked; an account locked by another transaction is just being taken and is left out.
    """
    statement = (
        select(AccountImport)
        .where(
            AccountImport.job_id == job_id,
            AccountImport.status == AccountStatus.PENDING,
            AccountImport.paused_at.is_(None),
            ~_is_fetched(AccountImport),
        )
        .order_by(AccountImport.position)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(session.scalars(statement))


def expired_leases(session: Session, now: datetime) -> list[int]:
    """Account imports whose attempt's lease has expired, whatever their job's state."""
    statement = select(AccountImport.id).where(
        AccountImport.status == AccountStatus.SYNCING, AccountImport.lease_expires_at < now
    )
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
            ~_is_fetched(AccountImport),
            or_(AccountImport.queued_at.is_(None), AccountImport.queued_at < sent_before),
        )
        .order_by(AccountImport.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=AccountImport)
    )
    return list(session.scalars(statement))


def fairest(session: Session, now: datetime) -> int | None:
    """The account import that should be next, or None if none can be taken.

    Work of users for whom the least is being fetched comes first, then of jobs for which the least is, so that one
    user's fifty accounts do not starve another user's one. Then connections that were authorised minutes ago come
    first, because their banks return deep history only now; then the job that has waited longest since one of its
    accounts was taken; then the order in which jobs were made and accounts chosen.

    Workers choose at the same time: each leaves out the users that another is choosing for. While somebody for whom
    nothing is fetched has work, their first job is found from the front of an index, however much is due.

    If the user asked that another of their jobs runs next, that job gets the turn and gives its own in exchange.
    """
    job_id = _first_job_of_the_idle(session, now)
    chosen = None if job_id is None else session.execute(_in_order(now, ImportJob.id == job_id)).one_or_none()
    if chosen is None:
        chosen = session.execute(_in_order(now)).one_or_none()
    if chosen is None:
        return None
    account_import_id, chosen_job_id, user_id, is_exchangeable = chosen
    wanted = _exchange(session, now, chosen_job_id, user_id) if is_exchangeable else None
    return account_import_id if wanted is None else wanted


def _exchange(session: Session, now: datetime, job_id: int, user_id: int) -> int | None:
    """Give a job's turn to the due job that its user wants to run next: its account import, or None to change nothing.

    The two exchange when they were served, so that the user's claims against other users stay what they were. A job
    that was never served counts as served when it was made. Jobs that another worker has locked are left alone.
    """
    syncing = _syncing()
    of_job = select(func.count()).where(syncing.c.job_id == ImportJob.id).scalar_subquery()
    due = (
        select(AccountImport.id, ImportJob)
        .join(ImportJob, ImportJob.id == AccountImport.job_id)
        .join(User, User.id == ImportJob.user_id)
        .where(
            ImportJob.user_id == user_id,
            ImportJob.run_next_at.is_not(None),
            is_due(now),
            of_job < ImportJob.max_parallel,
            ~_is_fetched(AccountImport),
        )
        .order_by(ImportJob.run_next_at.desc(), ImportJob.id.desc(), AccountImport.position)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True, of=(AccountImport, ImportJob))
    )
    found = session.execute(due).one_or_none()
    if found is None or found[1].id == job_id:
        return None
    giving = select(ImportJob).where(ImportJob.id == job_id).with_for_update(key_share=True, skip_locked=True)
    giver = session.scalars(giving).one_or_none()
    if giver is None:
        return None
    account_import_id, taker = found
    giver.served_at, taker.served_at = taker.served_at or taker.created_at, giver.served_at
    session.flush()
    return account_import_id


def _first_job_of_the_idle(session: Session, now: datetime) -> int | None:
    """The first job, in the order of `fairest`, of users for whom nothing is fetched. It and its user are locked."""
    a = AccountImport
    of_job = (a.job_id == ImportJob.id, a.paused_at.is_(None), ~_is_fetched(a))
    is_pending = exists().where(*of_job, a.status == AccountStatus.PENDING)
    waits = select(a.job_id).where(a.status == AccountStatus.WAITING, a.next_attempt_at <= now)
    has_waited = ImportJob.id.in_(waits.order_by(a.next_attempt_at).limit(MOST_WAITS)) & exists().where(
        *of_job, a.status == AccountStatus.WAITING, a.next_attempt_at <= now
    )
    is_fresh = exists().where(
        BankConnection.id == ImportJob.connection_id, BankConnection.authorised_at > now - SCA_WINDOW
    )
    is_due_account = or_(
        a.status == AccountStatus.PENDING, (a.status == AccountStatus.WAITING) & (a.next_attempt_at <= now)
    )
    has_deep = exists().where(*of_job, is_due_account, _has_deep_days(now))

    any_fresh, any_waited = session.execute(
        select(
            exists().where(BankConnection.authorised_at > now - SCA_WINDOW),
            exists().where(a.status == AccountStatus.WAITING, a.next_attempt_at <= now),
        )
    ).one()
    for wanted in ((is_fresh, has_deep), (is_fresh,), ()) if any_fresh else ((),):
        ready = (is_pending, has_waited) if any_waited else (is_pending,)
        found = [job for one in ready if (job := _first(session, *wanted, one)) is not None]
        if found:
            return min(found)[-1]
    return None


def _first(session: Session, *conditions: ColumnElement[bool]) -> tuple[datetime, int] | None:
    """When the first fitting job of an idle user was served last, and its id."""
    statement = (
        select(ImportJob.served_at, ImportJob.id)
        .join(User, User.id == ImportJob.user_id)
        .where(
            ImportJob.job_status.in_(OPEN_JOB_STATUSES),
            ImportJob.paused_at.is_(None),
            User.queue_paused_at.is_(None),
            ImportJob.user_id.not_in(select(_syncing().c.user_id)),
            *conditions,
        )
        .order_by(ImportJob.served_at.asc().nulls_first(), ImportJob.id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True, of=(ImportJob, User))
    )
    row = session.execute(statement).one_or_none()
    return None if row is None else (row.served_at or _NEVER, row.id)


def _has_deep_days(now: datetime) -> ColumnElement[bool]:
    return exists().where(
        ImportWindow.account_import_id == AccountImport.id,
        ImportWindow.state == WindowState.PLANNED,
        ImportWindow.window_from < recent_since(now.date()),
    )


def _in_order(now: datetime, *conditions: ColumnElement[bool]) -> Select[int, int, int, bool]:
    """The first account import in the order of `fairest`, among those that fit; it is locked.

    With its job, its user, and whether the user's wish to run another job next can change it: not while its bank
    returns deep history only now.
    """
    syncing = _syncing()
    of_job = select(func.count()).where(syncing.c.job_id == ImportJob.id).scalar_subquery()
    of_user = select(func.count()).where(syncing.c.user_id == ImportJob.user_id).scalar_subquery()
    is_fresh = BankConnection.authorised_at > now - SCA_WINDOW
    other = aliased(ImportJob)
    is_another_wanted = exists().where(
        other.user_id == ImportJob.user_id,
        other.run_next_at.is_not(None),
        other.job_status.in_(OPEN_JOB_STATUSES),
    )
    return (
        select(
            AccountImport.id,
            ImportJob.id,
            ImportJob.user_id,
            and_(is_another_wanted, not_(is_fresh & _has_deep_days(now))),
        )
        .join(ImportJob, ImportJob.id == AccountImport.job_id)
        .join(User, User.id == ImportJob.user_id)
        .join(BankConnection, BankConnection.id == ImportJob.connection_id)
        .where(is_due(now), of_job < ImportJob.max_parallel, ~_is_fetched(AccountImport), *conditions)
        .order_by(
            of_user,
            (is_fresh & _has_deep_days(now)).desc(),
            is_fresh.desc(),
            of_job,
            ImportJob.served_at.asc().nulls_first(),
            ImportJob.id,
            AccountImport.position,
        )
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True, of=AccountImport)
    )


def has_others_with_days_before(session: Session, account_import: AccountImport, day: date) -> bool:
    """Whether other free accounts of the same job still have days before `day` to request."""
    other = aliased(AccountImport)
    return session.scalars(
        select(
            exists().where(
                other.job_id == account_import.job_id,
                other.id != account_import.id,
                other.status == AccountStatus.PENDING,
                other.paused_at.is_(None),
                ~_is_fetched(other),
                ImportWindow.account_import_id == other.id,
                ImportWindow.state == WindowState.PLANNED,
                ImportWindow.window_from < day,
            )
        )
    ).one()


def _syncing() -> CTE:
    """The account imports held by attempts, with their jobs and users.

    Those of crashed workers count until `recover` takes them back, here as in `has_free_place`: if the two differed,
    the same account import would be chosen forever and never taken.
    """
    statement = select(AccountImport.account_id, ImportJob.id.label("job_id"), ImportJob.user_id)
    statement = statement.join(ImportJob, ImportJob.id == AccountImport.job_id)
    return statement.where(AccountImport.status == AccountStatus.SYNCING).cte()


def _is_fetched(row: type[AccountImport]) -> ColumnElement[bool]:
    """Whether any import is fetching the row's account now."""
    other = aliased(AccountImport)
    return exists().where(other.account_id == row.account_id, other.status == AccountStatus.SYNCING)
