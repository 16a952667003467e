"""Run an enrichment job: page by page through the ladder; the model is called between transactions, never in one."""

import time
from collections import Counter
from collections.abc import Sequence, Set
from datetime import timedelta

import structlog
from sqlalchemy import BigInteger, ColumnElement, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.acting import for_user
from bankimport.db.session import session_scope
from bankimport.enrichment.ladder.ladder import Decision
from bankimport.enrichment.model.cache import Key
from bankimport.enrichment.model.client import chosen_model
from bankimport.enrichment.model.ledger import CapReached
from bankimport.enrichment.model.private_names import users_names
from bankimport.enrichment.model.prompt import MOST_OTHERS, Question, size_of
from bankimport.enrichment.model.redact import Redactor
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.rules.rule_store import locked_rows, pages, to_enrich
from bankimport.enrichment.run.asking import ModelUnavailable, answer
from bankimport.enrichment.run.attempt import Attempt, AttemptLost, begin, release, writing
from bankimport.enrichment.run.deciding import decide_all, decide_rows
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
from bankimport.transactions.models import Transaction
from bankimport.transactions.repository import begin_writing

log = structlog.get_logger(__name__)

MOST_LOSSES = 10
LONGEST_WAIT_S = 900.0
_BETWEEN_REPORTS_S = 0.2
_MOST_READ = 20
"""How many of a merchant's texts are read to find a few different ones."""


MOST_ROWS = 4_000
"""Rows of one transaction without a model. A pause or an edit waits for it."""


class _Pace:
    """Lets progress be reported at most five times a second."""

    def __init__(self) -> None:
        self._next = 0.0

    def is_due(self) -> bool:
        """Whether to report now."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _BETWEEN_REPORTS_S
        return True


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
        pace = _Pace()
        while _next_page(attempt, pace):
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


def questions_of(rows: Sequence[RowToEnrich], decisions: dict[int, Decision], names: Sequence[str]) -> list[Question]:
    """One redacted question, with a few of its texts, for each merchant and direction that needs a model."""
    rows_to_ask: dict[Key, list[RowToEnrich]] = {}
    for row in rows:
        if decisions[row.id].needs_model:
            rows_to_ask.setdefault((row.key, row.direction), []).append(row)
    redactor = Redactor(names)
    return [_question(key, direction, of_key, redactor) for (key, direction), of_key in rows_to_ask.items()]


def _question(key: str, direction: Direction, rows: Sequence[RowToEnrich], redactor: Redactor) -> Question:
    texts = dict.fromkeys(_redacted_text(row, redactor) for row in rows[:_MOST_READ])
    first, *others = texts
    amounts = size_of([row.amount for row in rows])
    return Question(key, direction, first, tuple(others[:MOST_OTHERS]), amounts)


def _redacted_text(row: RowToEnrich, redactor: Redactor) -> str:
    description = redactor.redacted(row.description)
    return description if row.merchant is None else f"{redactor.redacted(row.merchant)} ({description})"


def _next_page(attempt: Attempt, pace: _Pace) -> bool:
    """Enrich one page of rows; False if the job is completed."""
    with writing(attempt) as (session, job):
        model = chosen_model(get_settings()) if job.uses_model else None
        if model is None:
            begin_writing(session, job.user_id)
            rows = locked_rows(session, scope_of(job), after=job.cursor, most=MOST_ROWS)
            if rows:
                _store(session, job, rows, pace)
            has_more = len(rows) == MOST_ROWS
            if not has_more:
                _complete(session, job)
            return has_more
        only_of = model if job.is_refresh else None
        page = next(pages(session, scope_of(job), job.cursor), None)
        if page is None:
            _complete(session, job)
            return False
        rows = to_enrich(session, page)
        decisions = decide_rows(session, job.user_id, rows, only_of=only_of)
        questions = questions_of(rows, decisions, users_names(session, job.user_id))
    unanswered: set[Key] = set()
    reached: CapReached | None = None
    try:
        if questions:
            unanswered = answer(attempt, model, questions, is_refresh=only_of is not None)
    except CapReached as error:
        reached = error
    asked = {(item.key, item.direction) for item in questions}
    ids = [row.id for row in rows]
    with writing(attempt) as (session, job):
        begin_writing(session, job.user_id)
        is_of_page = Transaction.id == any_(literal(ids, ARRAY(BigInteger)))
        rows = locked_rows(session, [*scope_of(job), is_of_page], after=job.cursor, most=len(ids))
        if reached is None:
            _store(session, job, rows, pace, only_of=only_of, asked=asked, unanswered=unanswered, last_id=ids[-1])
        else:
            decided = decide_all(session, job.user_id, rows, only_of=only_of)
            job.changed += write_decisions(session, job, rows, decided)
    if reached is not None:
        _stop_at_cap(attempt, reached)
        raise AttemptLost
    return True


def _store(
    session: Session,
    job: EnrichmentJob,
    rows: Sequence[RowToEnrich],
    pace: _Pace,
    *,
    only_of: str | None = None,
    asked: Set[Key] = frozenset(),
    unanswered: Set[Key] = frozenset(),
    last_id: int | None = None,
) -> None:
    """Write the ladder's decisions about a page of locked rows, with the counts and the cursor."""
    decided = decide_all(session, job.user_id, rows, only_of=only_of)
    job.changed += write_decisions(session, job, rows, decided)
    job.cursor = last_id or rows[-1].id
    job.losses = 0
    job.processed += len(rows)
    for place, count in Counter(decided.places).items():
        example, decision = decided.examples[place], decided.decisions[place]
        key = (example.key, example.direction)
        job.successful += count * (decision.category is not None)
        job.failed += count * (key in unanswered and decision.category is None)
        job.cached_hits += count * (decision.cached is not None and key not in asked)
    if pace.is_due():
        append_event(session, job, RowsEnriched(**counts(job)))


def _complete(session: Session, job: EnrichmentJob) -> None:
    release(job, EnrichmentStatus.COMPLETED)
    append_event(session, job, EnrichmentJobCompleted(**counts(job)))
    notify_user(session, job.user_id, "transactions")


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
