"""Undo an import exactly, and redo it: rows, changes of rows, stored days and questions return to their earlier state.

Undoing works like a stack: what a later import found in the same accounts depends on this one's rows, so later imports
are undone first. The user's edits since are listed and kept: a removed row keeps its edits until the import is redone,
and a remaining row keeps them too. Nothing is deleted, so nothing blocks a later import, to whose rows the edits are
carried over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, Select, and_, exists, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import AccountJoin
from bankimport.clock import utc_now
from bankimport.enrichment.run.jobs import revive_jobs_of_import
from bankimport.imports import repository
from bankimport.imports.changes.replacements import restored_beside
from bankimport.imports.errors import LaterImports, NotPossibleNow
from bankimport.imports.events import EVENTS, JobRedone, JobUndone
from bankimport.imports.match import conflicts
from bankimport.imports.match.carry_over import carried_back, carried_by, move_decisions
from bankimport.imports.models import (
    FINISHED_JOB_STATUSES,
    AccountImport,
    ImportAttempt,
    ImportEvent,
    ImportJob,
    ImportWindow,
    JobStatus,
    WindowState,
)
from bankimport.imports.run.after_import import show_again, stop_enriching
from bankimport.realtime.publish import notify_user
from bankimport.transactions import changes as row_changes
from bankimport.transactions import repository as transactions
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange
from bankimport.users.record import record

_other = aliased(AccountImport)


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing a job would do, and which later jobs must be undone first, newest first."""

    job: ImportJob
    rows_removed: int
    rows_restored: int
    rows_reverted: int
    later: list[int]
    edits: list[TransactionChange]


def plan_undo(session: Session, user_id: int, job_id: int) -> UndoPlan:
    """Report what undoing would do, without doing it.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: it has not ended, is already undone, or is a dry run.
    """
    job = repository.job_of(session, user_id, job_id)
    if job.job_status not in FINISHED_JOB_STATUSES:
        raise NotPossibleNow(f"import {job_id} is {job.job_status.value}; only one that has ended can be undone")
    if job.is_dry_run:
        raise NotPossibleNow(f"dry run {job_id} stored nothing that could be undone; commit or discard it")
    made = row_changes.changes_of_job(session, job_id)
    elsewhere = (ChangeKind.VANISHED, ChangeKind.CARRIED_OVER)
    reverted = {change.transaction_id for change in made if change.kind not in elsewhere}
    booked = {change.transaction_id for change in made if change.kind is ChangeKind.BOOKED}
    own = set(session.scalars(_rows_of(job_id).where(Transaction.removed_at.is_(None)))) - booked
    vanished = {change.transaction_id for change in made if change.kind is ChangeKind.VANISHED} - own
    return UndoPlan(
        job=job,
        rows_removed=len(own),
        rows_restored=len(vanished),
        rows_reverted=len(reverted - own),
        later=later_jobs(session, job),
        edits=row_changes.edits_since(session, own | reverted, job.started_at or job.created_at),
    )


def undo_import(session: Session, user_id: int, job_id: int, *, with_later: bool = False) -> list[UndoPlan]:
    """Undo a job, and with `with_later` the jobs that must be undone first; returns what was done, newest job first.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: it has not ended, is already undone, or a later import of its accounts is in progress.
        LaterImports: later imports depend on it and `with_later` is false.
    """
    plan = plan_undo(session, user_id, job_id)
    if plan.later and not with_later:
        names = ", ".join(map(str, plan.later))
        raise LaterImports(
            f"later imports of the same accounts depend on import {job_id}: {names}; undo them first, or all together",
            job_ids=plan.later,
        )
    together = [*plan.later, job_id]
    for other_id in together:
        _locked(session, user_id, other_id)
    meanwhile = set(plan_undo(session, user_id, job_id).later).difference(together)
    if meanwhile:
        names = ", ".join(map(str, sorted(meanwhile)))
        raise LaterImports(f"the same accounts were imported in the meantime, by {names}", job_ids=sorted(meanwhile))
    return [_undo(session, user_id, other_id) for other_id in together]


