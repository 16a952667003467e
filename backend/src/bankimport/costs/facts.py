"""Read what was called, charged and imported in a span of days; makes no decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, undefer

from bankimport.connections.models import BankApiCall, BankConnection
from bankimport.costs.model_facts import ModelFact, model_facts_of
from bankimport.days import Days
from bankimport.imports.models import ImportJob, JobStatus
from bankimport.imports.plan import past_imports, statistics
from bankimport.imports.plan.spending import first_reads
from bankimport.pricing.schemas import CostRead, PlannedRead


@dataclass(frozen=True, slots=True)
class CallsFact:
    """How many calls an import, or the user outside an import, made through a connection in a month (`2026-11`)."""

    job_id: int | None
    connection_id: int
    month: str
    calls: int


@dataclass(frozen=True, slots=True)
class ChargeFact:
    """A charged connection month, and the import that began it."""

    job_id: int | None
    connection_id: int
    began_at: datetime

    @property
    def month(self) -> str:
        """The calendar month, UTC."""
        return f"{self.began_at.astimezone(UTC):%Y-%m}"


@dataclass(frozen=True, slots=True)
class ImportFact:
    """An import that started in the span: planned and actual. The figures cover the whole import."""

    job_id: int
    connection_id: int
    month: str
    status: JobStatus
    started_at: datetime
    planned: PlannedRead
    calls: int
    rows_imported: int
    rows_brought: int
    duration_s: int | None
    planned_cost: CostRead | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened in a span."""

    calls: list[CallsFact]
    charges: list[ChargeFact]
    imports: list[ImportFact]
    asked: list[ModelFact]


def facts_of(session: Session, user_id: int, span: Days) -> Facts:
    """What happened for one user in the span."""
    return Facts(
        calls=calls_of(session, user_id, span),
        charges=charges_of(session, user_id, span.since, span.until),
        imports=imports_of(session, started_jobs(session, user_id, span)),
        asked=model_facts_of(session, user_id, span),
    )


def charges_of(session: Session, user_id: int, since: datetime, until: datetime) -> list[ChargeFact]:
    """The connection months that began from `since` to before `until`."""
    reads = first_reads(BankApiCall.user_id == user_id, BankApiCall.called_at >= since, BankApiCall.called_at < until)
    return [
        ChargeFact(call.job_id, call.connection_id, call.called_at)
        for call in session.scalars(reads.order_by(BankApiCall.called_at, BankApiCall.id))
    ]


def started_jobs(session: Session, user_id: int, span: Days) -> list[ImportJob]:
    """The user's imports that started in the span, newest first."""
    statement = select(ImportJob).where(
        ImportJob.user_id == user_id, ImportJob.started_at >= span.since, ImportJob.started_at < span.until
    )
    return list(session.scalars(statement.order_by(ImportJob.id.desc()).options(undefer(ImportJob.plan))))


def imports_of(session: Session, jobs: list[ImportJob]) -> list[ImportFact]:
    """These started imports, planned and actual."""
    ids = [job.id for job in jobs]
    calls = statistics.count_calls(session, ids)
    brought = past_imports.rows_brought(session, ids)
    return [
        ImportFact(
            job_id=job.id,
            connection_id=job.connection_id,
            month=f"{job.started_at.astimezone(UTC):%Y-%m}",
            status=job.shown_status,
            started_at=job.started_at,
            planned=job.plan.planned,
            calls=calls.get(job.id, 0),
            rows_imported=job.total_transactions,
            rows_brought=brought.get(job.id, 0),
            duration_s=(
                round((job.completed_at - job.started_at).total_seconds()) if job.completed_at is not None else None
            ),
            planned_cost=job.plan.priced,
        )
        for job in jobs
        if job.started_at is not None
    ]


def bank_names(session: Session, user_id: int) -> dict[int, str]:
    """The bank name of each connection, including removed ones."""
    statement = select(BankConnection.id, BankConnection.bank_name).where(BankConnection.user_id == user_id)
    return {row[0]: row[1] for row in session.execute(statement)}


def calls_of(session: Session, user_id: int, span: Days) -> list[CallsFact]:
    """How many calls were made in the span."""
    month = func.to_char(BankApiCall.called_at, "YYYY-MM")
    statement = (
        select(BankApiCall.job_id, BankApiCall.connection_id, month, func.count())
        .where(*bank_calls_in(user_id, span))
        .group_by(BankApiCall.job_id, BankApiCall.connection_id, month)
    )
    return [CallsFact(*row) for row in session.execute(statement)]


def bank_calls_in(user_id: int, span: Days) -> Sequence[ColumnElement[bool]]:
    """The user's bank calls in the span."""
    return BankApiCall.user_id == user_id, BankApiCall.called_at >= span.since, BankApiCall.called_at < span.until
