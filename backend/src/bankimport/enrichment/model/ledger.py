"""Reserve the maximum cost of a model call before it is sent, settle it afterwards, and enforce the caps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from bankimport.clock import utc_now
from bankimport.db.acting import Group
from bankimport.db.session import seeing
from bankimport.enrichment.model.prompt import PROMPT_VERSION
from bankimport.enrichment.models import EnrichmentJob, LlmCall, LlmCallStatus
from bankimport.money import Money, parse_money
from bankimport.pricing.prices import month_start, next_month_start
from bankimport.pricing.tokens import PricedCalls, TokenPrices, Tokens, cost_of
from bankimport.settings import Settings, get_settings, variable_of


class CapReached(Exception):
    """The next call could exceed a cap; nothing was sent. `cap_key` identifies the cap, so that users are notified
    once.

    `until` is when the cap starts over; None: it does not.
    """

    def __init__(self, message: str, cap_key: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.cap_key = cap_key
        self.until = until


PRICED = (
    func.count(LlmCall.id),
    func.count(LlmCall.id).filter(LlmCall.status == LlmCallStatus.RESERVED),
    func.sum(LlmCall.cost),
    LlmCall.currency,
)
"""The columns of a `PricedCalls`, for statements grouped by currency: a call has a currency if its price is known."""


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap, its name, and the calls that it counts; `until` is when it starts over.

    The spending of a cap that all users share is not shown to any of them.
    """

    most: Money
    name: str
    key: str
    until: datetime | None
    counts: ColumnElement[bool]
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """The cost of calls, and the number of calls of unknown price."""

    amount: Decimal
    unknown: int


@dataclass(frozen=True, slots=True)
class JobSums:
    """The sums of a job's calls. `cost` is None if a price is unknown or there are several currencies; `of_cap` is the
    cost in the currency of the job's cap."""

    calls: int
    tokens: int
    cost: Decimal | None
    currency: str | None
    of_cap: Decimal


def given_prices(settings: Settings) -> TokenPrices | None:
    """The prices from the settings, or None."""
    if settings.llm_input_price is None or settings.llm_output_price is None:
        return None
    into, out = parse_money(settings.llm_input_price), parse_money(settings.llm_output_price)
    return TokenPrices(into.amount, out.amount, into.currency)


def price(settings: Settings, model: str, tokens: Tokens) -> Money | None:
    """The cost of the tokens under these settings; None if unknown."""
    return cost_of(model, tokens, given_prices(settings), has_own_address=settings.llm_base_url is not None)


def spent_since(session: Session, since: datetime, *, user_id: int | None = None, currency: str | None = None) -> Spent:
    """The cost of calls since then, of one user or of all; in one currency, or in all."""
    of_user = [] if user_id is None else [LlmCall.user_id == user_id]
    return _spent(session, currency, LlmCall.called_at >= since, *of_user)


def amounts_since(session: Session, since: datetime, user_id: int) -> list[Money]:
    """The known costs of the user's calls since then, by currency; these are never added up."""
    c = LlmCall
    statement = (
        select(func.sum(c.cost), c.currency)
        .where(c.user_id == user_id, c.called_at >= since, c.currency.is_not(None))
        .group_by(c.currency)
        .order_by(c.currency)
    )
    found = session.execute(statement)
    return [Money(amount or Decimal(0), currency) for amount, currency in found if currency is not None]


def priced_calls_by_job(session: Session, job_ids: Sequence[int]) -> dict[int, list[PricedCalls]]:
    """The cost of model calls per enrichment job; jobs without calls are absent."""
    return _priced_by(session, LlmCall.job_id, job_ids)


def priced_calls_by_import(session: Session, import_job_ids: Sequence[int]) -> dict[int, list[PricedCalls]]:
    """The cost of model calls made by each import's own enrichment; imports without calls are absent."""
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


def _spent(session: Session, currency: str | None, *conditions: ColumnElement[bool]) -> Spent:
    is_in_currency = true() if currency is None else LlmCall.currency == currency
    known = func.coalesce(func.sum(LlmCall.cost).filter(is_in_currency), Decimal(0))
    unknown = func.count().filter(LlmCall.cost.is_(None))
    # The month's cap is shared by all users; `conditions` choose the calls.
    with seeing(session, Group.EVERYONE):
        amount, count = session.execute(select(known, unknown).where(*conditions)).one()
    return Spent(amount or Decimal(0), count)


def reserve(session: Session, job: EnrichmentJob, model: str, most: Tokens, merchants: int) -> LlmCall:
    """Count a call's maximum cost before it is sent; commit before sending. Reservations wait for each other.

    Raises:
        CapReached: it could exceed the job's or the month's cap, or a cap is set and the spending is unknown.
    """
    settings = get_settings()
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("bankimport llm caps"))))
    cost = price(settings, model, most)
    now = utc_now()
    for cap in _caps(settings, job, now):
        _check(session, settings, cap, model, cost)
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
    if job.id is not None:
        total(session, job)
    return call


def sums_of(session: Session, job: EnrichmentJob) -> JobSums:
    """What a job's calls cost so far, reserved ones at their maximum."""
    c = LlmCall
    calls, tokens, cost, unknown, currency, currencies, of_cap = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(c.input_tokens + c.output_tokens), 0),
            func.coalesce(func.sum(c.cost), Decimal(0)),
            func.count().filter(c.cost.is_(None)),
            func.max(c.currency),
            func.count(c.currency.distinct()),
            func.coalesce(func.sum(c.cost).filter(c.currency == job.cap_currency), Decimal(0)),
        ).where(c.job_id == job.id)
    ).one()
    is_one_currency = currencies <= 1
    return JobSums(
        calls=calls,
        tokens=int(tokens),
        cost=cost if is_one_currency and not unknown else None,
        currency=currency if is_one_currency else None,
        of_cap=of_cap or Decimal(0),
    )


