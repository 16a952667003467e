"""Run an enrichment job: page by page through the ladder; the model is called between transactions, never in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import BigInteger, ColumnElement, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.acting import for_user
from bankimport.db.session import session_scope
from bankimport.enrichment.categories.categories import names_in_use, renamed_defaults
from bankimport.enrichment.ladder.ladder import Decision, decide
from bankimport.enrichment.model import cache
from bankimport.enrichment.model.cache import Key
from bankimport.enrichment.model.client import chosen_model
from bankimport.enrichment.model.ledger import CapReached
from bankimport.enrichment.model.private_names import users_names
from bankimport.enrichment.model.prompt import MOST_OTHERS, Question, size_of
from bankimport.enrichment.model.redact import Redactor
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.rules.rule_store import pages, rule_book, to_enrich
from bankimport.enrichment.rules.rules import RuleBook
from bankimport.enrichment.run.asking import ModelUnavailable, answer
from bankimport.enrichment.run.attempt import Attempt, AttemptLost, begin, release, writing
from bankimport.enrichment.run.events import (
    EnrichmentJobCompleted,
    EnrichmentJobFailed,
    EnrichmentJobStopped,
    EnrichmentJobWaiting,
    RowsEnriched,
    append_event,
    counts,
)
from bankimport.enrichment.run.rekey import bring_keys_up_to_date
from bankimport.enrichment.run.writing import write_decisions
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.errors import BankImportError
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify
from bankimport.realtime.publish import notify_user
from bankimport.settings import get_settings
from bankimport.transactions.labels import locked_labels
from bankimport.transactions.models import Transaction, Transfer, TransferStatus
from bankimport.transactions.repository import begin_writing

log = structlog.get_logger(__name__)

MOST_LOSSES = 10
LONGEST_WAIT_S = 900.0
_MOST_READ = 20
"""How many of a merchant's texts are read to find a few different ones."""


@dataclass(frozen=True, slots=True)
class _Page:
    rows: list[RowToEnrich]
    decisions: dict[int, Decision]
    questions: list[Question]


def run_enrichment(job_id: int, worker: str) -> None:
    """Work on a job until it ends, waits, or is taken away. A job that is not due or has a worker is left alone."""
    with session_scope() as session:
        attempt = begin(session, job_id, worker)
    if attempt is not None:
        with for_user(attempt.user_id):
            _work_on(attempt)


def _work_on(attempt: Attempt) -> None:
    try:
        while not bring_keys_up_to_date(attempt.user_id, most_pages=1):
            with writing(attempt):
                pass  # a long rewriting renews its lease
        while _next_page(attempt):
            pass
    except AttemptLost:
        return
    except ModelUnavailable as error:
        _wait(attempt, str(error), error.wait)
    except BankImportError as error:
        _fail(attempt, error.message)
    except Exception:
        # An internal error that recurs each time must end the job, not repeat forever.
        log.exception("enrichment.crashed", job_id=attempt.job_id)
        _wait(attempt, "internal error; see the workers' log", 5.0)


def scope_of(job: EnrichmentJob) -> list[ColumnElement[bool]]:
    """The rows the job covers, ignoring the cursor; rows stored after its creation are excluded."""
    conditions: list[ColumnElement[bool]] = [Transaction.user_id == job.user_id, Transaction.id <= job.last_id]
    if job.transaction_ids:
        # One parameter for any number of values: PostgreSQL allows at most 65,535 in a statement.
        conditions.append(Transaction.id == any_(literal(job.transaction_ids, ARRAY(BigInteger))))
    elif job.import_job_id is not None:
        conditions.append(Transaction.import_job_id == job.import_job_id)
    return conditions


def decide_rows(
    session: Session, user_id: int, rows: Sequence[RowToEnrich], *, only_of: str | None, rules: RuleBook | None = None
) -> dict[int, Decision]:
    """The ladder's decisions, by row id; `rules` replaces the user's rules."""
    rules, names = rules or rule_book(session, user_id), names_in_use(session, user_id)
    renamed = renamed_defaults(session, user_id)
    keys = {row.id: (row.key, row.direction) for row in rows}
    known = cache.answers(session, user_id, set(keys.values()), only_of=only_of)
    transfers = _confirmed_transfers(session, user_id, [row.id for row in rows])
    return {
        row.id: decide(row, keys[row.id][0], rules, known.get(keys[row.id]), names, transfers, renamed) for row in rows
    }


def _confirmed_transfers(session: Session, user_id: int, ids: Sequence[int]) -> frozenset[int]:
    """The rows that the user confirmed to be part of a transfer."""
    wanted = literal(ids, ARRAY(BigInteger))
    sides = session.execute(
        select(Transfer.out_id, Transfer.in_id).where(
            Transfer.user_id == user_id,
            Transfer.status == TransferStatus.CONFIRMED,
            or_(Transfer.out_id == any_(wanted), Transfer.in_id == any_(wanted)),
        )
    )
    return frozenset(side for pair in sides for side in pair)


def questions_of(rows: Sequence[RowToEnrich], decisions: dict[int, Decision], names: Sequence[str]) -> list[Question]:
    """One redacted question, with a few of its texts, for each merchant and direction that needs a model."""
    asked: dict[Key, list[RowToEnrich]] = {}
    for row in rows:
        if decisions[row.id].needs_model:
            asked.setdefault((row.key, row.direction), []).append(row)
    redactor = Redactor(names)
    return [_question(key, direction, of_key, redactor) for (key, direction), of_key in asked.items()]


