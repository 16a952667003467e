"""Run an enrichment job: page by page through the ladder; the model is called between transactions, never in one."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import BigInteger, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY

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
from bankimport.enrichment.models import EnrichmentStatus
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.rules.rule_store import locked_rows, pages, to_enrich
from bankimport.enrichment.run.asking import ModelUnavailable, answer
from bankimport.enrichment.run.attempt import Attempt, AttemptLost, begin, release, writing
from bankimport.enrichment.run.deciding import decide_all, decide_rows
from bankimport.enrichment.run.events import (
    EnrichmentJobFailed,
    EnrichmentJobStopped,
    EnrichmentJobWaiting,
    append_event,
    counts,
)
from bankimport.enrichment.run.pages import Pace, complete, count_page, scope_of
from bankimport.enrichment.run.rekey import bring_keys_up_to_date
from bankimport.enrichment.run.side_by_side import enrich_side_by_side
from bankimport.enrichment.run.writing import write_decisions
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.errors import BankImportError
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify
from bankimport.settings import get_settings
from bankimport.transactions.models import Transaction
from bankimport.transactions.repository import begin_writing

log = structlog.get_logger(__name__)

MOST_LOSSES = 10
LONGEST_WAIT_S = 900.0
_MOST_READ = 20
"""How many of a merchant's texts are read to find a few different ones."""


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
        pace = Pace()
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


def _next_page(attempt: Attempt, pace: Pace) -> bool:
    """Enrich one page of rows, or without a model all that are left; False if the job is completed."""
    with writing(attempt) as (session, job):
        model = chosen_model(get_settings()) if job.uses_model else None
        if model is not None:
            only_of = model if job.is_refresh else None
            page = next(pages(session, scope_of(job), job.cursor), None)
            if page is None:
                complete(session, job)
                return False
            rows = to_enrich(session, page)
            decisions = decide_rows(session, job.user_id, rows, only_of=only_of)
            questions = questions_of(rows, decisions, users_names(session, job.user_id))
    if model is None:
        return enrich_side_by_side(attempt, pace)
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
        decided = decide_all(session, job.user_id, rows, only_of=only_of)
        changed = write_decisions(session, attempt, rows, decided)
        if reached is None:
            count_page(
                session,
                job,
                rows,
                decided,
                pace,
                changed=changed,
                asked=asked,
                unanswered=unanswered,
                last_id=ids[-1],
            )
        else:
            job.changed += changed
    if reached is not None:
        _stop_at_cap(attempt, reached)
        raise AttemptLost
    return True


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
