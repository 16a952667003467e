"""Everything that cost money in a span, in one list, newest first; its sum is the spending in the report.

There are three kinds of charge in three tables. A page is read from each, and the pages are merged.
"""

import heapq
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bankimport.connections.models import BankApiCall
from bankimport.costs.facts import bank_names
from bankimport.costs.rows import RowsFilter, bank_call_conditions, model_call_statement
from bankimport.costs.schemas import ChargeRow, ChargeRows
from bankimport.enrichment.models import LlmCall
from bankimport.imports.plan.spending import first_reads
from bankimport.paging import cursor_of, place_of, whole_number
from bankimport.pricing.cost import CostKind, calls_part, connection_months_part
from bankimport.pricing.prices import prices
from bankimport.settings import get_settings

_KINDS = (CostKind.CONNECTION_MONTH, CostKind.CALLS, CostKind.ENRICHMENT)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Place(NamedTuple):
    """The position of a charge: its moment, then its kind and id among charges of the same moment."""

    at: datetime
    kind: int
    id: int


def charge_rows(session: Session, user_id: int, filters: RowsFilter) -> ChargeRows:
    """The charges in the span: connection months, bank calls that have a price, and model calls.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    before = _place_of(filters.cursor)
    whole = replace(filters, cursor=None)
    each = [
        _months(session, user_id, whole, before),
        _paid_calls(session, user_id, whole, before),
        _model_calls(session, user_id, whole, before),
    ]
    charges = list(heapq.merge(*each, key=lambda item: item[0], reverse=True))
    page = charges[: filters.limit]
    return ChargeRows(
        charges=[row for _, row in page],
        next_cursor=_cursor_of(page[-1][0]) if len(charges) > filters.limit else None,
    )


Placed = tuple[Place, ChargeRow]


def _months(session: Session, user_id: int, filters: RowsFilter, before: Place | None) -> list[Placed]:
    one = connection_months_part(1, prices(get_settings()))
    statement = first_reads(*bank_call_conditions(user_id, filters))
    return list(_of_calls(session, user_id, statement, 0, one.amount, one.currency, filters, before))


def _paid_calls(session: Session, user_id: int, filters: RowsFilter, before: Place | None) -> list[Placed]:
    known = prices(get_settings())
    if known.call is None:
        return []
    one = calls_part(1, known)
    statement = select(BankApiCall).where(*bank_call_conditions(user_id, filters))
    return list(_of_calls(session, user_id, statement, 1, one.amount, one.currency, filters, before))


def _of_calls(
    session: Session,
    user_id: int,
    statement: Select[BankApiCall],
    kind: int,
    amount: Any,
    currency: str | None,
    filters: RowsFilter,
    before: Place | None,
) -> Iterator[Placed]:
    names = bank_names(session, user_id)
    for call in session.scalars(
        _newest_first(statement, BankApiCall.called_at, BankApiCall.id, kind, before).limit(filters.limit + 1)
    ):
        yield (
            Place(call.called_at, kind, call.id),
            ChargeRow(
                what=_KINDS[kind],
                id=call.id,
                charged_at=call.called_at,
                charged_by=names[call.connection_id],
                job_id=call.job_id,
                enrichment_job_id=None,
                amount=amount,
                currency=currency,
            ),
        )


def _model_calls(session: Session, user_id: int, filters: RowsFilter, before: Place | None) -> list[Placed]:
    statement = _newest_first(model_call_statement(user_id, filters), LlmCall.called_at, LlmCall.id, 2, before)
    return [
        (
            Place(call.called_at, 2, call.id),
            ChargeRow(
                what=CostKind.ENRICHMENT,
                id=call.id,
                charged_at=call.called_at,
                charged_by=call.model,
                job_id=import_job_id,
                enrichment_job_id=call.job_id,
                amount=call.cost,
                currency=call.currency,
            ),
        )
        for call, import_job_id in session.execute(statement.limit(filters.limit + 1))
    ]


def _newest_first(
    statement: Select[*tuple[Any, ...]],
    at: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[int],
    kind: int,
    before: Place | None,
) -> Select[*tuple[Any, ...]]:
    if before is not None:
        comes_after = literal(kind < before.kind) if kind != before.kind else row_id < before.id
        statement = statement.where(or_(at < before.at, and_(at == before.at, comes_after)))
    return statement.order_by(at.desc(), row_id.desc())


def _cursor_of(place: Place) -> str:
    return cursor_of(f"{(place.at - _EPOCH) // _MICROSECOND}-{place.kind}", place.id)


def _place_of(cursor: str | None) -> Place | None:
    found = place_of(cursor, _moment_and_kind)
    return None if found is None else Place(*found[0], found[1])


def _moment_and_kind(text: str) -> tuple[datetime, int]:
    micros, _, kind = text.partition("-")
    return _EPOCH + whole_number(micros) * _MICROSECOND, whole_number(kind)
