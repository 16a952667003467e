"""A job's pages of rows: which rows they hold, and what storing one changes in the job."""

import time
from collections import Counter
from collections.abc import Sequence, Set

from sqlalchemy import BigInteger, ColumnElement, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from bankimport.enrichment.model.cache import Key
from bankimport.enrichment.models import EnrichmentJob, EnrichmentStatus
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.run.attempt import release
from bankimport.enrichment.run.deciding import Decided
from bankimport.enrichment.run.events import EnrichmentJobCompleted, RowsEnriched, append_event, counts
from bankimport.realtime.publish import notify_user
from bankimport.transactions.models import Transaction

_BETWEEN_REPORTS_S = 0.2


class Pace:
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


def scope_of(job: EnrichmentJob) -> list[ColumnElement[bool]]:
    """The rows the job covers, ignoring the cursor; rows stored after its creation are excluded."""
    conditions: list[ColumnElement[bool]] = [Transaction.user_id == job.user_id, Transaction.id <= job.last_id]
    if job.transaction_ids:
        # One parameter for any number of values: PostgreSQL allows at most 65,535 in a statement.
        conditions.append(Transaction.id == any_(literal(job.transaction_ids, ARRAY(BigInteger))))
    elif job.import_job_id is not None:
        conditions.append(Transaction.import_job_id == job.import_job_id)
    return conditions


def count_page(
    session: Session,
    job: EnrichmentJob,
    rows: Sequence[RowToEnrich],
    decided: Decided,
    pace: Pace,
    *,
    changed: int,
    asked: Set[Key] = frozenset(),
    unanswered: Set[Key] = frozenset(),
    last_id: int | None = None,
) -> None:
    """Count a page, whose decisions were written, in its locked job, and move the cursor behind it.

    `changed` is how many rows got another value, `last_id` the page's last row if `rows` may lack it.
    """
    job.changed += changed
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


def complete(session: Session, job: EnrichmentJob) -> None:
    """End a job, whose row is locked, after its last page."""
    release(job, EnrichmentStatus.COMPLETED)
    append_event(session, job, EnrichmentJobCompleted(**counts(job)))
    notify_user(session, job.user_id, "transactions")