def _question(key: str, direction: Direction, rows: Sequence[RowToEnrich], redactor: Redactor) -> Question:
    texts = dict.fromkeys(_redacted_text(row, redactor) for row in rows[:_MOST_READ])
    first, *others = texts
    amounts = size_of([row.amount for row in rows])
    return Question(key, direction, first, tuple(others[:MOST_OTHERS]), amounts)


def _redacted_text(row: RowToEnrich, redactor: Redactor) -> str:
    description = redactor.redacted(row.description)
    return description if row.merchant is None else f"{redactor.redacted(row.merchant)} ({description})"


def _next_page(attempt: Attempt) -> bool:
    """Enrich one page of rows; False if none is left and the job is completed."""
    model = None
    with writing(attempt) as (session, job):
        if job.uses_model:
            model = chosen_model(get_settings())
        only_of = model if job.is_refresh else None
        rows = next(pages(session, scope_of(job), job.cursor), None)
        if rows is None:
            release(job, EnrichmentStatus.COMPLETED)
            append_event(session, job, EnrichmentJobCompleted(**counts(job)))
            notify_user(session, job.user_id, "transactions")
            return False
        items = to_enrich(session, rows)
        questions: list[Question] = []
        if model is not None:
            decisions = decide_rows(session, job.user_id, items, only_of=only_of)
            questions = questions_of(items, decisions, users_names(session, job.user_id))
        is_refresh = job.is_refresh
    unanswered: set[Key] = set()
    if model is not None and questions:
        try:
            unanswered = answer(attempt, model, questions, is_refresh=is_refresh)
        except CapReached as error:
            _store(attempt, items, set(), set(), only_of, moves_on=False)
            _stop_at_cap(attempt, error)
            raise AttemptLost from None
    asked = {(item.key, item.direction) for item in questions}
    _store(attempt, items, asked, unanswered, only_of, moves_on=True)
    return True


def _store(
    attempt: Attempt,
    items: Sequence[RowToEnrich],
    asked: set[Key],
    unanswered: set[Key],
    only_of: str | None,
    *,
    moves_on: bool,
) -> None:
    """Write the ladder's decisions about a page, with the counts and the cursor, in one transaction."""
    with writing(attempt) as (session, job):
        begin_writing(session, job.user_id)
        rows = locked_labels(session, [item.id for item in items])
        decisions = decide_rows(session, job.user_id, items, only_of=only_of)
        job.changed += write_decisions(session, job, rows, items, decisions)
        if not moves_on:
            return
        job.cursor = items[-1].id
        job.losses = 0
        job.processed += len(items)
        for item in items:
            key = (item.key, item.direction)
            decision = decisions[item.id]
            job.successful += decision.category is not None
            job.failed += key in unanswered and decision.category is None
            job.cached_hits += decision.cached is not None and key not in asked
        append_event(session, job, RowsEnriched(**counts(job)))


def _wait(attempt: Attempt, message: str, wait: float | None) -> None:
    """Make the job wait, or fail it if waiting does not help or has not helped too often."""
    try:
        with writing(attempt) as (session, job):
            job.losses += 1
            if wait is None or job.losses >= MOST_LOSSES:
                release(job, EnrichmentStatus.FAILED, message)
                append_event(session, job, EnrichmentJobFailed(**counts(job), message=message))
                return
            release(job, EnrichmentStatus.WAITING, message)
            job.next_attempt_at = utc_now() + timedelta(seconds=_longer(wait, job.losses))
            append_event(session, job, EnrichmentJobWaiting(**counts(job), message=message))
    except AttemptLost:
        return


def _longer(wait: float, losses: int) -> float:
    """Seconds to wait after this many consecutive failures: doubled each time, because an outage may last an hour."""
    return max(wait, min(wait * 2.0 ** (losses - 1), LONGEST_WAIT_S))


def _fail(attempt: Attempt, message: str) -> None:
    try:
        with writing(attempt) as (session, job):
            release(job, EnrichmentStatus.FAILED, message)
            append_event(session, job, EnrichmentJobFailed(**counts(job), message=message))
    except AttemptLost:
        return


def _stop_at_cap(attempt: Attempt, reached: CapReached) -> None:
    """Stop the job before it exceeds a cap, and notify its user, once per cap no matter how many jobs reach it."""
    with writing(attempt) as (session, job):
        left = job.total_transactions - job.processed
        message = f"{reached}; {left} of {job.total_transactions} transactions are left"
        release(job, EnrichmentStatus.STOPPED, message)
        job.next_attempt_at = reached.until
        notify(
            session,
            job.user_id,
            Kind.CAP_REACHED,
            reached.cap_key,
            title="Enrichment stopped before exceeding its cap",
            body=f"{message[0].upper()}{message[1:]}. {_what_next(reached)}",
            link="/enrichment",
            data={"enrichment_job_id": job.id},
        )
        append_event(session, job, EnrichmentJobStopped(**counts(job), message=message))


def _what_next(reached: CapReached) -> str:
    if reached.until is None:
        return "Fix that, or give the job a higher cap, and resume it."
    begins = f"{reached.until.day} {reached.until:%B}"
    return (
        f"It resumes automatically on {begins}, when the cap starts over; to continue now, raise the cap and resume it."
    )
