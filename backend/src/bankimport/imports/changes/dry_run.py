"""Show what a dry run fetched before any of it is stored, and commit exactly those answers."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.days import Days
from bankimport.imports import repository
from bankimport.imports.answers import raw
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.answers.retention import delete_bodies
from bankimport.imports.changes.schemas import AccountDiff, DiffRead, DiffRow
from bankimport.imports.changes.undo import later_jobs
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.events import EVENTS, JobCommitted, JobDiscarded
from bankimport.imports.match.columns import row_values
from bankimport.imports.match.match import match_pending
from bankimport.imports.match.pairing import Match, Matching, MatchKind, StoredRow
from bankimport.imports.match.store import match_with_record, plain, stored_rows
from bankimport.imports.models import (
    FINISHED_JOB_STATUSES,
    AccountImport,
    AccountStatus,
    ImportJob,
    ImportWindow,
    JobStatus,
    RawResponse,
    WindowState,
)
from bankimport.imports.run.finish import fold_job
from bankimport.transactions import repository as transactions
from bankimport.users.record import record

_PROVENANCE = {"content_hash", "raw_position"}


def diff_read(session: Session, user_id: int, job_id: int, *, limit: int) -> DiffRead:
    """What committing would do to the present record; each list contains at most `limit` rows.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: it is not a dry run, or has not ended.
        BodyDeleted, BodyAltered: an answer can no longer be read; repeat the dry run.
    """
    job = repository.job_of(session, user_id, job_id)
    _check_dry_run(job)
    diffs = [
        _account_diff(session, row, session.get_one(Account, row.account_id), limit)
        for row, _ in repository.account_imports_of(session, job_id)
    ]
    return DiffRead(job_id=job_id, accounts=diffs)


def commit_import(session: Session, user_id: int, job_id: int) -> ImportJob:
    """Turn a dry run into a real import: store its answers without calling the bank again.

    Accounts with unfetched days stay as they are; retry them afterwards.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: it is not a dry run, has not ended, fetched nothing, or its accounts have been imported since,
            so that its answers are older than the stored rows.
    """
    repository.job_of(session, user_id, job_id)
    rows = repository.lock_account_imports(session, job_id)
    job = repository.locked_job(session, job_id)
    _check_dry_run(job)
    fetched = [row for row in rows if _is_whole(session, row)]
    if not fetched:
        raise NotPossibleNow(f"dry run {job_id} fetched no account completely; there is nothing to commit")
    newer = later_jobs(session, job)
    if newer:
        names = ", ".join(map(str, newer))
        raise NotPossibleNow(
            f"the accounts of dry run {job_id} have been imported since, by {names}: its answers are older than the "
            "stored rows; discard it and repeat it"
        )
    for row in fetched:
        row.status = AccountStatus.PENDING
        row.tries_from = row.attempt_number
        row.queued_at = row.next_attempt_at = row.completed_at = None
        row.days_done = 0
    job.is_dry_run = False
    job.committed_at = utc_now()
    job.completed_at = None
    job.job_status = JobStatus.RUNNING
    session.flush()
    EVENTS.append(session, job.id, JobCommitted(accounts=len(fetched)))
    record(session, user_id, "import.committed", job_id=job.id)
    fold_job(session, job.id)
    session.refresh(job)
    return job


def discard_import(session: Session, user_id: int, job_id: int) -> ImportJob:
    """Discard a dry run: it counts as cancelled, and what its answers contain is deleted, rejected rows included.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: it is not a dry run, has not ended, or was already discarded.
    """
    repository.job_of(session, user_id, job_id)
    repository.lock_account_imports(session, job_id)
    job = repository.locked_job(session, job_id)
    _check_dry_run(job)
    delete_bodies(session, list(session.scalars(select(RawResponse.id).where(RawResponse.job_id == job_id))))
    job.job_status = JobStatus.CANCELLED
    job.cancelled_at = job.discarded_at = utc_now()
    session.flush()
    EVENTS.append(session, job.id, JobDiscarded())
    record(session, user_id, "import.discarded", job_id=job.id)
    return job


def _check_dry_run(job: ImportJob) -> None:
    if not job.is_dry_run:
        raise NotPossibleNow(f"import {job.id} is not a dry run; plan one with `dry_run`")
    if job.job_status not in FINISHED_JOB_STATUSES:
        raise NotPossibleNow(f"dry run {job.id} is {job.job_status.value}; wait until it has ended")
    if job.discarded_at is not None:
        raise NotPossibleNow(f"dry run {job.id} was discarded; repeat it")


def _is_whole(session: Session, row: AccountImport) -> bool:
    states = set(session.scalars(select(ImportWindow.state).where(ImportWindow.account_import_id == row.id)))
    return WindowState.PLANNED not in states and WindowState.FETCHED in states


def _account_diff(session: Session, row: AccountImport, account: Account, limit: int) -> AccountDiff:
    diff = _Diff(session, limit)
    for window in repository.windows_of(session, row.id):
        if window.state is WindowState.FETCHED and window.raw_response_id is not None:
            diff.add_window(account, window, session.get_one(RawResponse, window.raw_response_id))
    pending = raw.answer_of_job(session, row.job_id, account.id, "pending")
    if pending is not None:
        diff.add_pending(account, pending)
    return AccountDiff(
        account_id=account.id,
        display_name=account.display_name,
        currency=account.currency,
        counts={name: diff.counts[name] for name in ("new", "same", "changed", "merged", "vanished", "lacking")},
        balance_effect=diff.balance_effect,
        **diff.lists,
    )


class _Diff:
    """Sorts matchings into the effects of a commit; each stored row is listed once."""

    def __init__(self, session: Session, limit: int) -> None:
        self._session = session
        self._limit = limit
        self._reported: set[int] = set()
        self._amended: set[int] = set()
        self.counts: Counter[str] = Counter()
        self.balance_effect = Decimal(0)
        self.lists: dict[str, list[DiffRow]] = {
            name: [] for name in ("new", "changed", "merged", "vanished", "lacking")
        }

    def add_window(self, account: Account, window: ImportWindow, response: RawResponse) -> None:
        rows = raw.rows_of(response, account.kind, accounts.zone_of(self._session, account)).rows
        assert window.asked_from is not None
        assert window.asked_to is not None
        requested = Days(window.asked_from, window.asked_to)
        matching = match_with_record(self._session, account.id, rows, requested, response.received_at)
        self._add(matching, Days(window.window_from, window.window_to))
        for row in matching.missing:
            self._count("lacking", row.id, _stored_row(row))

    def add_pending(self, account: Account, response: RawResponse) -> None:
        rows = raw.rows_of(response, account.kind, accounts.zone_of(self._session, account)).rows
        today = utc_now().date()
        days = [today, *(row.date for row in rows)]
        stored = stored_rows(self._session, account.id, Days(min(days), max(days)))
        matching = match_pending(
            rows, [row for row in stored if row.is_pending], [row for row in stored if not row.is_pending]
        )
        for row in matching.missing:
            if row.id not in self._reported:
                self._count("vanished", row.id, _stored_row(row))

    def _add(self, matching: Matching, window: Days) -> None:
        for row in matching.new:
            if window.first <= row.date <= window.last:
                self.balance_effect += row.amount
                self._count("new", None, _new_row(row))
        changes = self._changes([match for match in matching.matches if match.changes_anything])
        for match in matching.matches:
            before, after = changes.get(match.stored.id, ({}, {}))
            if "amount" in before and not match.stored.is_pending and match.stored.id not in self._amended:
                self._amended.add(match.stored.id)
                self.balance_effect += match.fetched.amount - match.stored.amount
            if match.kind is MatchKind.BOOKED and match.stored.id not in self._reported:
                self._count("merged", match.stored.id, _matched_row(match, before, after))
                self.balance_effect += match.fetched.amount
            elif not window.first <= match.fetched.date <= window.last:
                continue
            elif before:
                self._count("changed", match.stored.id, _matched_row(match, before, after))
            else:
                self._count("same", match.stored.id, None)

    def _changes(self, matches: list[Match]) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
        rows = transactions.transactions_by_id(self._session, [match.stored.id for match in matches])
        changes = {}
        for match in matches:
            row = rows[match.stored.id]
            values = {name: value for name, value in row_values(match.fetched).items() if name not in _PROVENANCE}
            names = [name for name, value in values.items() if getattr(row, name) != value]
            changes[row.id] = (
                {name: plain(getattr(row, name)) for name in names},
                {name: plain(values[name]) for name in names},
            )
        return changes

    def _count(self, name: str, row_id: int | None, row: DiffRow | None) -> None:
        if row_id is not None:
            if row_id in self._reported:
                return
            self._reported.add(row_id)
        self.counts[name] += 1
        if row is not None and len(self.lists[name]) < self._limit:
            self.lists[name].append(row)


def _new_row(row: NewTransaction) -> DiffRow:
    return _row(None, row.date, row.amount, row.currency, row.description)


def _stored_row(row: StoredRow) -> DiffRow:
    return _row(row.id, row.date, row.amount, row.currency, row.description)


def _matched_row(match: Match, before: dict[str, Any], after: dict[str, Any]) -> DiffRow:
    row = _stored_row(match.stored)
    return row.model_copy(update={"before": before, "after": after})


def _row(row_id: int | None, day: date, amount: Decimal, currency: str, description: str) -> DiffRow:
    return DiffRow(transaction_id=row_id, date=day, amount=amount, currency=currency, description=description)
