"""Reserve what a call to the model can cost before it is sent, settle it after, and keep the caps of job and month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from bankimport.clock import utc_now
from bankimport.enrichment.models import EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.enrichment.prices import PricedCalls, TokenPrices, Tokens, cost_of
from bankimport.enrichment.prompt import PROMPT_VERSION
from bankimport.money import Money, parse_money
from bankimport.settings import Settings, get_settings, variable_of


class CapReached(Exception):
    """The next call could pass a cap; nothing was sent. `cap_key` names the cap, so that it is told once."""

    def __init__(self, message: str, cap_key: str) -> None:
        super().__init__(message)
        self.cap_key = cap_key


PRICED = (
    func.count(LlmCall.id),
    func.count(LlmCall.id).filter(LlmCall.status == LlmCallStatus.RESERVED),
    func.sum(LlmCall.cost),
    LlmCall.currency,
)
"""The columns of a `PricedCalls`, for a statement that groups by currency too: a call has one if its price is known."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls cost, and how many of them at a price that nobody knows."""

    amount: Decimal
    unknown: int


def given_prices(settings: Settings) -> TokenPrices | None:
    """The prices that the settings give, or None."""
    if settings.llm_input_price is None or settings.llm_output_price is None:
        return None
    into, out = parse_money(settings.llm_input_price), parse_money(settings.llm_output_price)
    return TokenPrices(into.amount, out.amount, into.currency)


def price(settings: Settings, model: str, tokens: Tokens) -> Money | None:
    """What the tokens cost under these settings; None when nobody says."""
    return cost_of(model, tokens, given_prices(settings), has_own_address=settings.llm_base_url is not None)


def month_start(now: datetime) -> datetime:
    """The first instant of the calendar month, in UTC."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def spent_by_job(session: Session, job_id: int, currency: str | None = None) -> Spent:
    """What the job's calls cost so far, reserved ones at their greatest; of one currency, or of all."""
    return _spent(session, currency, LlmCall.job_id == job_id)


def spent_since(session: Session, since: datetime, *, user_id: int | None = None, currency: str | None = None) -> Spent:
    """What calls cost since then, of one user or of all; of one currency, or of all."""
    whose = [] if user_id is None else [LlmCall.user_id == user_id]
    return _spent(session, currency, LlmCall.called_at >= since, *whose)


def priced_calls_by_job(session: Session, job_ids: Sequence[int]) -> dict[int, list[PricedCalls]]:
    """Per enrichment job what its calls to models cost; absent when it made none."""
    return _priced_by(session, LlmCall.job_id, job_ids)


def priced_calls_by_import(session: Session, import_job_ids: Sequence[int]) -> dict[int, list[PricedCalls]]:
    """Per import what the calls to models cost that its own enrichment made; absent when it made none."""
    return _priced_by(session, EnrichmentJob.import_job_id, import_job_ids)


def _priced_by(
    session: Session, column: InstrumentedAttribute[Any], ids: Sequence[int]
) -> dict[int, list[PricedCalls]]:
    statement = (
        select(column, *PRICED)
        .select_from(LlmCall)
        .join(EnrichmentJob, EnrichmentJob.id == LlmCall.job_id)
        .where(column.in_(ids))
        .group_by(column, LlmCall.currency)
    )
    found: dict[int, list[PricedCalls]] = {}
    for row in session.execute(statement):
        found.setdefault(row[0], []).append(PricedCalls(*row[1:]))
    return found


def _spent(session: Session, currency: str | None, *which: ColumnElement[bool]) -> Spent:
    is_meant = true() if currency is None else LlmCall.currency == currency
    known = func.coalesce(func.sum(LlmCall.cost).filter(is_meant), Decimal(0))
    unknown = func.count().filter(LlmCall.cost.is_(None))
    amount, count = session.execute(select(known, unknown).where(*which)).one()
    return Spent(amount or Decimal(0), count)


def reserve(session: Session, job: EnrichmentJob, model: str, most: Tokens, merchants: int) -> LlmCall:
    """Count a call's greatest cost before it is sent; commit before sending. Reservations wait for each other.

    Raises:
        CapReached: it could pass the job's or the month's cap, or a cap is set and nobody knows the price.
    """
    settings = get_settings()
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("bankimport llm caps"))))
    cost = price(settings, model, most)
    now = utc_now()
    if job.cap is not None and job.cap_currency is not None:
        cap = Money(job.cap, job.cap_currency)
        _check("this job's cap", f"enrichment {job.id}", cap, spent_by_job(session, job.id, cap.currency), cost)
    if settings.llm_monthly_cap is not None:
        cap = parse_money(settings.llm_monthly_cap)
        spent = spent_since(session, month_start(now), currency=cap.currency)
        _check("the month's cap", f"month {now:%Y-%m}", cap, spent, cost)
    call = LlmCall(
        user_id=job.user_id,
        job_id=job.id,
        model=model,
        prompt_version=PROMPT_VERSION,
        merchants=merchants,
        status=LlmCallStatus.RESERVED,
        called_at=now,
        input_tokens=most.input,
        output_tokens=most.output,
        cost=None if cost is None else cost.amount,
        currency=None if cost is None else cost.currency,
    )
    session.add(call)
    session.flush()
    return call


def settle(
    session: Session, call_id: int, status: LlmCallStatus, used: Tokens | None, latency_ms: int, error: str | None
) -> LlmCall:
    """Write what a call really took. None: it failed and told no tokens; an answer that was cut off may still cost.

    A call that reached no model costs nothing; one of which that is not certain keeps what was reserved.
    """
    call = session.get_one(LlmCall, call_id)
    call.status, call.latency_ms, call.error = status, latency_ms, error
    if used is not None:
        cost = price(get_settings(), call.model, used)
        call.input_tokens, call.output_tokens, call.cached_tokens = used.input, used.output, used.cached
        call.cost, call.currency = (None, None) if cost is None else (cost.amount, cost.currency)
    session.flush()
    return call


def _check(name: str, of_what: str, cap: Money, spent: Spent, cost: Money | None) -> None:
    cap_key = f"cap of {of_what}: {cap.amount:f} {cap.currency}"
    if cost is None:
        raise CapReached(
            f"{name} is {cap.amount:f} {cap.currency} and nobody knows what the model costs; set "
            f"{variable_of('llm_input_price')} and {variable_of('llm_output_price')}, or take the cap away",
            cap_key,
        )
    if cost.currency != cap.currency:
        raise CapReached(
            f"{name} is in {cap.currency} and the model is paid in {cost.currency}; set it in that", cap_key
        )
    if spent.amount + cost.amount > cap.amount:
        raise CapReached(
            f"the next call may cost {cost.amount:f} {cost.currency} and would pass {name} of {cap.amount:f}, "
            f"of which {spent.amount:f} is spent or reserved",
            cap_key,
        )
