"""Read what imports used: calls, connection months that they began, and their enrichment.

A connection month begins with the connection's first answered call in that month. It belongs to the import that made
the call, or to none if the user's action did (connecting a bank lists its accounts). A consent that was authorised
again counts as a separate connection, because TrueLayer charges for it again. So every charge has one moment and at
most one import, and the costs of adjacent ranges of days add up.
Source: docs.truelayer.com, "Extend a connection".
"""

import functools
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Select, any_, bindparam, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from bankimport.connections.models import BankApiCall, BankConnection
from bankimport.enrichment.model.ledger import priced_calls_by_import
from bankimport.imports.plan import statistics
from bankimport.pricing.cost import (
    Cost,
    calls_part,
    connection_months_part,
    enrichment_parts,
    planned_enrichment_part,
    total,
)
from bankimport.pricing.prices import Prices, month_start, prices
from bankimport.pricing.tokens import PricedCalls
from bankimport.settings import get_settings

ANSWERED = 200


def first_reads(*conditions: ColumnElement[bool]) -> Select[BankApiCall]:
    """The calls that meet the conditions and began a connection month.

    The months of the calls come first, then each month's first call from an index, so the cost is linear.
    """
    months = (
        select(
            BankApiCall.connection_id,
            BankApiCall.consent_number,
            func.date_trunc("month", BankApiCall.called_at).label("month"),
        )
        .where(BankApiCall.status == ANSWERED, *conditions)
        .distinct()
        .subquery()
    )
    call = aliased(BankApiCall)
    first = (
        select(call.id)
        .where(
            call.connection_id == months.c.connection_id,
            call.consent_number == months.c.consent_number,
            call.status == ANSWERED,
            call.called_at >= months.c.month,
        )
        .order_by(call.called_at, call.id)
        .limit(1)
        .lateral()
    )
    began = select(first.c.id).select_from(months).join(first, true())
    return select(BankApiCall).where(BankApiCall.id.in_(began), *conditions)


def is_month_begun(session: Session, connection: BankConnection, now: datetime) -> bool:
    """Whether the connection was already read in this calendar month, so that its month is paid."""
    statement = select(BankApiCall.id).where(
        BankApiCall.connection_id == connection.id,
        BankApiCall.consent_number == connection.consent_number,
        BankApiCall.status == ANSWERED,
        BankApiCall.called_at >= month_start(now),
    )
    return session.scalars(statement.limit(1)).first() is not None


def months_begun_by(session: Session, job_ids: Sequence[int]) -> dict[int, int]:
    """How many connection months each job began."""
    counts = session.execute(_months_begun(), {"job_ids": list(job_ids)})
    return {job_id: count for job_id, count in counts if job_id is not None}


@functools.cache
def _months_begun() -> Select[int | None, int]:
    """Made once: each look at a job's status needs it, and making it takes longer than using it."""
    is_of_jobs = BankApiCall.job_id == any_(bindparam("job_ids", type_=ARRAY(BigInteger)))
    reads = first_reads(is_of_jobs).subquery()
    return select(reads.c.job_id, func.count()).group_by(reads.c.job_id)


def estimate_cost(
    session: Session, connection: BankConnection, calls: int, now: datetime, *, is_enriched: bool
) -> Cost:
    """The additional cost of an import with this many calls."""
    settings = get_settings()
    known = prices(settings)
    months = 0 if is_month_begun(session, connection, now) else 1
    enrichment = planned_enrichment_part(is_wanted=is_enriched, model=settings.llm_model)
    return total([connection_months_part(months, known), calls_part(calls, known), enrichment])


def cost_of_jobs(session: Session, job_ids: Sequence[int], calls: Mapping[int, int] | None = None) -> dict[int, Cost]:
    """The cost of each job at today's prices, plus the enrichment of its rows at its actual cost.

    `calls` has the number of each job's bank calls if the caller has counted them.
    """
    known = prices(get_settings())
    calls = statistics.count_calls(session, job_ids) if calls is None else calls
    months = months_begun_by(session, job_ids)
    model_calls = priced_calls_by_import(session, job_ids)
    return {
        job_id: cost_of(calls.get(job_id, 0), months.get(job_id, 0), model_calls.get(job_id, []), known)
        for job_id in job_ids
    }


def cost_of(calls: int, months: int, model_calls: Sequence[PricedCalls], known: Prices) -> Cost:
    """The cost of this many bank calls and connection months, and of these model calls."""
    return total([connection_months_part(months, known), calls_part(calls, known), *enrichment_parts(model_calls)])
