"""Read the results of a bank's earlier imports, compared with their plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, undefer

from bankimport.connections.models import BankConnection
from bankimport.imports.models import AccountImport, ImportJob, ImportWindow, JobStatus, WindowState
from bankimport.imports.plan import statistics
from bankimport.imports.plan.calibration import MOST_EVIDENCE, Lesson, Outcome, learn


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Results of imports, newest first. Durations are only of imports without a wait, pause or crash."""

    api_calls: list[Outcome]
    transactions: list[Outcome]
    duration_s: list[Outcome]


@dataclass(frozen=True, slots=True)
class Lessons:
    """The resulting corrections; None if there are too few results."""

    api_calls: Lesson | None
    transactions: Lesson | None
    duration_s: Lesson | None


def lessons_of_bank(session: Session, bank_id: str, since: datetime) -> Lessons:
    """Corrections from this bank's newest completed imports, among those that can be seen: the user's own."""
    jobs = completed_jobs().where(BankConnection.bank_id == bank_id, ImportJob.completed_at >= since)
    outcomes = outcomes_of(session, list(session.scalars(jobs.limit(MOST_EVIDENCE))))
    return Lessons(learn(outcomes.api_calls), learn(outcomes.transactions), learn(outcomes.duration_s))


def completed_jobs() -> Select[ImportJob]:
    """Imports that completed and stored rows, newest first; the caller narrows them."""
    return (
        select(ImportJob)
        .join(BankConnection, BankConnection.id == ImportJob.connection_id)
        .where(ImportJob.job_status == JobStatus.COMPLETED, ImportJob.is_dry_run.is_(False))
        .where(ImportJob.committed_at.is_(None))
        .order_by(ImportJob.completed_at.desc(), ImportJob.id.desc())
        .options(undefer(ImportJob.plan))
    )


def outcomes_of(session: Session, jobs: Sequence[ImportJob]) -> Outcomes:
    """The results of these jobs."""
    ids = [job.id for job in jobs]
    calls = statistics.count_calls(session, ids)
    rows = rows_brought(session, ids)
    attempts = _most_attempts(session, ids)
    outcomes = Outcomes([], [], [])
    for job in jobs:
        base, planned = job.plan.base, job.plan.planned
        outcomes.api_calls.append(Outcome(base.api_calls, planned.api_calls, calls.get(job.id, 0)))
        outcomes.transactions.append(Outcome(base.transactions, planned.transactions, rows.get(job.id, 0)))
        if attempts.get(job.id) == 1 and job.started_at is not None and job.completed_at is not None:
            took_s = max(1, round((job.completed_at - job.started_at).total_seconds()))
            outcomes.duration_s.append(Outcome(base.duration_seconds, planned.duration_seconds, took_s))
    return outcomes


def rows_brought(session: Session, job_ids: Sequence[int]) -> dict[int, int]:
    """The number of booked rows in each job's windows, including rows stored before, as the plan counts them."""
    statement = (
        select(AccountImport.job_id, func.coalesce(func.sum(ImportWindow.rows_in_window), 0))
        .join(ImportWindow, ImportWindow.account_import_id == AccountImport.id)
        .where(AccountImport.job_id.in_(job_ids), ImportWindow.state == WindowState.COMPLETED)
        .group_by(AccountImport.job_id)
    )
    return {row[0]: int(row[1] or 0) for row in session.execute(statement)}


def _most_attempts(session: Session, job_ids: Sequence[int]) -> dict[int, int]:
    statement = (
        select(AccountImport.job_id, func.max(AccountImport.attempt_number))
        .where(AccountImport.job_id.in_(job_ids))
        .group_by(AccountImport.job_id)
    )
    return {job_id: int(number or 0) for job_id, number in session.execute(statement)}