def redo_import(session: Session, user_id: int, job_id: int) -> ImportJob:
    """Redo an undone import: the record is as it was after the import, with the edits made since.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: it is not undone, or rows that it would restore came back in another way: an account was
            continued since, or the user restored a row that one of them had replaced.
        LaterImports: an import it depends on is still undone, or there is one that did not exist when it was made.
    """
    job = _locked(session, user_id, job_id)
    if job.job_status is not JobStatus.UNDONE or job.undone_at is None:
        raise NotPossibleNow(f"import {job_id} is {job.job_status.value}; it is not undone")
    _check_redoable(session, job)
    _check_rows_are_gone(session, job)
    # Before any row is locked, as in `_undo`.
    revived = revive_jobs_of_import(session, job_id)
    transactions.begin_writing(session, user_id)
    restored = session.scalars(
        update(Transaction)
        .where(Transaction.removed_by_job_id == job_id, Transaction.removed_at == job.undone_at)
        .values(removed_at=None, removed_by_job_id=None)
        .returning(Transaction.id)
    )
    row_changes.note_restored(session, user_id, list(restored))
    made = row_changes.changes_of_job(session, job_id)
    move_decisions(session, user_id, carried_by(made))
    row_changes.write_side(session, made, "after")
    _remove_vanished(session, job_id, made)
    conflicts.redo_questions(session, job_id)
    _set_windows(session, job_id, WindowState.UNDONE, WindowState.COMPLETED)
    job.job_status = job.status_before_undo or JobStatus.COMPLETED
    job.undone_at = job.status_before_undo = job.transfers_looked_at = None
    _written(session, job, JobRedone())
    show_again(session, job, revived)
    return job


def _undo(session: Session, user_id: int, job_id: int) -> UndoPlan:
    job = _locked(session, user_id, job_id)
    plan = plan_undo(session, user_id, job_id)
    # Before any row is locked: enrichment locks its job first and then the rows.
    stop_enriching(session, job, is_undone=True)
    now = utc_now()
    made = row_changes.changes_of_job(session, job_id)
    vanished = [change.transaction_id for change in made if change.kind is ChangeKind.VANISHED]
    move_decisions(session, user_id, carried_back(made))
    row_changes.write_side(session, list(reversed(made)), "before")
    own = _rows_of(job_id)
    session.execute(
        update(Transaction)
        .where(Transaction.id.in_(own), Transaction.removed_at.is_(None))
        .values(removed_at=now, removed_by_job_id=job_id)
    )
    session.execute(
        update(Transaction)
        .where(
            Transaction.id.in_(vanished), Transaction.removed_by_job_id == job_id, Transaction.import_job_id != job_id
        )
        .values(removed_at=None, removed_by_job_id=None)
    )
    conflicts.undo_questions(session, job_id)
    _set_windows(session, job_id, WindowState.COMPLETED, WindowState.UNDONE)
    job.status_before_undo = job.job_status
    job.job_status = JobStatus.UNDONE
    job.undone_at = now
    _written(session, job, JobUndone())
    return plan


def _remove_vanished(session: Session, job_id: int, made: Sequence[TransactionChange]) -> None:
    """Remove again the rows of earlier jobs that the bank no longer listed."""
    vanished = [change.transaction_id for change in made if change.kind is ChangeKind.VANISHED]
    session.execute(
        update(Transaction)
        .where(Transaction.id.in_(vanished), Transaction.removed_at.is_(None), Transaction.import_job_id != job_id)
        .values(removed_at=utc_now(), removed_by_job_id=job_id)
    )


def _locked(session: Session, user_id: int, job_id: int) -> ImportJob:
    """The job, locked in the one order: account imports, then the job, then the accounts, so that no attempt begins."""
    repository.job_of(session, user_id, job_id)
    repository.lock_account_imports(session, job_id)
    job = repository.locked_job(session, job_id)
    accounts.lock_for_undo(session, _accounts_of(job_id))
    return job


def _written(session: Session, job: ImportJob, event: JobUndone | JobRedone) -> ImportJob:
    session.flush()
    session.expire_all()
    EVENTS.append(session, job.id, event)
    record(session, job.user_id, f"import.{event.type.removeprefix('job_')}", job_id=job.id)
    notify_user(session, job.user_id, "transactions", job_id=job.id)
    session.flush()
    return job


def _set_windows(session: Session, job_id: int, old: WindowState, new: WindowState) -> None:
    account_imports = select(AccountImport.id).where(AccountImport.job_id == job_id)
    session.execute(
        update(ImportWindow)
        .where(ImportWindow.account_import_id.in_(account_imports), ImportWindow.state == old)
        .values(state=new)
    )


