"""Estimate an enrichment job, and show what it would send, without creating it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from sqlalchemy import ARRAY, BigInteger, ColumnElement, any_, literal, select
from sqlalchemy.orm import Session

from bankimport.enrichment.categories.categories import names_in_use
from bankimport.enrichment.model import ledger
from bankimport.enrichment.model.cache import Key
from bankimport.enrichment.model.client import chosen_model
from bankimport.enrichment.model.private_names import users_names
from bankimport.enrichment.model.prompt import (
    Question,
    in_batches,
    most_input_tokens,
    most_output_tokens,
    prompt_text,
)
from bankimport.enrichment.models import EnrichmentJob
from bankimport.enrichment.rules.rule_store import pages, to_enrich
from bankimport.enrichment.run.deciding import decide_rows
from bankimport.enrichment.run.jobs import NewJob, draft
from bankimport.enrichment.run.pages import scope_of
from bankimport.enrichment.run.run import questions_of
from bankimport.money import Money
from bankimport.pricing.tokens import Tokens
from bankimport.settings import get_settings
from bankimport.transactions.models import Transaction

MOST_ROWS_READ = 5_000
"""An estimate reads no more rows than about this many."""

MOST_ROWS_SHOWN = 20_000
"""The texts to be sent are looked for in the first rows only."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The maximum a job would use. `cost` is None if the price is unknown or no model is set.

    `rows_read` is the number of rows that it was computed from: if fewer than `transactions`, the figures are scaled
    up from them. Merchants repeat, so the scaled figures are rather too high than too low. `fault` says why it would
    stop before its first call: a cap that cannot be enforced.
    """

    transactions: int
    rows_read: int
    without_model: int
    merchants_to_ask: int
    calls: int
    most_input_tokens: int
    most_output_tokens: int
    cost: Money | None
    model: str | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class _Page:
    """What one page of rows needs: how many of its rows, and its questions that no earlier page asked, in batches."""

    rows: int
    needing: int
    batches: list[list[Question]]


def estimate(session: Session, user_id: int, new_job: NewJob) -> Estimate:
    """Estimate a job without creating it.

    Raises:
        TransactionNotFound: a row is not this user's.
        SettingsInvalid: the configured model cannot be used.
    """
    settings = get_settings()
    model = chosen_model(settings) if new_job.uses_model else None
    job = draft(session, user_id, new_job)
    categories = sorted(names_in_use(session, user_id))
    read = needing = merchants = calls = into = out = 0
    for page in _pages(session, job, new_job, model, _spread(session, job)):
        read, needing = read + page.rows, needing + page.needing
        for batch in page.batches:
            merchants, calls = merchants + len(batch), calls + 1
            into += most_input_tokens(prompt_text(batch, categories))
            out += most_output_tokens(len(batch))
    share = Fraction(job.total_transactions, read) if read else Fraction(1)
    needing, merchants, calls, into, out = (ceil(figure * share) for figure in (needing, merchants, calls, into, out))
    return Estimate(
        transactions=job.total_transactions,
        rows_read=read,
        without_model=job.total_transactions - needing,
        merchants_to_ask=merchants,
        calls=calls if model else 0,
        most_input_tokens=into if model else 0,
        most_output_tokens=out if model else 0,
        cost=ledger.price(settings, model, Tokens(into, out)) if model else None,
        model=model,
        fault=ledger.uncounted(session, job, model) if model and calls else None,
    )


def first_prompts(session: Session, user_id: int, new_job: NewJob, most: int) -> list[str]:
    """Exactly the first texts that the job would send, at most `most`, from its first 20,000 rows.

    Raises:
        TransactionNotFound: a row is not this user's.
        SettingsInvalid: the configured model cannot be used.
    """
    model = chosen_model(get_settings()) if new_job.uses_model else None
    job = draft(session, user_id, new_job)
    categories = sorted(names_in_use(session, user_id))
    prompts: list[str] = []
    read = 0
    for page in _pages(session, job, new_job, model, scope_of(job)):
        read += page.rows
        prompts += [prompt_text(batch, categories) for batch in page.batches]
        if len(prompts) >= most or read >= MOST_ROWS_SHOWN:
            break
    return prompts[:most]


def _pages(
    session: Session, job: EnrichmentJob, new_job: NewJob, model: str | None, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[_Page]:
    """The pages of rows as a job reads them; it asks page by page, so batches never reach over pages."""
    names = users_names(session, job.user_id)
    seen_keys: set[Key] = set()
    for rows in pages(session, conditions):
        items = to_enrich(session, rows)
        decisions = decide_rows(session, job.user_id, items, only_of=model if new_job.is_refresh else None)
        new = [item for item in questions_of(items, decisions, names) if (item.key, item.direction) not in seen_keys]
        seen_keys.update((item.key, item.direction) for item in new)
        needing = sum(decision.needs_model for decision in decisions.values())
        yield _Page(len(rows), needing, [list(batch) for batch in in_batches(new)])
        session.expunge_all()


def _spread(session: Session, job: EnrichmentJob) -> list[ColumnElement[bool]]:
    """The job's rows; of very many, every n-th."""
    conditions = scope_of(job)
    every = job.total_transactions // MOST_ROWS_READ
    if every < 2:
        return conditions
    ids = session.scalars(select(Transaction.id).where(*conditions, Transaction.id % every == 0)).all()
    return [*conditions, Transaction.id == any_(literal(ids, ARRAY(BigInteger)))]
