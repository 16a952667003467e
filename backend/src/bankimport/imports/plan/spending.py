"""Read what imports spent: calls, months of connections that they were the first to read, and their enrichment.

A connection's month is spent at the moment of its first answered call in that month, by the import that made the call,
or by none when the user did (connecting a bank lists its accounts). A consent that was authorised anew counts as a
connection of its own, since TrueLayer charges for it again. So every charge has one moment and one import at most, and
what is spent in ranges of days that meet adds up.
Source: docs.truelayer.com, "Extend a connection".
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
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


def first_reads() -> Select[BankApiCall]:
    """The call that began each connection's month; to be narrowed by user, job or time."""
    earlier = aliased(BankApiCall)
    is_first = ~(
        select(earlier.id)
        .where(
            earlier.connection_id == BankApiCall.connection_id,
            earlier.consent_number == BankApiCall.consent_number,
            earlier.status == ANSWERED,
            earlier.called_at >= func.date_trunc("month", BankApiCall.called_at),
            (earlier.called_at < BankApiCall.called_at)
            | ((earlier.called_at == BankApiCall.called_at) & (earlier.id < BankApiCall.id)),
        )
        .exists()
    )
    return select(BankApiCall).where(BankApiCall.status == ANSWERED, is_first)


def is_month_begun(session: Session, connection: BankConnection, now: datetime) -> bool:
    """Whether the connection was read in this calendar month already, so that its month is paid."""
    statement = select(BankApiCall.id).where(
        BankApiCall.connection_id == connection.id,
        BankApiCall.consent_number == connection.consent_number,
        BankApiCall.status == ANSWERED,
        BankApiCall.called_at >= month_start(now),
    )
    return session.scalars(statement.limit(1)).first() is not None


def months_begun_by(session: Session, job_ids: Sequence[int]) -> dict[int, int]:
    """Per job how many months of its connection it was the first to read in."""
    reads = first_reads().where(BankApiCall.job_id.in_(job_ids)).subquery()
    counts = session.execute(select(reads.c.job_id, func.count()).group_by(reads.c.job_id))
    return {row[0]: row[1] for row in counts}


def estimate_cost(
    session: Session, connection: BankConnection, calls: int, now: datetime, *, is_enriched: bool
) -> Cost:
    """What an import of so many calls adds to what is spent already."""
    settings = get_settings()
    known = prices(settings)
    months = 0 if is_month_begun(session, connection, now) else 1
    enrichment = planned_enrichment_part(is_wanted=is_enriched, model=settings.llm_model)
    return total([connection_months_part(months, known), calls_part(calls, known), enrichment])


def cost_of_jobs(session: Session, job_ids: Sequence[int]) -> dict[int, Cost]:
    """Per job what it cost, at today's prices, with the enrichment of its rows at what it cost then."""
    known = prices(get_settings())
    calls = statistics.count_calls(session, job_ids)
    months = months_begun_by(session, job_ids)
    asked = priced_calls_by_import(session, job_ids)
    return {
        job_id: cost_of(calls.get(job_id, 0), months.get(job_id, 0), asked.get(job_id, []), known) for job_id in job_ids
    }


def cost_of(calls: int, months: int, asked: Sequence[PricedCalls], known: Prices) -> Cost:
    """What so many calls to banks, months of connections and calls to models cost."""
    return total([connection_months_part(months, known), calls_part(calls, known), *enrichment_parts(asked)])