def later_jobs(session: Session, job: ImportJob) -> list[int]:
    """Jobs that worked on the job's accounts after it began, jobs that worked on theirs after that, and so on.

    The most recently started one comes first; undone jobs do not count.

    Raises:
        NotPossibleNow: one of them is in progress.
    """
    first_attempts: dict[int, int] = {}
    waiting = [job]
    while waiting:
        current = waiting.pop()
        after = _after(current, _first_attempt(current.id)).where(ImportJob.job_status != JobStatus.UNDONE)
        for other in session.scalars(after):
            if other.id in first_attempts or other.id == job.id:
                continue
            if other.job_status not in FINISHED_JOB_STATUSES:
                obstacle = f"import {other.id} of the same accounts is {other.job_status.value}"
                raise NotPossibleNow(f"{obstacle}; wait until it ends, or cancel it first", job_id=other.id)
            first_attempts[other.id] = session.scalars(select(_first_attempt(other.id))).one()
            waiting.append(other)
    return sorted(first_attempts, key=first_attempts.__getitem__, reverse=True)


def _check_redoable(session: Session, job: ImportJob) -> None:
    """Check that exactly those imports of its accounts exist that existed when the job was made."""
    began = _first_attempt(job.id)
    shares = exists().where(_other.job_id == ImportJob.id, _other.account_id.in_(_accounts_of(job.id)))
    worked_before = _first_attempt(ImportJob.id).correlate(ImportJob) < began
    was_there = and_(worked_before, func.coalesce(_last_turn_before(began), JobRedone.word()) == JobRedone.word())
    is_there = ImportJob.job_status != JobStatus.UNDONE
    others = (
        select(ImportJob.id)
        .where(ImportJob.id != job.id, ~ImportJob.is_dry_run, shares, _first_attempt(ImportJob.id).is_not(None))
        .order_by(ImportJob.id)
    )
    below = list(session.scalars(others.where(was_there, ~is_there)))
    if below:
        names = ", ".join(map(str, below))
        raise LaterImports(f"import {job.id} depends on undone imports: {names}; redo them first", job_ids=below)
    instead = list(session.scalars(others.where(~was_there, is_there)))
    if instead:
        names = ", ".join(map(str, instead))
        raise LaterImports(
            f"there are imports of the same accounts that did not exist when import {job.id} was made: {names}; "
            "undo them first",
            job_ids=instead,
        )


def _check_rows_are_gone(session: Session, job: ImportJob) -> None:
    """Check that no row which a redo would restore is in the record already as another row."""
    join = session.scalars(
        select(AccountJoin).where(
            AccountJoin.account_id.in_(_accounts_of(job.id)), AccountJoin.joined_at >= job.undone_at
        )
    ).first()
    if join is not None:
        raise NotPossibleNow(
            f"account {join.account_id} continues {join.joined_name} since import {job.id} was undone, and may have "
            "its rows from there; separate the two accounts first"
        )
    found = restored_beside(session, job)
    if found is not None:
        raise NotPossibleNow(
            f"import {job.id} stored transaction {found.row_id} again while it was removed, and you restored it since; "
            f"remove it by review {found.review_id} first",
            transaction_id=found.row_id,
            review_id=found.review_id,
        )


def _last_turn_before(attempt_id: ScalarSelect[int]) -> ScalarSelect[str]:
    """Whether an import's last change before that attempt was an undo or a redo; None: neither."""
    moment = select(ImportAttempt.started_at).where(ImportAttempt.id == attempt_id).scalar_subquery()
    turns = (ImportEvent.type.in_((JobUndone.word(), JobRedone.word())), ImportEvent.created_at < moment)
    return (
        select(ImportEvent.type)
        .where(ImportEvent.job_id == ImportJob.id, *turns)
        .order_by(ImportEvent.event_id.desc())
        .limit(1)
        .correlate(ImportJob)
        .scalar_subquery()
    )


def _after(job: ImportJob, attempt_id: ScalarSelect[int]) -> Select[ImportJob]:
    """Other jobs with an attempt at one of the job's accounts after that attempt, newest first.

    Dry runs change nothing and do not count.
    """
    worked = exists().where(
        _other.job_id == ImportJob.id,
        _other.account_id.in_(_accounts_of(job.id)),
        ImportAttempt.account_import_id == _other.id,
        ImportAttempt.id > attempt_id,
    )
    return select(ImportJob).where(ImportJob.id != job.id, ~ImportJob.is_dry_run, worked).order_by(ImportJob.id.desc())


def _first_attempt(job_id: int | InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """The id of a job's first attempt. One attempt works on an account at a time, so ids say which came first, whatever
    the clocks of the machines say."""
    return (
        select(func.min(ImportAttempt.id))
        .join(AccountImport, AccountImport.id == ImportAttempt.account_import_id)
        .where(AccountImport.job_id == job_id)
        .scalar_subquery()
    )


def _accounts_of(job_id: int) -> Select[int]:
    return select(AccountImport.account_id).where(AccountImport.job_id == job_id)


def _rows_of(job_id: int) -> Select[int]:
    return select(Transaction.id).where(Transaction.import_job_id == job_id)
