"""Read which model calls enrichment made in a span of days, and which it saved; makes no decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, outerjoin

from bankimport.days import Days
from bankimport.enrichment.model.ledger import PRICED
from bankimport.enrichment.models import EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.imports.models import ImportJob
from bankimport.money import Money
from bankimport.pricing.tokens import PricedCalls

CALLS_WITH_IMPORTS = outerjoin(
    outerjoin(LlmCall, EnrichmentJob, EnrichmentJob.id == LlmCall.job_id),
    ImportJob,
    ImportJob.id == EnrichmentJob.import_job_id,
)
"""Model calls, joined with the import whose rows they were about, if any."""

IS_FAILED = LlmCall.status.in_([LlmCallStatus.FAILED, LlmCallStatus.MALFORMED])
"""Calls without a usable answer."""

_MICRO = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class ModelFact:
    """The calls to a model in a month, in one currency, for the rows of one import or of none."""

    job_id: int | None
    connection_id: int | None
    month: str
    model: str
    merchants: int
    failed: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    priced: PricedCalls


@dataclass(frozen=True, slots=True)
class SavedFact:
    """Rows that were answered from the cache, in how many enrichments, and what a model would have cost for them.

    `per_merchant` is the average cost of a merchant that was sent to a model; None: none was sent at a known price.
    """

    rows: int
    enrichments: int
    per_merchant: Money | None

    @property
    def amount(self) -> Money | None:
        """The estimate, or None if there is nothing to base it on."""
        if self.per_merchant is None:
            return None
        return Money((self.per_merchant.amount * self.rows).quantize(_MICRO), self.per_merchant.currency)


def model_facts_of(session: Session, user_id: int, span: Days) -> list[ModelFact]:
    """The model calls of one user's enrichments in the span."""
    month = func.to_char(LlmCall.called_at, "YYYY-MM")
    split = (EnrichmentJob.import_job_id, ImportJob.connection_id, month, LlmCall.model)
    statement = (
        select(
            *split,
            func.sum(LlmCall.merchants),
            func.count().filter(IS_FAILED),
            func.sum(LlmCall.input_tokens),
            func.sum(LlmCall.output_tokens),
            func.sum(LlmCall.cached_tokens),
            *PRICED,
        )
        .select_from(CALLS_WITH_IMPORTS)
        .where(*called_in(user_id, span))
        .group_by(*split, LlmCall.currency)
    )
    return [
        ModelFact(
            job_id=row[0],
            connection_id=row[1],
            month=row[2],
            model=row[3],
            merchants=int(row[4]),
            failed=row[5],
            input_tokens=int(row[6]),
            output_tokens=int(row[7]),
            cached_tokens=int(row[8]),
            priced=PricedCalls(*row[9:]),
        )
        for row in session.execute(statement)
    ]


def called_in(user_id: int, span: Days) -> Sequence[ColumnElement[bool]]:
    """The user's model calls in the span."""
    return LlmCall.user_id == user_id, LlmCall.called_at >= span.since, LlmCall.called_at < span.until


def started_in(user_id: int, span: Days) -> Sequence[ColumnElement[bool]]:
    """The user's enrichments that started in the span."""
    begun = EnrichmentJob.started_at
    return EnrichmentJob.user_id == user_id, begun >= span.since, begun < span.until


def saved_of(session: Session, user_id: int, span: Days) -> SavedFact:
    """What the cache saved the user in the enrichments that started in the span."""
    rows, enrichments = session.execute(
        select(func.coalesce(func.sum(EnrichmentJob.cached_hits), 0), func.count()).where(
            *started_in(user_id, span), EnrichmentJob.cached_hits > 0
        )
    ).one()
    return SavedFact(int(rows), enrichments, _per_merchant(session, user_id, span))


def _per_merchant(session: Session, user_id: int, span: Days) -> Money | None:
    """The average cost of all merchants sent to a model before the span's end, in the most recently paid currency."""
    average = select(func.sum(LlmCall.cost) / func.nullif(func.sum(LlmCall.merchants), 0), LlmCall.currency).where(
        LlmCall.user_id == user_id,
        LlmCall.called_at < span.until,
        LlmCall.status == LlmCallStatus.ANSWERED,
        LlmCall.cost.is_not(None),
    )
    newest_first = average.group_by(LlmCall.currency).order_by(func.max(LlmCall.called_at).desc())
    newest = session.execute(newest_first.limit(1)).one_or_none()
    if newest is None or newest[0] is None or newest[1] is None:
        return None
    return Money(newest[0], newest[1])
