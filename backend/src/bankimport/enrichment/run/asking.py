"""Ask the model about unknown merchants: claim, reserve, send, settle and store, batch by batch."""

import time
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bankimport.db.session import session_scope
from bankimport.enrichment.categories.categories import names_in_use
from bankimport.enrichment.model import cache, client, ledger
from bankimport.enrichment.model.cache import Key
from bankimport.enrichment.model.prompt import (
    Label,
    Question,
    checked,
    in_batches,
    most_input_tokens,
    most_output_tokens,
    prompt_text,
)
from bankimport.enrichment.models import LlmCallStatus
from bankimport.enrichment.run.attempt import Attempt, locked_job, writing
from bankimport.enrichment.run.events import MerchantsAnswered, ModelCallFailed, append_event, counts
from bankimport.pricing.tokens import Tokens
from bankimport.settings import Settings, get_settings

log = structlog.get_logger(__name__)

MOST_TRIES = 3
MOST_PATIENCE_S = 20.0
"""If a model requests a longer pause, the job waits without occupying a worker."""

LEAST_WAIT_S = 1.0
_LOOK_AGAIN_S = 0.2


class ModelUnavailable(Exception):
    """The model cannot be called now; `wait` is the seconds until it can, or None if it will not recover by itself."""

    def __init__(self, message: str, wait: float | None) -> None:
        super().__init__(message)
        self.wait = wait


def answer(attempt: Attempt, model: str, questions: Sequence[Question], *, is_refresh: bool) -> set[Key]:
    """Get all questions answered, by this job or by others that are asking now; returns those without a good answer.

    Raises:
        AttemptLost: the job was stopped, or belongs to another worker now.
        CapReached: the next call could exceed a cap.
        ModelUnavailable: the model rejects our calls.
    """
    waiting = list(questions)
    unanswered: set[Key] = set()
    while waiting:
        settings = get_settings()
        lease = timedelta(seconds=settings.llm_timeout_s + settings.lease_seconds)
        batch = next(in_batches(waiting))
        keys = [(item.key, item.direction) for item in batch]
        with writing(attempt, lease=lease) as (session, job):
            known = cache.answers(session, job.user_id, keys, only_of=model if is_refresh else None)
            claimed = (
                cache.claim(
                    session,
                    job.user_id,
                    job.id,
                    [key for key in keys if key not in known],
                    lease,
                    renewing=model if is_refresh else None,
                )
                if len(known) < len(keys)
                else set()
            )
        mine = [item for item in batch if (item.key, item.direction) in claimed]
        if mine:
            unanswered |= _ask_batch(attempt, settings, model, mine)
        elif not known:
            time.sleep(_LOOK_AGAIN_S)
        settled = claimed | known.keys()
        waiting = [item for item in waiting if (item.key, item.direction) not in settled]
    return unanswered


def _ask_batch(attempt: Attempt, settings: Settings, model: str, batch: Sequence[Question]) -> set[Key]:
    """Send one batch, with a limited number of tries; every try is a row of `llm_calls`."""
    lease = timedelta(seconds=settings.llm_timeout_s + MOST_PATIENCE_S + settings.lease_seconds)
    error, patience = "", LEAST_WAIT_S
    labels: dict[int, Label] = {}
    for number in range(1, MOST_TRIES + 1):
        cap: ledger.CapReached | None = None
        with writing(attempt, lease=lease) as (session, job):
            categories = sorted(names_in_use(session, job.user_id))
            text = prompt_text(batch, categories)
            most = Tokens(most_input_tokens(text), most_output_tokens(len(batch)))
            try:
                call_id = ledger.reserve(session, job, model, most, len(batch)).id
            except ledger.CapReached as reached:
                # This transaction releases the claims on these merchants, so that others need not wait for them.
                cache.keep(session, job.user_id, model, batch, {})
                cap = reached
        if cap is not None:
            raise cap
        reply = client.ask(settings, model, text, len(batch))
        labels = checked(reply.labels, len(batch), categories)
        is_good = reply.status is LlmCallStatus.ANSWERED and bool(labels)
        status = LlmCallStatus.MALFORMED if reply.status is LlmCallStatus.ANSWERED and not is_good else reply.status
        with session_scope() as session:
            ledger.settle(session, call_id, status, reply.used, reply.latency_ms, reply.error)
            if is_good:
                cache.keep(session, attempt.user_id, model, batch, labels)
            job_now = locked_job(session, attempt.job_id)
            if job_now is not None:
                ledger.total(session, job_now)
                event: type[MerchantsAnswered | ModelCallFailed] = MerchantsAnswered if is_good else ModelCallFailed
                append_event(session, job_now, event(**counts(job_now), merchants=len(batch)))
        if is_good:
            return {(item.key, item.direction) for place, item in enumerate(batch) if place not in labels}
        error = reply.error or "no usable answer"
        log.warning("enrichment.model_failed", job_id=attempt.job_id, error=error, number=number)
        if not reply.is_worth_retrying and status is LlmCallStatus.FAILED:
            break
        patience = reply.retry_after if reply.retry_after is not None else LEAST_WAIT_S * 2 ** (number - 1)
        if patience > MOST_PATIENCE_S:
            break
        if status is LlmCallStatus.FAILED and number < MOST_TRIES:
            time.sleep(patience)
    with session_scope() as session:
        cache.keep(session, attempt.user_id, model, batch, {})
    if status is LlmCallStatus.FAILED:
        wait = max(patience, LEAST_WAIT_S) if reply.is_worth_retrying else None
        raise ModelUnavailable(f"the model {model} cannot be called: {error}", wait)
    return {(item.key, item.direction) for item in batch}