def total(session: Session, job: EnrichmentJob) -> None:
    """Store the cost and tokens of a locked job's calls so far."""
    sums = sums_of(session, job)
    job.total_tokens, job.total_cost = sums.tokens, sums.cost


def uncounted(session: Session, job: EnrichmentJob, model: str) -> str | None:
    """Why no call of the job may be sent to the model regardless of its caps; None if they can be enforced."""
    settings = get_settings()
    cost = price(settings, model, Tokens(0, 0))
    for cap in _caps(settings, job, utc_now()):
        if (fault := _fault(session, settings, cap, model, cost)) is not None:
            return fault
    return None


def settle(
    session: Session, call_id: int, status: LlmCallStatus, used: Tokens | None, latency_ms: int, error: str | None
) -> LlmCall:
    """Record a call's actual tokens. None: it failed without reporting tokens; a cut-off answer may still cost money.

    A call that did not reach a model costs nothing; if that is uncertain, the reserved cost stays.
    """
    call = session.get_one(LlmCall, call_id)
    call.status, call.latency_ms, call.error = status, latency_ms, error
    if used is not None:
        cost = price(get_settings(), call.model, used)
        call.input_tokens, call.output_tokens, call.cached_tokens = used.input, used.output, used.cached
        call.cost, call.currency = (None, None) if cost is None else (cost.amount, cost.currency)
    session.flush()
    return call


def _caps(settings: Settings, job: EnrichmentJob, now: datetime) -> list[Cap]:
    """The caps that a job's next call has to respect; an unsaved job has spent nothing."""
    caps: list[Cap] = []
    if job.cap is not None and job.cap_currency is not None:
        most = Money(job.cap, job.cap_currency)
        caps.append(
            Cap(most, "this job's cap", f"enrichment {job.id}", None, LlmCall.job_id == job.id if job.id else false())
        )
    if settings.llm_monthly_cap is not None:
        start = month_start(now)
        until = next_month_start(now) if settings.llm_resume_next_month else None
        most = parse_money(settings.llm_monthly_cap)
        counts = LlmCall.called_at >= start
        caps.append(Cap(most, "the month's cap", f"month {now:%Y-%m}", until, counts, is_shared=True))
    return caps


def _check(session: Session, settings: Settings, cap: Cap, model: str, cost: Money | None) -> None:
    most = cap.most
    cap_key = f"cap of {cap.key}: {most.amount:f} {most.currency}"
    fault = _fault(session, settings, cap, model, cost)
    if fault is not None:
        raise CapReached(fault, cap_key)
    spent = _spent(session, most.currency, cap.counts).amount + _cost_of_uncounted(session, settings, cap)[0]
    if cost is not None and cost.currency == most.currency and spent + cost.amount > most.amount:
        how_far = "which all users share" if cap.is_shared else f"of which {spent:f} is spent or reserved"
        raise CapReached(
            f"the next call may cost {cost.amount:f} {cost.currency} and would exceed {cap.name} of {most.amount:f} "
            f"{most.currency}, {how_far}",
            cap_key,
            cap.until,
        )


def _fault(session: Session, settings: Settings, cap: Cap, model: str, cost: Money | None) -> str | None:
    """Why the cap cannot be enforced at all: because of the model's price, or of calls that it cannot count."""
    if settings.llm_allow_unknown_cost:
        return None
    most = cap.most
    cap_words = f"{cap.name} is {most.amount:f} {most.currency}"
    remedies = (
        f"set {variable_of('llm_input_price')} and {variable_of('llm_output_price')} in {most.currency}, remove the "
        f"cap, or allow uncounted calls with {variable_of('llm_allow_unknown_cost')}=true"
    )
    if cost is None:
        return f"{cap_words} and the price of the model {model} is unknown: {remedies}"
    if cost.currency != most.currency:
        return f"{cap_words} and the model {model} is paid in {cost.currency}: {remedies}"
    if others := _cost_of_uncounted(session, settings, cap)[1]:
        return f"{cap_words} and the cost of {others} is unknown in {most.currency}: {remedies}"
    return None


def _cost_of_uncounted(session: Session, settings: Settings, cap: Cap) -> tuple[Decimal, str | None]:
    """The cost, at today's prices, of calls of formerly unknown price, and the calls that still cannot be counted."""
    c = LlmCall
    currency = cap.most.currency
    statement = (
        select(c.model, c.currency, func.sum(c.input_tokens), func.sum(c.output_tokens), func.sum(c.cached_tokens))
        .where(cap.counts, c.currency.is_distinct_from(currency))
        .group_by(c.model, c.currency)
        .having(func.sum(c.input_tokens + c.output_tokens) > 0)
    )
    amount, others = Decimal(0), set()
    with seeing(session, Group.EVERYONE):
        found = session.execute(statement).all()
    for model, paid_in, into, out, cached in found:
        cost = price(settings, model, Tokens(int(into), int(out), int(cached))) if paid_in is None else None
        if cost is None or cost.currency != currency:
            others.add(f"earlier calls to {model}" + (f", paid in {paid_in}" if paid_in is not None else ""))
        else:
            amount += cost.amount
    return amount, " and ".join(sorted(others)) or None
